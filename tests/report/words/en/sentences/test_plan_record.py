"""What is said of when the plan was made."""

from dataclasses import replace

import pytest

from tests.protocol.locks.recorded import MADE_UP, NOBODY, SOME, broken_record, history, without
from trialkit.protocol.locks.plan_history import UNRECORDED
from trialkit.protocol.locks.plan_locks import CountedPeople
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.report.words.en.sentences.plan_record import (
    LOCKED_LATE,
    NOT_DATED,
    UNLOCKED,
    additional_sentence,
    amendment_sentences,
    heading,
    is_unchanged,
    record_sentence,
    role_words,
    wanting,
)

LAST = MADE_UP.plan.analyses[-1].id
EARLIER = without(MADE_UP, LAST)
ONE = replace(SOME, participants=1, with_outcome=1, with_primary=1)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_nothing_is_claimed_without_a_record() -> None:
    assert record_sentence(UNRECORDED).startswith("The plan stands in the protocol file; no dated")
    broken = broken_record()
    assert "is no evidence" in record_sentence(broken)
    assert list(amendment_sentences(broken, MADE_UP)) == []
    assert not is_unchanged(broken)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (NOBODY, "when the trial's data held no assessed person."),
        (
            replace(SOME, with_outcome=0, with_primary=0),
            "held 10 assessed people and no outcome after baseline.",
        ),
        (
            replace(SOME, counted=CountedPeople.RANDOMISED),
            "data held 10 randomised participants, and an outcome after baseline of 8.",
        ),
        (
            replace(ONE, counted=CountedPeople.ENROLLED),
            "data held 1 enrolled participant, and an outcome after baseline of 1.",
        ),
    ],
)
def test_the_lock_is_told_with_what_the_data_held(data, said) -> None:
    told = plain(record_sentence(history(MADE_UP, (MADE_UP, data))))
    assert told.startswith("The plan was locked on 1 March 2025, when ")
    assert told.endswith(said)


def test_an_amendment_says_what_why_and_what_was_known() -> None:
    told = history(MADE_UP, (EARLIER, NOBODY), (MADE_UP, SOME))
    (said,) = amendment_sentences(told, MADE_UP)
    assert plain(said).startswith(
        "Amendment of 2 March 2025, when the trial's data held 10 assessed people"
    )
    assert f"analysis {LAST} added" in said
    assert said.endswith("Reason: the board asked.")


def test_what_an_amendment_took_out_is_named_as_readers_knew_it() -> None:
    """The protocol of today has neither the family nor its label; the plan of that day has."""
    gone = replace(MADE_UP.plan.families[0], code="gone", label="The old questions")
    before = replace(MADE_UP, plan=replace(MADE_UP.plan, families=(*MADE_UP.plan.families, gone)))
    (said,) = amendment_sentences(history(MADE_UP, (before, NOBODY), (MADE_UP, SOME)), MADE_UP)
    assert "family of comparisons The old questions removed" in said


def test_the_role_of_an_analysis_is_told_with_what_the_record_shows() -> None:
    told = history(MADE_UP, (EARLIER, NOBODY), (MADE_UP, SOME))
    first = MADE_UP.plan.analyses[0].id
    role = AnalysisRole.SENSITIVITY
    assert role_words(role, told.standing(first)) == "sensitivity, in the locked plan"
    assert (
        plain(heading(role, told.standing(LAST)))
        == "Sensitivity analysis, by the amendment of 2 March 2025"
    )
    assert heading(role, UNRECORDED.standing(first)) == "Sensitivity analysis"
    unlocked = history(MADE_UP, (EARLIER, NOBODY))
    assert role_words(role, unlocked.standing(LAST)) == "sensitivity, in no locked plan"
    assert role_words(AnalysisRole.POST_HOC, unlocked.standing(LAST)) == "post hoc"


def test_additional_analyses_are_counted_by_what_the_record_shows() -> None:
    told = history(MADE_UP, (EARLIER, NOBODY), (MADE_UP, SOME))
    first = MADE_UP.plan.analyses[0].id
    roles = [
        (AnalysisRole.SENSITIVITY, told.standing(first)),
        (AnalysisRole.EXPLORATORY, told.standing(LAST)),
        (AnalysisRole.POST_HOC, told.standing("gone")),
    ]
    assert additional_sentence(roles, told) == (
        "Of the additional analyses named above, one is in the plan as it was locked first, one is "
        "added or changed by an amendment and one is post hoc."
    )
    without_record = [(role, UNRECORDED.standing(first)) for role, _ in roles]
    assert additional_sentence(without_record, UNRECORDED) == (
        "Of the additional analyses named above, two stand in the protocol file and one is post hoc; "
        "no dated record shows when the plan was made."
    )


def test_a_record_answers_for_what_it_was_made_in_time_for() -> None:
    """A lock that came after the outcomes, and a change that nobody locked, show nothing."""
    assert wanting(UNRECORDED) == wanting(broken_record()) == NOT_DATED
    assert wanting(history(MADE_UP, (MADE_UP, NOBODY))) == ""
    assert wanting(history(MADE_UP, (EARLIER, NOBODY), (MADE_UP, SOME))) == ""
    assert wanting(history(MADE_UP, (MADE_UP, SOME))) == LOCKED_LATE
    assert wanting(history(MADE_UP, (EARLIER, NOBODY))) == UNLOCKED
