"""Harms in words: an unknown is said as one, and what was not asked is no zero."""

from dataclasses import replace

from tests.report.factory import made_up_protocol
from tests.report.rows import index_of, result, rows
from trialkit.report.content.text import PrintedNumber, Run
from trialkit.report.words.en.sentences.harms import (
    are_collected,
    at_least,
    by_arm,
    event_words,
    facts_not_collected,
    harms_of,
    harms_result,
    lacks_of_harms,
    without_form,
)
from trialkit.results.effect import Status
from trialkit.results.harms import EventFact
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TRIAL = made_up_protocol(arms=3)


def harm(term: str, arm: str, events: int, n: int, **more: float) -> tuple[Result, ...]:
    numbers: dict[Stat, float | None] = {Stat.EVENTS: events, Stat.N: n}
    numbers |= {Stat(name): number for name, number in more.items()}
    return rows(numbers, analysis_id="harms", outcome="", term=term, arm=arm)


ANY = [*harm("any", "A0", 0, 10), *harm("any", "A1", 3, 12), *harm("any", "A2", 0, 20)]


def plain(runs: tuple[Run, ...]) -> str:
    return "".join(run.text if isinstance(run, PrintedNumber) else str(run) for run in runs)


def test_each_arm_has_its_participants_of_all_any_then_serious() -> None:
    serious = [*harm("any: serious", "A0", 0, 10), *harm("any: serious", "A1", 1, 12),
               *harm("any: serious", "A2", 0, 20)]  # fmt: skip
    assert plain(harms_result(TRIAL, index_of(*ANY, *serious))) == (
        "Participants with at least one adverse event: Arm 0 0/10 (0%); Arm 1 3/12 (25%); Arm 2 "
        "0/20 (0%). Serious adverse events: Arm 0 0/10 (0%); Arm 1 1/12 (8%); Arm 2 0/20 (0%)."
    )


def test_before_anybody_is_at_risk_there_is_no_fraction_of_nobody() -> None:
    nobody = [*harm("any", "A0", 0, 0), *harm("any", "A1", 0, 0), *harm("any", "A2", 0, 0)]
    assert plain(harms_result(TRIAL, index_of(*nobody))) == (
        "By the data cut nobody was at risk of an adverse event of any arm."
    )
    one = [*nobody[:-2], *harm("any", "A2", 1, 1)]
    assert "Arm 0 0/0; Arm 1 0/0; Arm 2 1/1 (100%)." in plain(harms_result(TRIAL, index_of(*one)))


def test_where_seriousness_is_not_recorded_a_zero_is_not_said() -> None:
    unknown = EventFact.SERIOUS.unknown
    found = [
        *harm("any: serious", "A0", 0, 10, n_unknown=1),
        *harm("any: serious", "A1", 1, 12, n_unknown=2),
        *harm("any: serious", "A2", 0, 20),
        *harm(unknown, "A0", 1, 10, n_events=1),
        *harm(unknown, "A1", 2, 12, n_events=3),
        *harm(unknown, "A2", 0, 20, n_events=0),
        *harm(EventFact.SERIOUS.not_asked, "A1", 1, 12, n_events=1),
    ]
    assert plain(harms_result(TRIAL, index_of(*ANY, *found))).partition(". ")[2] == (
        "Serious adverse events: Arm 0 none known of 10 (seriousness not recorded of 1 event); "
        "Arm 1 at least 1/12 (8%) (seriousness not recorded of 3 events) "
        "(seriousness not asked of 1 event); Arm 2 0/20 (0%)."
    )


def not_asked(term: str, *arms: str) -> list[Result]:
    return [
        result(
            Stat.EVENTS, None, analysis_id="harms", outcome="", term=term, arm=arm,
            status=Status.NOT_COLLECTED,
        )
        for arm in arms or TRIAL.arm_codes
    ]  # fmt: skip


def test_harms_that_no_form_asks_for_are_not_collected() -> None:
    index = index_of(*not_asked("any"))
    assert plain(harms_result(TRIAL, index)) == (
        "Harms were not collected: no form of the trial asks for adverse events."
    )
    assert not are_collected(TRIAL, index)
    assert lacks_of_harms(TRIAL, index) == "not collected"


def test_an_arm_that_nobody_asks_has_no_fraction() -> None:
    some = [*harm("any", "A0", 0, 10), *harm("any", "A1", 3, 12), *not_asked("any", "A2")]
    index = index_of(*some, *not_asked(EventFact.SEVERITY.term), *not_asked(EventFact.RELATED.term))
    assert "Arm 0 0/10 (0%); Arm 1 3/12 (25%); Arm 2 not collected." in plain(
        harms_result(TRIAL, index)
    )
    assert without_form(TRIAL, index) == (TRIAL.arm("A2"),)
    assert facts_not_collected(TRIAL, index) == (EventFact.RELATED, EventFact.SEVERITY)
    lacks = "not collected: any event in Arm 2; relation and severity"
    assert lacks_of_harms(TRIAL, index) == lacks
    assert lacks_of_harms(TRIAL, index, ()) == "not collected: any event in Arm 2"


def test_what_the_forms_of_the_other_arms_ask_is_collected() -> None:
    """An arm without a form has no facts either, and that is said once."""
    serious = EventFact.SERIOUS.term
    some = [*harm("any", "A0", 0, 10), *harm("any", "A1", 3, 12), *not_asked("any", "A2")]
    facts = [*harm(serious, "A0", 0, 10), *harm(serious, "A1", 0, 12), *not_asked(serious, "A2")]
    index = index_of(*some, *facts)
    assert facts_not_collected(TRIAL, index) == ()
    assert plain(harms_result(TRIAL, index)).endswith(
        "Serious adverse events: Arm 0 0/10 (0%); Arm 1 0/12 (0%); Arm 2 not collected."
    )


def test_where_nobody_asks_what_was_received_events_are_said_to_be_in_the_arm_allocated() -> None:
    about = {"analysis_id": "flow", "outcome": "", "term": "received", "arm": "A0"}
    assert by_arm(TRIAL, None) == "the arm that participants received"
    received = index_of(result(Stat.N, 3, **about))
    assert by_arm(TRIAL, received) == "the arm that participants received"
    nobody = index_of(result(Stat.N, None, status=Status.NOT_COLLECTED, **about))
    assert by_arm(TRIAL, nobody) == (
        "the arm that participants were allocated to (which they received is not collected)"
    )


def test_seriousness_that_no_form_asks_is_not_collected() -> None:
    text = plain(harms_result(TRIAL, index_of(*ANY, *not_asked("any: serious"))))
    assert text.endswith("Arm 2 0/20 (0%). Whether they were serious was not collected.")


def test_a_count_is_the_least_that_it_can_be_where_it_is_not_known_of_everybody() -> None:
    index = index_of(*harm("any: related", "A0", 0, 9, n_unknown=1), *harm("any", "A0", 2, 9))
    arm = TRIAL.arm("A0")
    assert at_least("0", harms_of(arm, index, term="any: related")) == "none known"
    assert at_least("2", harms_of(arm, index)) == "2"
    some = index_of(*harm("any", "A0", 2, 9, n_unknown=1))
    assert at_least("2 (22%)", harms_of(arm, some)) == "at least 2 (22%)"
    # by severity it may be a worse one that they had
    mild = "worst severity: mild"
    worst = index_of(*harm(mild, "A0", 2, 9, n_unknown=1), *harm(mild, "A1", 0, 9, n_unknown=1))
    assert at_least("2", harms_of(arm, worst, term=mild)) == "2"
    assert at_least("0", harms_of(TRIAL.arm("A1"), worst, term=mild)) == "none known"


def test_events_that_no_arm_counts_are_told() -> None:
    note = "1 event of participants whose received care is not recorded"
    found = [replace(row, note=note) for row in ANY]
    assert plain(harms_result(TRIAL, index_of(*found))).endswith(f" Not counted: {note}.")


def test_rows_are_called_by_what_they_count() -> None:
    assert event_words("any") == "Any adverse event"
    assert event_words("any: led to withdrawal") == "Led to withdrawal"
    assert event_words("worst severity: mild") == "Mild"
    assert event_words("severity: any: serious") == "Any: serious"
    # somebody's own words stay as they are
    assert event_words("event: any") == "any"
    assert event_words("event: any: serious") == "any: serious"
