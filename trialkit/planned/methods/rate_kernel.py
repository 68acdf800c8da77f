"""How comparisons of rates are decided in many simulated trials at once."""

from collections.abc import Callable

import numpy as np
from scipy.special import stdtrit

from trialkit.analysis.counts.batched_counts import BatchedRates
from trialkit.analysis.linear.contrasts import t_p_value
from trialkit.planned.methods.kernel import Decisions, SimulatedTrials
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.poisson import PoissonComparison

_NOT_THERE = 1e-9
"""The exposure of who has no count: so short that the row says nothing of any rate."""

Fit = Callable[[np.ndarray, np.ndarray, np.ndarray | None], BatchedRates]
"""A model of counts (R, rows), a design (rows, columns) and exposures, if not all are 1."""


def decided_rates(
    trials: SimulatedTrials, fit: Fit, *, spread: Callable[[int, np.ndarray, int], np.ndarray]
) -> Decisions:
    """The log rate ratio of each arm, by Wald's test and limits.

    Who has no count is there for no time. ``spread`` corrects the variance for that: by the rows in
    all, those with a count (R,) and the coefficients.
    """
    counts = trials.values[:, :, trials.place]
    known = ~np.isnan(counts)
    arms = np.arange(1, int(trials.arms.max()) + 1)
    design = np.column_stack(
        [np.ones(len(trials.arms)), (trials.arms[:, None] == arms).astype(float)]
    )
    exposure = None if known.all() else np.where(known, 1.0, _NOT_THERE)
    fitted = fit(np.where(known, counts, 0.0), design, exposure)
    at = slice(1, 1 + len(arms))
    n, p = design.shape
    observed = known.sum(axis=1)
    by = np.sqrt(spread(n, observed, p))[:, None]
    estimate, se = fitted.coefficients[:, at], fitted.se[:, at] * by
    df = np.inf if np.isinf(fitted.df) else (observed - p)[:, None]
    reach = -stdtrit(df, (1 - trials.level) / 2) * se
    return Decisions(
        estimate=estimate,
        se=se,
        p_value=t_p_value(estimate / se, df),
        conf_low=estimate - reach,
        conf_high=estimate + reach,
    )


def refuse_profile(specification: PoissonComparison | NegativeBinomialComparison) -> str:
    """The refusal of what the kernels of rates do not have."""
    if specification.limits is not RatioLimits.WALD:
        return f"rates with {specification.limits.value} limits have no kernel"
    if specification.covariates:
        return "a comparison of rates with covariates has no kernel"
    return ""
