"""Clusters that contradict the arms are asked about, and no message names an arm."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.line import line_of
from tests.report.kinds_of_trial import KINDS, Row, Tables, write_trial
from trialkit.checks.trial.checking import check
from trialkit.checks.trial.clusters import check_clusters

Spoil = Callable[[Tables], None]


def first(tables: Tables, arm: str) -> Row:
    return next(row for row in tables["randomisation"] if row["arm"] == arm)


def without(tables: Tables) -> None:
    first(tables, "TRAIN")["group_class"] = ""


def of_the_others(tables: Tables) -> None:
    first(tables, "CARE")["group_class"] = "TRAIN-2"


def nothing(_: Tables) -> None:
    """As it is."""


@pytest.mark.parametrize(
    ("kind", "spoil", "found"),
    [
        ("classes", nothing, ("", "", 0)),
        ("classes in one arm", nothing, ("", "", 0)),
        ("classes", without, ("no_cluster", "soft", 1)),
        ("classes in one arm", without, ("no_cluster", "soft", 1)),
        ("classes in one arm", of_the_others, ("cluster_not_expected", "soft", 1)),
        ("classes", of_the_others, ("cluster_in_two_arms", "hard", 7)),
    ],
)
def test_a_cluster_that_contradicts_the_arm_is_asked_about(
    kind: str, spoil: Spoil, found: tuple[str, str, int], tmp_path: Path
) -> None:
    plain, (rule, severity, count) = KINDS[kind], found

    def change(tables: Tables) -> None:
        plain.change(tables)
        spoil(tables)

    line = line_of(write_trial(tmp_path / "trial", replace(plain, change=change)))
    frame = check(line.snapshot, line.schemas, line.protocol).to_frame()
    frame = frame[frame["item"] == "group_class"]
    assert len(frame) == count
    assert set(frame["rule_id"]) == ({rule} if count else set())
    assert set(frame["severity"]) == ({severity} if count else set())
    for message in frame["message"]:
        assert "group class" in message
        assert "CARE" not in message
    assert (
        check_clusters(line.schemas, replace(line.protocol, clusters=None), people=frame, cells={})
        == ()
    )
