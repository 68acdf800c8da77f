"""The names of the methods, and which value of an outcome they compare."""

from enum import StrEnum


class Method(StrEnum):
    """The name of an analysis in the plan and in the results."""

    DESCRIPTIVE = "descriptive"
    MIXED_ANOVA = "mixed_anova"
    ANCOVA = "ancova"
    SUBGROUPS = "subgroups"
    MMRM = "mmrm"
    WELCH_T = "welch_t"
    STUDENT_T = "student_t"
    MANN_WHITNEY = "mann_whitney"
    MANN_WHITNEY_ASYMPTOTIC = "mann_whitney_asymptotic"
    MANN_WHITNEY_CORRECTED = "mann_whitney_asymptotic_corrected"
    PERMUTATION = "permutation"
    ONE_WAY_ANOVA = "one_way_anova"
    WELCH_ANOVA = "welch_anova"
    KRUSKAL_WALLIS = "kruskal_wallis"
    PAIRED_T = "paired_t"
    SIGNED_RANK = "wilcoxon_signed_rank"
    MCNEMAR = "mcnemar"
    MCNEMAR_EXACT = "mcnemar_exact"
    RERANDOMISATION = "rerandomisation"
    BOOTSTRAP = "bootstrap"
    RISK_DIFFERENCE = "risk_difference"
    COCHRAN_MANTEL_HAENSZEL = "cochran_mantel_haenszel"
    LOGISTIC = "logistic"
    STANDARDISED_RISKS = "standardised_risks"
    MODIFIED_POISSON = "modified_poisson"
    LOG_BINOMIAL = "log_binomial"
    GEE = "gee"
    GLMM = "glmm"
    POISSON = "poisson"
    NEGATIVE_BINOMIAL = "negative_binomial"
    EXACT_RATE_RATIO = "exact_rate_ratio"
    RESPONDERS = "responders"
    NON_INFERIORITY = "non_inferiority"
    EQUIVALENCE = "equivalence"
    CLUSTER_SUMMARIES = "cluster_summaries"
    CLUSTER_REGRESSION = "cluster_regression"
    EXTERNAL = "external"


class Response(StrEnum):
    """Which value of a repeated outcome is compared."""

    CHANGE = "change"
    FINAL = "final"
