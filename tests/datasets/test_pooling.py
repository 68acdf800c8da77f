"""All participants in one arm: the same people and counts, and nothing that depends on who is in which."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from tests.conftest import THREE_ARMS, few_at_once
from tests.datasets.edited import Change
from tests.datasets.pooled import OF_SESSIONS, pooled_line, reallocated
from tests.line import Line
from trialkit.datasets.model import Datasets
from trialkit.datasets.pooling import ANOTHER_ARM, SESSIONS, build_pooled, pool
from trialkit.errors import AnalysisError
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.pooled import ALL
from trialkit.results.effect import Status
from trialkit.results.flow import ArmFlow, Reason
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource
from trialkit.store.sources.memory_source import MemorySource


def flow(datasets: Datasets) -> ArmFlow:
    (arm,) = datasets.disposition.arms
    return arm


def counted(*reasons: tuple[Reason, ...] | None) -> Counter[str]:
    return sum(
        (Counter({each.text: each.count}) for own in reasons for each in own or ()), Counter()
    )


@pytest.fixture(scope="module")
def line(three_arms: Line) -> Line:
    """The trial of three arms, pooled."""
    protocol = pool(three_arms.protocol, three_arms.schemas)
    datasets = build_pooled(three_arms.snapshot, three_arms.schemas, protocol)
    return replace(
        three_arms, protocol=protocol, datasets=datasets, results=carry_out(protocol, datasets)
    )


def test_the_one_arm_is_the_sum_of_all(line: Line, three_arms: Line) -> None:
    one, arms = flow(line.datasets), three_arms.datasets.disposition.arms
    assert one.allocated == sum(arm.allocated for arm in arms) == 34
    assert one.analysed == sum(arm.analysed for arm in arms) == 26
    assert one.received == sum(arm.received or 0 for arm in arms) == 32
    for name in ("not_received", "lost", "discontinued", "excluded"):
        assert counted(getattr(one, name)) == counted(*(getattr(arm, name) for arm in arms)), name
    for name in ("itt", "safety"):
        own, whole = line.datasets.population(name), three_arms.datasets.population(name)
        assert set(own.members["subject_id"]) == set(whole.members["subject_id"])
    events = three_arms.datasets.adverse_events
    assert len(line.datasets.adverse_events) == len(events)
    assert list(line.datasets.measurements["value"].dropna()) == list(
        three_arms.datasets.measurements["value"].dropna()
    )


def test_no_arm_is_left_in_any_dataset_and_in_no_result(line: Line, three_arms: Line) -> None:
    frames = (
        line.datasets.subjects, line.datasets.characteristics, line.datasets.measurements,
        line.datasets.adverse_events, line.datasets.concomitant, line.datasets.deviations,
        *(each.members for each in line.datasets.populations),
        *(each.excluded for each in line.datasets.populations),
    )  # fmt: skip
    for frame in frames:
        for name in {"arm", "arm_received"} & set(frame.columns):
            assert set(frame[name].dropna().astype("str")) <= {ALL}
    words = {text for arm in three_arms.protocol.arms for text in (arm.code, arm.label)}
    assert {row.arm for row in line.results.rows} == {"", ALL}
    for row in line.results.rows:
        said = f"{row.result_id} {row.term} {row.note}"
        assert not [each for each in words if each in said], row
    points = (point for each in line.results.series for point in each.points)
    assert {point.arm for point in points} == {ALL}


def test_nothing_is_compared_and_every_analysis_says_that_it_was_left_out(line: Line) -> None:
    planned = [row for row in line.results.rows if row.role]
    assert {row.analysis_id for row in planned} == {
        each.id for each in line.protocol.as_written.plan.analyses
    }
    assert {(row.stat, row.status) for row in planned} == {(None, Status.NOT_ASKED)}
    assert {row.note for row in planned} == {"left out of a pooled report, which compares no arms"}
    harms = [row for row in line.results.rows if row.analysis_id == "harms"]
    assert {row.arm for row in harms} == {ALL}
    assert any(row.stat_name == "conf_high" for row in harms)


@pytest.mark.slow
def test_who_received_another_arm_is_not_told_which(tmp_path: Path) -> None:
    data = (THREE_ARMS / "data" / "end_of_study.csv").read_text("utf-8-sig")
    (row,) = [line for line in data.splitlines() if "Given the plan" in line]
    unsaid = row.replace("Given the plan of the other dose", "")
    made = pooled_line(tmp_path, ("data/end_of_study.csv", row, unsaid))
    assert counted(flow(made.datasets).not_received) == Counter(
        {ANOTHER_ARM: 1, "Never came to a session": 1}
    )


def test_sessions_are_told_only_where_every_arm_has_as_many(line: Line, tmp_path: Path) -> None:
    assert line.datasets.attendance.empty
    reasons = line.datasets.population("per_protocol").excluded["reason"]
    assert (reasons == SESSIONS).sum() == 1
    assert not reasons.str.contains("attended").any()
    alike = pooled_line(
        tmp_path,
        ("protocol.toml", "sessions = 6\n", "sessions = 12\n"),
        ("protocol.toml", 'name = "Leaflet"\n', 'name = "Leaflet"\nsessions = 12\nweeks = 6\n'),
    )
    attendance = alike.datasets.attendance
    assert len(attendance) == 34
    assert set(attendance["planned"]) == {12}
    rows = [each for each in alike.results.rows if each.analysis_id == "adherence"]
    assert {each.arm for each in rows} == {ALL}


ARM_ONLY: dict[str, tuple[Change, ...]] = {
    "form": (
        ("forms/global_rating.toml", "[form]\n", '[form]\narms = ["HIGH", "LOW"]\n'),
        ("forms/demographics.toml", "[form]\n", '[form]\narms = ["CTRL"]\n'),
    ),
    "condition": (
        (
            "forms/global_rating.toml",
            'type = "yes_no"\n',
            'type = "yes_no"\nshown_when = "randomisation.arm <> \'CTRL\'"\n',
        ),
        (
            "forms/demographics.toml",
            'label = "Sex"\n',
            'label = "Sex"\nshown_when = "randomisation.arm = \'LOW\'"\n',
        ),
        (
            "forms/end_of_study.toml",
            'label = "Sessions stopped early"\n',
            'label = "Sessions stopped early"\nshown_when = "randomisation.arm <> \'CTRL\'"\n',
        ),
    ),
}


@pytest.mark.parametrize("how", few_at_once(ARM_ONLY, 1))
def test_what_only_some_arms_are_asked_is_left_out(how: str, tmp_path: Path) -> None:
    made = pooled_line(tmp_path, *ARM_ONLY[how])
    assert [each.code for each in made.protocol.outcomes] == ["function", "walk"]
    assert "improvement" not in {each.id for each in made.protocol.plan.analyses}
    characteristics = {each.name for each in made.protocol.characteristics}
    assert "demographics.sex" not in characteristics
    assert ("demographics.age_years" in characteristics) is (how == "condition")
    assert not [row for row in made.results.rows if "improved" in row.result_id]
    if how == "condition":
        assert flow(made.datasets).discontinued is None


def test_a_primary_outcome_of_some_arms_cannot_be_pooled(tmp_path: Path) -> None:
    only = ("forms/assessment.toml", "[form]\n", '[form]\narms = ["HIGH", "LOW"]\n')
    with pytest.raises(
        AnalysisError, match="primary outcome 'Knee function' is not asked of every"
    ):
        pooled_line(tmp_path, only)


@pytest.mark.parametrize(
    "cut", few_at_once([date(2024, 2, 10), date(2024, 1, 17), date(2024, 6, 30)], 1)
)
def test_it_is_there_at_every_cut(cut: date, three_arms: Line) -> None:
    schemas = three_arms.schemas
    protocol = pool(three_arms.protocol, schemas)
    snapshot = freeze(FolderSource(folder=THREE_ARMS), schemas, cut=cut)
    datasets = build_pooled(snapshot, schemas, protocol)
    found = carry_out(protocol, datasets)
    own = randomised_by(cut)
    assert flow(datasets).allocated == own > 0
    assert {row.arm for row in found.rows} == {"", ALL}


def randomised_by(cut: date) -> int:
    lines = (THREE_ARMS / "data" / "randomisation.csv").read_text("utf-8-sig").splitlines()[1:]
    days = [line.split(";")[1].split(".") for line in lines]
    return sum(date(int(year), int(month), int(day)) <= cut for day, month, year in days)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """The trial of three arms, without a population that depends on sessions; pooled."""
    return pooled_line(tmp_path_factory.mktemp("pooled"), OF_SESSIONS)


@pytest.mark.parametrize("seed", few_at_once([1, 2, 3], 1))
def test_who_is_in_which_arm_changes_nothing(seed: int, trial: Line) -> None:
    source, data = FolderSource(folder=trial.folder), trial.schemas.data
    tables = {form.id: source.table(form, data).cells for form in trial.schemas.forms}
    shuffled = MemorySource(tables=reallocated(tables, Random(seed)))
    snapshot = freeze(shuffled, trial.schemas, cut=None)
    datasets = build_pooled(snapshot, trial.schemas, trial.protocol)
    found = carry_out(trial.protocol, datasets)
    assert found.rows == trial.results.rows
    assert found.series == trial.results.series
    assert found.conduct == trial.results.conduct
