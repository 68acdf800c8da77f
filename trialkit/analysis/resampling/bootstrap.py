"""Bootstrap interval (BCa, BC or percentile) of any estimate from two independent arms."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri
from scipy.stats import DegenerateDataWarning, bootstrap

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import (
    Sample,
    check_generator,
    check_level,
    contrast_label,
    split_by_arm,
)
from trialkit.analysis.means.standardised import hedges_correction
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import BootstrapLimits, TwoGroupEstimate
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular

Estimator: TypeAlias = Callable[[np.ndarray, np.ndarray], float]
"""Experimental values, reference values → the estimate."""

# one number, or with a matrix of resamples one a row; declared as scipy's stubs want it
_Estimates: TypeAlias = Any
_Samples: TypeAlias = Any
_Drawn: TypeAlias = Any
_TITLES = {
    BootstrapLimits.BCA: "BCa",
    BootstrapLimits.BC: "BC",
    BootstrapLimits.PERCENTILE: "percentiles",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapInterval:
    """An estimate with its bootstrap interval."""

    contrast: str
    estimate: float
    se: float
    conf_low: float
    conf_high: float
    n_experimental: int
    n_reference: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BootstrapComparison(Tabular):
    """What ``bootstrap_difference`` found; ``excluded`` lists the rows that it could not use."""

    outcome: str
    estimator: str
    interval: BootstrapLimits
    conf_level: float
    replicates: int
    intervals: tuple[BootstrapInterval, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The estimate and how many resamples it rests on."""
        limits = _TITLES[self.interval]
        return f"{self.outcome}: {self.estimator}, {limits} over {self.replicates} resamples"

    def to_frame(self) -> pd.DataFrame:
        """One row a contrast."""
        return pd.DataFrame(
            [
                {
                    "contrast": each.contrast,
                    "method": f"bootstrap_{self.interval.value}",
                    "estimator": self.estimator,
                    "estimate": each.estimate,
                    "se": each.se,
                    "conf_low": each.conf_low,
                    "conf_high": each.conf_high,
                    "conf_level": self.conf_level,
                    "replicates": self.replicates,
                    "n_experimental": each.n_experimental,
                    "n_reference": each.n_reference,
                }
                for each in self.intervals
            ]
        )


@one_thread()
def bootstrap_difference(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    rng: np.random.Generator,
    estimator: TwoGroupEstimate | str | Estimator = TwoGroupEstimate.MEAN_DIFFERENCE,
    interval: BootstrapLimits | str = BootstrapLimits.BCA,
    replicates: int = 9999,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> BootstrapComparison:
    """Bootstrap interval of a two-group estimate, each arm resampled by itself.

    Estimand
        What ``estimator`` states of an experimental and the reference arm: ``mean_difference``,
        ``median_difference``, ``mean_ratio``, ``hedges_g``, ``probability_of_superiority``, or any
        function of two arrays that returns a number.

    Reference
        Efron B. J Am Stat Assoc 1987;82:171-185, by ``scipy.stats.bootstrap``; BC and percentile
        as in Efron B, Tibshirani RJ. An Introduction to the Bootstrap, 1993, chapters 13 and 14.

    Checked against
        ``tests/reference/between/bootstrap.json`` (R boot, up to Monte Carlo error)

    ``interval`` is ``bca``, ``bc`` (corrected for bias, not for acceleration) or ``percentile``.
    The result depends on ``rng`` alone. Raises :class:`AnalysisError` for an ``rng`` that is no
    generator, for a ``subject`` with two rows, where the resamples do not vary or the estimator
    gives no number for some of them, and where the corrections of ``interval`` do not exist.
    """
    frame = as_pandas(frame)
    check_level(conf_level)
    check_generator(rng)
    if replicates < 100:
        raise AnalysisError(f"a bootstrap interval needs 100 replicates or more, got {replicates}")
    limits = choose(BootstrapLimits, interval, parameter="interval")
    name, function, vectorised = _estimator(estimator)
    groups = split_by_arm(
        frame, outcome=outcome, arm=arm, reference=reference, subject=subject, order=order
    )
    intervals = tuple(
        _interval(
            experimental,
            control,
            function,
            limits=limits,
            vectorised=vectorised,
            replicates=replicates,
            conf_level=conf_level,
            rng=rng,
        )
        for experimental, control in groups.against(reference)
    )
    return BootstrapComparison(
        outcome=outcome,
        estimator=name,
        interval=limits,
        conf_level=conf_level,
        replicates=replicates,
        intervals=intervals,
        excluded=groups.excluded,
    )


def _interval(
    experimental: Sample,
    reference: Sample,
    function: Callable[..., float],
    *,
    limits: BootstrapLimits,
    vectorised: bool,
    replicates: int,
    conf_level: float,
    rng: np.random.Generator,
) -> BootstrapInterval:
    if min(experimental.n, reference.n) < 2:
        raise AnalysisError(
            f"a bootstrap needs 2 subjects an arm, got {experimental.n} and {reference.n}"
        )
    estimate = float(function(experimental.values, reference.values))
    if not np.isfinite(estimate):
        raise AnalysisError(f"the estimator gives {estimate} for the observed data")
    if np.ptp(experimental.values) == 0 and np.ptp(reference.values) == 0:
        raise AnalysisError("the outcome does not vary within any arm: resamples are all alike")
    samples: Any = (experimental.values, reference.values)
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = bootstrap(
            samples,
            function,
            n_resamples=replicates,
            vectorized=vectorised,
            paired=False,
            confidence_level=conf_level,
            method="percentile",
            rng=rng,
        )
    resampled = np.asarray(drawn.bootstrap_distribution)
    if not np.isfinite(resampled).all() or np.ptp(resampled) == 0:
        raise AnalysisError(
            "the estimator gives no number for some resamples, or always the same: there is no "
            "bootstrap interval"
        )
    match limits:
        case BootstrapLimits.PERCENTILE:
            low, high = (float(limit) for limit in drawn.confidence_interval)
        case BootstrapLimits.BC:
            low, high = _bias_corrected(resampled, estimate, conf_level)
        case BootstrapLimits.BCA:
            _bias(resampled, estimate)
            low, high = _accelerated(
                samples, function, drawn, vectorised=vectorised, conf_level=conf_level
            )
        case _:
            assert_never(limits)
    return BootstrapInterval(
        contrast=contrast_label(experimental.arm, reference.arm),
        estimate=estimate,
        se=float(drawn.standard_error),
        conf_low=low,
        conf_high=high,
        n_experimental=experimental.n,
        n_reference=reference.n,
    )


def _bias(resampled: np.ndarray, estimate: float) -> float:
    """The normal deviate of the share of resamples below the estimate, those equal counted half."""
    below = (np.mean(resampled < estimate) + np.mean(resampled <= estimate)) / 2
    if not 0 < below < 1:
        raise AnalysisError(
            "all resampled estimates lie on one side of the estimate, so that its bias cannot be "
            "corrected: there is no BCa or BC interval (interval = 'percentile' has limits)"
        )
    return float(ndtri(below))


def _bias_corrected(
    resampled: np.ndarray, estimate: float, conf_level: float
) -> tuple[float, float]:
    """The percentiles moved by twice the bias: BCa without acceleration."""
    bias, reach = _bias(resampled, estimate), float(ndtri((1 + conf_level) / 2))
    low, high = np.quantile(resampled, ndtr([2 * bias - reach, 2 * bias + reach]))
    return float(low), float(high)


def _accelerated(
    samples: _Samples,
    function: Callable[..., float],
    drawn: _Drawn,
    *,
    vectorised: bool,
    conf_level: float,
) -> tuple[float, float]:
    """The BCa limits from the resamples that are there, with the acceleration of the jackknife."""
    no_acceleration = AnalysisError(
        "the estimate stays the same, or is no number, when a subject is left out, so that it has "
        "no acceleration: there is no BCa interval (interval = 'bc' or 'percentile' has limits)"
    )
    try:
        with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
            warnings.simplefilter("error", DegenerateDataWarning)
            found = bootstrap(
                samples,
                function,
                n_resamples=0,
                bootstrap_result=drawn,
                vectorized=vectorised,
                paired=False,
                confidence_level=conf_level,
                method="BCa",
            )
    except DegenerateDataWarning:
        raise no_acceleration from None
    low, high = found.confidence_interval
    if not low <= high:
        raise no_acceleration
    return float(low), float(high)


def _estimator(
    estimator: TwoGroupEstimate | str | Estimator,
) -> tuple[str, Callable[..., float], bool]:
    """The estimator's name, the function, and whether it takes many resamples at once."""
    if not isinstance(estimator, str):
        return getattr(estimator, "__name__", "estimator"), estimator, False
    kind = choose(TwoGroupEstimate, estimator, parameter="estimator")
    match kind:
        case TwoGroupEstimate.MEAN_DIFFERENCE:
            return kind.value, _mean_difference, True
        case TwoGroupEstimate.MEDIAN_DIFFERENCE:
            return kind.value, _median_difference, True
        case TwoGroupEstimate.MEAN_RATIO:
            return kind.value, _mean_ratio, True
        case TwoGroupEstimate.HEDGES_G:
            return kind.value, _hedges_g, True
        case TwoGroupEstimate.PROBABILITY_OF_SUPERIORITY:
            return kind.value, _superiority, False
        case _:
            assert_never(kind)


def _mean_difference(x: np.ndarray, y: np.ndarray, axis: int = -1) -> _Estimates:
    return np.mean(x, axis=axis) - np.mean(y, axis=axis)


def _median_difference(x: np.ndarray, y: np.ndarray, axis: int = -1) -> _Estimates:
    return np.median(x, axis=axis) - np.median(y, axis=axis)


def _mean_ratio(x: np.ndarray, y: np.ndarray, axis: int = -1) -> _Estimates:
    return np.mean(x, axis=axis) / np.mean(y, axis=axis)


def _hedges_g(x: np.ndarray, y: np.ndarray, axis: int = -1) -> _Estimates:
    m, n = x.shape[axis], y.shape[axis]
    squares = (m - 1) * np.var(x, axis=axis, ddof=1) + (n - 1) * np.var(y, axis=axis, ddof=1)
    pooled = np.sqrt(squares / (m + n - 2))
    return _mean_difference(x, y, axis) / pooled * hedges_correction(m + n - 2)


def _superiority(x: np.ndarray, y: np.ndarray) -> float:
    ordered = np.sort(y)
    below = np.searchsorted(ordered, x, side="left")
    up_to = np.searchsorted(ordered, x, side="right")
    return float((below + up_to).sum() / (2 * len(x) * len(y)))
