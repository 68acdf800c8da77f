"""The section on missing data: how much, what is supposed of it, and whether anything else was tried."""

from dataclasses import replace

from tests.line import Line
from tests.report.factory import made_up_line, made_up_protocol
from tests.report.rows import rows
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure, Section
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Paragraph, PrintedNumber, words_of
from trialkit.report.sections.missing_values import missing_values
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

UNCHECKED = (
    "No sensitivity analysis of pain supposes anything else of its missing values than the primary "
    "analysis does."
)


def section_of(line: Line) -> Section:
    return missing_values(line.protocol, ResultIndex(line.results))


def paragraphs(section: Section) -> list[str]:
    return [words_of(each.runs) for each in section.blocks if isinstance(each, Paragraph)]


def with_sensitivity(protocol: Protocol, *specifications: Specification) -> Protocol:
    """The trial with sensitivity analyses of its primary outcome."""
    first, *others = protocol.plan.analyses
    more = (
        replace(first, id=f"s{at}", role=AnalysisRole.SENSITIVITY, specification=each)
        for at, each in enumerate(specifications)
    )
    return replace(protocol, plan=replace(protocol.plan, analyses=(first, *others, *more)))


def lacking(arms: dict[str, tuple[int, int]], *, visit: str) -> Results:
    """How many of each arm lack the primary outcome, of how many."""
    return Results(
        rows=tuple(
            row
            for arm, (lack, n) in arms.items()
            for row in rows(
                {Stat.N_MISSING: lack, Stat.N: n}, analysis_id="missing", visit=visit, arm=arm
            )
        )
    )


def test_the_section_has_its_parts_in_order() -> None:
    section = section_of(made_up_line(visits=3))
    tables = [each.anchor for each in section.blocks if isinstance(each, Table)]
    assert tables == ["table-missing", "table-suppositions"]
    assert section.anchor == "missing-data"
    assert isinstance(section.blocks[0], Paragraph)


def test_how_many_lack_the_primary_outcome_is_said_by_arm_and_leads_to_its_rows() -> None:
    protocol = made_up_protocol()
    found = lacking({"A0": (1, 20), "A1": (5, 20)}, visit="V1")
    section = missing_values(protocol, ResultIndex(found))
    first = section.blocks[0]
    assert isinstance(first, Paragraph)
    assert words_of(first.runs).startswith(
        "Of pain (week 4), the primary outcome, values are missing: Arm 0 1/20 (5%), "
        "Arm 1 5/20 (25%)."
    )
    numbers = [each for each in first.runs if isinstance(each, PrintedNumber)]
    named = {row.result_id for row in found.rows}
    assert {name for each in numbers for name in each.results} == named


def test_where_nothing_else_is_supposed_that_is_said_unless_nothing_is_missing() -> None:
    protocol = made_up_protocol(visits=3)
    some = lacking({"A0": (1, 20), "A1": (0, 20)}, visit="V2")
    none = lacking({"A0": (0, 20), "A1": (0, 20)}, visit="V2")
    first = protocol.plan.analyses[0].specification
    two_follow_ups = lacking({"A0": (0, 20)}, visit="V1")
    used = [
        row
        for name, n in (("primary", 19), ("s0", 20))
        for row in rows({Stat.N: n}, analysis_id=name, visit="V2", arm="A0")
    ]
    more_used = Results(rows=(*some.rows, *two_follow_ups.rows, *used))
    for own, results, said in (
        (protocol, some, True),
        (protocol, none, False),
        (with_sensitivity(protocol, first), some, True),
        (with_sensitivity(protocol, Mmrm()), some, True),
        (with_sensitivity(protocol, Mmrm()), more_used, False),
    ):
        text = paragraphs(missing_values(own, ResultIndex(results)))
        assert (UNCHECKED in text) is said


def test_sensitivity_analyses_stand_beside_the_primary_one() -> None:
    line = made_up_line(visits=3)
    protocol = with_sensitivity(line.protocol, Mmrm())
    results = carry_out(protocol, line.datasets)
    section = missing_values(protocol, ResultIndex(results))
    (figure,) = (each for each in section.blocks if isinstance(each, Figure))
    assert figure.name == "sensitivity_pain"
    none = replace(protocol, report=replace(protocol.report, figures=()))
    section = missing_values(none, ResultIndex(results))
    assert not [each for each in section.blocks if isinstance(each, Figure)]
