"""How a trial's size and its interim looks are planned, in the words of the protocol."""

from enum import StrEnum


class SampleSizeMethod(StrEnum):
    """The situation whose power decides the size of the trial."""

    TWO_SAMPLE_T = "two_sample_t"
    PAIRED_T = "paired_t"
    ONE_WAY_ANOVA = "one_way_anova"
    ANCOVA = "ancova"
    ANCOVA_F = "ancova_f"
    MIXED_ANOVA = "mixed_anova"
    MMRM = "mmrm"
    TWO_PROPORTIONS = "two_proportions"
    NON_INFERIORITY_MEANS = "non_inferiority_means"
    EQUIVALENCE_MEANS = "equivalence_means"
    NON_INFERIORITY_PROPORTIONS = "non_inferiority_proportions"
    EQUIVALENCE_PROPORTIONS = "equivalence_proportions"
    CLUSTER_MEANS = "cluster_means"
    CROSSOVER_MEANS = "crossover_means"
    CLUSTER_PROPORTIONS = "cluster_proportions"
    CLUSTER_RATES = "cluster_rates"
    FACTORIAL_MEANS = "factorial_means"
    LOG_RANK = "log_rank"
    NEGATIVE_BINOMIAL_RATES = "negative_binomial_rates"
    PROPORTIONAL_ODDS = "proportional_odds"
    MANN_WHITNEY = "mann_whitney"
    SIGNED_RANK = "wilcoxon_signed_rank"
    CORRELATION = "correlation"
    CHI_SQUARE = "chi_square"
    LINEAR_MODEL_F = "linear_model_f"


class FactorialTest(StrEnum):
    """The effect of a factorial trial that it is sized for."""

    MARGIN = "margin"
    """Of a factor whatever the other is."""
    INTERACTION = "interaction"


class MixedEffect(StrEnum):
    """The effect of a mixed analysis of variance that the trial is sized for."""

    BETWEEN = "between"
    WITHIN = "within"
    INTERACTION = "interaction"


class EffectSizeConvention(StrEnum):
    """What f means for repeated measures: G*Power's three options."""

    GPOWER = "gpower"
    """As in G*Power 3.0: of the means alone; correlation and visits are put in beside it."""
    COHEN = "cohen"
    """As in Cohen (1988): correlation and visits are in f already; λ = f² N ε."""
    SPSS = "spss"
    """As in SPSS: from SPSS's partial η², which has them too; λ = f² df₂."""


class CovariateBalance(StrEnum):
    """What is taken for the covariates of an analysis of covariance."""

    BALANCED = "balanced"
    """Equal means in the arms; the usual calculation."""
    RANDOM = "random"
    """Normal covariates whose chance imbalance costs precision; the expected power."""


class CorrelationPattern(StrEnum):
    """How the correlation of two visits depends on their distance."""

    COMPOUND_SYMMETRY = "compound-symmetry"
    AR1 = "ar1"


class ProportionPower(StrEnum):
    """The test of two proportions whose power is meant."""

    CHI_SQUARE = "chi_square"
    """Pearson's test, its power by enumeration of all tables."""
    FISHER_EXACT = "fisher_exact"
    """Fisher's exact test, its power by enumeration of all tables."""
    NORMAL = "normal"
    """Pooled variance under the hypothesis, normal approximation, as most programs print."""
    ARCSINE = "arcsine"
    """Cohen's h."""


class MarginPower(StrEnum):
    """How the power of a comparison of two risks with a margin is found."""

    FARRINGTON_MANNING = "farrington_manning"
    """Farrington and Manning's formula, with the likeliest risks under the hypothesis."""
    FARRINGTON_MANNING_EXACT = "farrington_manning_exact"
    """Their test, its power by enumeration of all tables."""
    MIETTINEN_NURMINEN_EXACT = "miettinen_nurminen_exact"
    """The score test with the factor N / (N − 1), its power by enumeration of all tables."""


class LogRankFormula(StrEnum):
    """The approximation of the log-rank test's power."""

    SCHOENFELD = "schoenfeld"
    FREEDMAN = "freedman"
    LACHIN_FOULKES = "lachin_foulkes"
    """Of the log hazard ratio, its variance under the hypothesis and under the assumptions."""


class NullRate(StrEnum):
    """The rates that a comparison of rates takes both arms to have under the hypothesis."""

    LIKELIEST = "likeliest"
    """The events of both arms over their exposure: the likeliest one, were the arms alike."""
    TRUE = "true"
    """Each arm its own, as Keene and colleagues have it."""
    REFERENCE = "reference"
    """The reference arm's."""


class ParentDistribution(StrEnum):
    """The shape of the outcome, on which the efficiency of a rank test depends."""

    NORMAL = "normal"
    UNIFORM = "uniform"
    LOGISTIC = "logistic"
    LAPLACE = "laplace"
    WORST = "worst"
    """Hodges and Lehmann's bound: no shape is less favourable."""


class CorrelationPower(StrEnum):
    """How the power of the test of a correlation is found."""

    EXACT = "exact"
    """The distribution of r for two normal variables."""
    FISHER_Z = "fisher_z"
    """Fisher's z, bias-corrected, as R's pwr has it."""
