"""Who leaves a simulated trial when, and which values are then observed, missing or changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.design.simulation.mechanisms import DropoutMechanism, LeavingDependsOn, SeenAs

_PEOPLE = 65_536
"""Participants of the sample by which the chance of leaving is set so that the stated share leaves."""
_ENTROPY = 20_170_162
_FARTHEST = 60.0
"""Log odds beyond which a chance is 0 or 1 in double precision."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeftValues:
    """Values (R, subjects, visits) after leaving, and who has left before each of them."""

    values: np.ndarray
    gone: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The chance of each arm to leave before each visit, and what becomes of values afterwards.

    Plain numbers, so that it travels to any worker. Arms are in the order of ``protocol.arm_codes``;
    nobody leaves before the first visit where that is the baseline.
    """

    staying: tuple[tuple[float, ...], ...]
    """By arm, the share that is still there at each visit."""
    intercepts: tuple[tuple[float, ...], ...] = ()
    """By arm and visit, the log odds of leaving before it at a value of 0 SD; none where values tell nothing."""
    log_odds_per_sd: float = 0.0
    centres: tuple[float, ...] = ()
    """By visit, where the value that leaving depends on is 0 SD."""
    scales: tuple[float, ...] = ()
    """By visit, the standard deviation of that value; 0 where all have the same."""
    sees_change: bool = False
    sees_last: bool = True
    """Whether leaving depends on the value of the visit before; else on that of the visit itself."""
    deltas: tuple[float, ...] = ()
    """By arm, what values change by after leaving."""
    retrieved: float = 0.0

    def left_by(self, place: int) -> tuple[float, ...]:
        """The share of each arm that has left before a visit."""
        return tuple(1 - own[place] for own in self.staying)

    def happen(self, values: np.ndarray, arms: np.ndarray, rng: np.random.Generator) -> LeftValues:
        """The values (R, subjects, visits) with those changed or missing of who has left."""
        gone = self._gone(values, arms, rng)
        kept = rng.random(gone.shape[:2]) < self.retrieved if self.retrieved else None
        deltas = np.array(self.deltas)[arms] if self.deltas else np.zeros(len(arms))
        changed = np.where(gone, values + deltas[:, None], values)
        unseen = gone if kept is None else gone & ~kept[:, :, None]
        return LeftValues(values=np.where(unseen, np.nan, changed), gone=gone)

    def _gone(self, values: np.ndarray, arms: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Who has left before each visit."""
        if not self.intercepts:
            fate = rng.random((*values.shape[:2], 1))
            return np.asarray(fate >= np.array(self.staying)[arms])
        chances = rng.random(values.shape)
        gone = np.zeros(values.shape, dtype=bool)
        intercepts = np.array(self.intercepts)[arms]
        for visit in range(1, values.shape[2]):
            odds = intercepts[:, visit] + self.log_odds_per_sd * self.seen(values, visit)
            gone[:, :, visit] = gone[:, :, visit - 1] | (chances[:, :, visit] < expit(odds))
        return gone

    def seen(self, values: np.ndarray, visit: int) -> np.ndarray:
        """What leaving before a visit depends on, in standard deviations."""
        at = visit - 1 if self.sees_last else visit
        value = values[..., at] - values[..., 0] if self.sees_change else values[..., at]
        scale = self.scales[at]
        return np.asarray((value - self.centres[at]) / scale if scale else np.zeros(value.shape))


def leaving_of(
    mechanism: DropoutMechanism,
    *,
    arms: Sequence[str],
    staying: Sequence[tuple[float, ...]],
    means: Sequence[tuple[float, ...]],
    covariance: Sequence[tuple[float, ...]],
) -> Leaving:
    """What a mechanism makes of normal values with these means by arm, and this covariance.

    The chances are set by one sample of values, the same in every run, so that of each arm the share
    ``staying`` is still there at each visit, whatever leaving depends on.
    """
    deltas = tuple(mechanism.delta_in(arm) for arm in arms)
    plain = Leaving(staying=tuple(staying), deltas=deltas, retrieved=mechanism.retrieved)
    if mechanism.log_odds_per_sd == 0:
        return plain
    between, sees_change = np.array(covariance), mechanism.depends_on is SeenAs.CHANGE
    variances = np.diag(between) + (between[0, 0] - 2 * between[0] if sees_change else 0.0)
    middle = np.array(means[0])
    shape = Leaving(
        staying=tuple(staying),
        log_odds_per_sd=mechanism.log_odds_per_sd,
        centres=tuple(map(float, middle - middle[0] if sees_change else middle)),
        scales=tuple(map(float, np.sqrt(np.maximum(variances, 0.0)))),
        sees_change=sees_change,
        sees_last=mechanism.mechanism is LeavingDependsOn.SEEN,
        deltas=deltas,
        retrieved=mechanism.retrieved,
    )
    sample = _sample(between)
    return replace(
        shape,
        intercepts=tuple(
            _intercepts(shape, sample + np.array(own), stay)
            for own, stay in zip(means, staying, strict=True)
        ),
    )


def _sample(covariance: np.ndarray) -> np.ndarray:
    """Normal values around 0, each with its opposite."""
    rng = np.random.Generator(np.random.PCG64DXSM(_ENTROPY))
    half = rng.standard_normal((_PEOPLE // 2, len(covariance))) @ np.linalg.cholesky(covariance).T
    return np.concatenate([half, -half])


def _intercepts(
    shape: Leaving, values: np.ndarray, staying: tuple[float, ...]
) -> tuple[float, ...]:
    """Of one arm, at each visit the log odds at which the stated share of who is there leaves."""
    there, found = np.ones(len(values)), [-_FARTHEST]
    for visit in range(1, len(staying)):
        share = 1 - staying[visit] / staying[visit - 1]
        by_value = shape.log_odds_per_sd * shape.seen(values, visit)
        found.append(_intercept(by_value, there / there.sum(), share))
        there = there * expit(-(found[-1] + by_value))
    return tuple(found)


def _intercept(by_value: np.ndarray, weights: np.ndarray, share: float) -> float:
    """The intercept at which the mean chance is the share."""
    if share <= 0:
        return -_FARTHEST - float(np.abs(by_value).max())
    reach = float(np.abs(by_value).max()) + 1.0

    def too_many(intercept: float) -> float:
        return float(weights @ expit(intercept + by_value)) - share

    middle = float(logit(share))
    return bracketed_root(too_many, middle - reach, middle + reach, xtol=1e-12)
