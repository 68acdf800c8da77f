"""Who began and completed a period, and where the others left, by hand from a trial's tables."""

from datetime import date

import pytest

from tests.line import Line, line_of
from tests.report.crossover_trial import write_crossover
from tests.report.kinds_of_trial import Tables
from trialkit.datasets.period_disposition import count_periods
from trialkit.datasets.subjects import randomised
from trialkit.results.flow import Unsaid
from trialkit.results.period_flow import PeriodCounts


def leave(tables: Tables) -> None:
    """Of AB P000 left in the first period, P001 in the washout, P002 in the second; P003 missed the
    first end, P004 got nothing and P005 missed the last end of a study that was completed."""
    absent = {
        "P000": "V1 V2 V3", "P001": "V2 V3", "P002": "V3", "P003": "V1", "P004": "V1 V2 V3", "P005": "V3",
    }  # fmt: skip
    tables["assessment"][:] = [
        row
        for row in tables["assessment"]
        if row["visit"] not in absent.get(str(row["subject_id"]), "").split()
    ]
    ends = {row["subject_id"]: row for row in tables["end_of_study"]}
    for who, day, why in (
        ("P000", date(2024, 2, 1), "Moved away"),
        ("P001", date(2024, 2, 20), "Moved away"),
        ("P002", date(2024, 4, 20), "Too ill"),
    ):
        ends[who] |= {"completed": "no", "end_date": day, "end_reason": why}
    ends["P003"] |= {"completed": ""}
    ends["P004"] |= {
        "arm_received": "",
        "not_received_reason": "Declined",
        "completed": "no",
        "end_date": date(2024, 1, 20),
    }


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(write_crossover(tmp_path_factory.mktemp("left") / "trial", change=leave))


def counted(line: Line) -> dict[str, tuple[PeriodCounts, ...]]:
    people = randomised(line.datasets.subjects)
    people = people.assign(why_not_received=people["not_received_reason"])
    return dict(count_periods(line.protocol, people, line.datasets.measurements))


def test_each_leaves_where_the_data_show_it(left: Line) -> None:
    assert counted(left)["AB"] == (
        PeriodCounts(
            period="P1",
            begun=11,
            not_begun={"Declined": 1},
            again=0,
            completed=9,
            not_completed={"Moved away": 1, "form not completed": 1},
        ),
        PeriodCounts(
            period="P2",
            begun=9,
            not_begun={"Moved away": 1},
            again=1,
            completed=8,
            not_completed={"Too ill": 1},
        ),
    )
    assert all(
        (each.begun, each.completed, each.again) == (12, 12, 0) for each in counted(left)["BA"]
    )


def test_the_disposition_has_the_periods_of_each_sequence(left: Line) -> None:
    assert {each.arm: each.periods for each in left.datasets.disposition.arms} == counted(left)


def test_whose_beginning_nothing_shows_is_not_said_to_have_begun(left: Line) -> None:
    people = randomised(left.datasets.subjects)
    people = people.assign(why_not_received=people["not_received_reason"])
    rows = left.datasets.measurements
    found = count_periods(left.protocol, people, rows[rows["visit"] != "V2"])["AB"][1]
    assert (found.begun, found.not_begun, found.again) == (None, {}, 1)
    assert (found.completed, found.not_completed) == (8, {"Moved away": 1, "Too ill": 1})


def test_a_reason_that_nobody_gave_is_not_recorded(left: Line) -> None:
    people = randomised(left.datasets.subjects).assign(why_not_received=None)
    first = count_periods(left.protocol, people, left.datasets.measurements)["AB"][0]
    assert first.not_begun == {Unsaid.NOT_RECORDED.value: 1}


def test_a_trial_without_periods_counts_none(example: Line) -> None:
    people = randomised(example.datasets.subjects)
    assert count_periods(example.protocol, people, example.datasets.measurements) == {}
    assert all(each.periods == () for each in example.datasets.disposition.arms)
