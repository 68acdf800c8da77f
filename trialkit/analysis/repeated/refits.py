"""The means and covariances of a fitted model, fitted again with its subjects counted otherwise.

Of ``mmrm_resampled`` this is what imputation needs: no contrasts and no standard errors, but what
each subject's outcome is expected to be at each visit, whatever arm the subject is put into.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.repeated.likelihood import CovarianceModel
from trialkit.analysis.repeated.many import estimate_many
from trialkit.analysis.repeated.result import MmrmFit, Parts
from trialkit.analysis.repeated.statistics import MmrmStatistics
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import Likelihood


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refits:
    """The model in S data sets.

    A subject with the profile z (d) is expected to have zᵀ ``coefficients`` at each visit. Where
    ``converged`` is false the numbers are NaN.
    """

    coefficients: np.ndarray  # (S, m, d)
    sigma: np.ndarray  # (S, group, m, m)
    converged: np.ndarray  # (S,)


def as_fitted(fit: MmrmFit) -> Refits:
    """The model as it is fitted to the subjects as they are: one data set."""
    parts = fit.parts
    gamma = parts.optimum.at.gamma + parts.cohort.origin
    sigma = np.moveaxis(parts.model.sigma(parts.optimum.at.theta), 2, 0)[_block_of_group(parts)]
    return Refits(
        coefficients=_by_profile(parts, gamma[None]),
        sigma=sigma[None],
        converged=np.ones(1, dtype=bool),
    )


def refitted(fit: MmrmFit, counts: np.ndarray) -> Refits:
    """The model of ``fit`` with each analysed subject counted so many times (S, subject).

    Each data set starts from the fit and settles on its own. Raises :class:`AnalysisError` for a
    model with weighted rows, or with times of its own for each subject.
    """
    parts = fit.parts
    if parts.model.structure.has_own_times or parts.records.weights is not None:
        raise AnalysisError(
            "a model with weighted rows, or with times of its own for each subject, cannot be "
            "fitted again to counted subjects"
        )
    model, theta = plainly(parts)
    found = estimate_many(
        counted(parts, np.asarray(counts, dtype=float)),
        model,
        theta,
        np.eye(len(parts.cohort.origin)),
        restricted=fit.likelihood is Likelihood.REML,
        inference=None,
    )
    sigma = np.moveaxis(model.sigma(found.theta), (3, 2), (0, 1))[:, _block_of_group(parts)]
    lost = ~found.converged
    gamma = found.estimate.T + parts.cohort.origin
    return Refits(
        coefficients=_by_profile(parts, gamma),
        sigma=np.where(lost[:, None, None, None], np.nan, sigma),
        converged=found.converged,
    )


def plainly(parts: Parts) -> tuple[CovarianceModel, np.ndarray]:
    """The model and its parameters for the visits as they are, in whatever coordinates it was fitted."""
    model = CovarianceModel(
        structure=parts.model.structure,
        group_of_block=parts.model.group_of_block,
        n_groups=parts.model.n_groups,
    )
    return model, parts.model.reported(parts.optimum.at.theta)[0]


def counted(parts: Parts, weight: np.ndarray) -> MmrmStatistics:
    """What the likelihood needs of each data set in which the subjects count ``weight`` (S, n)."""
    cohort, patterns = parts.cohort, parts.patterns
    both = np.concatenate([cohort.profiles, cohort.residuals], axis=1)
    kinds, size, d = len(patterns.block), both.shape[1], cohort.profiles.shape[1]
    crossed = np.empty((kinds, size, size, len(weight)))
    counts = np.empty((kinds, len(weight)))
    for k in range(kinds):
        here = patterns.of_subject == k
        outer = both[here][:, :, None] * both[here][:, None, :]
        crossed[k] = np.tensordot(outer, weight[:, here], (0, 1))
        counts[k] = weight[:, here].sum(axis=1)
    return MmrmStatistics(
        present=patterns.present,
        block=patterns.block,
        counts=counts,
        zz=np.ascontiguousarray(crossed[:, :d, :d]),
        zy=np.ascontiguousarray(crossed[:, :d, d:]),
        yy=np.ascontiguousarray(crossed[:, d:, d:]),
        layout=cohort.layout,
        n_observations=patterns.present.sum(axis=1) @ counts,
        log_weights=weight @ np.log(cohort.weights).sum(axis=1) / 2,
        log_columns=-2 * float(np.linalg.slogdet(cohort.basis)[1]),
    )


def _by_profile(parts: Parts, gamma: np.ndarray) -> np.ndarray:
    """Coefficients of orthonormal columns (S, p) as those of the profile at each visit (S, m, d)."""
    visits = parts.cohort.observed.shape[1]
    return np.asarray((gamma @ parts.cohort.layout.T).reshape(len(gamma), visits, -1))


def _block_of_group(parts: Parts) -> np.ndarray:
    """The covariance block of each group; there are as many."""
    groups = parts.model.group_of_block.tolist()
    return np.array([groups.index(each) for each in range(parts.model.n_groups)])
