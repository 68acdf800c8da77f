"""Fixed effects and variance components fitted to rows, and what inference needs of them."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.linear.fitted_model import ROUNDING
from trialkit.analysis.mixed.cell_sums import CellSums, gather_cells
from trialkit.analysis.mixed.climbing import climb, every_variance
from trialkit.analysis.mixed.components import VarianceEvaluation
from trialkit.analysis.mixed.groupings import RowGrouping, refuse_unidentified
from trialkit.analysis.repeated.fitted import Fitted
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.methods.repeated import Likelihood

SHARES = (0.3, 0.02, 0.8)
"""Of the variance that the groupings have together where the climb begins."""
NONE = 1e-9
"""A residual variance below this share of the outcome's is none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VarianceFit:
    """The maximum in units of ``unit``, the standard deviation of the least squares residuals.

    ``at`` is the likelihood there for orthonormal columns; ``fitted`` is on the scale of the outcome.
    """

    sums: CellSums
    at: VarianceEvaluation
    unit: float
    restricted: bool
    fitted: Fitted

    @property
    def variances(self) -> np.ndarray:
        """The variances (t,), of the groupings and then of the residuals."""
        return np.asarray(self.at.theta * self.unit**2)

    @property
    def log_likelihood(self) -> float:
        """The maximised log-likelihood, restricted under REML, with all its constants."""
        freedom = self.sums.n - (self.sums.p if self.restricted else 0)
        return -self.at.value / 2 - freedom * float(np.log(self.unit))


def fit_variances(
    design: np.ndarray,
    outcome: np.ndarray,
    groupings: tuple[RowGrouping, ...],
    classes: np.ndarray,
    *,
    n_classes: int,
    likelihood: Likelihood,
    inference: MixedInference,
) -> VarianceFit:
    """Fit columns of full rank (n, p) and the variances of groupings and residual classes (n,).

    Raises ``AnalysisError`` for KR under ML, groupings whose variance cannot be told, an outcome without
    residual variance, and where no maximum is found.
    """
    if inference is MixedInference.KENWARD_ROGER and likelihood is Likelihood.ML:
        raise AnalysisError(
            "inference='kenward-roger' corrects for REML and does not go with method='ml'",
            advice="use method='reml' or inference='satterthwaite'",
        )
    restricted = likelihood is Likelihood.REML
    length = np.linalg.norm(design, axis=0)
    first, triangle = np.linalg.qr(design / length)
    basis, corner = np.linalg.qr(first)
    back = np.linalg.inv(corner @ triangle) / length[:, None]
    refuse_unidentified(groupings, basis)
    origin = basis.T @ outcome
    residuals = outcome - basis @ origin
    left = float(residuals @ residuals)
    n, p = design.shape
    if left <= ROUNDING**2 * float(outcome @ outcome):
        raise AnalysisError("the fixed effects reproduce the outcome exactly: there is no variance")
    unit = float(np.sqrt(left / (n - p)))
    sums = gather_cells(
        np.column_stack([basis, residuals / unit]),
        groupings,
        classes,
        n_classes=n_classes,
        log_columns=-2 * float(np.linalg.slogdet(back)[1]),
    )
    at = _highest(sums, groupings, restricted=restricted)
    phi = at.phi * unit**2
    spread = _theta_covariance(at, inference) * unit**4
    couplings = at.couplings / unit**4
    covariance = phi
    if inference is MixedInference.KENWARD_ROGER:
        covariance = phi + _correction(at) * unit**2
    return VarianceFit(
        sums=sums,
        at=at,
        unit=unit,
        restricted=restricted,
        fitted=Fitted(
            basis=back,
            estimate=at.gamma * unit + origin,
            phi=phi,
            covariance=covariance,
            couplings=couplings,
            theta_covariance=spread,
            n_observations=n,
            leverage=None,
            within_subject=None,
        ),
    )


def _highest(
    sums: CellSums, groupings: tuple[RowGrouping, ...], *, restricted: bool
) -> VarianceEvaluation:
    """The highest maximum from several beginnings."""
    g = len(groupings)
    found = []
    for share in SHARES:
        start = np.append(np.full(g, share / g), np.full(len(sums.within), 1 - share))
        climbed = climb(sums, every_variance(len(start)), start, restricted=restricted)
        if climbed is not None:
            found.append(climbed.at)
    best = min(found, key=lambda each: each.value, default=None)
    if best is None or (best.theta[g:] < NONE).any():
        raise AnalysisError(
            "no maximum of the likelihood was found: the residual variance runs to zero, or the "
            "groupings "
            f"({', '.join(each.name for each in groupings)}) do not tell their variances apart",
            advice="look whether rows of the same level differ, or leave a grouping out",
        )
    return best


def _theta_covariance(at: VarianceEvaluation, inference: MixedInference) -> np.ndarray:
    """The covariance of the variances: by the expected information for Kenward and Roger.

    Satterthwaite's is by the observed one of the variances that are not 0: one at its boundary does not
    move with the data.
    """
    if inference is MixedInference.KENWARD_ROGER:
        return 2 * _inverse(at.expected)
    inside = np.ix_(at.theta > 0, at.theta > 0)
    spread = np.zeros_like(at.observed)
    spread[inside] = 2 * _inverse(at.observed[inside])
    return spread


def _inverse(information: np.ndarray) -> np.ndarray:
    """The inverse, of directions with information; variances may be of very different sizes."""
    size = np.sqrt(np.diagonal(information))
    scaled = information / np.outer(size, size)
    found = np.linalg.pinv(scaled, rcond=1e-10, hermitian=True)
    return np.asarray(found / np.outer(size, size))


def _correction(at: VarianceEvaluation) -> np.ndarray:
    """2Φ Σ Ωₐᵦ (Qₐᵦ − PₐΦPᵦ) Φ of Kenward and Roger; V is linear in θ, so that R is 0."""
    omega = _theta_covariance(at, MixedInference.KENWARD_ROGER)
    coupled = np.einsum("tpq,qr,urs->tups", at.couplings, at.phi, at.couplings, optimize=True)
    inner = np.einsum("tu,tups->ps", omega, at.second - coupled)
    return np.asarray(2 * at.phi @ ((inner + inner.T) / 2) @ at.phi)
