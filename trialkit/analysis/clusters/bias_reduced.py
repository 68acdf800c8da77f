"""Cluster-robust covariances of least squares, and the degrees of freedom of the bias-reduced one.

The method is in ``docs/methods/clusters.md``.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.linear.least_squares import LeastSquaresFit
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.cluster_options import ClusterCovariance

ALONE = 1e-10
"""An eigenvalue of I − H of a cluster below this: the cluster determines a coefficient alone."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusterRobustFit:
    """Least squares on ``design`` (n, p) of rows that belong to ``cluster`` (n,), codes from 0.

    ``members`` are the rows of each cluster.
    """

    design: np.ndarray
    fit: LeastSquaresFit
    members: tuple[np.ndarray, ...]

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return len(self.members)

    def covariance(self, kind: ClusterCovariance) -> np.ndarray:
        """The covariance (p, p) of the coefficients.

        Raises ``AnalysisError`` for CR2 where a cluster determines a coefficient alone.
        """
        half = self._scores(kind) @ self.fit.unscaled
        n, p = self.design.shape
        m = self.clusters
        match kind:
            case ClusterCovariance.CR1:
                half = half * np.sqrt(m / (m - 1))
            case ClusterCovariance.CR1S:
                half = half * np.sqrt(m / (m - 1) * (n - 1) / (n - p))
            case _:
                pass
        return np.asarray(half.T @ half)

    def df(self, kind: ClusterCovariance, contrasts: np.ndarray) -> np.ndarray:
        """The degrees of freedom (c,) of ``contrasts`` (c, p) of the coefficients."""
        match kind:
            case ClusterCovariance.CR0:
                return np.full(len(contrasts), np.inf)
            case ClusterCovariance.CR1 | ClusterCovariance.CR1S:
                return np.full(len(contrasts), float(self.clusters - 1))
            case ClusterCovariance.CR2:
                return np.array([self._satterthwaite(each) for each in contrasts])

    def _scores(self, kind: ClusterCovariance) -> np.ndarray:
        """Each cluster's sum of residuals by columns (clusters, p)."""
        corrected = kind is ClusterCovariance.CR2
        rows = []
        for each in self.members:
            residuals = self.fit.residuals[each]
            if corrected:
                residuals = self._adjusted(each, residuals)
            rows.append(self.design[each].T @ residuals)
        return np.array(rows)

    def _adjusted(self, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
        """The symmetric (I − H)^−½ of a cluster's rows times ``values`` (m,); H has rank p at most."""
        basis, singular, _ = np.linalg.svd(self.design[rows] @ self.fit.root, full_matrices=False)
        left = 1 - singular**2
        if left.min() < ALONE:
            raise AnalysisError(
                "a cluster determines a coefficient alone, such as the only cluster of an arm: "
                "covariance='CR2' is not defined"
            )
        return np.asarray(values + basis @ ((1 / np.sqrt(left) - 1) * (basis.T @ values)))

    def _satterthwaite(self, contrast: np.ndarray) -> float:
        """(Σ Pgg)² / Σ Pgh², P the covariance of the clusters' parts if rows were independent."""
        along = self.fit.unscaled @ contrast
        own, shared = [], []
        for each in self.members:
            part = self._adjusted(each, self.design[each] @ along)
            own.append(float(part @ part))
            shared.append(self.design[each].T @ part)
        half = np.array(shared) @ self.fit.root
        spread = np.diag(own) - half @ half.T
        return float(np.trace(spread) ** 2 / np.sum(spread**2))


def cluster_robust(
    design: np.ndarray, fit: LeastSquaresFit, cluster: np.ndarray
) -> ClusterRobustFit:
    """The fit with its rows gathered by cluster (n,), codes from 0 up.

    Raises ``AnalysisError`` for fewer than two clusters.
    """
    order = np.argsort(cluster, kind="stable")
    ends = np.flatnonzero(np.diff(cluster[order])) + 1
    members = tuple(np.split(order, ends))
    if len(members) < 2:
        raise AnalysisError("a cluster-robust covariance needs two clusters or more, got one")
    return ClusterRobustFit(design=design, fit=fit, members=members)
