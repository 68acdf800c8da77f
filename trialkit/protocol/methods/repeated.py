"""What a mixed model for repeated measures can be asked for, in the words of the plan."""

from enum import StrEnum


class CovarianceStructure(StrEnum):
    """How the residuals of one subject vary and go together from visit to visit."""

    UNSTRUCTURED = "unstructured"
    TOEPLITZ = "toeplitz"
    HETEROGENEOUS_TOEPLITZ = "heterogeneous-toeplitz"
    AR1 = "ar1"
    HETEROGENEOUS_AR1 = "heterogeneous-ar1"
    COMPOUND_SYMMETRY = "compound-symmetry"
    HETEROGENEOUS_COMPOUND_SYMMETRY = "heterogeneous-compound-symmetry"
    ANTE_DEPENDENCE = "ante-dependence"
    HETEROGENEOUS_ANTE_DEPENDENCE = "heterogeneous-ante-dependence"
    SPATIAL_EXPONENTIAL = "spatial-exponential"


class Likelihood(StrEnum):
    """What is maximised."""

    REML = "reml"
    ML = "ml"


class Inference(StrEnum):
    """Where the denominator degrees of freedom come from."""

    SATTERTHWAITE = "satterthwaite"
    KENWARD_ROGER = "kenward-roger"
    KENWARD_ROGER_LINEAR = "kenward-roger-linear"
    BETWEEN_WITHIN = "between-within"
    RESIDUAL = "residual"


class CoefficientCovariance(StrEnum):
    """How the covariance of the fixed effects is estimated."""

    MODEL_BASED = "model-based"
    KENWARD_ROGER = "kenward-roger"
    KENWARD_ROGER_LINEAR = "kenward-roger-linear"
    EMPIRICAL = "empirical"
    JACKKNIFE = "jackknife"
    BIAS_REDUCED = "bias-reduced"


class ResidualKind(StrEnum):
    """What a residual is divided by."""

    RESPONSE = "response"
    PEARSON = "pearson"
    NORMALISED = "normalised"


class TermTestType(StrEnum):
    """What a test of a term adjusts for."""

    TYPE_II = "II"
    TYPE_III = "III"
