"""Every fact of a protocol counts where a checklist asks for it, and a placeholder for none.

The protocol is walked field by field. A text that is taken out, or replaced by "TBD", must open the
rows that ask for it, in the report's checklists and in the plan's: ``ASKED`` says which those are,
and a text that no checklist asks for stands in ``UNASKED`` with the reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from tests.conftest import few_at_once
from tests.protocol.locks.recorded import NOBODY, history
from tests.report.author_words import in_paragraphs
from tests.report.factory import content_of, made_up_line, made_up_protocol
from tests.report.plan.test_document import plan_of
from tests.report.sections.test_interventions import FULL
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.sizing.means import TwoSampleT
from trialkit.protocol.trial.clusters import Clusters
from trialkit.protocol.trial.conduct import Interim, SampleSize
from trialkit.protocol.trial.kinds import Reporter
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.responsible import Contributor, ProtocolAmendment, Sponsor
from trialkit.report.content.checklists import Checklist
from trialkit.report.guidelines.checklist import Guideline, consort_2025
from trialkit.report.guidelines.extensions import all_extensions
from trialkit.report.guidelines.statements import AuthorStatement, StatedPart
from trialkit.report.plan.statements import spirit_2025

OF_AN_ARM = {"consort 13", "npt 5", "spirit 15a"}
"""The rows that ask for all of an intervention: open where a field says that it is not reported."""
ASKED: Mapping[str, str] = {
    "trial.title": "consort 1a, abstracts title, spirit 1a",
    "trial.setting": "consort 11, abstracts participants, spirit 13",
    "trial.ethics": "spirit 30",
    "registration.registry": "consort 2, spirit 4",
    "registration.id": "consort 2, spirit 4",
    "registration.url": "consort 2, spirit 4",
    "documents.protocol": "consort 3, spirit 5",
    "documents.analysis_plan": "consort 3, spirit 5",
    "documents.data_sharing": "consort 4, spirit 6",
    "documents.version": "spirit 2",
    "sponsor.name": "spirit 3b",
    "sponsor.contact": "spirit 3b",
    "sponsor.role": "spirit 3c",
    "contributors.name": "spirit 3a",
    "contributors.role": "spirit 3a",
    "contributors.affiliation": "spirit 3a",
    "amendments.version": "spirit 2",
    "amendments.changes": "spirit 2",
    "amendments.reason": "spirit 2",
    "funding.source": "consort 5a, abstracts funding, spirit 7a",
    "funding.role": "consort 5a, spirit 3c",
    "objectives.benefits": "consort 7, abstracts objective, spirit 10, harms 2b",
    "objectives.harms": "consort 7, spirit 10, harms 2b",
    "eligibility.inclusion": "consort 12a, spirit 14a",
    "eligibility.exclusion": "consort 12a, spirit 14a",
    "eligibility.providers": "consort 12b, npt 4a, spirit 14b",
    "sites.label": "consort 11, spirit 13",
    "arms.label": "consort 13, npt 5, spirit 15a",
    "arms.intervention.name": "consort 13, npt 5, spirit 15a, tidier 1",
    "arms.intervention.procedures": "consort 13, npt 5, spirit 15a, npt 5a, tidier 4",
    "arms.intervention.rationale": "tidier 2",
    "arms.intervention.materials": "tidier 3",
    "arms.intervention.provider": "tidier 5, cert 2",
    "arms.intervention.delivery": "tidier 6",
    "arms.intervention.place": "tidier 7, cert 12",
    "arms.intervention.tailoring": "tidier 9, npt 5a, cert 14a, cert 14b",
    "arms.intervention.adherence": "tidier 11, npt 5d, cert 5, spirit 15c",
    "arms.intervention.exercise.equipment": "cert 1",
    "arms.intervention.exercise.grouping": "cert 3",
    "arms.intervention.exercise.supervision": "cert 4",
    "arms.intervention.exercise.motivation": "cert 6",
    "arms.intervention.exercise.progression_rule": "cert 7a",
    "arms.intervention.exercise.progression": "cert 7b",
    "arms.intervention.exercise.exercises": "cert 8",
    "arms.intervention.exercise.sets_and_repetitions": "cert 13",
    "arms.intervention.exercise.home_programme": "cert 9",
    "arms.intervention.exercise.other_components": "cert 10",
    "arms.intervention.exercise.starting_level": "cert 15",
    "arms.intervention.exercise.fidelity": "cert 16a, npt 5c",
    "visits.label": "consort 14, spirit 16, spirit 18, spirit 25a, harms 6a",
    "outcomes.label": "consort 14, spirit 16, harms 6a",
    "outcomes.metric": "consort 14, spirit 16, harms 6a",
    "outcomes.aggregation": "consort 14, spirit 16, harms 6a",
    "populations.label": "consort 21b, spirit 27b",
    "populations.definition": "consort 21b, spirit 27b",
    "interim.rule": "consort 16b, spirit 28b",
    "randomisation.generated_by": "consort 17a, spirit 21a",
    "randomisation.sequence": "consort 17a, spirit 21a",
    "randomisation.concealment": "consort 18, spirit 22",
    "randomisation.concealment_steps": "consort 18, spirit 22",
    "blinding.how": "consort 20b, spirit 24b, harms 11a",
    "blinding.similarity": "consort 20b, spirit 24b",
    "harms.definition": "consort 15, spirit 17, harms 6a",
    "harms.assessment": "consort 15, spirit 17, harms 6a",
}
"""The rows that open when a text is taken out of the protocol wherever it stands, or says "TBD"."""
ONLY_WHEN_WRITTEN = {"trial.changes": "consort 10, harms 6b", "characteristics.label": "consort 25"}
"""Texts that may well be absent: no change was made, the name of the item does. "TBD" says nothing."""
OTHER_NAME = "a name that the protocol itself uses"
UNASKED = {
    "trial.id": OTHER_NAME, "trial.acronym": "not every trial has one", "trial.short_title": "the title is asked for",
    "trial.synthetic": "a mark on all that is printed", "trial.guideline": "the lint judges it",
    "sites.code": OTHER_NAME, "sites.subject_pattern": "no word", "arms.code": OTHER_NAME,
    "clusters.label": OTHER_NAME, "clusters.plural": OTHER_NAME,
    "visits.code": OTHER_NAME, "outcomes.code": OTHER_NAME, "outcomes.form": OTHER_NAME,
    "outcomes.item": OTHER_NAME, "outcomes.time_point": OTHER_NAME, "outcomes.unit": "some have none",
    "outcomes.minimal_important_change_source": "the lint judges it",
    "outcomes.important_difference_source": "printed where there is any",
    "outcomes.exposure": OTHER_NAME, "outcomes.exposure_unit": "of a count alone",
    "outcomes.per_unit": "of a count alone",
    "outcomes.assumed": "printed where there is any", "outcomes.measure": OTHER_NAME,
    "populations.code": OTHER_NAME, "estimands.code": OTHER_NAME,
    "estimands.treatment": "CONSORT 2025 has no item on estimands",
    "estimands.population": OTHER_NAME, "estimands.variable": "as above",
    "estimands.intercurrent_events.event": "as above",
    "estimands.intercurrent_events.value": "as above", "estimands.intercurrent_events.assumption": "as above",
    "estimands.summary": "as above",
    "plan.families.code": OTHER_NAME, "plan.families.label": "printed as it is",
    "plan.families.after": OTHER_NAME, "plan.analyses.id": OTHER_NAME,
    "plan.analyses.outcomes": OTHER_NAME, "plan.analyses.population": OTHER_NAME, "plan.analyses.time_point": OTHER_NAME,
    "plan.analyses.estimand": OTHER_NAME, "plan.analyses.family": OTHER_NAME,
    "plan.analyses.reason": "the lint judges it", "characteristics.form": OTHER_NAME,
    "characteristics.item": OTHER_NAME, "characteristics.visit": OTHER_NAME,
    "sample_size.justification": "the calculation says how the number came about",
    "randomisation.implementation": "the two fields on access are asked for",
    "data.delimiter": "no word", "data.decimal": "no word", "data.encoding": "no word",
    "data.store": "the provenance names the event of its log, and no place that may hold a server's name",
    "source_sha256": "no word", "report.language": "no word", "report.reference_docx": "no word",
}  # fmt: skip


@cache
def complete() -> Protocol:
    """A protocol that says all that it can say."""
    made = made_up_protocol()
    return replace(
        made,
        trial=replace(made.trial, ethics="The board of the county approved it."),
        documents=replace(made.documents, version="1.2", version_date=date(2025, 3, 3)),
        sponsor=Sponsor(name="The clinic", contact="1 Road, Town", role="Decides on all of it"),
        contributors=(
            Contributor(name="Ada Bee", role="Principal investigator", affiliation="The clinic"),
        ),
        amendments=(
            ProtocolAmendment(
                version="1.2", date=date(2025, 3, 3), changes="A second site", reason="Too slow"
            ),
        ),
        arms=tuple(replace(arm, intervention=FULL) for arm in made.arms),
        clusters=Clusters(label="class", plural="classes", randomised=False),
        outcomes=tuple(replace(each, reported_by=Reporter.PARTICIPANT) for each in made.outcomes),
        sample_size=SampleSize(
            planned=72,
            dropout=0.1,
            justification="A difference of 15 mm is seen by patients.",
            method=SampleSizeMethod.TWO_SAMPLE_T,
            power=0.8,
            specification=TwoSampleT(difference=15, sd=21),
        ),
        interim=Interim(planned=True, rule="Stop at p below 0.001."),
    )


RECORD = history(complete(), (complete(), NOBODY))


def texts_of(noun: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a noun, by the fields that lead to it."""
    if is_dataclass(noun):
        for each in fields(noun):
            if each.name not in {"specification", "written"}:
                yield from texts_of(getattr(noun, each.name), f"{path}.{each.name}".strip("."))
    elif isinstance(noun, tuple):
        for each in noun:
            yield from texts_of(each, path)
    elif type(noun) is str:
        yield path, noun


def with_text(noun: Any, path: str, text: str) -> Any:
    """The noun with this text wherever the path leads."""
    if isinstance(noun, tuple):
        kept = tuple(with_text(each, path, text) for each in noun)
        return tuple(each for each in kept if each != "")
    if not is_dataclass(noun):
        return text if not path else noun
    name, _, rest = path.partition(".")
    return replace(noun, **{name: with_text(getattr(noun, name), rest, text)})  # type: ignore[type-var]


@cache
def wordings() -> tuple[AuthorStatement, ...]:
    """The author's words on every part that no field of the protocol can answer."""
    bare = [*report_of(complete(), ()), plan_of(complete()).checklist]
    return tuple(
        AuthorStatement(
            item=row.number,
            blocks=in_paragraphs(("Words.",)),
            file=f"statements/{guideline.code}-{row.number}.md",
            parts=tuple(
                StatedPart(part=part, blocks=in_paragraphs(("Words.",))) for part in open_parts
            ),
            checklist=guideline.code,
        )
        for checklist, guideline in ((each, of(each.code)) for each in bare)
        for row in guideline.requirements
        if (open_parts := open_of(checklist, guideline, row.number))
    )


def of(code: str) -> Guideline:
    every = (consort_2025(), spirit_2025(), *all_extensions())
    return next(each for each in every if each.code == code)


def open_of(checklist: Checklist, guideline: Guideline, number: str) -> tuple[str, ...]:
    """The parts of a row that are open, the author's to fill, and borrowed from nowhere."""
    if checklist.row(number).status.is_reported:
        return ()
    note, row = checklist.row(number).note, guideline[number]
    missing = note.removeprefix("Still to be said: ") if note else ""
    return tuple(
        part for part in row.author if part not in row.core and (part in missing or not note)
    )


@cache
def line_of_complete() -> Any:
    return made_up_line(protocol=complete())


def report_of(protocol: Protocol, said: tuple[AuthorStatement, ...]) -> tuple[Checklist, ...]:
    line = replace(line_of_complete(), protocol=protocol)
    return content_of(line, statements=said, history=RECORD).checklists


def open_rows(protocol: Protocol) -> frozenset[str]:
    """The rows of every checklist, of report and plan, that are not reported, as ``consort 18``."""
    said = wordings()
    checklists = (*report_of(protocol, said), plan_of(protocol, *said).checklist)
    return frozenset(
        f"{each.code} {row.number}"
        for each in checklists
        for row in each.rows
        if not row.status.is_reported
    )


def opened(path: str, text: str) -> set[str]:
    """The rows that open with this text wherever the path leads."""
    return set(open_rows(with_text(complete(), path, text)))


def test_with_every_text_and_the_authors_words_every_row_is_reported() -> None:
    assert open_rows(complete()) == frozenset()


def test_every_text_is_asked_for_or_said_why_not() -> None:
    assert {path for path, _ in texts_of(complete())} == {*ASKED, *ONLY_WHEN_WRITTEN, *UNASKED}
    assert not {*ASKED, *ONLY_WHEN_WRITTEN} & set(UNASKED)


@pytest.mark.parametrize("path", few_at_once([*ASKED, *ONLY_WHEN_WRITTEN], 4))
def test_a_placeholder_opens_the_rows_that_ask_for_the_text(path: str) -> None:
    asked = set({**ASKED, **ONLY_WHEN_WRITTEN}[path].split(", "))
    of_an_arm = OF_AN_ARM if path.startswith("arms.") else set()
    assert opened(path, "TBD") == asked | of_an_arm


@pytest.mark.parametrize("path", few_at_once(ASKED, 3))
def test_a_text_that_is_not_there_opens_the_rows_that_ask_for_it(path: str) -> None:
    assert opened(path, "") == set(ASKED[path].split(", "))


@pytest.mark.further
@pytest.mark.parametrize("path", ONLY_WHEN_WRITTEN)
def test_a_text_that_may_be_absent_opens_nothing_when_it_is(path: str) -> None:
    assert opened(path, "") == set()


DATELESS = replace(complete().documents, version_date=None)
FACTS: Mapping[str, tuple[dict[str, Any], str]] = {
    "no registration": ({"registration": None}, "consort 2, abstracts registration, spirit 4"),
    "no sample size": ({"sample_size": None}, "consort 16a, spirit 19"),
    "no calculation": (
        {"sample_size": SampleSize(planned=64, justification="As many as come.")},
        "consort 16a, spirit 19",
    ),
    "nothing on interim analyses": ({"interim": None}, "consort 16b, spirit 28b"),
    "no date of the version": ({"documents": DATELESS}, "spirit 2"),
    "no contributor": ({"contributors": ()}, "spirit 3a"),
    "no site": ({"sites": ()}, "consort 11, spirit 13"),
    "no characteristic": ({"characteristics": ()}, "consort 25"),
}
"""Facts that are no text, and the rows that open without them."""


@pytest.mark.parametrize("fact", few_at_once(FACTS, 2))
def test_a_fact_that_is_no_text_opens_its_rows_too(fact: str) -> None:
    changes, rows = FACTS[fact]
    assert open_rows(replace(complete(), **changes)) == set(rows.split(", "))


@pytest.mark.parametrize(
    ("noun", "field", "rows"),
    few_at_once(
        [
            *(
                ("randomisation", field, "consort 19, spirit 23")
                for field in ("enrolling_access", "assigning_access")
            ),
            *(
                ("blinding", role, "consort 20a, spirit 24a, abstracts blinding, harms 11a")
                for role in ("participants", "providers", "assessors", "analysts")
            ),
        ],
        2,
    ),
)
def test_a_flag_that_is_not_reported_opens_its_rows(noun: str, field: str, rows: str) -> None:
    own = getattr(complete(), noun)
    closed = replace(own, **{field: type(getattr(own, field))("not reported")})
    assert open_rows(replace(complete(), **{noun: closed})) == set(rows.split(", "))


@pytest.mark.further
@pytest.mark.parametrize(
    "text", ["xxx", "-", "None", "lorem ipsum dolor", "see above", "Not stated"]
)
def test_every_kind_of_placeholder_is_one(text: str) -> None:
    assert opened("randomisation.sequence", text) == set(
        ASKED["randomisation.sequence"].split(", ")
    )


@pytest.mark.further
@pytest.mark.parametrize(
    ("guideline", "number", "part"),
    [(each.checklist, each.item, told.part) for each in wordings() for told in each.parts],
)
def test_every_part_of_the_authors_words_is_asked_for_by_itself(
    guideline: str, number: str, part: str
) -> None:
    """A placeholder under one head opens the row, with that part named, and no other part."""
    said = tuple(
        replace(
            each,
            parts=tuple(
                replace(told, blocks=in_paragraphs(("TBD",))) if told.part == part else told
                for told in each.parts
            ),
        )
        if (each.checklist, each.item) == (guideline, number)
        else each
        for each in wordings()
    )
    checklists = (*report_of(complete(), said), plan_of(complete(), *said).checklist)
    row = next(each for each in checklists if each.code == guideline).row(number)
    assert not row.status.is_reported
    assert row.note.startswith(f"Still to be said: {part}")
