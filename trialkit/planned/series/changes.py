"""How much each participant changed, and the share of each arm that improved by at least so much."""

from collections.abc import Iterator

import numpy as np

from trialkit.datasets.model import Datasets
from trialkit.decimals.columns import reaches
from trialkit.planned.series.needed import draws, is_small, primary_measured
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import FigureKind
from trialkit.results.series import Mark, Point, Series, SeriesKind


def change_series(protocol: Protocol, datasets: Datasets) -> Iterator[Series]:
    """Changes and responder shares of each primary analysis of a continuous outcome."""
    for analysis, outcome in primary_measured(protocol):
        improved = {
            arm: _improvements(analysis, outcome, arm, datasets) for arm in protocol.arm_codes
        }
        if draws(protocol, FigureKind.RESPONDER_CURVE) and all(map(len, improved.values())):
            yield _series(
                SeriesKind.RESPONDER_SHARES, analysis, outcome, responder_points(improved, outcome)
            )
        shown_singly = draws(protocol, FigureKind.WATERFALL) and is_small(datasets)
        if shown_singly and any(map(len, improved.values())):
            yield _series(SeriesKind.CHANGES, analysis, outcome, _changes(improved, outcome))


def responder_points(improved: dict[str, np.ndarray], outcome: Outcome) -> Iterator[Point]:
    """For each amount by which anybody of an arm improved, how many did by that much or more."""
    for arm, amounts in improved.items():
        distinct, first = np.unique(np.sort(amounts), return_index=True)
        for amount, before in zip(distinct.tolist(), first.tolist(), strict=True):
            reached = len(amounts) - before
            share = 100 * reached / len(amounts)
            yield Point(arm=arm, x=amount, y=share, n=reached)
        yield _threshold(arm, amounts, outcome, sign=1.0)


def _changes(improved: dict[str, np.ndarray], outcome: Outcome) -> Iterator[Point]:
    sign = _sign(outcome)
    for arm, amounts in improved.items():
        ordered = np.sort(amounts)
        reached = _at_least(ordered, outcome.minimal_important_change or 0.0).tolist()
        for place, amount in enumerate(ordered.tolist()):
            label = Mark.REACHED.value if reached[place] else ""
            yield Point(arm=arm, x=float(place), y=sign * amount, label=label)
        yield _threshold(arm, amounts, outcome, sign=sign)


def _threshold(arm: str, amounts: np.ndarray, outcome: Outcome, *, sign: float) -> Point:
    """How many of an arm reach the minimal important change; with none, did not get worse."""
    amount = outcome.minimal_important_change or 0.0
    reached = int(_at_least(amounts, amount).sum())
    share = 100 * reached / len(amounts) if len(amounts) else None
    return Point(arm=arm, x=sign * amount, y=share, n=reached, label=Mark.THRESHOLD.value)


def _improvements(analysis: Analysis, outcome: Outcome, arm: str, datasets: Datasets) -> np.ndarray:
    """By how much the members of an arm improved at the time point; what got worse is negative."""
    members = datasets.population(analysis.population).members
    people = members.loc[members["arm"] == arm, "subject_id"]
    rows = datasets.measurements
    own = rows[
        (rows["outcome"] == outcome.code)
        & (rows["visit"] == outcome.time_point)
        & rows["subject_id"].isin(people)
    ]
    return _sign(outcome) * own["change"].dropna().to_numpy(dtype=float)


def _sign(outcome: Outcome) -> float:
    return -1.0 if outcome.direction is Direction.LOWER else 1.0


def _at_least(values: np.ndarray, amount: float) -> np.ndarray:
    """Whether each value reaches the amount, in decimal: 2.8 - 1.3 is 1.5."""
    return reaches(values, amount, size=np.fmax(np.abs(values), amount))


def _series(
    kind: SeriesKind, analysis: Analysis, outcome: Outcome, points: Iterator[Point]
) -> Series:
    return Series(kind=kind, analysis_id=analysis.id, outcome=outcome.code, points=tuple(points))
