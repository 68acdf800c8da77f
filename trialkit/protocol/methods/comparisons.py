"""The methods of comparing arms, by the names that the plan and the results use."""

from enum import StrEnum


class MeansMethod(StrEnum):
    """A comparison of a numeric outcome between independent arms."""

    WELCH_T = "welch_t"
    STUDENT_T = "student_t"
    MANN_WHITNEY = "mann_whitney"
    MANN_WHITNEY_ASYMPTOTIC = "mann_whitney_asymptotic"
    MANN_WHITNEY_CORRECTED = "mann_whitney_asymptotic_corrected"
    PERMUTATION = "permutation"
    ONE_WAY_ANOVA = "one_way_anova"
    WELCH_ANOVA = "welch_anova"
    KRUSKAL_WALLIS = "kruskal_wallis"

    @property
    def is_t_test(self) -> bool:
        """Whether the method estimates a difference of means by a t test, with Hedges' g."""
        return self in {MeansMethod.WELCH_T, MeansMethod.STUDENT_T}

    @property
    def is_rank_test(self) -> bool:
        """Whether it compares two arms by ranks, so that ties may leave a shift without limits."""
        return self in {
            MeansMethod.MANN_WHITNEY,
            MeansMethod.MANN_WHITNEY_ASYMPTOTIC,
            MeansMethod.MANN_WHITNEY_CORRECTED,
        }

    @property
    def is_omnibus(self) -> bool:
        """Whether the method tests all arms at once and makes no contrast."""
        return self in {
            MeansMethod.ONE_WAY_ANOVA,
            MeansMethod.WELCH_ANOVA,
            MeansMethod.KRUSKAL_WALLIS,
        }


class PairedMethod(StrEnum):
    """A comparison of two measurements of the same subjects."""

    PAIRED_T = "paired_t"
    SIGNED_RANK = "wilcoxon_signed_rank"
    SIGNED_RANK_PRATT = "wilcoxon_signed_rank_pratt"
    SIGNED_RANK_ASYMPTOTIC = "wilcoxon_signed_rank_asymptotic"
    SIGNED_RANK_CORRECTED = "wilcoxon_signed_rank_asymptotic_corrected"


class IncompletePairs(StrEnum):
    """What a paired comparison does with a subject measured once only."""

    REFUSE = "refuse"
    EXCLUDE = "exclude"


class Alternative(StrEnum):
    """The direction of the alternative hypothesis, for experimental minus reference."""

    TWO_SIDED = "two_sided"
    LESS = "less"
    GREATER = "greater"


class Standardiser(StrEnum):
    """The standard deviation that a standardised difference is divided by."""

    POOLED = "pooled"
    AVERAGE = "average"
    REFERENCE = "reference"


class IntervalMethod(StrEnum):
    """A confidence interval for a risk difference of two independent arms."""

    NEWCOMBE = "newcombe"
    NEWCOMBE_CORRECTED = "newcombe_corrected"
    MIETTINEN_NURMINEN = "miettinen_nurminen"
    MEE = "mee"
    WALD = "wald"
    WALD_CORRECTED = "wald_corrected"


class BootstrapLimits(StrEnum):
    """How the limits of a bootstrap interval come from the resampled estimates."""

    BCA = "bca"
    """Percentiles corrected for bias and acceleration."""
    BC = "bc"
    """Percentiles corrected for bias alone."""
    PERCENTILE = "percentile"
    """The percentiles as they are."""


class RatioInterval(StrEnum):
    """A confidence interval for a risk ratio of two independent arms."""

    KATZ = "katz"
    MIETTINEN_NURMINEN = "miettinen_nurminen"


class OddsRatioMethod(StrEnum):
    """An odds ratio of two independent arms with its confidence interval."""

    WOOLF = "woolf"
    MIETTINEN_NURMINEN = "miettinen_nurminen"
    CONDITIONAL = "conditional"
    MID_P = "mid_p"


class ProportionTest(StrEnum):
    """A test that two arms have the same risk."""

    FISHER_EXACT = "fisher_exact"
    CHI_SQUARE = "chi_square"
    CHI_SQUARE_CORRECTED = "chi_square_corrected"
    CHI_SQUARE_N_MINUS_1 = "chi_square_n_minus_1"
    LIKELIHOOD_RATIO = "likelihood_ratio"


class PairedProportionTest(StrEnum):
    """A test that two measurements of the same subjects have the same risk."""

    MCNEMAR = "mcnemar"
    MCNEMAR_CORRECTED = "mcnemar_corrected"
    MCNEMAR_EXACT = "mcnemar_exact"


class PairedInterval(StrEnum):
    """A confidence interval for the difference of two risks in the same subjects."""

    NEWCOMBE = "newcombe"
    TANGO = "tango"


class Adjustment(StrEnum):
    """An adjustment of a family of p values for multiplicity."""

    NONE = "none"
    BONFERRONI = "bonferroni"
    HOLM = "holm"
    HOCHBERG = "hochberg"
    HOMMEL = "hommel"
    BENJAMINI_HOCHBERG = "benjamini-hochberg"
    BENJAMINI_YEKUTIELI = "benjamini-yekutieli"
    FIXED_SEQUENCE = "fixed-sequence"


class MissingRule(StrEnum):
    """How a subject without the value that decides a response is counted."""

    NON_RESPONDER = "non_responder"
    OBSERVED_ONLY = "observed_only"


class MissingRank(StrEnum):
    """Where a subject without a value stands among the others when they are ranked."""

    WORST = "worst"
    LEFT_OUT = "left_out"


class MarginQuestion(StrEnum):
    """What a comparison with a margin is to show."""

    NON_INFERIORITY = "non_inferiority"
    EQUIVALENCE = "equivalence"


class MarginTest(StrEnum):
    """The score test by which two risks are compared with a margin."""

    MIETTINEN_NURMINEN = "miettinen_nurminen"
    FARRINGTON_MANNING = "farrington_manning"


class TwoGroupEstimate(StrEnum):
    """An estimate from two independent arms that a bootstrap knows by name."""

    MEAN_DIFFERENCE = "mean_difference"
    MEDIAN_DIFFERENCE = "median_difference"
    MEAN_RATIO = "mean_ratio"
    HEDGES_G = "hedges_g"
    PROBABILITY_OF_SUPERIORITY = "probability_of_superiority"
