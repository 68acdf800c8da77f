from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.line import Line
from tests.report.factory import made_up_protocol
from trialkit.planned.series.changes import change_series, responder_points
from trialkit.results.series import Mark, Series, SeriesKind, xs, ys

OUTCOME = made_up_protocol().primary


def of_kind(line: Line, kind: SeriesKind) -> Series:
    return next(each for each in line.results.series if each.kind is kind)


def improvements(line: Line, arm: str) -> list[float]:
    """Counted by hand: the outcome is better when it is lower."""
    rows = line.datasets.measurements.to_dict("records")
    own = [
        row
        for row in rows
        if row["outcome"] == "vas" and row["visit"] == "W6" and row["arm"] == arm
    ]
    return [row["baseline"] - row["value"] for row in own if row["value"] == row["value"]]


@pytest.mark.parametrize("arm", ["EG", "CG"])
def test_the_shares_are_those_of_a_plain_count(example: Line, arm: str) -> None:
    improved = improvements(example, arm)
    series = of_kind(example, SeriesKind.RESPONDER_SHARES)
    points = series.of(arm)
    assert xs(points) == pytest.approx(sorted(set(improved)))
    for point in points:
        reached = sum(each >= (point.x or 0.0) for each in improved)
        assert point.n == reached
        assert point.y == pytest.approx(100 * reached / len(improved))
    change = example.protocol.primary.minimal_important_change
    assert change is not None
    assert series.marked(Mark.THRESHOLD, arm=arm).n == sum(
        each > change - 1e-9 for each in improved
    )


@pytest.mark.parametrize("arm", ["EG", "CG"])
def test_changes_stand_from_the_worst_to_the_best(example: Line, arm: str) -> None:
    series = of_kind(example, SeriesKind.CHANGES)
    points = series.of(arm)
    assert ys(points) == pytest.approx(sorted(-each for each in improvements(example, arm))[::-1])
    reached = [point for point in points if point.label == Mark.REACHED]
    assert len(reached) == series.marked(Mark.THRESHOLD, arm=arm).n


def test_changes_are_drawn_as_soon_as_anybody_has_one(example: Line) -> None:
    rows = example.datasets.measurements
    kept = rows["subject_id"].where(rows["change"].notna() & (rows["outcome"] == "vas")).min()

    def kinds(left: pd.DataFrame) -> set[SeriesKind]:
        data = replace(example.datasets, measurements=left)
        return {each.kind for each in change_series(example.protocol, data)}

    assert kinds(rows.iloc[:0]) == kinds(rows.assign(change=float("nan"))) == set()
    assert kinds(rows[rows["subject_id"] == kept]) == {SeriesKind.CHANGES}
    assert kinds(rows) == {SeriesKind.CHANGES, SeriesKind.RESPONDER_SHARES}


@given(st.lists(st.integers(-30, 30), min_size=1, max_size=30), st.randoms())
def test_the_order_of_the_values_does_not_matter(values: list[int], random: Random) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    first, second = (
        list(responder_points({"A": np.array(each, dtype=float)}, OUTCOME))
        for each in (values, shuffled)
    )
    assert first == second


def test_the_order_of_the_rows_does_not_matter(example: Line) -> None:
    measured = example.datasets.measurements
    turned = replace(example.datasets, measurements=measured.iloc[::-1])
    assert list(change_series(example.protocol, turned)) == list(
        change_series(example.protocol, example.datasets)
    )


def test_up_to_rounding_error_a_change_reaches_the_threshold() -> None:
    outcome = replace(OUTCOME, minimal_important_change=1.5)
    *_, threshold = responder_points({"A": np.array([2.8 - 1.3, 1.0])}, outcome)
    assert 2.8 - 1.3 != 1.5
    assert threshold.n == 1
