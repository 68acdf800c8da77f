"""The lines of an audit trail add up to who has which slot; what cannot be changes nothing."""

from collections.abc import Mapping

import pytest

from trialkit.design.randomisation.audit import Action, Entry
from trialkit.design.randomisation.ledger import (
    BY_STRATUM,
    EMPTY,
    OVERALL,
    Allocation,
    Ledger,
    ledger_of,
)
from trialkit.errors import DesignError

N, S = {"site": "N", "sex": "f"}, {"site": "S", "sex": "m"}
COMMITTED = {"action": Action.COMMITTED, "commitment": "abc", "new": BY_STRATUM}


def trail(*lines: dict) -> tuple[Entry, ...]:
    """Lines as the trail has them, numbered from 1, each a minute after the one before."""
    return tuple(
        Entry(
            **{
                "seq": number,
                "time": f"2026-01-05T09:{number:02d}:00+00:00",
                "person": f"person {number}",
                "stratum": {},
                "previous": "",
            }
            | line
        )
        for number, line in enumerate(lines, start=1)
    )


def given(subject: str, levels: Mapping[str, str], slot: int) -> dict:
    return {"action": Action.ALLOCATED, "subject": subject, "stratum": levels, "slot": slot}


def corrected(subject: str, field: str, new: str) -> dict:
    return {"action": Action.CORRECTED, "subject": subject, "field": field, "new": new}


def slot_voided(levels: Mapping[str, str], slot: int) -> dict:
    return {"action": Action.VOIDED, "stratum": levels, "slot": slot}


def voided(subject: str) -> dict:
    return {"action": Action.VOIDED, "subject": subject}


def slots(ledger: Ledger) -> list[tuple[str, int, bool]]:
    return [(each.subject, each.slot, each.voided) for each in ledger.allocations]


def test_an_empty_trail_is_nobody_and_nothing_committed() -> None:
    assert ledger_of(()) == EMPTY
    assert (EMPTY.commitment, EMPTY.numbering, EMPTY.revealed) == ("", BY_STRATUM, False)


def test_a_trail_adds_up_to_who_has_which_slot_in_which_stratum() -> None:
    ledger = ledger_of(
        trail(COMMITTED, given("P1", N, 1), given("P2", S, 1), given("P3", N, 2), voided("P3"))
    )
    assert ledger.problems == ()
    assert (ledger.commitment, ledger.numbering, ledger.revealed) == ("abc", BY_STRATUM, False)
    assert ledger.find("P1") == Allocation(
        subject="P1",
        entered=N,
        levels=N,
        slot=1,
        time="2026-01-05T09:02:00+00:00",
        person="person 2",
        voided=False,
    )
    assert slots(ledger) == [("P1", 1, False), ("P2", 1, False), ("P3", 2, True)]
    # a void allocation keeps its slot
    assert [ledger.next_slot(each) for each in (N, S, {"site": "S", "sex": "f"})] == [3, 2, 1]


def test_slots_of_a_minimisation_are_numbered_overall() -> None:
    ledger = ledger_of(
        trail(COMMITTED | {"new": OVERALL}, given("P1", N, 1), given("P2", S, 2), slot_voided(N, 3))
    )
    assert ledger.problems == ()
    assert ledger.skipped == {(OVERALL, 3)}
    assert ledger.next_slot(S) == ledger.next_slot(N) == 4
    assert ledger.stratum(S) == "overall"


def test_a_voided_slot_is_passed_over_in_its_stratum_alone() -> None:
    lines = (COMMITTED, given("P1", N, 1), slot_voided(N, 2), given("P2", N, 3), given("P3", S, 1))
    ledger = ledger_of(trail(*lines))
    assert ledger.problems == ()
    assert ledger.skipped == {('{"sex":"f","site":"N"}', 2)}
    assert [ledger.next_slot(each) for each in (N, S)] == [4, 2]


def test_a_stratum_is_the_same_in_any_order_of_its_levels() -> None:
    ledger = ledger_of(trail(COMMITTED, given("P1", N, 1)))
    assert ledger.next_slot({"sex": "f", "site": "N"}) == 2


def test_a_correction_changes_what_is_known_and_moves_nobody() -> None:
    ledger = ledger_of(
        trail(
            COMMITTED,
            given("P1", N, 1),
            given("P2", N, 2),
            corrected("P1", "site", "S"),
            corrected("P2", "subject_id", "P9"),
        )
    )
    assert ledger.problems == ()
    first, second = ledger.allocations
    assert (first.entered, first.levels) == (N, {"site": "S", "sex": "f"})
    assert (second.subject, second.slot, second.levels) == ("P9", 2, N)
    assert [ledger.next_slot(each) for each in (N, S)] == [3, 1]
    with pytest.raises(DesignError, match="nobody of the name 'P2' has been randomised"):
        ledger.find("P2")


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ((COMMITTED, COMMITTED), "line 2: a second commitment"),
        ((given("P1", N, 1),), "line 1: allocated before the list was committed to"),
        (
            (COMMITTED, given("P1", N, 1), given("P1", S, 1)),
            "line 3: 'P1' is randomised a second time",
        ),
        ((COMMITTED, given("P1", N, 2)), "line 2: slot 2 was given, but slot 1 was next"),
        (
            (COMMITTED, given("P1", N, 1), given("P2", N, 1)),
            "line 3: slot 1 was given, but slot 2 was next",
        ),
        ((COMMITTED, slot_voided(N, 2)), "line 2: only the next free slot can be voided"),
        ((COMMITTED, voided("P1")), "line 2: nobody of the name 'P1' has been randomised"),
        (
            (COMMITTED, given("P1", N, 1), voided("P1"), voided("P1")),
            "line 4: the allocation of 'P1' is void already",
        ),
        (
            (COMMITTED, given("P1", N, 1), given("P2", N, 2), corrected("P1", "subject_id", "P2")),
            "line 4: 'P2' is the name of somebody else",
        ),
        (
            (COMMITTED, given("P1", N, 1), corrected("P1", "age", "40")),
            "line 3: there is no 'age' to correct",
        ),
        (
            (COMMITTED, {"action": Action.UNBLINDED, "subject": "P7"}),
            "line 2: nobody of the name 'P7' has been randomised",
        ),
        (
            (COMMITTED, {"action": Action.REVEALED}, given("P1", N, 1)),
            "line 3: allocated after the list was revealed",
        ),
        (
            (COMMITTED, given("P1", N, 1), {"action": Action.REVEALED}, corrected("P1", "site", "S")),
            "line 4: corrected after the list was revealed",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_what_cannot_be_is_a_problem_and_changes_nothing(
    lines: tuple[dict, ...], problem: str
) -> None:
    before, after = ledger_of(trail(*lines[:-1])), ledger_of(trail(*lines))
    assert after.problems == (problem,)
    assert (after.allocations, after.skipped) == (before.allocations, before.skipped)
    assert (after.commitment, after.revealed) == (before.commitment, before.revealed)


def test_a_problem_does_not_end_the_trail() -> None:
    ledger = ledger_of(
        trail(COMMITTED, given("P1", N, 5), given("P1", N, 1), given("P2", N, 9), given("P3", N, 2))
    )
    assert [each.split(":")[0] for each in ledger.problems] == ["line 2", "line 4"]
    assert slots(ledger) == [("P1", 1, False), ("P3", 2, False)]


def test_unblinding_and_revealing_move_nobody() -> None:
    unblinded = {"action": Action.UNBLINDED, "subject": "P1"}
    ledger = ledger_of(
        trail(COMMITTED, given("P1", N, 1), unblinded, {"action": Action.REVEALED}, unblinded)
    )
    assert ledger.problems == ()
    assert ledger.revealed
    assert slots(ledger) == [("P1", 1, False)]
