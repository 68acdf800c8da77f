"""Residuals of the analysed rows."""

import numpy as np
import pandas as pd

from trialkit.analysis.repeated.cohort import Cohort
from trialkit.analysis.repeated.likelihood import CovarianceModel, Evaluation
from trialkit.analysis.repeated.statistics import Patterns
from trialkit.protocol.methods.repeated import ResidualKind


def residual_values(
    cohort: Cohort,
    patterns: Patterns,
    model: CovarianceModel,
    at: Evaluation,
    kind: ResidualKind,
) -> np.ndarray:
    """The residuals (subject, visit), zero where nothing was observed.

    *Response* residuals are y − Xβ; *Pearson* ones are divided by the standard deviation at the visit;
    *normalised* ones are uncorrelated: L⁻¹(y − Xβ) with V = LLᵀ, visits in order.
    """
    raw = np.where(cohort.observed, cohort.residuals - cohort.rows() @ at.gamma, 0.0)
    root_weight = np.sqrt(cohort.weights)
    if kind is ResidualKind.RESPONSE:
        return np.asarray(raw / root_weight)
    sigma = np.moveaxis(model.sigma(at.theta), 2, 0)[patterns.block][patterns.of_subject]
    if kind is ResidualKind.PEARSON:
        return np.asarray(raw / np.sqrt(np.diagonal(sigma, axis1=1, axis2=2)))
    both = cohort.observed[:, :, None] & cohort.observed[:, None, :]
    alone = np.eye(raw.shape[1]) * ~cohort.observed[:, :, None]
    root = np.linalg.cholesky(np.where(both, sigma, alone))
    return np.asarray(np.linalg.solve(root, raw[:, :, None])[:, :, 0])


def residual_frame(
    cohort: Cohort,
    values: np.ndarray,
    subjects: tuple[object, ...],
    visits: tuple[object, ...],
) -> pd.DataFrame:
    """One row an analysed subject–visit: subject, visit, residual."""
    place, visit = np.nonzero(cohort.observed)
    return pd.DataFrame(
        {
            "subject": [subjects[each] for each in cohort.subjects[place]],
            "visit": [visits[each] for each in visit],
            "residual": values[place, visit],
        }
    )
