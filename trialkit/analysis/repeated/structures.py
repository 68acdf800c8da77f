"""The covariance structures: a table of facts, and the derivatives that follow from it.

Every structure is Σ = D R D. D holds one scale for each visit, or the same for all; the forms of R are
in ``shapes``. The parameters are those of R's mmrm, on which the Kenward–Roger correction with second
derivatives depends: log scales, then those of R.
Arrays may carry further axes behind their own: blocks of subjects that share a Σ, then data sets.
"""

from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from trialkit.analysis.repeated import shapes
from trialkit.analysis.repeated.shapes import CorrelationForm, CorrelationShape, Link, along
from trialkit.protocol.methods.repeated import CovarianceStructure


class VarianceScale(Enum):
    """What the scale parameters are."""

    ONE = auto()  # log σ
    EACH = auto()  # log σ at each visit
    VARIANCE = auto()  # log σ²


@dataclass(frozen=True, slots=True)
class Facts:
    """What is particular to a structure."""

    scale: VarianceScale
    form: CorrelationForm
    link: Link


FACTS: Final = MappingProxyType(
    {
        CovarianceStructure.UNSTRUCTURED: Facts(
            VarianceScale.EACH, CorrelationForm.CHOLESKY, Link.NONE
        ),
        CovarianceStructure.TOEPLITZ: Facts(
            VarianceScale.ONE, CorrelationForm.LAGS, Link.ALGEBRAIC
        ),
        CovarianceStructure.HETEROGENEOUS_TOEPLITZ: Facts(
            VarianceScale.EACH, CorrelationForm.LAGS, Link.ALGEBRAIC
        ),
        CovarianceStructure.AR1: Facts(VarianceScale.ONE, CorrelationForm.POWER, Link.ALGEBRAIC),
        CovarianceStructure.HETEROGENEOUS_AR1: Facts(
            VarianceScale.EACH, CorrelationForm.POWER, Link.ALGEBRAIC
        ),
        CovarianceStructure.COMPOUND_SYMMETRY: Facts(
            VarianceScale.ONE, CorrelationForm.EQUAL, Link.EXCHANGEABLE
        ),
        CovarianceStructure.HETEROGENEOUS_COMPOUND_SYMMETRY: Facts(
            VarianceScale.EACH, CorrelationForm.EQUAL, Link.EXCHANGEABLE
        ),
        CovarianceStructure.ANTE_DEPENDENCE: Facts(
            VarianceScale.ONE, CorrelationForm.STEPS, Link.ALGEBRAIC
        ),
        CovarianceStructure.HETEROGENEOUS_ANTE_DEPENDENCE: Facts(
            VarianceScale.EACH, CorrelationForm.STEPS, Link.ALGEBRAIC
        ),
        CovarianceStructure.SPATIAL_EXPONENTIAL: Facts(
            VarianceScale.VARIANCE, CorrelationForm.DISTANCE, Link.LOGISTIC
        ),
    }
)


def facts(structure: CovarianceStructure) -> Facts:
    """The row of the table for ``structure``."""
    return FACTS[structure]


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A covariance structure for a number of visits; ``scales`` (scale, visit) is ∂ log D / ∂ θ."""

    scale: VarianceScale
    scales: np.ndarray
    shape: CorrelationShape

    @property
    def visits(self) -> int:
        """How many visits it is for."""
        return self.shape.visits

    @property
    def n_scales(self) -> int:
        """How many scale parameters stand first."""
        return len(self.scales)

    @property
    def n_parameters(self) -> int:
        """How many parameters the structure has."""
        return self.n_scales + self.shape.n_parameters

    @property
    def has_own_times(self) -> bool:
        """Whether the distances in time differ from subject to subject."""
        return self.shape.incidence.ndim > 3


def structure_for(
    name: CovarianceStructure, visits: int, distances: np.ndarray | None = None
) -> Structure:
    """The structure called ``name`` for ``visits`` visits.

    ``distances`` (visit, visit[, block]) is for the spatial structure: between the times of visits.
    """
    row = facts(name)
    lag = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits))).astype(float)
    first = np.arange(visits - 1)[:, None, None]
    low = np.minimum.outer(np.arange(visits), np.arange(visits))
    high = np.maximum.outer(np.arange(visits), np.arange(visits))
    apart = visits > 1
    incidence: np.ndarray
    match row.form:
        case CorrelationForm.LAGS:
            incidence = (lag == first + 1).astype(float)
        case CorrelationForm.EQUAL:
            incidence = (lag > 0)[None].astype(float)[: int(apart)]
        case CorrelationForm.POWER:
            incidence = lag[None][: int(apart)]
        case CorrelationForm.STEPS:
            incidence = ((low <= first) & (first < high)).astype(float)
        case CorrelationForm.DISTANCE:
            incidence = (lag if distances is None else distances)[None][: int(apart)]
        case CorrelationForm.CHOLESKY:
            incidence = np.zeros((0, visits, visits))
    match row.scale:
        case VarianceScale.ONE:
            scales = np.ones((1, visits))
        case VarianceScale.VARIANCE:
            scales = np.full((1, visits), 0.5)
        case VarianceScale.EACH:
            scales = np.eye(visits)
    cells = np.argwhere(np.tri(visits, k=-1) > 0)
    return Structure(
        row.scale, scales, CorrelationShape(row.form, row.link, visits, incidence, cells)
    )


def covariance(structure: Structure, theta: np.ndarray) -> np.ndarray:
    """Σ (visit, visit, …)."""
    d = _deviations(structure, theta)
    return np.asarray(
        d[:, None] * d[None, :] * shapes.correlation(structure.shape, theta[structure.n_scales :])
    )


def first_derivatives(structure: Structure, theta: np.ndarray) -> np.ndarray:
    """∂Σ / ∂θ (visit, visit, parameter, …)."""
    split = structure.n_scales
    d = _deviations(structure, theta)
    dd = d[:, None] * d[None, :]
    sigma = dd * shapes.correlation(structure.shape, theta[split:])
    pair = along(_pairs(structure), sigma.ndim - 2)
    by_scale = pair * sigma[:, :, None]
    by_shape = dd[:, :, None] * shapes.first_derivatives(structure.shape, theta[split:])
    return np.concatenate([by_scale, by_shape], axis=2)


def curvature(structure: Structure, theta: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Σᵤᵥ gradientᵤᵥ ∂²Σᵤᵥ / ∂θ∂θ (parameter, parameter, …), the gradient being symmetric."""
    split = structure.n_scales
    d = _deviations(structure, theta)
    weighted = gradient * d[:, None] * d[None, :]
    pair = _pairs(structure)
    first = shapes.first_derivatives(structure.shape, theta[split:])
    by_scales = np.einsum(
        "uva,uvb,uv...->ab...",
        pair,
        pair,
        weighted * shapes.correlation(structure.shape, theta[split:]),
    )
    mixed = np.einsum("uva,uvj...,uv...->aj...", pair, first, weighted)
    by_shapes = shapes.second_weighted(structure.shape, theta[split:], weighted)
    return np.concatenate(
        [
            np.concatenate([by_scales, mixed], axis=1),
            np.concatenate([np.swapaxes(mixed, 0, 1), by_shapes], axis=1),
        ],
        axis=0,
    )


def second_total(structure: Structure, theta: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Σₐᵦ weightₐᵦ ∂²Σ / ∂θₐ∂θᵦ (visit, visit, …), the weight being symmetric."""
    split = structure.n_scales
    d = _deviations(structure, theta)
    dd = d[:, None] * d[None, :]
    pair = _pairs(structure)
    sigma = dd * shapes.correlation(structure.shape, theta[split:])
    first = dd[:, :, None] * shapes.first_derivatives(structure.shape, theta[split:])
    between_scales = np.einsum("uva,ab,uvb->uv", pair, weight[:split, :split], pair)
    mixed = np.einsum("uva,aj->uvj", pair, weight[:split, split:])
    total = along(between_scales, sigma.ndim - 2) * sigma
    total = total + 2 * (along(mixed, sigma.ndim - 2) * first).sum(axis=2)
    of_shape = shapes.second_total(structure.shape, theta[split:], weight[split:, split:])
    return np.asarray(total + dd * of_shape)


def starting_values(structure: Structure, moments: np.ndarray) -> np.ndarray:
    """θ near the covariance matrix ``moments`` (visit, visit), which is positive definite."""
    sd = np.sqrt(np.diag(moments))
    correlation = moments / np.outer(sd, sd)
    match structure.scale:
        case VarianceScale.EACH:
            scale = np.log(sd)
        case VarianceScale.ONE:
            scale = np.array([np.log(np.mean(sd**2)) / 2])
        case VarianceScale.VARIANCE:
            scale = np.array([np.log(np.mean(sd**2))])
    if structure.shape.form is CorrelationForm.CHOLESKY:
        root = np.linalg.cholesky(moments)
        diagonal = np.diag(root)
        rows, columns = structure.shape.cells.T
        return np.concatenate([np.log(diagonal), root[rows, columns] / diagonal[rows]])
    start = shapes.inverse_link(structure.shape, _typical_correlations(structure, correlation))
    theta = np.concatenate([scale, start])
    if (
        structure.shape.form is CorrelationForm.LAGS
    ):  # the means of the lags need not be definite together
        while np.linalg.eigvalsh(shapes.correlation(structure.shape, start)).min() < 1e-3:
            start = start * 0.8
        theta = np.concatenate([scale, start])
    return theta


def _typical_correlations(structure: Structure, correlation: np.ndarray) -> np.ndarray:
    """A plausible ρ for each shape parameter."""
    size = structure.visits
    limit = 0.95
    match structure.shape.form:
        case CorrelationForm.LAGS:
            means = [np.mean(np.diag(correlation, k=lag)) for lag in range(1, size)]
            return np.clip(np.array(means), -limit, limit)
        case CorrelationForm.EQUAL:
            off = correlation[np.tri(size, k=-1) > 0]
            return np.asarray(
                np.clip(np.array([off.mean()] if size > 1 else []), -0.9 / size, limit)
            )
        case CorrelationForm.POWER:
            near = np.diag(correlation, k=1)
            return np.asarray(np.clip(np.array([near.mean()] if size > 1 else []), -limit, limit))
        case CorrelationForm.STEPS:
            return np.clip(np.diag(correlation, k=1), -limit, limit)
        case CorrelationForm.DISTANCE | CorrelationForm.CHOLESKY:
            distance = structure.shape.incidence
            if not distance.size:
                return np.zeros(0)
            typical = float(np.median(distance[distance > 0])) if (distance > 0).any() else 1.0
            near = np.clip(np.diag(correlation, k=1).mean(), 0.1, limit)
            return np.asarray(np.clip(np.array([near ** (1 / typical)]), 1e-6, 1 - 1e-6))


def _pairs(structure: Structure) -> np.ndarray:
    """∂ log DᵤDᵥ / ∂θ (visit, visit, scale)."""
    return np.asarray(structure.scales.T[:, None, :] + structure.scales.T[None, :, :])


def _deviations(structure: Structure, theta: np.ndarray) -> np.ndarray:
    """The diagonal of D (visit, …)."""
    return np.exp(np.tensordot(structure.scales, theta[: structure.n_scales], (0, 0)))


def parameter_table(
    structure: Structure, theta: np.ndarray, visits: tuple[object, ...]
) -> pd.DataFrame:
    """The parameters in words: parameter, estimate (on its natural scale), theta (as fitted)."""
    split = structure.n_scales
    named = [str(each) for each in visits]
    shape, t = structure.shape, theta[split:]
    if shape.form is CorrelationForm.CHOLESKY:
        scales = [f"Cholesky diagonal {each}" for each in named]
        others = [f"Cholesky ratio {named[u]}, {named[v]}" for u, v in shape.cells]
    else:
        scales = (
            [f"sd {each}" for each in named] if structure.scale is VarianceScale.EACH else ["sd"]
        )
        if structure.scale is VarianceScale.VARIANCE:
            scales = ["variance"]
        count = shape.n_parameters
        others = [f"correlation {j + 1}" for j in range(count)] if count > 1 else ["correlation"]
    natural = t if shape.link is Link.NONE else shapes.link_values(shape, t)[0]
    return pd.DataFrame(
        {
            "parameter": [*scales, *others[: len(t)]],
            "estimate": np.concatenate([np.exp(theta[:split]), natural]),
            "theta": theta,
        }
    )


def plain_start(structure: Structure, theta: np.ndarray) -> np.ndarray:
    """The variances of ``theta`` with visits uncorrelated, or nearly so at a spatial distance."""
    variances = np.diagonal(
        covariance(structure, theta)
        if not structure.has_own_times
        else covariance(structure, theta[:, None])[:, :, 0]
    )
    return starting_values(structure, np.diag(variances))
