"""Limits and tests of hazard ratios by the profile of the partial likelihood."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from trialkit.analysis.generalised.profile import profile_limits
from trialkit.analysis.survival.cox_fit import CoxFit
from trialkit.analysis.survival.newton import maximise
from trialkit.analysis.survival.ratio_tables import ratio_table
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import Comparisons
from trialkit.results.effect import Status

ONE_LIMIT = (
    "no finite estimate: the likelihood rises as the ratio goes to 0 or infinity, as where nobody of "
    "an arm has the event; the limits and p are of the profile likelihood"
)


def profiled_ratio_table(fit: CoxFit, reference: object, *, conf_level: float) -> pd.DataFrame:
    """The ratio of each arm and the reference, with limits and a test that agree with each other.

    The statistic is the signed root of the likelihood ratio. Where the estimate is 0 or infinite one
    limit still is not. Raises :class:`AnalysisError` for robust standard errors, which the likelihood
    knows nothing of.
    """
    if fit.robust is not None:
        raise AnalysisError(
            "limits of the profile likelihood are the model's own, and cannot be robust",
            advice="ask for wald limits",
        )
    found = ratio_table(fit, reference, comparisons=Comparisons.REFERENCE, conf_level=conf_level)
    own = fit.rows.terms[-1][1]
    highest = fit.maximum.at.log_likelihood
    for row, index in enumerate(own):
        highest_at = _highest_at(fit, int(index))
        estimate = float(fit.coefficients[index] * fit.scale[index])
        se = float(np.sqrt(fit.model_covariance[index, index])) * fit.scale[index]
        low, high = profile_limits(
            highest_at,
            estimate=estimate,
            step=1.0 if np.isnan(se) else 2 * se,
            highest=highest,
            conf_level=conf_level,
        )
        ratio = max(2 * (highest - highest_at(0.0)), 0.0)
        endless = not np.isfinite(estimate)
        found.loc[row, "statistic"] = float(np.copysign(np.sqrt(ratio), estimate))
        found.loc[row, "p_value"] = float(chdtrc(1, ratio))
        found.loc[row, "conf_low"] = float(np.exp(low / fit.scale[index]))
        found.loc[row, "conf_high"] = float(np.exp(high / fit.scale[index]))
        found.loc[row, "status"] = Status.ESTIMATED.value
        found.loc[row, "note"] = ONE_LIMIT if endless else ""
    return found


def _highest_at(fit: CoxFit, index: int) -> Callable[[float], float]:
    """The largest log-likelihood at a value of one coefficient, of a covariate of unit deviation."""
    likelihood = fit.likelihood
    column = likelihood.covariates[index]
    others = np.delete(likelihood.covariates, index, axis=0)

    def highest_at(value: float) -> float:
        held = replace(likelihood, covariates=others, offset=column * value)
        return maximise(held, len(others)).at.log_likelihood

    return highest_at
