from dataclasses import replace
from math import isnan

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.line import Line
from tests.report.factory import made_up_line
from tests.report.rows import rows
from tests.report.tables.test_summaries import geometric
from trialkit.planned.series.courses import course_series, geometric_mean_point, mean_point
from trialkit.report.figures.slope_figure import slope_figures
from trialkit.results.lookup import ResultIndex
from trialkit.results.series import SeriesKind, ys
from trialkit.results.vocabulary import Stat


def test_the_interval_that_is_drawn_is_students(example: Line) -> None:
    means = ResultIndex(example.results).series(SeriesKind.MEANS, "primary", outcome="vas")
    measured = example.datasets.measurements
    own = measured[
        (measured["outcome"] == "vas") & (measured["visit"] == "W6") & (measured["arm"] == "EG")
    ]["value"]
    low, high = stats.t.interval(0.95, len(own) - 1, loc=own.mean(), scale=stats.sem(own))
    assert means is not None
    (point,) = (each for each in means.of("EG") if each.visit == "W6")
    assert (point.n, point.y) == (13, pytest.approx(own.mean()))
    assert (point.low, point.high) == (pytest.approx(low), pytest.approx(high))


def test_one_participant_has_a_mean_and_no_interval(example: Line) -> None:
    described = ResultIndex(example.results).find(
        "descriptive", outcome="vas", visit="W6", term="", arm="EG"
    )
    alone = {Stat.N: replace(described[Stat.N], stat=1), Stat.MEAN: described[Stat.MEAN]}
    point = mean_point(alone, arm="EG", visit="W6", level=0.95)
    assert point.y is not None
    assert point.low == point.y == point.high
    nobody = mean_point({}, arm="EG", visit="W6", level=0.95)
    assert (nobody.y, nobody.n) == (None, 0)


def test_the_interval_of_a_geometric_mean_is_students_of_the_logarithms() -> None:
    values = np.array([2.0, 3.0, 11.0, 5.5, 8.0])
    found = {
        each.stat_name: each
        for each in rows({
            Stat.N: 5, Stat.GEOMETRIC_MEAN: float(stats.gmean(values)),
            Stat.GEOMETRIC_SD: float(stats.gstd(values)),
        })
    }  # fmt: skip
    point = geometric_mean_point(found, arm="EG", visit="W6", level=0.9)
    logs = np.log(values)
    low, high = np.exp(stats.t.interval(0.9, 4, loc=logs.mean(), scale=stats.sem(logs)))
    assert (point.n, point.y) == (5, pytest.approx(stats.gmean(values)))
    assert (point.low, point.high) == (pytest.approx(low), pytest.approx(high))


def test_without_a_geometric_mean_nothing_is_drawn_and_n_stays() -> None:
    def point(**numbers: float | None) -> tuple[float | None, int | None, float | None]:
        found = {Stat(name): each for name, each in numbers.items()}
        made = geometric_mean_point(
            {each.stat_name: each for each in rows(found)}, arm="EG", visit="W6", level=0.95
        )
        return made.y, made.n, made.low

    assert point(n=4, geometric_mean=None) == (None, 4, None)
    assert point(n=1, geometric_mean=3.0) == (3.0, 1, pytest.approx(3.0))
    assert point(n=2, geometric_mean=3.0, geometric_sd=1e200) == (None, 2, None)
    assert point(n=2, geometric_mean=3.0) == (None, 2, None)
    assert point() == (None, 0, None)


def test_the_course_of_what_is_summed_up_by_geometric_means_is_drawn_by_these() -> None:
    protocol = geometric()
    line = made_up_line(protocol=protocol)
    (means,) = (each for each in line.results.series if each.kind is SeriesKind.MEANS)
    index = ResultIndex(line.results)
    for point in means.points:
        described = index.find(
            "descriptive", outcome="pain", visit=point.visit, term="", arm=point.arm
        )
        assert point.y == described[Stat.GEOMETRIC_MEAN].stat
    (figure,) = slope_figures(protocol, index)
    assert "the geometric mean of each arm" in figure.title
    assert "geometric mean of each arm with its 95% confidence interval" in figure.caption
    assert ": geometric mean " in figure.description
    assert "Thick lines: geometric mean" in figure.drawing.svg


def test_of_an_outcome_that_nobody_has_a_value_of_nothing_is_drawn(example: Line) -> None:
    datasets, index = example.datasets, ResultIndex(example.results)
    rows = datasets.measurements
    for none in (rows.iloc[:0], rows.assign(value=float("nan"))):
        nobody = replace(datasets, measurements=none)
        assert list(course_series(example.protocol, nobody, index)) == []
    assert list(course_series(example.protocol, datasets, index))


def test_every_member_has_a_course_also_where_nothing_was_measured(three_arms: Line) -> None:
    courses = next(each for each in three_arms.results.series if each.kind is SeriesKind.COURSES)
    population = three_arms.datasets.population("itt")
    measured = three_arms.datasets.measurements
    own = measured[measured["outcome"] == "function"]
    for arm in three_arms.protocol.arm_codes:
        values = ys(courses.of(arm))
        people = population.members.loc[population.members["arm"] == arm, "subject_id"]
        known = own[own["subject_id"].isin(people) & own["value"].notna()]["value"]
        assert len(values) == len(people) * own["visit"].nunique()
        assert sorted(each for each in values if not isnan(each)) == sorted(known)


def test_the_order_of_people_and_rows_does_not_matter(three_arms: Line) -> None:
    datasets, index = three_arms.datasets, ResultIndex(three_arms.results)
    turned = replace(
        datasets,
        measurements=datasets.measurements.iloc[::-1],
        populations=tuple(
            replace(each, members=each.members.iloc[::-1]) for each in datasets.populations
        ),
    )
    assert list(course_series(three_arms.protocol, turned, index)) == list(
        course_series(three_arms.protocol, datasets, index)
    )


@pytest.mark.parametrize(("each", "singly"), [(50, True), (51, False)])
def test_beyond_fifty_in_an_arm_means_are_drawn_and_nobody_singly(
    example: Line, each: int, singly: bool
) -> None:
    """One large arm is enough, since the arms are compared by eye."""
    datasets, index = example.datasets, ResultIndex(example.results)
    population = datasets.population(example.protocol.plan.analyses[0].population)
    members = population.members
    large = members[members["arm"] == "EG"].head(1)
    others = members[members["arm"] != "EG"]
    crowd = pd.concat([others, *[large.assign(subject_id=f"X{n}") for n in range(each)]])
    crowded = replace(population, members=crowd)
    populations = tuple(
        crowded if one.code == population.code else one for one in datasets.populations
    )
    made = course_series(example.protocol, replace(datasets, populations=populations), index)
    kinds = {series.kind for series in made}
    assert (SeriesKind.COURSES in kinds) is singly
    assert SeriesKind.MEANS in kinds
