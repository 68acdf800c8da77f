"""What is told of a trail that holds together and is yet not as usual."""

from datetime import UTC, datetime, timedelta

import pytest

from trialkit.design.randomisation.audit import Action, Entry, next_entry
from trialkit.design.randomisation.doubts import (
    clock_doubts,
    line_doubts,
    torn_doubts,
    unseen_doubts,
)
from trialkit.design.randomisation.ledger import BY_STRATUM, ledger_of

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def at(*seconds: float) -> tuple[Entry, ...]:
    """Lines whose clock stood so many seconds after nine."""
    trail: tuple[Entry, ...] = ()
    for each in seconds:
        now = NOW + timedelta(seconds=each)
        trail = (*trail, next_entry(trail, now=now, person="Ann", action=Action.ALLOCATED))
    return trail


def test_a_clock_that_goes_forward_is_no_doubt() -> None:
    assert clock_doubts(at(0, 0, 1, 5000)) == []
    assert [line_doubts(line) for line in at(0, 1)] == [(), ()]


def test_lines_in_a_row_are_told_in_one_sentence() -> None:
    nine = "(2026-01-05T09:00:10.000+00:00); the order is that of the numbers"
    assert clock_doubts(at(10, 9.5, 8, 11, 10.999, 12)) == [
        f"lines 2 to 3: the clock stood up to 2 s before the time of an earlier line {nine}",
        (
            "line 5: the clock stood 0.001 s before the time of an earlier line "
            "(2026-01-05T09:00:11.000+00:00); the order is that of the numbers"
        ),
    ]
    assert clock_doubts(at(10, 8)) == [
        f"line 2: the clock stood 2 s before the time of an earlier line {nine}"
    ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (119, "119 s"),
        (180, "3 minutes"),
        (7200, "2 hours"),
        (200_000, "2 days"),
        (2.3e9, "73 years"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, said: str) -> None:
    (told,) = line_doubts(at(seconds, 0)[1])
    assert f"says 2026-01-05T09:00:00.000+00:00, {said} before the time of an earlier" in told


def test_a_time_that_is_still_to_come_is_told() -> None:
    trail = at(0, 900)
    assert clock_doubts(trail, NOW + timedelta(seconds=601)) == []
    (told,) = clock_doubts(trail, NOW + timedelta(seconds=599))
    assert told.startswith(
        "line 2: its clock said 2026-01-05T09:15:00.000+00:00, which is still to"
    )


def test_a_slot_that_nobody_saw_is_told_until_it_is_seen_or_void() -> None:
    given: dict = {
        "now": NOW,
        "person": "Ann",
        "subject": "a b",
        "stratum": {"site": "N"},
        "slot": 1,
    }

    def told(*actions: Action) -> list[str]:
        trail = [
            next_entry(
                (), now=NOW, person="Ann", action=Action.COMMITTED, new=BY_STRATUM, commitment="c"
            )
        ]
        for action in actions:
            trail.append(next_entry(trail, action=action, reason="so", **given))
        return unseen_doubts(ledger_of(trail))

    assert told(Action.ALLOCATED) == []
    (said,) = told(Action.ALLOCATED, Action.INTERRUPTED)
    assert said == (
        "'a b' has slot 1 since 2026-01-05T09:00:00.000+00:00, but the program ended before it was "
        "known that the arm was shown; see it by 'trialkit randomise unblind --subject 'a b' "
        "--reason …'"
    )
    assert told(Action.TORN) == [said]
    assert told(Action.ALLOCATED, Action.INTERRUPTED, Action.UNBLINDED) == []
    assert told(Action.ALLOCATED, Action.INTERRUPTED, Action.VOIDED) == []


def test_a_line_that_was_not_written_to_its_end_is_told() -> None:
    def torn(subject: str, slot: int) -> list[str]:
        line = next_entry((), now=NOW, person="Ann", action=Action.TORN, subject=subject, slot=slot)
        return torn_doubts([*at(0), line])

    before = (
        "line 1: the line before it was not written to its end, or was cut; its text is kept, and"
    )
    assert torn("", 0) == [f"{before} nobody has a slot by it"]
    assert torn("P1", 4) == [f"{before} slot 4 counts as taken by 'P1'"]
