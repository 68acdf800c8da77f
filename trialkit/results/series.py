"""Series: numbers that belong together and are drawn, each series a result with an id of its own.

No series names a participant: who is told apart, is told apart by a position.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from math import nan

from trialkit.results.result_ids import result_id


class SeriesKind(StrEnum):
    """What the points of a series are."""

    COURSES = "courses"
    """``y`` is a participant's value at ``visit`` (none where there is none), ``x`` the position of
    the participant in the arm."""
    MEANS = "means"
    """``y`` is an arm's mean at ``visit`` with Student's limits, ``n`` the values behind it."""
    RESPONDER_SHARES = "responder_shares"
    """``y`` percent, ``n`` of an arm, improved by ``x`` or more, for each amount that somebody did;
    the first point has everybody."""
    CHANGES = "changes"
    """``y`` is the change of the participant at position ``x`` of the arm, the worst first."""
    MISSING_PATTERNS = "missing_patterns"
    """``n`` of an arm have pattern ``x``: at ``visit`` no value for the reason ``label``, or one where
    it is empty."""
    RESIDUALS = "residuals"
    """``y`` is a residual of the analysis' own model, ``x`` what the model fitted."""
    TIMES = "times"
    """``y`` is the share of an arm without the event at time ``x`` with its limits; where events compete,
    the share that had the one that ``label`` names."""
    MEAN_NUMBERS = "mean_numbers"
    """``y`` is the mean number of events that a participant of an arm has had by time ``x``, with its
    limits."""
    TIPPING_CONTOURS = "tipping_contours"
    """With ``x`` added to imputed values, and ``y`` to those of the other arm, the conclusion that
    ``label`` names changes for ``arm``."""
    QUANTILES = "quantiles"
    """``y`` is a residual, ``x`` the normal quantile that it is compared with."""
    TOGETHER = "together"
    """``x`` is the p value whose ``result_id`` is ``label``; ``y`` is it adjusted, over all main
    comparisons of the plan, by the method that names the analysis."""


class Mark(StrEnum):
    """The label of a point that is not one among many."""

    REACHED = "reached"
    """A change that reaches the minimal important one; with none, one that is not for the worse."""
    THRESHOLD = "threshold"
    """How many of an arm reach the amount ``x``, which is the minimal important change, or 0."""
    CENSORED = "censored at this time"
    """That ``n`` of an arm were last followed at time ``x``, where its curve is at ``y``."""
    AT_RISK = "at risk at this time"
    """That ``n`` of an arm are still at risk at time ``x``."""
    SPREAD = "standard deviation"
    """The standard deviation ``y`` of all ``n`` residuals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a series; its kind says what the numbers are."""

    arm: str = ""
    visit: str = ""
    x: float | None = None
    y: float | None = None
    low: float | None = None
    high: float | None = None
    label: str = ""
    n: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The points of one kind, of one analysis and outcome."""

    kind: SeriesKind
    analysis_id: str
    outcome: str
    points: tuple[Point, ...]

    @property
    def result_id(self) -> str:
        """The id under which figures name it; of four parts, where those of rows have seven."""
        return result_id((self.analysis_id, self.outcome, "series", self.kind.value))

    @property
    def many(self) -> tuple[Point, ...]:
        """The points but for those that stand alone."""
        return tuple(point for point in self.points if point.label not in _ALONE)

    def of(self, arm: str) -> tuple[Point, ...]:
        """Those of an arm."""
        return tuple(point for point in self.many if point.arm == arm)

    def marked(self, mark: Mark, *, arm: str = "") -> Point:
        """The one point of this mark; :class:`LookupError` where there is none."""
        for point in self.points:
            if point.label == mark and point.arm == arm:
                return point
        raise LookupError(f"{self.result_id} has no {mark.value!r} of {arm!r}")


def xs(points: Iterable[Point]) -> list[float]:
    """Where the points stand; NaN for none."""
    return [nan if point.x is None else point.x for point in points]


def ys(points: Iterable[Point]) -> list[float]:
    """What the points say; NaN for none."""
    return [nan if point.y is None else point.y for point in points]


_ALONE = frozenset({Mark.THRESHOLD, Mark.SPREAD, Mark.CENSORED, Mark.AT_RISK})
POINT_COLUMNS = tuple(field.name for field in fields(Point))
SERIES_COLUMNS = ("result_id", "kind", "analysis_id", "outcome", *POINT_COLUMNS)
