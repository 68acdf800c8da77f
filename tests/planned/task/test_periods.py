"""The rows of a crossover trial by treatment: each period once, and who lacks one with a reason."""

import pytest

from tests.line import Line, line_of
from tests.report.crossover_trial import write_crossover
from tests.report.kinds_of_trial import Tables
from trialkit.datasets.inclusion import Included
from trialkit.datasets.periods import given_in, period_values
from trialkit.planned.task.periods import included_by_treatment, population_by_treatment


def one_leaves(tables: Tables) -> None:
    tables["assessment"] = [
        row for row in tables["assessment"] if (row["subject_id"], row["visit"]) != ("P003", "V3")
    ]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(write_crossover(tmp_path_factory.mktemp("one") / "trial", change=one_leaves))


def included(line: Line) -> Included:
    rows = line.datasets.measurements
    people = line.datasets.population("itt")
    return Included(
        measurements=rows[rows["outcome"] == "pain"],
        excluded=people.excluded,
        lacking=people.excluded[["subject_id"]].assign(what=""),
    )


def test_each_period_is_a_row_with_its_treatment_and_its_own_baseline(line: Line) -> None:
    rows = line.datasets.measurements
    pain = rows[rows["outcome"] == "pain"]
    values = pain.set_index(["subject_id", "visit"])["value"]
    found = period_values(pain, line.protocol)
    assert len(found) == 48
    assert found["arm"].cat.categories.tolist() == ["A", "B"]
    for row in found.itertuples():
        place = {"P1": 0, "P2": 1}[row.period]
        assert row.arm == row.sequence[place]
        end, start = (("V1", "V0"), ("V3", "V2"))[place]
        assert row.visit == end
        if row.subject_id == "P003" and end == "V3":
            assert (row.value != row.value, row.change != row.change) == (True, True)
            continue
        assert row.value == values[row.subject_id, end]
        assert row.baseline == values[row.subject_id, start]
        assert row.change == pytest.approx(row.value - row.baseline, abs=1e-9)
    assert given_in(line.protocol.periods[1], line.protocol) == {"AB": "B", "BA": "A"}


def test_a_period_without_a_value_is_left_out_and_the_participant_kept(line: Line) -> None:
    found = included_by_treatment(
        included(line), line.protocol, time_point="V3", reads_baseline=False
    )
    assert len(found.measurements) == 47
    assert (found.measurements["subject_id"] == "P003").sum() == 1
    (row,) = found.excluded.itertuples()
    assert (row.subject_id, row.reason) == (
        "P003",
        "no value at End of period 2 (form not completed)",
    )
    assert set(found.measurements["visit"]) == {"V3"}


def test_members_are_in_each_treatment_of_their_sequence(line: Line) -> None:
    people = line.datasets.population("itt")
    found = population_by_treatment(people, line.protocol)
    assert (found.count("A"), found.count("B")) == (24, 24)
