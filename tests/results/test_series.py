from dataclasses import replace
from math import isnan

import pytest

from tests.line import Line
from trialkit.errors import AnalysisError
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
from trialkit.results.series import Mark, Point, Series, SeriesKind, xs, ys

ONE = Series(
    kind=SeriesKind.CHANGES,
    analysis_id="main analysis",
    outcome="pain",
    points=(
        Point(arm="A", x=0.0, y=-1.5, label=Mark.REACHED.value),
        Point(arm="B", x=0.0),
        Point(arm="A", x=-2.0, y=50.0, n=1, label=Mark.THRESHOLD.value),
    ),
)


def test_the_id_is_one_word_and_no_rows() -> None:
    assert ONE.result_id == "main+analysis/pain/series/changes"


def test_points_among_many_and_points_alone() -> None:
    assert ys(ONE.of("A")) == [-1.5]
    assert xs(ONE.of("B")) == [0.0]
    assert isnan(*ys(ONE.of("B")))
    assert ONE.marked(Mark.THRESHOLD, arm="A").n == 1
    with pytest.raises(LookupError, match="threshold"):
        ONE.marked(Mark.THRESHOLD, arm="B")


def test_two_series_of_one_name_are_refused() -> None:
    with pytest.raises(AnalysisError, match="main\\+analysis/pain/series/changes"):
        Results(rows=(), series=(ONE, replace(ONE, points=())))


def test_the_index_finds_a_series_by_what_it_is_and_by_its_id() -> None:
    index = ResultIndex(Results(rows=(), series=(ONE,)))
    assert index.series(SeriesKind.CHANGES, "main analysis", outcome="pain") is ONE
    assert index.series(SeriesKind.COURSES, "main analysis", outcome="pain") is None
    assert index.series_named(ONE.result_id) is ONE


@pytest.mark.parametrize("name", ["example", "three_arms"])
def test_no_series_names_a_participant(name: str, request: pytest.FixtureRequest) -> None:
    line: Line = request.getfixturevalue(name)
    people = set(line.datasets.subjects["subject_id"].astype("str"))
    points = [point for series in line.results.series for point in series.points]
    assert points
    assert not people & {text for point in points for text in (point.arm, point.visit, point.label)}
