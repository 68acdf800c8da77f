"""Tipping points: how far imputed values must be moved until a conclusion changes.

Estimates of an analysis of covariance are linear, and their variances quadratic, in what is added to
imputed values. So a few analyses of each data set give every point of a grid, and where its contours
run, without analysing it again. The method is in ``docs/methods/imputation.md``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.imputation.crossings import crossings
from trialkit.analysis.imputation.deltas import added_values
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import Imputations
from trialkit.analysis.imputation.moving import moved_estimates
from trialkit.analysis.imputation.pooling import (
    ImputedEffect,
    PooledImputations,
    pool_imputations,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import ResampledLimits
from trialkit.results.tabular import Tabular


class TippedConclusion(StrEnum):
    """What changes where a contour runs."""

    SIGNIFICANCE = "significance"
    IMPORTANCE = "important difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingCrossing:
    """A point of a contour: what is added in ``arm``, and in the other arm where both are moved."""

    conclusion: TippedConclusion
    delta: float
    delta_other: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TippingGrid(Tabular):
    """The pooled difference for each delta of a grid, and where its contours cross the grid's lines.

    ``pooled`` has the row (delta, delta_other) for each point. ``crossings`` are where p is ``alpha``,
    and where the estimate is the ``important`` difference, found to 1e-10 on each line of the grid.
    """

    arm: object
    other: object | None
    compared: object
    visit: object
    deltas: np.ndarray
    other_deltas: np.ndarray
    alpha: float
    important: float | None
    pooled: PooledImputations
    crossings: tuple[TippingCrossing, ...]

    @property
    def title(self) -> str:
        """What is moved, and by how much."""
        moved = f"{self.deltas.min():g} to {self.deltas.max():g} added in {self.arm}"
        if self.other is not None:
            low, high = self.other_deltas.min(), self.other_deltas.max()
            moved += f", {low:g} to {high:g} in {self.other}"
        return f"Difference of {self.compared} at {self.visit}, imputed values with {moved}"

    def to_frame(self) -> pd.DataFrame:
        """One row a point of the grid, ``delta`` and ``delta_other`` first."""
        return self.pooled.to_frame()

    def contours(self) -> pd.DataFrame:
        """Columns ``conclusion``, ``delta``, ``delta_other``: a row for each crossing."""
        return pd.DataFrame(
            [(each.conclusion.value, each.delta, each.delta_other) for each in self.crossings],
            columns=["conclusion", "delta", "delta_other"],
        )

    def table(self, statistic: str = "p_value") -> pd.DataFrame:
        """One statistic by delta (row) and delta of the other arm (column)."""
        frame = self.to_frame()
        if statistic not in frame.columns:
            raise AnalysisError(f"there is no statistic {statistic!r} in {list(frame.columns)}")
        values = frame[statistic].to_numpy().reshape(len(self.deltas), len(self.other_deltas))
        index = pd.Index(self.deltas, name="delta")
        return pd.DataFrame(
            values, index=index, columns=pd.Index(self.other_deltas, name="delta_other")
        )

    def tipping_point(
        self, conclusion: TippedConclusion = TippedConclusion.SIGNIFICANCE
    ) -> float | None:
        """The delta nearest to zero at which the conclusion changes, the other arm not being moved.

        Missing where it does not change on the grid, or the grid has no zero for the other arm.
        """
        found = [
            each.delta
            for each in self.crossings
            if each.conclusion is conclusion and each.delta_other == 0
        ]
        return min(found, key=abs) if found else None


@one_thread()
def tipping_point(
    imputations: Imputations,
    analysis: ImputedAncova,
    *,
    arm: object,
    deltas: Sequence[float],
    other: object | None = None,
    other_deltas: Sequence[float] = (0.0,),
    compared: object | None = None,
    unit: AnyFrame | None = None,
    alpha: float = 0.05,
    important: float | None = None,
    limits: ResampledLimits | str = ResampledLimits.PERCENTILE,
) -> TippingGrid:
    """The difference at one visit for each amount that is added to the imputed values of an arm, or two.

    Estimand
        That of the imputations, had the values that are missing been larger by delta than they are
        supposed to be. ``unit`` is a frame of what one delta adds (:func:`imputation_deltas`): by
        default one to every missing value. The analysis has one visit; ``compared`` is the arm
        whose difference from the reference it is, which must be said where there are several. The
        contours are where p is ``alpha`` and where the estimate is the ``important`` difference.

    Reference
        Yan, Lee, Li, J Biopharm Stat 2009;19:1085. Permutt, Stat Med 2016;35:2876. Exact polynomials:
        docs/methods/imputation.md.

    Checked against
        ``tests/reference/imputation/rbmi_antidepressant.json`` (R rbmi)

    Raises ``AnalysisError`` for unknown arms, several visits, deltas that do not ascend, and as
    :func:`pool_imputations`. The result has a row for each point of the grid.
    """
    check_level(1 - alpha)
    trial = imputations.draws.trial
    for name, given in (("arm", arm), ("other", other), ("compared", compared)):
        if given not in trial.arms and not (given is None and name != "arm"):
            raise AnalysisError(
                f"{name}={given!r} is not an arm; arms are {', '.join(map(repr, trial.arms))}"
            )
    if arm == other:
        raise AnalysisError(f"arm and other are both {arm!r}; two arms are moved, or one")
    if other is None and tuple(other_deltas) != (0.0,):
        raise AnalysisError("other_deltas need the arm to which they are added, other=")
    first, second = _ascending(deltas, "deltas"), _ascending(other_deltas, "other_deltas")
    at = _compared(trial.arms, compared)
    moved, visit = moved_estimates(
        imputations,
        analysis,
        at,
        _units(imputations, None if unit is None else as_pandas(unit), (arm, other)),
    )
    points = np.array([(x, y) for x in first for y in second])

    def effect(x: float, y: float) -> ImputedEffect:
        return pool_imputations(moved.analyses(np.array([[x, y]])), limits=limits).effects[0]

    pooled = pool_imputations(moved.analyses(points), conf_level=1 - alpha, limits=limits)
    found: list[TippingCrossing] = []
    wanted = [TippedConclusion.SIGNIFICANCE]
    wanted += [] if important is None else [TippedConclusion.IMPORTANCE]
    for conclusion in wanted:

        def height(e: ImputedEffect, of: TippedConclusion = conclusion) -> float:
            significance = of is TippedConclusion.SIGNIFICANCE
            return e.p_value - alpha if significance else e.estimate - (important or 0.0)

        def at_point(
            x: float, y: float, height: Callable[[ImputedEffect], float] = height
        ) -> float:
            return height(effect(x, y))

        heights = np.array([height(each) for each in pooled.effects])
        found += [
            TippingCrossing(conclusion=conclusion, delta=x, delta_other=y)
            for x, y in crossings(first, second, heights.reshape(len(first), len(second)), at_point)
        ]
    return TippingGrid(
        arm=arm,
        other=other,
        compared=trial.arms[at + 1],
        visit=visit,
        deltas=first,
        other_deltas=second,
        alpha=alpha,
        important=important,
        pooled=pooled,
        crossings=tuple(found),
    )


def _ascending(given: Sequence[float], name: str) -> np.ndarray:
    found = np.asarray(given, dtype=float)
    if (
        found.ndim != 1
        or not len(found)
        or not np.isfinite(found).all()
        or (np.diff(found) <= 0).any()
    ):
        raise AnalysisError(f"{name} must be numbers that ascend, got {given!r}")
    return found


def _compared(arms: tuple[object, ...], compared: object | None) -> int:
    """Which difference is meant, counted from the first arm after the reference."""
    if compared is None and len(arms) == 2:
        return 0
    if compared is None or compared == arms[0]:
        raise AnalysisError(
            f"say which arm is compared with {arms[0]!r}: compared= one of "
            f"{', '.join(map(repr, arms[1:]))}"
        )
    return arms.index(compared) - 1


def _units(
    imputations: Imputations, unit: pd.DataFrame | None, moved: tuple[object, object | None]
) -> tuple[np.ndarray, np.ndarray]:
    """What one delta adds to the values of either arm (n, m)."""
    trial = imputations.draws.trial
    read = added_values(imputations, unit)
    each = trial.missing.astype(float) if read is None else read
    one, two = (
        np.where((trial.arm == trial.arms.index(name))[:, None], each, 0.0)
        if name is not None
        else np.zeros(trial.shape)
        for name in moved
    )
    return one, two
