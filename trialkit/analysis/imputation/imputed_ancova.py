"""Analysis of covariance of many imputed data sets at once.

All data sets have the same subjects, arms and covariates, so that one decomposition serves them all;
where subjects are counted differently, each has its own small cross-products.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, levels, numbers
from trialkit.analysis.imputation.incomplete import IncompleteTrial
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import ImputedQuantity


@dataclass(frozen=True, slots=True, kw_only=True)
class ImputedAncova:
    """Arms compared at each of ``visits`` (all where none are named), adjusted for ``covariates``.

    Covariates are columns that are the same in all rows of a subject; the baseline is one of them.
    Adjusted means hold numeric covariates at their mean, and give levels of others equal weights.
    """

    covariates: Sequence[str] = ()
    visits: Sequence[object] | None = None
    order: Order | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BatchedAncova:
    """The columns of the model (n, p), and what is estimated: rows (quantity, p) at each visit.

    ``numeric`` (p) says which columns are numbers; these have a mean of zero.
    """

    design: np.ndarray
    numeric: np.ndarray
    rows: np.ndarray
    visits: tuple[int, ...]
    keys: tuple[tuple[object, ...], ...]

    def estimate(
        self, outcomes: np.ndarray, counts: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Estimates, variances and degrees of freedom (data set, visit · quantity).

        ``outcomes`` (data set, n, m); ``counts`` (data set, n) say how often a subject counts, and
        then the variances, which no pooling of resamples needs, are missing.
        """
        found = [self._at(outcomes[:, :, visit], counts) for visit in self.visits]
        estimate, variance = (np.concatenate([each[k] for each in found], axis=1) for k in (0, 1))
        df = np.full(estimate.shape, float(len(self.design) - self.design.shape[1]))
        return estimate, variance, df

    def _at(self, values: np.ndarray, counts: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        if counts is not None:
            estimate = self.counted(values, counts)
            return estimate, np.full_like(estimate, np.nan)
        basis, triangle = np.linalg.qr(self.design)
        back = self.rows @ np.linalg.inv(triangle)  # (quantity, p) of orthonormal columns
        centred = values - values.mean(axis=1, keepdims=True)
        on_basis = centred @ basis
        residuals = centred - on_basis @ basis.T
        estimate = on_basis @ back.T + values.mean(axis=1, keepdims=True) * self.rows[:, 0]
        df = len(self.design) - self.design.shape[1]
        sigma = np.einsum("kn,kn->k", residuals, residuals) / df
        return estimate, sigma[:, None] * (back**2).sum(axis=1)

    def counted(self, values: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Estimates (data set, quantity) with each subject counted so many times."""
        x = self.design
        n, p = x.shape
        outer = (x[:, :, None] * x[:, None, :]).reshape(n, p * p)
        crossed = (counts @ outer).reshape(-1, p, p)
        target = ((counts * values) @ x)[:, :, None]
        try:
            coefficients = np.linalg.solve(crossed, target)
        except np.linalg.LinAlgError:  # a level that a sample does not have
            coefficients = np.linalg.pinv(crossed, hermitian=True) @ target
        # adjusted means hold numbers at the mean of the sample, and the columns at that of all
        held = np.where(self.numeric, (counts @ x) / counts.sum(axis=1, keepdims=True), 0.0)
        rows = self.rows + held[:, None] * self.rows[:, :1]
        return np.asarray((rows @ coefficients)[:, :, 0])


def batched_ancova(trial: IncompleteTrial, asked: ImputedAncova) -> BatchedAncova:
    """The model of ``asked`` for the subjects of ``trial``.

    Raises :class:`AnalysisError` for unknown visits, covariates that lack values, change within a
    subject, do not vary, or follow from others.
    """
    if isinstance(asked.covariates, str):
        raise AnalysisError(f"covariates must be a list of columns, got {asked.covariates!r}")
    arms = len(trial.arms)
    columns: list[np.ndarray] = [np.ones(len(trial.subjects))]
    columns += [(trial.arm == code).astype(float) for code in range(1, arms)]
    held = [1.0, *([0.0] * (arms - 1))]
    names = [trial.columns.arm] * arms
    numeric = [False] * arms
    for name in asked.covariates:
        for column, at in covariate_columns(trial, name, asked.order):
            columns.append(column)
            held.append(at)
            names.append(name)
            numeric.append(at == 0)
    design = np.column_stack(columns)
    _refuse_dependent(design, names)
    mean = np.array(held)
    means = np.repeat(mean[None], arms, axis=0)
    means[np.arange(1, arms), np.arange(1, arms)] = 1.0
    rows = np.concatenate([means[1:] - means[:1], means])
    visits = _visits(trial, asked.visits)
    quantities = [
        *((ImputedQuantity.DIFFERENCE.value, arm) for arm in trial.arms[1:]),
        *((ImputedQuantity.MEAN.value, arm) for arm in trial.arms),
    ]
    return BatchedAncova(
        design=design,
        numeric=np.array(numeric),
        rows=rows,
        visits=visits,
        keys=tuple((trial.visits[v], *each) for v in visits for each in quantities),
    )


def covariate_columns(
    trial: IncompleteTrial, name: str, order: Order | None
) -> list[tuple[np.ndarray, float]]:
    """The columns of a covariate, and where adjusted means hold them."""
    m = len(trial.visits)
    whole = trial.frame
    if name not in whole.columns:
        numbers(whole, name, parameter="covariates")  # says which columns there are
    wide = whole[name].to_numpy(dtype=object).reshape(-1, m)
    if pd.isna(wide).any():
        raise AnalysisError(f"the covariate {name!r} lacks a value in some row of the data")
    if (wide != wide[:, :1]).any():
        raise AnalysisError(
            f"the covariate {name!r} changes from visit to visit of a subject",
            advice="name a column that stands for the subject, such as the baseline",
        )
    kind = whole[name].dtype
    numeric = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
    if numeric and name not in (order or {}):
        values = numbers(whole, name, parameter="covariates")[::m]
        spread = float(values.std())
        if spread == 0:
            raise AnalysisError(f"the covariate {name!r} is the same for all subjects")
        return [((values - values.mean()) / spread, 0.0)]
    codes, known = levels(
        whole.iloc[::m], name, parameter="covariates", order=order, keep_empty=False
    )
    return [((codes == code).astype(float), 1 / len(known)) for code in range(1, len(known))]


def _refuse_dependent(design: np.ndarray, names: Sequence[str]) -> None:
    if np.linalg.matrix_rank(design) < design.shape[1]:
        ranks = [np.linalg.matrix_rank(design[:, : k + 1]) for k in range(design.shape[1])]
        at = int(np.argmax(np.array(ranks) < np.arange(1, len(ranks) + 1)))
        raise AnalysisError(f"the covariate {names[at]!r} follows from the columns before it")
    if len(design) <= design.shape[1]:
        raise AnalysisError(
            f"{len(design)} subjects are too few for a model of {design.shape[1]} columns"
        )


def _visits(trial: IncompleteTrial, asked: Sequence[object] | None) -> tuple[int, ...]:
    wanted = trial.visits if asked is None else tuple(asked)
    unknown = [each for each in wanted if each not in trial.visits]
    if unknown or not wanted:
        raise AnalysisError(
            f"visits must be among {', '.join(map(repr, trial.visits))}, got {list(wanted)!r}"
        )
    return tuple(trial.visits.index(each) for each in wanted)
