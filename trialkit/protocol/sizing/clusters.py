"""What a calculation for arms made of clusters assumes."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_at_least,
    check_level_and_sides,
    check_not_zero,
    check_risk,
    check_shares,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterMeans:
    """Means of two arms allocated by cluster; ``cluster_size`` is the mean number analysed in one.

    ``icc`` is the intracluster correlation, ``size_cv`` the clusters' SD of size over its mean.
    """

    difference: float
    icc: float
    cluster_size: float
    size_cv: float = 0.0
    sd: float = 1.0
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        check_not_zero("difference", self.difference)
        check_above_zero("sd", self.sd)
        _check_clusters(self.icc, self.cluster_size, self.size_cv)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterProportions:
    """Risks of two arms allocated by cluster; size, ``icc`` and ``size_cv`` as of means.

    The ``icc`` is that of yes and no as 1 and 0, the same in both arms.
    """

    risk_reference: float
    risk_experimental: float
    icc: float
    cluster_size: float
    size_cv: float = 0.0
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        check_risk("risk_reference", self.risk_reference)
        check_risk("risk_experimental", self.risk_experimental)
        if self.risk_reference == self.risk_experimental:
            raise ProtocolError("risk_reference and risk_experimental are equal: nothing to detect")
        _check_clusters(self.icc, self.cluster_size, self.size_cv)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRates:
    """Rates of events of two arms allocated by cluster.

    ``rate_cv`` is the SD of the true rates of the clusters of an arm over their mean, the same in both arms
    (Hayes and Bennett's k). ``exposure`` is how long a participant is at risk on average, in the unit of the
    rate; ``size_cv`` is of the clusters' time at risk.
    """

    rate_reference: float
    rate_ratio: float
    rate_cv: float
    cluster_size: float
    exposure: float = 1.0
    size_cv: float = 0.0
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        check_above_zero("rate_reference", self.rate_reference)
        check_above_zero("rate_ratio", self.rate_ratio)
        if self.rate_ratio == 1:
            raise ProtocolError("rate_ratio is 1: there is nothing to detect")
        check_at_least("rate_cv", self.rate_cv, 0)
        check_above_zero("exposure", self.exposure)
        _check_sizes(self.cluster_size, self.size_cv)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)


def _check_clusters(icc: float, cluster_size: float, size_cv: float) -> None:
    if not 0 <= icc < 1:
        raise ProtocolError(f"icc must be from 0 to below 1, got {icc:g}")
    _check_sizes(cluster_size, size_cv)


def _check_sizes(cluster_size: float, size_cv: float) -> None:
    check_at_least("cluster_size", cluster_size, 1)
    check_at_least("size_cv", size_cv, 0)
