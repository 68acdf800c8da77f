"""The datasets of both trials, against what their files say."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from tests.line import Line
from trialkit.datasets.model import Datasets


def entered(folder: Path, form: str, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a data file, read by another route than trialkit's."""
    with (folder / "data" / f"{form}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


@pytest.fixture(params=["example", "three_arms"])
def line(request: pytest.FixtureRequest) -> Line:
    return request.getfixturevalue(request.param)


def test_everybody_screened_is_a_subject_once(line: Line) -> None:
    delimiter = line.protocol.data.delimiter
    screened = [row["subject_id"] for row in entered(line.folder, "screening", delimiter)]
    assert sorted(line.datasets.subjects["subject_id"]) == sorted(screened)


def test_arms_are_those_of_the_allocation_list(line: Line) -> None:
    delimiter = line.protocol.data.delimiter
    rows = entered(line.folder, "randomisation", delimiter)
    listed = {row["subject_id"]: row["arm"] for row in rows}
    subjects = line.datasets.subjects
    allocated = subjects[subjects["randomised"]]
    found = dict(zip(allocated["subject_id"], allocated["arm"].astype(str), strict=True))
    assert found == listed


def test_the_arms_are_ordered_reference_first(line: Line) -> None:
    order = tuple(line.datasets.subjects["arm"].cat.categories)
    assert order == line.protocol.arm_codes
    assert line.datasets.subjects["arm"].cat.ordered


def test_each_planned_value_is_one_row_with_a_value_or_a_reason(line: Line) -> None:
    measurements = line.datasets.measurements
    assert not measurements.duplicated(["subject_id", "outcome", "visit"]).any()
    has_value = measurements["value"].notna()
    has_reason = measurements["missing_reason"].notna()
    assert (has_value ^ has_reason).all()


def test_change_is_the_value_minus_the_baseline(line: Line) -> None:
    measurements = line.datasets.measurements
    at_baseline = measurements[measurements["visit"] == line.protocol.baseline.code]
    baseline = at_baseline.set_index(["subject_id", "outcome"])["value"]
    keys = pd.MultiIndex.from_frame(measurements[["subject_id", "outcome"]])
    expected = measurements["value"].to_numpy() - baseline.reindex(keys).to_numpy()
    pd.testing.assert_series_equal(
        measurements["change"], pd.Series(expected, name="change"), check_names=False
    )


def test_both_halves_of_a_population_make_up_the_randomised(line: Line) -> None:
    subjects = line.datasets.subjects
    randomised = set(subjects.loc[subjects["randomised"], "subject_id"])
    for population in line.datasets.populations:
        members, excluded = population.members, population.excluded
        assert set(members["subject_id"]) | set(excluded["subject_id"]) == randomised
        assert len(members) + len(excluded) == len(randomised)
        assert excluded["reason"].str.len().gt(0).all()


def test_the_boxes_of_the_flow_add_up(line: Line) -> None:
    flow = line.datasets.disposition
    assert flow.assessed == len(line.datasets.subjects)
    assert flow.randomised == sum(arm.allocated for arm in flow.arms)
    assert [arm.arm for arm in flow.arms] == list(line.protocol.arm_codes)


def test_values_are_those_of_the_file(example: Line) -> None:
    rows = entered(example.folder, "pain")
    found = example.datasets.measurements
    vas = found[found["outcome"] == "vas"].set_index(["subject_id", "visit"])["value"]
    assert len(rows) == len(vas)
    for row in rows:
        assert vas[(row["subject_id"], row["visit"])] == float(row["vas_mm"])


def test_the_example_has_the_published_numbers_of_people(example: Line) -> None:
    flow = example.datasets.disposition
    assert flow.randomised == 26
    assert [arm.allocated for arm in flow.arms] == [13, 13]
    assert [arm.analysed for arm in flow.arms] == [13, 13]
    assert flow.assessed > flow.randomised


def test_attendance_counts_the_session_log(example: Line) -> None:
    rows = entered(example.folder, "sessions")
    for row in example.datasets.attendance.itertuples():
        own = [each for each in rows if each["subject_id"] == row.subject_id]
        assert row.attended == sum(each["attended"] == "yes" for each in own)
        assert row.minutes == sum(float(each["minutes"] or 0) for each in own)
        assert row.planned == row.prescribed == 18


def test_who_withdrew_was_prescribed_fewer_sessions(three_arms: Line) -> None:
    subjects = three_arms.datasets.subjects.set_index("subject_id")
    attendance = three_arms.datasets.attendance
    completed = attendance["subject_id"].map(subjects["completed"]).astype("boolean")
    left = attendance[~completed.fillna(value=True).astype(bool)]
    assert len(left) > 0
    assert (left["prescribed"] <= left["planned"]).all()
    assert (left["prescribed"] < left["planned"]).any()
    stayed = attendance[completed.fillna(value=True).astype(bool)]
    assert (stayed["prescribed"] == stayed["planned"]).all()


def test_who_got_another_arm_is_analysed_as_allocated_and_safe_as_received(
    three_arms: Line,
) -> None:
    subjects = three_arms.datasets.subjects
    crossed = subjects[
        subjects["randomised"]
        & subjects["arm_received"].notna()
        & (subjects["arm_received"].astype(str) != subjects["arm"].astype(str))
    ]
    assert len(crossed) == 1
    person = crossed.iloc[0]
    arms = {
        population.code: population.members.set_index("subject_id")["arm"].get(person.subject_id)
        for population in three_arms.datasets.populations
    }
    by_group = {rule.code: rule.group_by.value for rule in three_arms.protocol.populations}
    assert any(group == "received" for group in by_group.values())
    for code, arm in arms.items():
        if arm is not None:
            expected = person.arm if by_group[code] == "allocated" else person.arm_received
            assert arm == expected


def test_a_missing_code_becomes_its_reason(three_arms: Line) -> None:
    reasons = set(three_arms.datasets.measurements["missing_reason"].dropna())
    labels = {code.label for code in three_arms.protocol.data.all_missing_codes}
    assert reasons & labels


def test_building_does_not_change_the_snapshot(example: Line) -> None:
    before = {name: data.values.copy() for name, data in example.snapshot.forms.items()}
    rebuilt = build(example)
    for name, data in example.snapshot.forms.items():
        pd.testing.assert_frame_equal(data.values, before[name])
    pd.testing.assert_frame_equal(rebuilt.measurements, example.datasets.measurements)


def build(line: Line) -> Datasets:
    from trialkit.datasets.building import build_datasets

    return build_datasets(line.snapshot, line.schemas, line.protocol)
