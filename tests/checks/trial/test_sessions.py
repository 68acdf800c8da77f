"""Sessions of one participant beside each other: two on a day, and numbers against dates."""

from datetime import date, timedelta

import pytest

from tests.conftest import few_at_once
from tests.monitored.looking import looked_at, said, where
from tests.monitored.trial import Tables, row_of
from trialkit.checks.trial.sessions import check_sessions


def found(*spoil, form="session_log"):
    hand = looked_at(*spoil)
    return check_sessions(hand.cells[form])


def on(number: int, day: date, came: str = "yes"):
    def spoil(rows: Tables) -> None:
        row = row_of(rows, "session_log", subject_id="N-001", repeat=str(number))
        row |= {"session_date": str(day), "attended": came}

    return spoil


@pytest.fixture(scope="module")
def days():
    """The days of the sessions, by number."""
    from tests.monitored.trial import tables

    return {
        int(row["repeat"]): date.fromisoformat(row["session_date"])
        for row in tables()["session_log"]
        if row["subject_id"] == "N-001"
    }


def test_a_log_in_order_has_no_finding():
    assert found() == ()
    assert found(form="odi") == ()


def test_the_second_of_two_sessions_on_a_day_is_asked_about(days):
    hits = found(on(8, days[8]), on(9, days[8]))

    assert where(hits) == [("N-001", "9")]
    assert f"session 8 was held on {days[8]} too" in said(hits)["message"].iloc[0]


def test_a_session_that_was_not_attended_is_no_second_one(days):
    assert found(on(8, days[8]), on(9, days[8], came="no")) == ()


@pytest.mark.parametrize(
    ("number", "days_off", "words"),
    few_at_once(
        [
            (5, 40, "was after session 6"),
            (5, -40, "was before session 4"),
            (12, -20, "before session 11"),
        ],
        1,
    ),
)
def test_the_session_that_is_out_of_order_is_the_one_that_is_asked_about(
    days, number, days_off, words
):
    day = days[number] + timedelta(days=days_off)

    hits = found(on(number, day))

    assert where(hits) == [("N-001", str(number))]
    assert words in said(hits)["message"].iloc[0]
    assert f"session {number} on {day}" in said(hits)["message"].iloc[0]


def test_what_a_trial_does_all_the_time_is_not_asked_about():
    def twice(rows: Tables) -> None:
        for row in rows["session_log"]:
            if int(row["repeat"]) % 2 == 0:
                first = str(int(row["repeat"]) - 1)
                same = row_of(rows, "session_log", subject_id=row["subject_id"], repeat=first)
                row |= {"session_date": same["session_date"], "attended": "yes"}

    def backwards(rows: Tables) -> None:
        for row in rows["session_log"]:
            row["repeat"] = str(13 - int(row["repeat"]))

    assert found(twice) == ()
    assert found(backwards) == ()
