"""Cumulative logits of an ordered outcome: log odds of at most a level, by Newton's method."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.generalised.recession import rising_direction
from trialkit.errors import AnalysisError

CONVERGED = 1e-11
MOST_STEPS = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CumulativeLogits:
    """logit P(Y ≤ k) = wᵢ·γₖ − (xᵢ·β + offset): K levels, columns ``own`` (n, q) with a coefficient for
    each of K − 1 thresholds (the first is 1), columns ``shared`` (n, p) with one for all.

    Parameters are all γ₁, …, γ of the last threshold, then β.
    """  # noqa: D205

    codes: np.ndarray
    levels: int
    own: np.ndarray
    shared: np.ndarray
    offset: np.ndarray

    @property
    def parameters(self) -> int:
        """How many parameters there are."""
        return int((self.levels - 1) * self.own.shape[1] + self.shared.shape[1])

    def ends(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Of each row, the design (n, parameters) of its upper and its lower threshold, and whether there is one."""
        n, q = self.own.shape
        thresholds = self.levels - 1
        blocks = np.zeros((2, n, thresholds, q))
        has = np.array([self.codes < thresholds, self.codes > 0])
        for side in (0, 1):
            at = np.flatnonzero(has[side])
            blocks[side, at, self.codes[at] - side] = self.own[at]
        wide = blocks.reshape(2, n, thresholds * q)
        upper, lower = (
            np.hstack([wide[side], np.where(has[side][:, None], -self.shared, 0.0)])
            for side in (0, 1)
        )
        return upper, lower, has[0], has[1]

    def start(self) -> np.ndarray:
        """The observed cumulative log odds, and no effect."""
        share = np.cumsum(np.bincount(self.codes, minlength=self.levels))[:-1] / len(self.codes)
        begin = np.zeros(self.parameters)
        begin[: (self.levels - 1) * self.own.shape[1] : self.own.shape[1]] = np.log(
            share / (1 - share)
        )
        return begin


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CumulativeFit:
    """The likeliest parameters, their covariance by the observed information, the log likelihood."""

    parameters: np.ndarray
    covariance: np.ndarray
    log_likelihood: float


@one_thread()
def fit_cumulative(model: CumulativeLogits, *, start: np.ndarray | None = None) -> CumulativeFit:
    """The maximum; the log likelihood is concave.

    Raises ``AnalysisError`` where it rises for ever: levels that a column tells apart.
    """
    upper, lower, has_upper, has_lower = model.ends()
    found = model.start() if start is None else start
    level = _level(found, model, upper, lower, has_upper, has_lower)[0]
    if level == -np.inf:
        found = model.start()
        level = _level(found, model, upper, lower, has_upper, has_lower)[0]
    for step_number in range(MOST_STEPS):
        level, gradient, information = _level(found, model, upper, lower, has_upper, has_lower)
        step = _solve(information, gradient)
        moved = float(max(np.abs(upper @ step).max(), np.abs(lower @ step).max()))
        for _ in range(40):
            higher = _level(found + step, model, upper, lower, has_upper, has_lower)[0]
            if higher >= level - 1e-13 * (1 + abs(level)):
                break
            step = step / 2
        found = found + step
        if moved < CONVERGED:
            information = _level(found, model, upper, lower, has_upper, has_lower)[2]
            return CumulativeFit(
                parameters=found, covariance=np.linalg.inv(information), log_likelihood=level
            )
        if step_number == 15:
            _refuse_separation(upper[has_upper], lower[has_lower])
    raise AnalysisError("the iterations of the cumulative model did not come to a maximum")


def _refuse_separation(upper: np.ndarray, lower: np.ndarray) -> None:
    rows = np.vstack([upper, lower])
    sign = np.repeat([1.0, -1.0], [len(upper), len(lower)])
    scale = np.abs(rows).max(axis=0)
    scale[scale == 0] = 1.0
    known = np.unique(np.column_stack([rows / scale, sign]), axis=0)
    if rising_direction(known) is not None:
        raise AnalysisError(
            "an arm or a covariate tells levels of the outcome apart without exception: no odds "
            "ratio is the likeliest",
            advice="take compare_wins, which needs no model",
        )


def _solve(information: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    size = np.sqrt(np.maximum(np.diag(information), 1e-300))
    scaled = information / np.outer(size, size)
    try:
        return np.asarray(np.linalg.solve(scaled, gradient / size) / size)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(scaled) @ (gradient / size) / size)


def _level(  # noqa: PLR0917  (arrays made once for all steps)
    at: np.ndarray,
    model: CumulativeLogits,
    upper: np.ndarray,
    lower: np.ndarray,
    has_upper: np.ndarray,
    has_lower: np.ndarray,
) -> tuple[float, np.ndarray, np.ndarray]:
    """The log likelihood, its gradient, and the observed information."""
    above = np.where(has_upper, upper @ at - model.offset, np.inf)
    below = np.where(has_lower, lower @ at - model.offset, -np.inf)
    with np.errstate(invalid="ignore"):
        # P(below < Z ≤ above) without the difference of two numbers near 1
        turn = below > 0
        share = np.where(turn, expit(-below) - expit(-above), expit(above) - expit(below))
    if not (share > 0).all():
        return -np.inf, np.zeros(len(at)), np.eye(len(at))
    one, other = expit(above), expit(below)
    f, g = one * (1 - one), other * (1 - other)
    slope = (upper * f[:, None] - lower * g[:, None]) / share[:, None]
    bend_up, bend_down = f * (1 - 2 * one) / share, g * (1 - 2 * other) / share
    information = (
        slope.T @ slope
        - upper.T @ (bend_up[:, None] * upper)
        + lower.T @ (bend_down[:, None] * lower)
    )
    return float(np.log(share).sum()), slope.sum(axis=0), information
