"""What imputation of missing values can be asked for, in the words of the plan."""

from enum import StrEnum


class ImputationStrategy(StrEnum):
    """What is supposed of the missing values after an intercurrent event."""

    MISSING_AT_RANDOM = "missing-at-random"
    JUMP_TO_REFERENCE = "jump-to-reference"
    COPY_REFERENCE = "copy-reference"
    COPY_INCREMENTS = "copy-increments-in-reference"
    LAST_MEAN = "last-mean-carried-forward"


class VarianceMeant(StrEnum):
    """What the standard error of an estimate from imputed values measures."""

    INFORMATION_ANCHORED = "information-anchored"
    REPEATED_SAMPLING = "repeated-sampling"


class DrawMethod(StrEnum):
    """How the parameters of the imputation model vary from one imputation to the next."""

    JACKKNIFE = "conditional-mean-jackknife"
    BOOTSTRAP = "conditional-mean-bootstrap"
    APPROXIMATE_BAYES = "approximate-bayes"
    BAYES = "bayes"
    NESTED_BOOTSTRAP = "bootstrapped-maximum-likelihood"

    @property
    def is_conditional_mean(self) -> bool:
        """Whether a missing value is replaced by what is expected, without noise."""
        return self in (DrawMethod.JACKKNIFE, DrawMethod.BOOTSTRAP)

    @property
    def resamples_subjects(self) -> bool:
        """Whether the analysis, too, counts the subjects as the draw did."""
        return self.is_conditional_mean or self is DrawMethod.NESTED_BOOTSTRAP

    @property
    def variance_meant(self) -> VarianceMeant:
        """What the standard error measures of what is pooled from such draws."""
        if self.resamples_subjects:
            return VarianceMeant.REPEATED_SAMPLING
        return VarianceMeant.INFORMATION_ANCHORED

    @property
    def is_random(self) -> bool:
        """Whether a seed is needed."""
        return self is not DrawMethod.JACKKNIFE


class ImputedQuantity(StrEnum):
    """What an analysis of imputed values estimates at a visit."""

    DIFFERENCE = "difference"
    MEAN = "adjusted mean"


class ResampledLimits(StrEnum):
    """How limits follow from the estimates of bootstrap samples."""

    PERCENTILE = "percentile"
    NORMAL = "normal"


class CovariateFill(StrEnum):
    """By what a missing baseline value is replaced, once and without regard to the arm."""

    MEAN = "mean"
    REGRESSION = "regression"


class SequentialFamily(StrEnum):
    """Of which kind the regression of an outcome on its earlier values is."""

    LOGISTIC = "logistic"
    POISSON = "poisson"
    NEGATIVE_BINOMIAL = "negative-binomial"
