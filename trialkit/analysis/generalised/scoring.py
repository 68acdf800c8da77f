"""Generalised linear models by Fisher's scoring, with estimates that may be infinite."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.generalised.families import ResponseDistribution
from trialkit.analysis.generalised.recession import Recession, recession
from trialkit.errors import AnalysisError

CONVERGED = 1e-11
"""A step that moves no linear predictor by more is the last."""
SETTLED = 1e-13
"""A likelihood that rises by less than this share has risen."""
MOST_STEPS = 200
DOUBTFUL_STEPS = 12
"""Likelihoods with a maximum have it by then, as a rule; the others are looked into."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GeneralisedFit:
    """A fitted model: the finite part of its coefficients, and where they run to infinity.

    ``coefficients`` (p,) and ``covariance`` (p, p), the inverse of the expected information, are
    those of the rows that no ``recession`` explains perfectly, with zeros where these rows cannot
    tell a column from others. ``mean`` (n,) and ``log_likelihood`` are those of the limit.
    """

    family: ResponseDistribution
    design: np.ndarray
    outcome: np.ndarray
    offset: np.ndarray
    coefficients: np.ndarray
    covariance: np.ndarray
    mean: np.ndarray
    log_likelihood: float
    recession: Recession | None

    @property
    def estimable(self) -> np.ndarray:
        """Which coefficients (p,) are finite."""
        if self.recession is None:
            return np.ones(len(self.coefficients), dtype=bool)
        rest = self.design[self.recession.remaining]
        if not len(rest):
            return np.zeros(len(self.coefficients), dtype=bool)
        known = np.linalg.pinv(rest) @ rest  # projects on what the remaining rows tell
        return np.asarray(np.abs(known - np.eye(len(known))).max(axis=0) < 1e-8)

    @property
    def estimates(self) -> np.ndarray:
        """The coefficients (p,), ±∞ where the likelihood rises for ever, NaN where none is told."""
        if self.recession is None:
            return self.coefficients
        told = np.full(len(self.coefficients), np.nan)
        for direction in self.recession.directions[::-1]:
            told = np.where(direction != 0, np.copysign(np.inf, direction), told)
        return np.where(self.estimable, self.coefficients, told)

    def mean_of(self, rows: np.ndarray, offset: np.ndarray | float = 0.0) -> np.ndarray:
        """The means (m,) of rows (m, p), in the limit."""
        predictor = rows @ self.coefficients + offset
        if self.recession is not None:
            undecided = np.ones(len(rows), dtype=bool)
            for direction in self.recession.directions:
                moved = rows @ direction
                size = np.abs(rows) @ np.abs(direction)
                decided = undecided & (np.abs(moved) > 1e-7 * np.maximum(size, 1e-300))
                predictor = np.where(decided, np.copysign(np.inf, moved), predictor)
                undecided &= ~decided
        return self.family.mean(predictor)

    @property
    def scores(self) -> np.ndarray:
        """Each row's part (n, p) of the derivative of the log likelihood."""
        weight = _ratio(self.family.slope(self.mean), self.family.variance(self.mean))
        return np.asarray(self.design * (weight * (self.outcome - self.mean))[:, None])

    @property
    def weights(self) -> np.ndarray:
        """Each row's weight (n,) in the expected information."""
        slope = self.family.slope(self.mean)
        return _ratio(slope**2, self.family.variance(self.mean))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """The quotient, 0 where both are: a row that is explained perfectly weighs nothing."""
    return np.asarray(np.divide(above, below, out=np.zeros_like(above), where=below > 0))


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """What is to be made likely: a design (n, p), outcomes and offsets (n,) of a family."""

    design: np.ndarray
    outcome: np.ndarray
    offset: np.ndarray
    family: ResponseDistribution

    def mean(self, at: np.ndarray) -> np.ndarray:
        return self.family.mean(self.design @ at + self.offset)

    def level(self, at: np.ndarray) -> float:
        """The log likelihood at coefficients (p,), −∞ where it cannot be computed."""
        with np.errstate(over="ignore", invalid="ignore"):
            level = self.family.log_likelihood(self.outcome, self.mean(at))
        return level if np.isfinite(level) else -np.inf

    def start(self) -> np.ndarray:
        """One step of scoring from predictors near the outcomes, else a mean for all."""
        predictor = self.family.start(self.outcome)
        mean = self.family.mean(predictor)
        slope = self.family.slope(mean)
        weight = slope**2 / self.family.variance(mean)
        wanted = predictor - self.offset + (self.outcome - mean) / slope
        found = _solve(self.design, weight, self.design.T @ (weight * wanted))
        if self.level(found) > -np.inf:
            return found
        flat = np.zeros(self.design.shape[1])
        for common in (np.mean(predictor - self.offset), np.min(predictor - self.offset)):
            flat[0] = float(common)
            if self.level(flat) > -np.inf:
                break
        return flat

    def step(self, at: np.ndarray) -> np.ndarray:
        """Fisher's step."""
        with np.errstate(over="ignore", invalid="ignore"):
            mean = self.mean(at)
            slope = self.family.slope(mean)
            ratio = _ratio(slope, self.family.variance(mean))
            score = self.design.T @ (ratio * (self.outcome - mean))
            return _solve(self.design, ratio * slope, score)


@one_thread()
def fit_generalised(
    design: np.ndarray,
    outcome: np.ndarray,
    family: ResponseDistribution,
    *,
    offset: np.ndarray | None = None,
    start: np.ndarray | None = None,
) -> GeneralisedFit:
    """The likeliest coefficients of ``design`` (n, p), of full rank, for ``outcome`` (n,).

    Raises ``AnalysisError`` where no maximum is found though there is one.
    """
    given = np.zeros(len(outcome)) if offset is None else offset
    task = _Task(design, outcome, given, family)
    found, converged = _climb(task, start, steps=DOUBTFUL_STEPS)
    if converged:
        return _fitted(task, found)
    away = recession(design, outcome, family)
    if away is not None:
        return _fitted_in_the_limit(task, away)
    found, converged = _climb(task, found, steps=MOST_STEPS)
    if not converged:
        raise AnalysisError("the iterations of the model did not come to a maximum")
    return _fitted(task, found)


def largest_log_likelihood(
    design: np.ndarray,
    outcome: np.ndarray,
    family: ResponseDistribution,
    *,
    offset: np.ndarray,
    start: np.ndarray | None = None,
) -> tuple[float, np.ndarray]:
    """The largest log likelihood, or what it rises towards, and coefficients (p,) that come near.

    Raises ``AnalysisError`` where no start is found.
    """
    if not design.shape[1]:
        return family.log_likelihood(outcome, family.mean(offset)), np.zeros(0)
    task = _Task(design, outcome, offset, family)
    found, _ = _climb(task, start, steps=MOST_STEPS)
    level = task.level(found)
    if level == -np.inf:
        raise AnalysisError("no coefficients were found with which the outcomes are possible")
    return level, found


def _climb(task: _Task, start: np.ndarray | None, *, steps: int) -> tuple[np.ndarray, bool]:
    """Scoring from ``start``: where it got to, and whether that is a maximum."""
    found = task.start() if start is None or task.level(start) == -np.inf else start
    level = task.level(found)
    still, before = 0, np.inf
    for _ in range(steps):
        step = task.step(found)
        moved = float(np.max(np.abs(task.design @ step)))
        if not np.isfinite(moved):
            return found, False
        if moved < CONVERGED:
            return found + step, True
        found, higher = _up(task, found, step, level)
        still = still + 1 if higher - level <= SETTLED * (1 + abs(level)) else 0
        level = higher
        if still >= 4 and moved > 0.9 * before:  # rounding, or a limit: the step's size says which
            return found, moved < 1e-6
        before = moved
    return found, False


def _up(task: _Task, found: np.ndarray, step: np.ndarray, level: float) -> tuple[np.ndarray, float]:
    """The step, halved until it does not go down."""
    for _ in range(40):
        higher = task.level(found + step)
        if higher >= level - SETTLED * (1 + abs(level)):
            return found + step, higher
        step = step / 2
    return found, level


def _solve(design: np.ndarray, weight: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solve (X'WX) b = right, columns brought to one size first."""
    information = design.T @ (weight[:, None] * design)
    size = np.sqrt(np.diag(information))
    size[size == 0] = 1.0
    scaled = information / np.outer(size, size)
    if not np.isfinite(scaled).all():
        return np.full(len(right), np.nan)
    try:
        return np.asarray(np.linalg.solve(scaled, right / size) / size)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(scaled) @ (right / size) / size)


def _inverse(information: np.ndarray) -> np.ndarray:
    nothing = AnalysisError("the outcomes tell nothing of a coefficient: it has no standard error")
    size = np.sqrt(np.diag(information))
    if not (size > 0).all():
        raise nothing
    try:
        scaled = np.linalg.inv(information / np.outer(size, size))
    except np.linalg.LinAlgError:
        raise nothing from None
    return np.asarray(scaled / np.outer(size, size))


def _fitted(task: _Task, coefficients: np.ndarray) -> GeneralisedFit:
    mean = task.mean(coefficients)
    weight = _ratio(task.family.slope(mean) ** 2, task.family.variance(mean))
    return GeneralisedFit(
        family=task.family,
        design=task.design,
        outcome=task.outcome,
        offset=task.offset,
        coefficients=coefficients,
        covariance=_inverse(task.design.T @ (weight[:, None] * task.design)),
        mean=mean,
        log_likelihood=task.family.log_likelihood(task.outcome, mean),
        recession=None,
    )


def _fitted_in_the_limit(task: _Task, away: Recession) -> GeneralisedFit:
    """The fit of the rows that remain, in the columns that they can tell apart."""
    family, outcome, rows = task.family, task.outcome, away.remaining
    count = task.design.shape[1]
    coefficients, covariance = np.zeros(count), np.zeros((count, count))
    if rows.any():
        kept = _told_apart(task.design[rows])
        rest = fit_generalised(
            task.design[np.ix_(rows, kept)], outcome[rows], family, offset=task.offset[rows]
        )
        coefficients[kept] = rest.coefficients
        covariance[np.ix_(kept, kept)] = rest.covariance
    ends = np.where(family.at_upper_end(outcome), np.inf, -np.inf)
    predictor = np.where(rows, task.design @ coefficients + task.offset, ends)
    mean = family.mean(predictor)
    return GeneralisedFit(
        family=family,
        design=task.design,
        outcome=outcome,
        offset=task.offset,
        coefficients=coefficients,
        covariance=covariance,
        mean=mean,
        log_likelihood=family.log_likelihood(outcome, mean),
        recession=away,
    )


def finite_part(
    design: np.ndarray, outcome: np.ndarray, family: ResponseDistribution
) -> tuple[np.ndarray, np.ndarray]:
    """The rows (n,) that no direction explains perfectly, and the columns (numbers) they tell apart.

    Nothing of a likelihood is lost with the other rows: in the limit they are certain.
    """
    away = recession(design, outcome, family)
    if away is None:
        return np.ones(len(outcome), dtype=bool), np.arange(design.shape[1])
    return away.remaining, _told_apart(design[away.remaining])


def _told_apart(design: np.ndarray) -> np.ndarray:
    """The columns that are no combination of those before them."""
    kept: list[int] = []
    basis = np.zeros((len(design), 0))
    for index, column in enumerate(design.T):
        length = float(np.linalg.norm(column))
        if not length:
            continue
        rest = column / length
        for _ in range(2):
            rest = rest - basis @ (basis.T @ rest)
        left = float(np.linalg.norm(rest))
        if left > 1e-9:
            kept.append(index)
            basis = np.column_stack([basis, rest / left])
    return np.array(kept, dtype=np.intp)
