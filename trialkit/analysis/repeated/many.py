"""The same model on many data sets at once: the climb of ``maximise`` with an axis of data sets."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.repeated.kenward_roger import coupled_variance
from trialkit.analysis.repeated.likelihood import (
    CovarianceModel,
    Evaluation,
    Information,
    Slope,
    evaluate,
    expected_information,
    observed_information,
    slope,
    weighted_second_order,
)
from trialkit.analysis.repeated.positive import invert
from trialkit.analysis.repeated.satterthwaite import delta_method_df
from trialkit.analysis.repeated.statistics import MmrmStatistics
from trialkit.protocol.methods.repeated import Inference

_STEPS = 100
_HALVINGS = 30
_LONGEST = 1.0
_NEAR = (
    2.0  # squared length of the last step, in standard errors, below which the observed one leads
)
_SETTLED = 1e-13
_PROVEN = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ManyEstimates:
    """Contrasts (contrast, set) of many data sets; NaN where ``converged`` is false."""

    theta: np.ndarray  # (t, set)
    value: np.ndarray  # −2ℓ (set)
    estimate: np.ndarray
    se: np.ndarray
    df: np.ndarray
    converged: np.ndarray  # (set)


def estimate_many(
    statistics: MmrmStatistics,
    model: CovarianceModel,
    start: np.ndarray,
    contrasts: np.ndarray,
    *,
    restricted: bool,
    inference: Inference | None,
) -> ManyEstimates:
    """Fit every data set from the same ``start`` (t) and estimate internal ``contrasts`` (row, p).

    Without an ``inference`` there are estimates alone: ``se`` and ``df`` are NaN.
    """
    sets = statistics.n_observations.shape[0]
    theta = np.repeat(start[:, None], sets, axis=1)
    value = np.full(sets, np.nan)
    estimate = np.full((len(contrasts), sets), np.nan)
    se, df = estimate.copy(), estimate.copy()
    converged = np.zeros(sets, dtype=bool)
    active = np.arange(sets)
    own = statistics
    at = evaluate(own, model, theta, restricted=restricted)
    last = np.full(sets, np.inf)
    for _ in range(_STEPS):
        first = slope(own, model, at, restricted=restricted)
        second: Information | None = None
        settled = np.zeros(len(active), dtype=bool)
        definite = settled
        if np.median(last[active]) < _NEAR:
            second = observed_information(own, model, at, first, restricted=restricted)
            direction, decrement, definite = _newton(second.observed, first.gradient)
            stalled = (decrement < _PROVEN) & (decrement > last[active] / 4)
            settled = definite & ((decrement < _SETTLED) | stalled)
        if not definite.all():
            expected = expected_information(own, model, at, first)
            surer, longer, _ = _newton(expected, first.gradient)
            direction = surer if second is None else np.where(definite, direction, surer)
            decrement = longer if second is None else np.where(definite, decrement, longer)
        if second is not None and settled.any():
            done = active[settled]
            converged[done] = True
            value[done] = at.value[settled]
            theta[:, done] = at.theta[:, settled]
            estimate[:, done], se[:, done], df[:, done] = _infer(
                _only(own, settled),
                model,
                *_part(at, first, second, settled),
                contrasts=contrasts,
                inference=inference,
            )
        last[active] = decrement
        moving = np.flatnonzero(~settled & np.isfinite(decrement) & np.isfinite(at.value))
        if not len(moving):
            break
        own, active = _only(own, moving), active[moving]
        moved, at = _go(
            own,
            model,
            _some(at, moving),
            direction[:, moving],
            decrement[moving],
            restricted=restricted,
        )
        if not moved.all():
            own, active, at = _only(own, moved), active[moved], _some(at, moved)
        if not len(active):
            break
    return ManyEstimates(
        theta=theta, value=value, estimate=estimate, se=se, df=df, converged=converged
    )


def _newton(information: np.ndarray, gradient: np.ndarray) -> tuple[np.ndarray, ...]:
    """The step, its squared length in standard errors, and where the information was definite."""
    inverse, _, definite = invert(information[None], lead=1)
    step = -np.einsum("ab...,b...->a...", inverse[0], gradient)
    return step, -(gradient * step).sum(axis=0), definite


def _go(
    own: MmrmStatistics,
    model: CovarianceModel,
    at: Evaluation,
    direction: np.ndarray,
    decrement: np.ndarray,
    *,
    restricted: bool,
) -> tuple[np.ndarray, Evaluation]:
    """Step in every data set, halving where −2ℓ does not fall; which moved, and the evaluation."""
    longest = (np.abs(direction) / np.maximum(1.0, np.abs(at.theta))).max(axis=0)
    length = np.minimum(1.0, _LONGEST / np.maximum(longest, 1e-300))
    noise = 1e-11 * (1 + np.abs(at.value))
    for _ in range(_HALVINGS):
        tried = evaluate(own, model, at.theta + length * direction, restricted=restricted)
        good = tried.value <= at.value - 1e-4 * length * decrement + noise
        if good.all():
            return good, tried
        length = np.where(good, length, length / 2)
    return good, tried


def _infer(
    own: MmrmStatistics,
    model: CovarianceModel,
    at: Evaluation,
    first: Slope,
    second: Information,
    *,
    contrasts: np.ndarray,
    inference: Inference | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimate, standard error and degrees of freedom of each contrast (contrast, set)."""
    if inference is None:
        estimate = contrasts @ at.gamma
        return estimate, np.full_like(estimate, np.nan), np.full_like(estimate, np.nan)
    omega = 2 * invert(second.observed[None], lead=1)[0][0]
    turned = np.tensordot(contrasts, at.phi, (1, 0))
    variance = np.einsum("rp,rp...->r...", contrasts, turned)
    if inference is Inference.KENWARD_ROGER_LINEAR:
        inner = weighted_second_order(own, model, at, first, omega)
        half = np.einsum("rp...,pq...->rq...", turned, inner)
        variance = variance + 2 * np.einsum("rq...,rq...->r...", half, turned)
        variance = variance - 2 * coupled_variance(turned, second.couplings, at.phi, omega)
    df = delta_method_df(contrasts, at.phi, second.couplings, omega)
    return contrasts @ at.gamma, np.sqrt(variance), df


def _only(statistics: MmrmStatistics, which: np.ndarray) -> MmrmStatistics:
    """The statistics of the data sets ``which``; the same object where that is all of them."""
    whole = which.dtype == bool and which.all()
    if whole or (which.dtype != bool and len(which) == len(statistics.n_observations)):
        return statistics
    return statistics.of_sets(which)


def _some(at: Evaluation, which: np.ndarray) -> Evaluation:
    return Evaluation(
        theta=at.theta[:, which],
        value=at.value[which],
        precision=at.precision[..., which],
        phi=at.phi[..., which],
        gamma=at.gamma[:, which],
    )


def _part(
    at: Evaluation, first: Slope, second: Information, which: np.ndarray
) -> tuple[Evaluation, Slope, Information]:
    """The derivatives of some of the data sets."""
    if which.all():
        return at, first, second
    return (
        _some(at, which),
        Slope(
            gradient=first.gradient[:, which],
            by_element=first.by_element[..., which],
            spread=first.spread[..., which],
            jacobian=first.jacobian[..., which],
        ),
        Information(observed=second.observed[..., which], couplings=second.couplings[..., which]),
    )
