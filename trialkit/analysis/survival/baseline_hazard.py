"""The cumulative hazard of a Cox model where its covariates are 0."""

import numpy as np
import pandas as pd

from trialkit.analysis.survival.cox_fit import CoxFit
from trialkit.errors import AnalysisError


def baseline_steps(fit: CoxFit) -> pd.DataFrame:
    """Steps at the event times: stratum, time, cumulative_hazard, survival.

    Reference: Breslow's estimator (discussion of Cox, J R Stat Soc B 1972;34:216) and its form for
    Efron's ties. Raises :class:`AnalysisError` where a coefficient is not finite and for the exact
    likelihood.
    """
    likelihood = fit.tie_likelihood("a baseline hazard")
    if fit.maximum.unbounded.any():
        raise AnalysisError("a model with an infinite coefficient has no baseline hazard")
    sets = likelihood.sets
    found = likelihood.moments(fit.maximum.beta)
    # hazards were relative to the largest of the stratum, of covariates less their means
    centre = float(fit.rows.matrix.mean(axis=0) @ fit.coefficients)
    shift = found.shift[sets.at_risk_from]
    steps = sets.over_deaths(found.inverse) * np.exp(-shift - centre)
    frame = pd.DataFrame({"stratum": sets.stratum, "time": sets.times, "step": steps})
    hazard = frame.groupby("stratum")["step"].cumsum().to_numpy()
    return frame.drop(columns="step").assign(cumulative_hazard=hazard, survival=np.exp(-hazard))
