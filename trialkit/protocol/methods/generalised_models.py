"""The options of models of counts, of binary and of ordered outcomes, by their names."""

from enum import StrEnum

FEWEST_NODES, MOST_NODES = 5, 101
"""Of the quadrature that takes a random intercept away."""


class RatioLimits(StrEnum):
    """How the limits of a coefficient, and of the ratio it stands for, come about."""

    WALD = "wald"
    """Estimate and standard error on the scale of the logarithm."""
    PROFILE = "profile"
    """Where the likelihood, maximised over all else, falls by half a quantile of chi-squared."""
    PROFILE_DISPERSION_HELD = "profile_dispersion_held"
    """As ``profile`` with the dispersion held at its estimate, as MASS's ``confint`` does."""


class CountVariance(StrEnum):
    """The variance of a Poisson model's coefficients."""

    MODEL = "model"
    """The variance is the mean."""
    HC0 = "HC0"
    """Sandwich, right whatever the variance is."""
    HC1 = "HC1"
    """Sandwich by n / (n − p)."""
    QUASI = "quasi"
    """The variance is a multiple of the mean, which Pearson's statistic estimates."""


class WhenSeparated(StrEnum):
    """What a logistic model does where a covariate tells all events from all others."""

    FIRTH = "firth"
    """The whole model by Firth's penalised likelihood, whose estimates are finite."""
    LIKELIHOOD = "likelihood"
    """Maximum likelihood all the same: estimates that are infinite are said to be."""


class RiskVariance(StrEnum):
    """The variance of standardised risks and their contrasts."""

    MODEL = "model"
    """Delta method, the model's own covariance; covariates taken as fixed."""
    HC0 = "HC0"
    """Delta method, sandwich covariance; covariates taken as fixed."""
    HC3 = "HC3"
    """Delta method, sandwich covariance of residuals over 1 − leverage; covariates as fixed."""
    INFLUENCE = "influence"
    """By the influence function; right whatever the model, covariates as sampled."""
    YE = "ye2023"
    """Ye and colleagues' (2023); right whatever the model, covariates as sampled."""


class ExactRateLimits(StrEnum):
    """The limits of a ratio of two rates, given how many events there are in all."""

    EXACT = "exact"
    """Clopper and Pearson's."""
    MID_P = "mid_p"
    """Of the mid-p test."""


class ResponseFamily(StrEnum):
    """The distribution that gives a repeated outcome its link and its variance."""

    BINOMIAL = "binomial"
    """Log odds; variance m (1 − m)."""
    POISSON = "poisson"
    """Log mean; variance m."""
    GAUSSIAN = "gaussian"
    """Mean; constant variance."""


class WorkingCorrelation(StrEnum):
    """How the values of a subject are taken to be correlated."""

    INDEPENDENCE = "independence"
    EXCHANGEABLE = "exchangeable"
    AR1 = "ar1"
    """A correlation to the power of the visits between."""
    UNSTRUCTURED = "unstructured"
    """A correlation for each two visits."""


class GeeCovariance(StrEnum):
    """The covariance of the coefficients of generalised estimating equations."""

    MODEL = "model"
    """Right only where the working correlation is."""
    ROBUST = "robust"
    """Liang and Zeger's sandwich: too small with few subjects."""
    KAUERMANN_CARROLL = "kauermann_carroll"
    """Residuals by the root of the inverse of 1 − leverage."""
    MANCL_DEROUEN = "mancl_derouen"
    """Residuals by the inverse of 1 − leverage."""
    FAY_GRAUBARD = "fay_graubard"
    """Estimating functions by the root of the inverse of 1 − their share, at most 0.75."""


class ReferenceDistribution(StrEnum):
    """What a coefficient over its standard error is compared with."""

    T = "t"
    """Student's t, degrees of freedom the subjects less the coefficients."""
    NORMAL = "normal"
