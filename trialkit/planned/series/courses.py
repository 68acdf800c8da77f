"""Each participant's course of a primary outcome, and each arm's means with their intervals."""

from collections.abc import Iterator
from math import exp, isnan, log, sqrt

import pandas as pd

from trialkit.analysis.distributions import student
from trialkit.datasets.model import Datasets
from trialkit.planned.series.needed import MOST_COURSES, draws, primary_measured
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import FigureKind
from trialkit.protocol.trial.summing_up import SummedUp
from trialkit.results.lookup import ResultIndex, Shelf, Statistics, Term, value
from trialkit.results.series import Point, Series, SeriesKind
from trialkit.results.vocabulary import Stat

MOST_LOGARITHM = 300.0
"""Logarithms of what is drawn are no further from 0: an axis to e to the 300 is still an axis."""


def course_series(protocol: Protocol, datasets: Datasets, index: ResultIndex) -> Iterator[Series]:
    """The means of each primary analysis, and its participants where a report shows them singly.

    Nothing of an outcome of which nobody has a value yet: a line needs something to go through.
    """
    if not draws(protocol, FigureKind.COURSE):
        return
    for analysis, outcome in primary_measured(protocol):
        measured = datasets.measurements
        own = measured[measured["outcome"] == outcome.code]
        if own["value"].isna().all():
            continue
        visits = [code for code in protocol.visit_codes if (own["visit"] == code).any()]
        yield Series(
            kind=SeriesKind.MEANS,
            analysis_id=analysis.id,
            outcome=outcome.code,
            points=tuple(_means(outcome, visits, protocol, index)),
        )
        members = datasets.population(analysis.population).members
        largest = int(members["arm"].value_counts().max()) if len(members) else 0
        if protocol.report.individual_participants and largest <= MOST_COURSES:
            yield Series(
                kind=SeriesKind.COURSES,
                analysis_id=analysis.id,
                outcome=outcome.code,
                points=tuple(_courses(own, members, visits, protocol)),
            )


def _means(
    outcome: Outcome, visits: list[str], protocol: Protocol, index: ResultIndex
) -> Iterator[Point]:
    for arm in protocol.arm_codes:
        for visit in visits:
            described = index.find(
                Shelf.DESCRIPTIVE, outcome=outcome.code, visit=visit, term=Term.VALUE, arm=arm
            )
            make = (
                geometric_mean_point if outcome.summed_up is SummedUp.GEOMETRIC_MEAN else mean_point
            )
            yield make(described, arm=arm, visit=visit, level=protocol.plan.confidence_level)


def geometric_mean_point(described: Statistics, *, arm: str, visit: str, level: float) -> Point:
    """The geometric mean with Student's interval of the logarithms.

    Without a number where there is none, or where its limits are beyond what can be drawn.
    """
    n, mean = value(described, Stat.N), value(described, Stat.GEOMETRIC_MEAN)
    if n is None or mean is None:
        return Point(arm=arm, visit=visit, n=int(n or 0))
    spread = value(described, Stat.GEOMETRIC_SD)
    half = 0.0
    if n >= 2:
        if spread is None:
            return Point(arm=arm, visit=visit, n=int(n))
        half = float(student.isf((1 - level) / 2, n - 1)) * log(spread) / sqrt(n)
    if abs(log(mean)) + half > MOST_LOGARITHM:
        return Point(arm=arm, visit=visit, n=int(n))
    low, high = mean * exp(-half), mean * exp(half)
    return Point(arm=arm, visit=visit, y=mean, low=low, high=high, n=int(n))


def mean_point(described: Statistics, *, arm: str, visit: str, level: float) -> Point:
    """The mean with Student's interval; without a number when nobody was measured."""
    n, mean, sd = (value(described, stat) for stat in (Stat.N, Stat.MEAN, Stat.SD))
    if n is None or mean is None or n < 1 or isnan(mean):
        return Point(arm=arm, visit=visit, n=0)
    half = 0.0
    if n >= 2 and sd is not None and not isnan(sd):
        half = float(student.isf((1 - level) / 2, n - 1)) * sd / sqrt(n)
    return Point(arm=arm, visit=visit, y=mean, low=mean - half, high=mean + half, n=int(n))


def _courses(
    measured: pd.DataFrame, members: pd.DataFrame, visits: list[str], protocol: Protocol
) -> Iterator[Point]:
    wide = measured.assign(visit=measured["visit"].astype("str")).pivot_table(
        index="subject_id", columns="visit", values="value", aggfunc="first", observed=False
    )
    for arm in protocol.arm_codes:
        people = members.loc[members["arm"] == arm, "subject_id"]
        found = wide.reindex(index=list(people), columns=visits).to_numpy(dtype=float).tolist()
        # in the order of the values, so that a position says nothing of who it is
        courses = [[None if isnan(each) else float(each) for each in course] for course in found]
        courses.sort(key=lambda course: [(each is None, each or 0.0) for each in course])
        for place, course in enumerate(courses):
            for visit, y in zip(visits, course, strict=True):
                yield Point(arm=arm, visit=visit, x=float(place), y=y)
