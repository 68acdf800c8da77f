from collections import Counter

from tests.line import Line
from trialkit.planned.series.missing_patterns import pattern_points
from trialkit.results.lookup import ResultIndex, Shelf
from trialkit.results.series import SeriesKind


def test_the_patterns_hold_everybody_once(three_arms: Line) -> None:
    series = ResultIndex(three_arms.results).series(
        SeriesKind.MISSING_PATTERNS, Shelf.MISSING, outcome="function"
    )
    assert series is not None
    rows = three_arms.datasets.measurements.to_dict("records")
    for arm in three_arms.protocol.arm_codes:
        expected = Counter(
            (row["visit"], row["missing_reason"] if row["value"] != row["value"] else "")
            for row in rows
            if row["outcome"] == "function" and row["arm"] == arm
        )
        found: Counter[tuple[str, str]] = Counter()
        for point in series.of(arm):
            found[point.visit, point.label] += point.n or 0
        assert found == expected


def test_the_order_of_the_rows_does_not_matter(three_arms: Line) -> None:
    measured = three_arms.datasets.measurements
    own = measured[measured["outcome"] == "function"]
    points = [list(pattern_points(each, three_arms.protocol)) for each in (own, own.iloc[::-1])]
    assert points[0] == points[1]
