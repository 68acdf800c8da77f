"""The sums of which the likelihood of variance components is made."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VarianceMoments:
    """Of some rows A = [X y] (n, a) with covariance V = Σ θₐVₐ and W = V⁻¹, over t variances.

    ``logdet`` log|V|, ``m`` AᵀWA (a, a), ``m1`` AᵀWVₐWA (t, a, a), ``m2`` AᵀWVₐWVᵦWA (t, t, a, a), ``t1`` tr(WVₐ)
    (t,), ``t2`` tr(WVₐWVᵦ) (t, t). Those of independent rows add up.
    """

    logdet: float
    m: np.ndarray
    m1: np.ndarray
    m2: np.ndarray
    t1: np.ndarray
    t2: np.ndarray
