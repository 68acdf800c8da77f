"""The mixed model for repeated measures on many data sets at once, for simulation and resampling."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.repeated.cohort import definite_moments
from trialkit.analysis.repeated.contrast_tests import student
from trialkit.analysis.repeated.likelihood import CovarianceModel
from trialkit.analysis.repeated.many import estimate_many
from trialkit.analysis.repeated.refits import counted, plainly
from trialkit.analysis.repeated.result import MmrmFit
from trialkit.analysis.repeated.shapes import CorrelationForm
from trialkit.analysis.repeated.statistics import MmrmStatistics
from trialkit.analysis.repeated.structures import (
    facts,
    starting_values,
    structure_for,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import (
    CovarianceStructure,
    Inference,
    Likelihood,
)
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular

_AT_ONCE = 400_000  # numbers held for the data sets that are fitted together


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MmrmBatch(Tabular):
    """Each arm minus the reference at each visit, in many data sets.

    Arrays have the shape (data set, arm but the reference, visit). Where a data set could not be
    fitted ``converged`` is false and its numbers are NaN; ``to_frame`` leaves these sets out.
    """

    estimate: np.ndarray
    se: np.ndarray
    df: np.ndarray
    statistic: np.ndarray
    p_value: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray
    covariance: np.ndarray  # (data set, group, visit, visit)
    log_likelihood: np.ndarray  # (data set,)
    converged: np.ndarray  # (data set,)

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        failed = len(self.converged) - self.n_converged
        return f"MMRM of {len(self.converged)} data sets, of which {failed} could not be fitted"

    @property
    def n_converged(self) -> int:
        """How many data sets were fitted."""
        return int(self.converged.sum())

    def to_frame(self) -> pd.DataFrame:
        """One row a contrast: data_set, arm and visit (numbered from 0), then the numbers."""
        sets, arms, visits = self.estimate.shape
        where = np.nonzero(np.broadcast_to(self.converged[:, None, None], (sets, arms, visits)))
        columns = ("estimate", "se", "df", "statistic", "p_value", "conf_low", "conf_high")
        keys = {"data_set": where[0], "arm": where[1] + 1, "visit": where[2]}
        return pd.DataFrame(keys | {name: getattr(self, name)[where] for name in columns})


@one_thread()
def mmrm_batch(
    outcomes: np.ndarray,
    *,
    arm: np.ndarray,
    covariates: np.ndarray | None = None,
    covariates_by_visit: np.ndarray | None = None,
    covariance: CovarianceStructure | str = CovarianceStructure.UNSTRUCTURED,
    method: Likelihood | str = Likelihood.REML,
    inference: Inference | str = Inference.KENWARD_ROGER_LINEAR,
    conf_level: float = 0.95,
) -> MmrmBatch:
    """Fit the model of :func:`mmrm` to many data sets of the same trial.

    ``outcomes`` has the shape (data set, subject, visit), NaN where not observed. ``arm`` numbers the
    arms from 0, the reference, by subject or by (data set, subject). Covariates are numbers by
    (subject, covariate) or (data set, subject, covariate). ``inference`` is ``satterthwaite`` or
    ``kenward-roger-linear``. Fits agree with single ones to about 1e-8.

    *Estimand*
        As :func:`mmrm`, in each data set.
    *Reference*
        docs/methods/mmrm.md, "Many data sets at once".
    *Checked against*
        ``tests/reference/mmrm/second_route.json``, through :func:`mmrm` on each data set.

    Raises :class:`AnalysisError` for arrays that do not fit together; a data set that cannot be
    fitted is not an error but marked in ``converged``.
    """
    check_level(conf_level)
    restricted = choose(Likelihood, method, parameter="method") is Likelihood.REML
    asked = _inference(inference, restricted=restricted)
    structure = choose(CovarianceStructure, covariance, parameter="covariance")
    values, codes = _checked(outcomes, arm)
    sets, n, m = values.shape
    if facts(structure).form is CorrelationForm.DISTANCE:
        raise AnalysisError("a batch has no times, so it cannot have the spatial structure")
    plain = _covariates(covariates, "covariates", sets, n)
    by_visit = _covariates(covariates_by_visit, "covariates_by_visit", sets, n)
    arms = int(codes.max()) + 1
    layout, contrasts = _layout(arms, m, plain.shape[2], by_visit.shape[2])
    profiles = np.concatenate(
        [
            np.ones((sets, n, 1)),
            *((codes == each)[:, :, None].astype(float) for each in range(1, arms)),
            plain,
            by_visit,
        ],
        axis=2,
    )
    scale = _standardise(profiles, arms)
    observed = ~np.isnan(values)
    seen = np.maximum(observed.sum(axis=(0, 1)), 1)
    # a shift of a visit in all arms alike does not touch the contrasts of arms
    centred = np.where(observed, values - np.nansum(values, axis=(0, 1)) / seen, 0.0)
    bits = observed @ (np.int64(1) << np.arange(m, dtype=np.int64))
    distinct = np.unique(bits[bits > 0])
    pattern = np.where(bits > 0, np.searchsorted(distinct, bits), len(distinct))
    present = (distinct[:, None] >> np.arange(m)) & 1 > 0
    refuse_unworkable_size(values, "outcomes")
    model = CovarianceModel(
        structure=structure_for(structure, m), group_of_block=np.zeros(1, dtype=int), n_groups=1
    )
    if not centred.any():
        return _unfitted(sets, model, (arms - 1, m))
    # all sets start from the covariances of a few hundred of them
    some = slice(None, None, max(1, sets // 300))
    products = np.einsum("snu,snv->uv", centred[some], centred[some], optimize=True)
    together = np.einsum("snu,snv->uv", observed[some], observed[some], dtype=float, optimize=True)
    start = starting_values(model.structure, definite_moments(products, together, centred[some]))
    columns_by_visit = by_visit.shape[2] * m
    log_columns = 2 * float(
        np.log(scale[: plain.shape[2]]).sum()
        + (np.log(scale[plain.shape[2] :]).sum() * m if columns_by_visit else 0.0)
    )
    both = np.concatenate([profiles, centred], axis=2)

    def statistics(some: slice) -> MmrmStatistics:
        return _summarise(both[some], pattern[some], present, layout, log_columns)

    return _in_chunks(
        statistics,
        sets,
        model,
        start=start,
        contrasts=contrasts,
        origin=np.zeros(len(contrasts)),
        shape=(arms - 1, m),
        restricted=restricted,
        inference=asked,
        conf_level=conf_level,
    )


@one_thread()
def mmrm_resampled(
    fit: MmrmFit,
    counts: np.ndarray,
    *,
    inference: Inference | str = Inference.SATTERTHWAITE,
    conf_level: float = 0.95,
) -> MmrmBatch:
    """Fit the model of ``fit`` again with each analysed subject counted so many times.

    ``counts`` has the shape (data set, subject), subjects as in ``fit.parts.cohort.subjects``:
    multinomial counts are a bootstrap, ones with a single zero the jackknife. ``inference`` is
    ``satterthwaite`` or ``kenward-roger-linear``.

    *Estimand*
        As :func:`mmrm`, in each resampled data set.
    *Reference*
        docs/methods/mmrm.md, "Many data sets at once".
    *Checked against*
        ``tests/reference/mmrm/second_route.json``, through :func:`mmrm` on the resampled rows.

    Raises :class:`AnalysisError` for counts that do not fit, or times that differ by subject.
    """
    check_level(conf_level)
    parts = fit.parts
    cohort = parts.cohort
    weight = np.asarray(counts, dtype=float)
    if weight.ndim != 2 or weight.shape[1] != fit.n_subjects or not (weight >= 0).all():
        raise AnalysisError(
            f"counts must be non-negative with a column for each of the {fit.n_subjects} analysed "
            f"subjects, got shape {weight.shape}"
        )
    if parts.model.structure.has_own_times:
        raise AnalysisError("a model with times of its own for each subject cannot be resampled")
    model, theta = plainly(parts)
    marginal = parts.design.marginal
    rows = (marginal[1:] - marginal[:1]).reshape(-1, marginal.shape[2]) @ cohort.basis
    restricted = fit.likelihood is Likelihood.REML

    def statistics(some: slice) -> MmrmStatistics:
        return counted(parts, weight[some])

    return _in_chunks(
        statistics,
        len(weight),
        model,
        start=theta,
        contrasts=rows,
        origin=rows @ cohort.origin,
        shape=(marginal.shape[0] - 1, marginal.shape[1]),
        restricted=restricted,
        inference=_inference(inference, restricted=restricted),
        conf_level=conf_level,
    )


def _unfitted(sets: int, model: CovarianceModel, shape: tuple[int, int]) -> MmrmBatch:
    """What data sets give in which nothing is observed or nothing varies."""
    visits = model.structure.visits
    blank = np.full((sets, *shape), np.nan)
    return MmrmBatch(
        estimate=blank,
        se=blank,
        df=blank,
        statistic=blank,
        p_value=blank,
        conf_low=blank,
        conf_high=blank,
        covariance=np.full((sets, model.n_groups, visits, visits), np.nan),
        log_likelihood=np.full(sets, np.nan),
        converged=np.zeros(sets, dtype=bool),
    )


def _in_chunks(
    statistics: Callable[[slice], MmrmStatistics],
    sets: int,
    model: CovarianceModel,
    *,
    start: np.ndarray,
    contrasts: np.ndarray,
    origin: np.ndarray,
    shape: tuple[int, int],
    restricted: bool,
    inference: Inference,
    conf_level: float,
) -> MmrmBatch:
    """Fit a few hundred data sets at a time, so that their numbers stay in the cache."""
    m, t, p = model.structure.visits, model.n_parameters, contrasts.shape[1]
    step = int(np.clip(_AT_ONCE // (t * (p * p + 4 * m * m + m * p)), 8, 512))
    found = [
        estimate_many(
            statistics(slice(first, min(first + step, sets))),
            model,
            start,
            contrasts,
            restricted=restricted,
            inference=inference,
        )
        for first in range(0, sets, step)
    ]
    estimate, se, df = (
        np.concatenate([getattr(each, name) for each in found], axis=1).T
        for name in ("estimate", "se", "df")
    )
    tested = student(estimate + origin, se, df, conf_level=conf_level)
    each_shape = (sets, *shape)
    theta = np.concatenate([each.theta for each in found], axis=1)
    converged = np.concatenate([each.converged for each in found])
    sigma = np.moveaxis(model.sigma(theta), (3, 2), (0, 1))
    return MmrmBatch(
        estimate=tested.estimate.reshape(each_shape),
        se=tested.se.reshape(each_shape),
        df=tested.df.reshape(each_shape),
        statistic=tested.statistic.reshape(each_shape),
        p_value=tested.p_value.reshape(each_shape),
        conf_low=tested.conf_low.reshape(each_shape),
        conf_high=tested.conf_high.reshape(each_shape),
        covariance=np.where(converged[:, None, None, None], sigma, np.nan),
        log_likelihood=-np.concatenate([each.value for each in found]) / 2,
        converged=converged,
    )


def _summarise(
    both: np.ndarray,
    pattern: np.ndarray,
    present: np.ndarray,
    layout: np.ndarray,
    log_columns: float,
) -> MmrmStatistics:
    """Sufficient statistics of data sets (set, subject, profile and outcome), pattern by pattern.

    ``pattern`` (set, subject) numbers the rows of ``present``, beyond them where nothing is observed.
    """
    kinds, d = len(present), both.shape[2] - present.shape[1]
    crossed = np.empty((kinds, both.shape[2], both.shape[2], len(both)))
    counts = np.empty((kinds, len(both)))
    turned = np.swapaxes(both, 1, 2)
    for k in range(kinds):
        here = pattern == k
        crossed[k] = np.moveaxis((turned * here[:, None, :]) @ both, 0, 2)
        counts[k] = here.sum(axis=1)
    return MmrmStatistics(
        present=present,
        block=np.zeros(kinds, dtype=np.intp),
        counts=counts,
        zz=np.ascontiguousarray(crossed[:, :d, :d]),
        zy=np.ascontiguousarray(crossed[:, :d, d:]),
        yy=np.ascontiguousarray(crossed[:, d:, d:]),
        layout=layout,
        n_observations=present.sum(axis=1) @ counts,
        log_weights=np.zeros(len(both)),
        log_columns=log_columns,
    )


def _layout(arms: int, m: int, plain: int, by_visit: int) -> tuple[np.ndarray, np.ndarray]:
    """What each column picks from a profile (m · d, p), and the contrasts of arms (row, p).

    Every visit has a column for each element of the profile, but a plain covariate has one for all.
    """
    d = arms + plain + by_visit
    columns = [
        (visit, slot) for visit in range(m) for slot in range(d) if not arms <= slot < arms + plain
    ]
    layout = np.zeros((m, d, len(columns) + plain))
    for at, (visit, slot) in enumerate(columns):
        layout[visit, slot, at] = 1
    for at in range(plain):
        layout[:, arms + at, len(columns) + at] = 1
    contrasts = np.zeros((arms - 1, m, layout.shape[2]))
    for code in range(1, arms):
        for visit in range(m):
            contrasts[code - 1, visit, columns.index((visit, code))] = 1
    return layout.reshape(m * d, -1), contrasts.reshape(-1, layout.shape[2])


def _standardise(profiles: np.ndarray, first: int) -> np.ndarray:
    """Centre and scale the covariates in place; returns the scales."""
    numbers = profiles[:, :, first:]
    scale = numbers.std(axis=(0, 1))
    if (scale == 0).any():
        raise AnalysisError(
            f"covariate number {int(np.argmin(scale)) + 1} has the same value everywhere"
        )
    profiles[:, :, first:] = (numbers - numbers.mean(axis=(0, 1))) / scale
    return np.asarray(scale)


def _checked(outcomes: np.ndarray, arm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The outcomes as floats, and the arm of each subject in each data set."""
    values = np.asarray(outcomes, dtype=float)
    if values.ndim != 3 or 0 in values.shape or np.isinf(values).any():
        raise AnalysisError(
            "outcomes must be finite or NaN with the shape (data set, subject, visit), "
            f"got shape {values.shape}"
        )
    codes = np.asarray(arm)
    if codes.shape not in (values.shape[1:2], values.shape[:2]):
        raise AnalysisError(
            f"arm must have the shape {values.shape[1:2]} or {values.shape[:2]}, got {codes.shape}"
        )
    known = np.unique(codes)
    if not np.issubdtype(codes.dtype, np.integer) or len(known) < 2 or known[0] != 0:
        raise AnalysisError(
            "arm must number the arms from 0, the reference, with two or more of them; "
            f"got {known[:5].tolist()}"
        )
    return values, np.broadcast_to(codes, values.shape[:2])


def _covariates(given: np.ndarray | None, name: str, sets: int, n: int) -> np.ndarray:
    """The covariates by data set, subject and covariate."""
    if given is None:
        return np.zeros((sets, n, 0))
    values = np.asarray(given, dtype=float)
    if values.ndim not in (2, 3) or values.shape[-2] != n or not np.isfinite(values).all():
        raise AnalysisError(
            f"{name} must be finite numbers by (subject, covariate) or (data set, subject, covariate) "
            f"for {n} subjects, got shape {values.shape}"
        )
    if values.ndim == 3 and len(values) != sets:
        raise AnalysisError(f"{name} are for {len(values)} data sets, outcomes for {sets}")
    return np.broadcast_to(values, (sets, n, values.shape[-1]))


def _inference(inference: Inference | str, *, restricted: bool) -> Inference:
    asked = choose(Inference, inference, parameter="inference")
    if asked not in (Inference.SATTERTHWAITE, Inference.KENWARD_ROGER_LINEAR):
        raise AnalysisError(
            f"many data sets at once take inference='satterthwaite' or 'kenward-roger-linear', "
            f"got {asked.value!r}"
        )
    if asked is Inference.KENWARD_ROGER_LINEAR and not restricted:
        raise AnalysisError("inference='kenward-roger-linear' does not go with method='ml'")
    return asked
