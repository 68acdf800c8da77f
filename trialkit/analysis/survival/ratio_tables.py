"""Tables of hazard ratios and coefficients of a fitted model, finite or not."""

import numpy as np
import pandas as pd

from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.linear.contrasts import compared_levels
from trialkit.analysis.survival.cox_fit import CoxFit
from trialkit.analysis.survival.curve_limits import tested_by_normal
from trialkit.protocol.methods.linear_models import Comparisons
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Status

UNBOUNDED = (
    "the likelihood has no maximum: it rises as the ratio goes to 0 or infinity, as where nobody of "
    "an arm or a level has the event; the likelihood ratio and score tests hold, Wald's does not"
)


def ratio_table(
    fit: CoxFit, reference: object, *, comparisons: Comparisons | str, conf_level: float
) -> pd.DataFrame:
    """Ratios of arms: contrast, estimate, se (of the logarithm), test, limits, status, note."""
    check_level(conf_level)
    compared = choose(Comparisons, comparisons, parameter="comparisons")
    arm = fit.rows.arm
    pairs = compared_levels(arm.levels, comparisons=compared, reference=reference)
    contrasts = arm.contrast_matrix(fit.rows.design.coding)
    rows = np.zeros((len(pairs), len(fit.scale)))
    rows[:, fit.rows.terms[-1][1]] = [contrasts[one] - contrasts[other] for one, other in pairs]
    found = _linear(fit, rows, conf_level)
    names = [str(each) for each in arm.levels]
    found.insert(0, "contrast", [contrast_label(names[one], names[other]) for one, other in pairs])
    for name in ("estimate", "conf_low", "conf_high"):
        found[name] = np.exp(found[name])
    return found


def coefficient_table(fit: CoxFit, *, conf_level: float) -> pd.DataFrame:
    """Every coefficient, with the model's own standard error and the ratio beside it."""
    check_level(conf_level)
    found = _linear(fit, np.eye(len(fit.scale)), conf_level)
    found.insert(0, "coefficient", list(fit.rows.names))
    with np.errstate(invalid="ignore"):
        found["model_se"] = np.sqrt(np.diagonal(fit.model_covariance))
    return found.assign(hazard_ratio=np.exp(found["estimate"]))


def _linear(fit: CoxFit, rows: np.ndarray, conf_level: float) -> pd.DataFrame:
    """Estimates of rows (T, p) of coefficients, with what to know about those without limits."""
    unbounded = fit.maximum.unbounded
    direction = rows * unbounded
    up, down = (direction > 0).any(axis=1), (direction < 0).any(axis=1)
    bad = up | down
    finite = np.where(unbounded == 0, fit.coefficients, 0.0)
    covariance = np.where(np.isnan(fit.covariance), 0.0, fit.covariance)
    se = np.sqrt(np.einsum("ij,jk,ik->i", rows, covariance, rows))
    found = tested_by_normal(rows @ finite, np.where(bad, np.nan, se), conf_level=conf_level)
    endless = np.select([up & down, up], [np.nan, np.inf], -np.inf)
    found.loc[bad, "estimate"] = endless[bad]
    found.loc[bad, "conf_low"] = -np.inf
    found.loc[bad, "conf_high"] = np.inf
    states = [Status.NOT_ESTIMABLE.value if each else Status.ESTIMATED.value for each in bad]
    return found.assign(status=states, note=np.where(bad, UNBOUNDED, ""))
