"""By whom the arms in the data are told: participants, or the clusters that were randomised."""

import csv
from pathlib import Path

import pytest

from tests.report.kinds_of_trial import CLUSTERS, Kind, in_classes, write_trial
from trialkit.steps.arms_entered import arms_entered

KIND = Kind(per_arm=(12,), sites=1, clusters=True, change=in_classes, more=CLUSTERS)


def change_arm(trial: Path, row: int, arm: str) -> str:
    """Enter another arm for one participant; tell of which class."""
    path = trial / "data" / "randomisation.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row]["arm"] = arm
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows[row]["group_class"]


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    return write_trial(tmp_path / "trial", KIND)


def test_arm_is_that_of_the_cluster_where_clusters_are_randomised(trial: Path) -> None:
    found = arms_entered(trial)

    assert found is not None
    assert len(found) == 12
    assert all(code.startswith(arm) for code, arm in found.items())


def test_cluster_in_two_arms_has_both_so_that_no_list_agrees(trial: Path) -> None:
    before = arms_entered(trial)
    assert before is not None
    first, last = sorted(set(before.values()))

    changed = change_arm(trial, 0, last if before[first + "-1"] == first else first)

    found = arms_entered(trial)
    assert found is not None
    assert found[changed] == f"{first}, {last}"


def test_arm_is_that_of_the_participant_elsewhere(tmp_path: Path) -> None:
    trial = write_trial(tmp_path / "other", Kind(per_arm=(5,), sites=1))

    found = arms_entered(trial)

    assert found is not None
    assert len(found) == 10


def test_nothing_entered_is_no_arm(trial: Path) -> None:
    (trial / "data" / "randomisation.csv").unlink()

    assert arms_entered(trial) is None
