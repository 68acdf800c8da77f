"""The protocol and the decisions that are left to fill in: nothing made up, nothing forgotten."""

import tomllib

import pytest

from tests.imports.redcap.fields import dictionary, field
from trialkit.imports.redcap.decisions import (
    FormDecision,
    ImportDecisions,
    MissingDecision,
)
from trialkit.imports.redcap.dictionary import Field
from trialkit.imports.redcap.drafting import Project, draft_project
from trialkit.imports.redcap.layout import Designated, lay_out
from trialkit.imports.redcap.skeleton import decisions_skeleton, project_protocol
from trialkit.imports.redcap.system_fields import Extras
from trialkit.protocol.trial.data_format import DataFormat, MissingCode
from trialkit.schemas.forms.forms import Expected, FormKind

EVENTS = (
    Designated(event="start_arm_1", form="visit_form"),
    Designated(event="week_6_arm_1", form="visit_form"),
    Designated(event="once_arm_1", form="base"),
)


def project(
    *fields: Field,
    designated: tuple[Designated, ...] = EVENTS,
    decisions: ImportDecisions | None = None,
) -> Project:
    known = dictionary(*(fields or (field("sex"), field("x", "visit_form"))))
    decided = decisions or ImportDecisions()
    layout = lay_out(known.forms, designated=designated, found=(), decisions=decided)
    return draft_project(known, layout, decided, data=DataFormat(), extras=Extras())


def protocol(
    of: Project, *, sites: tuple[str, ...] = (), codes: tuple[MissingCode, ...] = ()
) -> str:
    return project_protocol(of, trial="back pain", sites=sites, missing_codes=codes)


def test_what_is_known_stands_in_the_protocol_and_nothing_else_does() -> None:
    text = protocol(
        project(),
        sites=("north", 'the "old" one'),
        codes=(MissingCode(code="SC", label="closed"), MissingCode(code="XX", label="odd")),
    )
    assert tomllib.loads(text) == {
        "trial": {"id": "back pain"},
        "visits": [
            {"code": "start", "label": "Start"},
            {"code": "week_6", "label": "Week 6"},
        ],
        "sites": [
            {"code": "north", "label": "north"},
            {"code": 'the "old" one', "label": 'the "old" one'},
        ],
        "data": {
            "delimiter": ",",
            "decimal": ".",
            "dates": "ymd",
            "encoding": "utf-8",
            "missing_codes": [
                {"code": "SC", "label": "closed"},
                {"code": "XX", "label": "odd"},
            ],
        },
    }
    assert "# The data access groups of the project." in text
    # the form of one event belongs to no visit, and that is said
    assert "# Forms of one event only belong to no visit (redcap.toml): once." in text
    assert text.endswith("]\n")


def filled_in(text: str) -> dict[str, object]:
    """The file as it is once a person has taken away every mark of a comment before a key."""
    lines = [
        line.removeprefix("# ")
        if line.startswith("# ") and (" = " in line or "[" in line[:4])
        else line
        for line in text.splitlines()
    ]
    return tomllib.loads("\n".join(lines))


def test_every_key_that_only_a_person_can_fill_is_there_as_a_comment() -> None:
    found = filled_in(protocol(project(designated=())))
    assert set(found) == {
        "trial", "registration", "objectives", "eligibility", "arms", "visits", "outcomes",
        "populations", "estimands", "analyses", "randomisation", "blinding", "harms", "data",
    }  # fmt: skip
    assert set(found["trial"]) == {"id", "title", "short_title", "framework"}
    assert set(found["visits"][0]) == {"code", "label", "target_day", "window", "baseline"}
    assert set(found["outcomes"][0]) == {
        "code", "label", "type", "role", "form", "item", "time_point", "metric", "aggregation",
        "direction",
    }  # fmt: skip
    assert set(found["blinding"]) == {"participants", "providers", "assessors", "analysts"}
    assert found["analyses"][0]["method"] == "ancova"


def test_without_events_sites_and_codes_there_is_nothing_of_them() -> None:
    text = protocol(project(designated=()))
    found = tomllib.loads(text)
    assert "visits" not in found
    assert "sites" not in found
    assert "missing_codes" not in found["data"]
    assert "access groups" not in text
    assert "belong to no visit" not in text


def numbers(count: int) -> tuple[Field, ...]:
    return tuple(field(f"n{number}", validation="integer") for number in range(count))


@pytest.mark.parametrize(
    ("count", "lines", "end"),
    [
        (0, 0, ""),
        (5, 1, "#   base.n0, base.n1, base.n2, base.n3, base.n4"),
        (6, 2, "#   base.n5"),
        (40, 8, "#   base.n35, base.n36, base.n37, base.n38, base.n39"),
        (42, 9, "#   and 2 more"),
    ],
)
def test_forty_items_that_could_be_outcomes_are_named(count: int, lines: int, end: str) -> None:
    text = protocol(project(field("words"), *numbers(count)))
    _, _, below = text.partition("# Items that hold numbers, and could be outcomes:\n")
    named = below.partition("# FILL IN\n# [[outcomes]]")[0].splitlines()
    assert len(named) == lines
    assert (named[-1] if named else "") == end
    assert "words" not in below


def test_what_there_is_to_decide_is_named_with_what_it_is_now() -> None:
    decided = ImportDecisions(
        forms=(
            FormDecision(form="visit_form", kind=FormKind.ASSESSMENT, expected=Expected.RANDOMISED),
        )
    )
    text = decisions_skeleton(project(decisions=decided), decided)
    # every line is a comment, so that nothing is decided yet
    assert tomllib.loads(text) == {}
    found = filled_in("\n".join(line for line in text.splitlines() if " = true " not in line))
    assert found == {
        "visits": [
            {"event": "start_arm_1", "visit": "start"},
            {"event": "week_6_arm_1", "visit": "week_6"},
            {"event": "once_arm_1", "visit": "once"},
        ],
        "forms": [
            {"form": "base", "kind": "other", "expected": "as_needed"},
            {"form": "visit_form", "kind": "assessment", "expected": "randomised"},
        ],
        "purposes": [{"field": "", "purpose": "randomisation_date"}],
        "codes": [{"field": "", "code": "1", "becomes": "NEW"}],
        "missing_codes": [{"code": "-99", "means": "UNK"}],
    }
    assert (
        "#   screening, demographics, randomisation, assessment, sessions, adverse_events, "
        "serious_events, concomitant_care, deviations, end_of_study, other\n"
    ) in text
    assert "# For whom it is expected: everyone, randomised, as_needed.\n" in text


def test_codes_that_were_decided_on_the_call_stay() -> None:
    decided = ImportDecisions(
        missing_codes=(
            MissingDecision(code="-99", means="UNK"),
            MissingDecision(code="-88", means="ND"),
        )
    )
    text = decisions_skeleton(project(), decided)
    assert tomllib.loads(text) == {
        "missing_codes": [{"code": "-99", "means": "UNK"}, {"code": "-88", "means": "ND"}]
    }
