"""Time at risk: what ends it, on one day and on several, and that nobody is lost or guessed."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.datasets.followed import INJURY, KNEE, counted, followed, told
from trialkit.datasets.asked_days import AskedDays
from trialkit.datasets.at_risk import (
    AT_CUT,
    AT_HORIZON,
    BEFORE,
    COMPLETED,
    LAST_KNOWN,
    LEFT,
    NO_END,
    NO_ORIGIN,
    NO_TIME,
    NOBODY_LOOKED,
    NOT_KNOWN,
)
from trialkit.datasets.measurements import NOT_YET_DUE
from trialkit.errors import ProtocolError
from trialkit.protocol.trial.at_risk import Censoring, CompetingEvent, TimeAtRisk, TimeUnit
from trialkit.results.at_risk import AtRiskStatus

CUT = date(2025, 12, 1)
SURGERY = CompetingEvent(date="sport.surgery", code="surgery", label="Surgery")
EVENT, COMPETING, CENSORED = AtRiskStatus.EVENT, AtRiskStatus.COMPETING, AtRiskStatus.CENSORED
NEVER, UNKNOWN, FOLLOWED = (
    AtRiskStatus.NEVER_AT_RISK, AtRiskStatus.UNKNOWN, AtRiskStatus.FOLLOWED,
)  # fmt: skip


def one(folder: Path, **given_of_one):
    """What becomes of the one participant, who was randomised on 2025-02-01."""
    given_of_one = {"cut": CUT, "randomised_on": {"S1": "2025-02-01"}} | given_of_one
    return followed(folder, **given_of_one)


@pytest.mark.parametrize(
    ("sport", "end", "expected"),
    [
        ("S1,2025-02-11,", "", (10.0, EVENT, "return", None)),
        ("S1,2025-02-01,", "", (0.0, EVENT, "return", None)),
        ("S1,2025-02-11,2025-02-08", "", (7.0, COMPETING, "surgery", None)),
        ("S1,2025-02-11,2025-02-11", "S1,2025-02-11,no,", (10.0, EVENT, "return", None)),
        ("S1,,2025-02-11", "S1,2025-02-11,yes,", (10.0, COMPETING, "surgery", None)),
        ("", "S1,2025-02-11,yes,", (10.0, CENSORED, None, COMPLETED)),
        ("", "S1,2025-02-11,no,moved", (10.0, CENSORED, None, "moved")),
        ("", "S1,2025-02-11,no,", (10.0, CENSORED, None, LEFT)),
        ("", "", (60.0, CENSORED, None, AT_HORIZON)),
        ("S1,2025-04-03,", "", (60.0, CENSORED, None, AT_HORIZON)),
        ("S1,2025-04-02,", "", (60.0, EVENT, "return", None)),
        ("S1,2025-01-31,", "", (None, NEVER, None, f"{BEFORE}Return to sport")),
        ("S1,,2025-01-31", "", (None, NEVER, None, f"{BEFORE}Surgery")),
        ("", "S1,2025-01-31,no,moved", (None, NEVER, None, f"{BEFORE}moved")),
        # known in part: it is a question only where one of its days would change the answer
        ("S1,2025-02-UN,", "", (None, UNKNOWN, None, f"{NOT_KNOWN}Return to sport")),
        ("S1,2025-01-UN,", "", (None, NEVER, None, f"{BEFORE}Return to sport")),
        ("S1,2025-05-UN,", "", (60.0, CENSORED, None, AT_HORIZON)),
        ("S1,2025-02-11,2025-03-UN", "", (10.0, EVENT, "return", None)),
        ("S1,2025-02-11,2025-02-UN", "", (None, UNKNOWN, None, f"{NOT_KNOWN}Surgery")),
        ("S1,ND,", "", (None, UNKNOWN, None, f"{NOT_KNOWN}Return to sport")),
        ("S1,NA,", "", (60.0, CENSORED, None, AT_HORIZON)),
        # of who left on a day that nobody knows, an event is known and its absence is not
        ("", "S1,,no,moved", (None, UNKNOWN, None, f"{NOT_KNOWN}end of the study")),
        ("S1,2025-02-11,", "S1,,no,moved", (10.0, EVENT, "return", None)),
    ],
)  # fmt: skip
def test_what_comes_first_ends_the_time_at_risk(tmp_path, sport, end, expected) -> None:
    risk = TimeAtRisk(horizon=60, competing=(SURGERY,))
    found = one(tmp_path, risk=risk, sport=sport, end_of_study=end)
    assert told(found)["S1"] == expected


@pytest.mark.parametrize(
    ("risk", "rows", "expected"),
    [
        (TimeAtRisk(), {}, (303.0, CENSORED, None, AT_CUT)),
        (TimeAtRisk(), {"cut": None}, (None, UNKNOWN, None, NO_END)),
        (TimeAtRisk(unit=TimeUnit.WEEKS, horizon=4), {}, (4.0, CENSORED, None, AT_HORIZON)),
        (
            TimeAtRisk(censored_at=(Censoring(date="calls.called", reason="rang"),)),
            {"calls": "S1,1,2025-03-01\nS1,2,2025-02-21\nS1,3,2025-01-01"},
            (20.0, CENSORED, None, "rang"),
        ),
        (
            TimeAtRisk(last_known="calls.called"),
            {"calls": "S1,1,2025-03-01\nS1,2,2025-02-21"},
            (28.0, CENSORED, None, LAST_KNOWN),
        ),
        (TimeAtRisk(last_known="calls.called"), {}, (None, UNKNOWN, None, NOBODY_LOOKED)),
        (
            TimeAtRisk(last_known="calls.called"),
            {"calls": "S1,1,2025-02-05", "sport": "S1,2025-02-11,"},
            (10.0, EVENT, "return", None),
        ),
        (
            TimeAtRisk(origin="sport.surgery"),
            {"sport": "S1,2025-03-01,2025-02-19"},
            (10.0, EVENT, "return", None),
        ),
        (
            TimeAtRisk(origin="sport.surgery"),
            {"sport": "S1,2025-03-01,"},
            (None, NEVER, None, f"{NO_ORIGIN}Day of surgery"),
        ),
        (
            TimeAtRisk(origin="sport.surgery"),
            {"sport": "S1,,2025-02-UN"},
            (None, UNKNOWN, None, f"{NOT_KNOWN}Day of surgery"),
        ),
        (
            TimeAtRisk(origin="sport.surgery"),
            {"sport": "S1,,2025-12-02"},
            (None, UNKNOWN, None, NOT_YET_DUE),
        ),
    ],
)
def test_the_protocol_says_from_when_and_until_when(tmp_path, risk, rows, expected) -> None:
    assert told(one(tmp_path, risk=risk, **rows))["S1"] == expected


def test_a_log_has_a_first_event_and_what_lies_outside_the_time_is_counted(tmp_path) -> None:
    log = "S1,1,2025-01-20,knee\nS1,2,2025-02-21,hip\nS1,3,2025-02-26,knee\nS1,4,2025-06-01,knee"
    risk = TimeAtRisk(horizon=30)
    first = one(tmp_path / "a", outcome=INJURY, risk=risk, injuries=log)
    assert told(first)["S1"] == (20.0, EVENT, "injury", None)
    assert counted(first)["S1"] == (1, 1, 0)
    of_knees = one(tmp_path / "b", outcome=KNEE, risk=risk, injuries=log)
    assert told(of_knees)["S1"] == (25.0, EVENT, "knee", None)
    none = one(tmp_path / "c", outcome=KNEE, risk=TimeAtRisk(horizon=3), injuries=log)
    assert told(none)["S1"] == (3.0, CENSORED, None, AT_HORIZON)
    assert counted(none)["S1"] == (0, 1, 2)


def test_events_that_happen_again_are_all_in_the_log(tmp_path) -> None:
    log = "S1,1,2025-02-01,knee\nS1,2,2025-01-20,hip\nS1,3,2025-02-21,knee\nS1,4,2025-06-01,hip"
    risk = TimeAtRisk(horizon=30)
    found = one(tmp_path / "a", outcome=INJURY, risk=risk, again=True, injuries=log)
    assert told(found)["S1"] == (30.0, FOLLOWED, None, AT_HORIZON)
    assert counted(found)["S1"] == (2, 1, 1)
    assert found.event_log["time"].tolist() == [0.5, 20.0]
    gone = one(
        tmp_path / "b", outcome=INJURY, again=True, injuries=log, end_of_study="S1,2025-02-01,no,"
    )
    assert told(gone)["S1"] == (None, NEVER, None, NO_TIME)
    vague = f"{log}\nS1,5,2025-02-UN,hip"
    unsure = one(tmp_path / "c", outcome=INJURY, risk=risk, again=True, injuries=vague)
    assert told(unsure)["S1"] == (None, UNKNOWN, None, f"{NOT_KNOWN}Injury")
    assert unsure.event_log.empty


def test_months_are_those_of_the_julian_year() -> None:
    assert TimeUnit.MONTHS.days * 12 == TimeUnit.YEARS.days == 365.25


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "surgery"}, {"last_known": "x."}, {"horizon": 0.0}, {"competing": (SURGERY, SURGERY)}],
    ids=["origin", "last_known", "horizon", "competing"],
)  # fmt: skip
def test_what_cannot_hold_is_refused(wrong) -> None:
    with pytest.raises(ProtocolError):
        TimeAtRisk(**wrong)


def test_days_asked_are_intervals() -> None:
    days = AskedDays(person=np.array([1, 1]), first=np.array([3.0, 1.0]), last=np.array([3.0, 2.0]))
    assert days.earliest(2).tolist() == [np.inf, 1.0]
    assert days.latest(2).tolist() == [-np.inf, 3.0]
    assert days.is_known.tolist() == [True, False]


DAYS = st.one_of(st.none(), st.integers(-10, 80))
PEOPLE = st.lists(st.tuples(DAYS, DAYS, DAYS, st.lists(DAYS, max_size=3)), min_size=4, max_size=12)
FIRST = date(2025, 2, 1)


def by_hand(returned, surgery, left, horizon: int) -> tuple[str, int | None]:
    """What becomes of one participant by the words of the method, a day at a time."""
    if any(day is not None and day < 0 for day in (returned, surgery, left)):
        return NEVER, None
    for day in range(horizon + 1):
        if day == returned:
            return EVENT, day
        if day == surgery:
            return COMPETING, day
        if day in {left, horizon}:
            return CENSORED, day
    raise AssertionError


def written(people, shift: int = 0) -> dict[str, str]:
    def day(since: int | None) -> str:
        return "" if since is None else str(FIRST + timedelta(days=since + shift))

    rows = [(f"S{place}", *each) for place, each in enumerate(people)]
    return {
        "sport": "\n".join(f"{who},{day(a)},{day(b)}" for who, a, b, _, _ in rows if a or b),
        "end_of_study": "\n".join(
            f"{who},{day(c)},yes," for who, _, _, c, _ in rows if c is not None
        ),
        "injuries": "\n".join(
            f"{who},{place},{day(each)},hip"
            for who, *_, log in rows
            for place, each in enumerate(log, start=1)
            if each is not None
        ),
    }  # fmt: skip


def run(people, *, shift: int = 0, turned: bool = False, again: bool = False, **more):
    rows = written(people, shift)
    if turned:
        rows = {name: "\n".join(reversed(text.splitlines())) for name, text in rows.items()}
    start = str(FIRST + timedelta(days=shift))
    if again:
        more["outcome"] = INJURY
    with TemporaryDirectory() as folder:
        days = {f"S{place}": start for place in range(len(people))}
        return followed(Path(folder), days, again=again, **rows, **more)


@settings(max_examples=examples(10), deadline=None)
@given(people=PEOPLE, shift=st.integers(-20, 100))
def test_everybody_is_accounted_for_as_by_hand(people, shift) -> None:
    people = [(a or None, b or None, c, log) for a, b, c, log in people]
    risk = TimeAtRisk(horizon=60, competing=(SURGERY,))
    found = run(people, risk=risk)
    frame = found.at_risk
    assert frame["subject_id"].tolist() == [f"S{place}" for place in range(len(people))]
    assert set(frame["status"]) <= {EVENT, COMPETING, CENSORED, NEVER}
    assert (frame["time"].isna() == (frame["status"] == NEVER)).all()
    happened = frame["status"].isin([EVENT, COMPETING])
    assert (frame["cause"].notna() == happened).all()
    assert (frame["reason"].isna() == happened).all()
    for place, (returned, surgery, left, _) in enumerate(people):
        status, day = by_hand(returned, surgery, left, 60)
        assert frame["status"][place] == status
        assert day is None or frame["time"][place] == day
    moved = run(people, risk=risk, shift=shift)
    pd.testing.assert_frame_equal(moved.at_risk, frame)
    pd.testing.assert_frame_equal(run(people, risk=risk, turned=True).at_risk, frame)


@settings(max_examples=examples(10), deadline=None)
@given(people=PEOPLE)
def test_the_unit_of_time_scales_it_and_the_log_holds_what_is_counted(people) -> None:
    in_days = run(people, again=True, risk=TimeAtRisk(horizon=56))
    in_weeks = run(people, again=True, risk=TimeAtRisk(horizon=8, unit=TimeUnit.WEEKS), turned=True)
    np.testing.assert_allclose(in_weeks.at_risk["time"], in_days.at_risk["time"] / 7)
    same = ["subject_id", "status", "reason", "events", "before", "after"]
    pd.testing.assert_frame_equal(in_weeks.at_risk[same], in_days.at_risk[same])
    np.testing.assert_allclose(in_weeks.event_log["time"], in_days.event_log["time"] / 7)
    frame = in_days.at_risk.set_index("subject_id")
    logged = in_days.event_log.groupby("subject_id").size().reindex(frame.index, fill_value=0)
    counted_of = frame["events"].where(frame["time"].notna(), 0)
    assert (logged == counted_of).all()
    for place, (*_, left, log) in enumerate(people):
        row = frame.loc[f"S{place}"]
        days = [each for each in log if each is not None]
        ended = min(56, 56 if left is None else left)
        if row["status"] == FOLLOWED:
            assert row["events"] == sum(0 <= each <= ended for each in days)
            assert row["before"] == sum(each < 0 for each in days)
            assert row["after"] == sum(each > ended for each in days)
