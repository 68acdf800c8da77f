"""The options of analyses of clusters, by their names."""

from enum import StrEnum


class ClusterSummary(StrEnum):
    """What one number stands for a cluster."""

    MEAN = "mean"
    PROPORTION = "proportion"
    """Of people with the event."""
    RATE = "rate"
    """Events over the time at risk, both summed in the cluster."""


class ClusterWeights(StrEnum):
    """How much each cluster counts."""

    EQUAL = "equal"
    SIZE = "size"
    """By its people, or for rates by their time at risk."""


class SummaryScale(StrEnum):
    """On what scale clusters' summaries are compared."""

    DIFFERENCE = "difference"
    RATIO = "ratio"
    """Of geometric means: t test of the logarithms."""


class ClusterCovariance(StrEnum):
    """The cluster-robust covariance of least squares coefficients."""

    CR0 = "CR0"
    """Sandwich of the clusters' sums, normal distribution: too small with few clusters."""
    CR1 = "CR1"
    """CR0 by m / (m − 1) for m clusters, t with m − 1 degrees of freedom."""
    CR1S = "CR1S"
    """CR1 by (n − 1) / (n − p), as Stata has it."""
    CR2 = "CR2"
    """Bias-reduced (Bell and McCaffrey), t with Satterthwaite's degrees of freedom."""
