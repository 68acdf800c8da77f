"""No source, no zero: each form and item that feeds a count is taken away, and the count says so.

The table names every purpose. What prints a zero that nobody entered, or ticks the checklist's row,
fails; so does a purpose that is new and stands in neither list.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.conftest import few_at_once
from tests.line import Line
from tests.report.factory import content_of
from tests.report.sources import for_one_arm, unasked
from trialkit.planned.task.stating import COUNTS, SESSIONS
from trialkit.report.content.content import Content
from trialkit.report.writers.markdown import render_markdown
from trialkit.results.effect import Status
from trialkit.results.flow import Unsaid
from trialkit.results.lookup import Shelf, Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat
from trialkit.schemas.forms.forms import FormKind, Purpose


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is taken away; the CONSORT rows that are then not answered, and what is printed."""

    taken: tuple[Purpose | FormKind, ...]
    items: tuple[str, ...] = ()
    said: str

    def __str__(self) -> str:
        return "+".join(each.value for each in self.taken)


SOURCES = (
    Source(taken=(Purpose.EVENT_SERIOUS,), items=("27",), said="Serious"),
    Source(taken=(Purpose.EVENT_RELATED,), items=("27",), said="Related"),
    Source(taken=(Purpose.EVENT_LED_TO_WITHDRAWAL,), items=("27",), said="Led to withdrawal"),
    Source(taken=(Purpose.EVENT_SEVERITY,), items=("27",), said="Severity"),
    Source(
        taken=(Purpose.EVENT_TERM,), items=("27",), said="What the events were is not collected"
    ),
    Source(
        taken=(Purpose.EVENT_START,), items=("27",), said="When the events began is not collected"
    ),
    Source(taken=(FormKind.ADVERSE_EVENTS,), items=("21a", "27"), said="Harms were not collected"),
    Source(taken=(FormKind.CONCOMITANT_CARE,), items=("24b",), said="It comes from a concomitant"),
    Source(
        taken=(Purpose.TREATMENT_TERM,), items=("24b",), said="Which care it was is not collected"
    ),
    Source(taken=(FormKind.SESSIONS,), items=("24a",), said="attendance not collected"),
    Source(
        taken=(Purpose.ATTENDED,),
        items=("24a",),
        said="whether a session was attended is not collected",
    ),
    Source(taken=(Purpose.NOT_ENROLLED_REASON,), items=("22a",), said="reason not collected"),
    Source(
        taken=(Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON),
        items=("22a",),
        said="by the arm that participants were allocated to (which they received is not collected)",
    ),
    Source(taken=(Purpose.ARM_RECEIVED,), said="Received another arm than allocated"),
    Source(
        taken=(Purpose.DISCONTINUED, Purpose.DISCONTINUATION_REASON),
        items=("22b",),
        said="Discontinued intervention not collected",
    ),
    Source(taken=(Purpose.DISCONTINUATION_REASON,), items=("22b",), said="reason not collected"),
    Source(taken=(Purpose.COMPLETED,), said="completion not collected"),
    Source(taken=(Purpose.END_DATE,), items=("23a",), said="Still to be said: follow-up"),
    Source(
        taken=(FormKind.END_OF_STUDY,),
        items=("22a", "22b", "23a"),
        said="Received allocated intervention not collected",
    ),
    Source(taken=(Purpose.ELIGIBLE,), said="Randomised although not eligible"),
    Source(taken=(Purpose.VISIT_DATE,), said="Visit outside its window"),
)
FEEDS_NO_COUNT = {
    Purpose.ARM, Purpose.RANDOMISATION_DATE, Purpose.SCREENING_DATE, Purpose.CONSENT_DATE,
    Purpose.SITE, Purpose.BLOCK, Purpose.STRATUM, Purpose.CLUSTER, Purpose.SESSION_DATE, Purpose.PAIN_BEFORE,
    Purpose.PAIN_DURING, Purpose.EVENT_NUMBER, Purpose.EVENT_KNOWN, Purpose.EVENT_REPORTED,
    Purpose.END_REASON, Purpose.EVENT_CLASS,
}  # fmt: skip
"""Without an arm or a day nobody is randomised, and loading refuses; the others are in no count."""
NO_LINE_WITHOUT = {
    Purpose.SESSION_MINUTES, Purpose.SESSION_SETS, Purpose.SESSION_REPETITIONS,
    Purpose.SESSION_LOAD, Purpose.DEVIATION_TERM,
}  # fmt: skip
"""Amounts that nobody asks for have no line at all (tests of the table of the dose)."""
TRIALS = ("example", "three_arms")


def text_of(content: Content) -> str:
    return render_markdown(content).replace("\\", "")


def zeros(line: Line) -> Iterator[Result]:
    """The counts that are none: who is left out of a population or analysis has a reason beside it."""
    left_out = {Shelf.POPULATIONS.value, *(each.id for each in line.protocol.plan.analyses)}
    for row in line.results.rows:
        counts = row.stat_name in COUNTS | SESSIONS
        of_all = row.analysis_id == Shelf.DEVIATIONS and row.term == Term.ANY_EVENT
        without_reason = row.term.endswith(Unsaid.NOT_COLLECTED)
        lacking = row.stat_name is Stat.N_MISSING
        apart = of_all or without_reason or lacking or row.analysis_id in left_out
        if counts and row.stat == 0 and not apart:
            yield row


def test_every_purpose_is_in_the_table_or_feeds_no_count() -> None:
    named = {each for source in SOURCES for each in source.taken if isinstance(each, Purpose)}
    assert named | FEEDS_NO_COUNT | NO_LINE_WITHOUT == set(Purpose)
    assert not named & (FEEDS_NO_COUNT | NO_LINE_WITHOUT)


@pytest.mark.parametrize(
    ("trial", "source"),
    few_at_once([(trial, source) for trial in TRIALS for source in SOURCES], 2),
    ids=str,
)
def test_what_has_no_source_is_no_zero_and_answers_nothing(
    trial: str, source: Source, request: pytest.FixtureRequest
) -> None:
    whole: Line = request.getfixturevalue(trial)
    bare = unasked(whole, *source.taken)
    before = {row.result_id for row in zeros(whole)}
    new = [row for row in zeros(bare) if row.result_id not in before]
    if not bare.datasets.disposition.arms[0].received:  # harms stand in the arm allocated
        new = [row for row in new if row.analysis_id != Shelf.HARMS]
    assert [row.result_id for row in new] == []
    content = content_of(bare)
    for item in source.items:
        assert not content.checklist.row(item).status.is_reported, item
    lines = [line for line in text_of(content).splitlines() if source.said in line]
    assert any("not collected" in line or "Still to be said" in line for line in lines) or any(
        "It comes from" in line for line in lines
    ), lines


KINDS = {
    FormKind.ADVERSE_EVENTS: ("27", "any event in "),
    FormKind.CONCOMITANT_CARE: ("24b", "not collected in "),
    FormKind.SESSIONS: ("24a", "not collected in "),
}


@pytest.mark.parametrize("kind", few_at_once(KINDS, 1), ids=str)
def test_an_arm_that_has_no_form_has_no_count_beside_those_that_have(
    kind: FormKind, three_arms: Line
) -> None:
    item, lacks = KINDS[kind]
    bare = for_one_arm(three_arms, kind, "LOW")
    lacking = {row.arm for row in bare.results.rows if row.status is Status.NOT_COLLECTED}
    assert "HIGH" in lacking
    before = {row.result_id for row in zeros(three_arms)}
    assert [row.result_id for row in zeros(bare) if row.result_id not in before] == []
    row = content_of(bare).checklist.row(item)
    assert not row.status.is_reported
    assert lacks in row.note
