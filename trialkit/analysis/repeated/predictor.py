"""Predictions of the unobserved visits of every subject of the data."""

import numpy as np
import pandas as pd

from trialkit.analysis.repeated.cohort import Cohort
from trialkit.analysis.repeated.design import MmrmDesign
from trialkit.analysis.repeated.fitted import Fitted
from trialkit.analysis.repeated.likelihood import CovarianceModel, Evaluation
from trialkit.analysis.repeated.prediction import Conditional, Predictions, predict_given
from trialkit.analysis.repeated.records import Records
from trialkit.analysis.repeated.shapes import CorrelationForm
from trialkit.analysis.repeated.structures import covariance, structure_for
from trialkit.protocol.methods.repeated import CovarianceStructure


def predict_unobserved(
    records: Records,
    design: MmrmDesign,
    cohort: Cohort,
    *,
    model: CovarianceModel,
    at: Evaluation,
    fitted: Fitted,
) -> Predictions:
    """Predict every visit that was not observed and whose covariates are known."""
    n, m = len(records.subjects), len(records.visits)
    observed = np.zeros((n, m), dtype=bool)
    observed[cohort.subjects] = cohort.observed
    outcome = _wide(records, records.outcome, fill=np.nan)
    weights = np.ones((n, m))
    if records.weights is not None:
        weights = _wide(records, records.weights, fill=1.0)
    group = np.full(n, -1, dtype=np.intp)
    placed = (records.subject >= 0) & (records.group >= 0)
    group[records.subject[placed]] = records.group[placed]
    own_times = model.structure.has_own_times
    times = _times(records, cohort) if own_times and records.time is not None else None
    timed = np.ones((n, m), dtype=bool) if times is None else ~np.isnan(times)
    able = ~observed & design.known & timed & (group >= 0)[:, None]
    rows = _all_rows(design)
    beta = fitted.basis @ fitted.estimate
    phi = fitted.basis @ fitted.phi @ fitted.basis.T
    conditionals: list[Conditional] = []
    subjects: list[object] = []
    for i in np.flatnonzero(able.any(axis=1)):
        sigma = _sigma(model, at.theta, int(group[i]), None if times is None else times[i])
        root = np.sqrt(weights[i])
        residual = np.where(observed[i], outcome[i] - rows[i] @ beta, 0.0)
        conditionals.append(
            predict_given(
                rows=rows[i],
                observed=observed[i],
                wanted=able[i],
                residual=residual,
                sigma=sigma / np.outer(root, root),
                beta=beta,
                phi=phi,
            )
        )
        subjects.append(records.subjects[int(i)])
    return Predictions(
        subjects=tuple(subjects),
        visits=records.visits,
        conditionals=tuple(conditionals),
        left_out=_left_out(records, ~observed & ~able, design.known),
    )


def _wide(records: Records, values: np.ndarray, *, fill: float) -> np.ndarray:
    """The values by subject and visit, ``fill`` where there is none."""
    wide = np.full((len(records.subjects), len(records.visits)), fill)
    placed = (records.subject >= 0) & (records.visit >= 0) & ~np.isnan(values)
    wide[records.subject[placed], records.visit[placed]] = values[placed]
    return wide


def _times(records: Records, cohort: Cohort) -> np.ndarray:
    if records.time is None or cohort.time is None:
        return np.full((len(records.subjects), len(records.visits)), np.nan)
    return _wide(records, records.time, fill=np.nan)


def _all_rows(design: MmrmDesign) -> np.ndarray:
    """The reported columns of every subject at every visit (subject, visit, p)."""
    internal = np.einsum("nd,mdp->nmp", design.profiles, design.layout, optimize=True)
    return np.asarray(internal @ design.rescale)


def _sigma(
    model: CovarianceModel, theta: np.ndarray, group: int, times: np.ndarray | None
) -> np.ndarray:
    """Σ of a subject at all visits; where times are its own, visits without one stand far apart."""
    own = theta[model.own(group)]
    if times is None or model.structure.shape.form is not CorrelationForm.DISTANCE:
        block = int(np.argmax(model.group_of_block == group))
        return model.sigma(theta)[:, :, block]
    known = np.isfinite(times)
    at = np.where(known, times, 0.0)
    distances = np.abs(np.subtract.outer(at, at))
    distances[~np.logical_and.outer(known, known)] = 1.0
    np.fill_diagonal(distances, 0.0)
    structure = structure_for(CovarianceStructure.SPATIAL_EXPONENTIAL, len(times), distances)
    return covariance(structure, own)


def _left_out(records: Records, where: np.ndarray, known: np.ndarray) -> pd.DataFrame:
    place, visit = np.nonzero(where)
    reasons = np.where(
        known[place, visit], "the time or group is missing", "a covariate or the arm is missing"
    )
    return pd.DataFrame(
        {
            "subject": pd.Series([records.subjects[each] for each in place], dtype=object),
            "visit": pd.Series([records.visits[each] for each in visit], dtype=object),
            "reason": pd.Series(reasons, dtype=object),
        }
    )
