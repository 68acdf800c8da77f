"""What each method of the plan is called, and how a methods section describes it."""

from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.comparisons import (
    Alternative,
    IntervalMethod,
    MeansMethod,
    MissingRule,
    ProportionTest,
    TwoGroupEstimate,
)
from trialkit.protocol.methods.linear_models import ContrastAdjustment, OutcomeScale
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.repeated import Inference, Likelihood
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import count, plain
from trialkit.report.words.en.wording import counted, listing

ROMAN = {1: "I", 2: "II", 3: "III"}
NAMES = {
    Method.MIXED_ANOVA: "mixed analysis of variance",
    Method.ANCOVA: "analysis of covariance",
    Method.MMRM: "mixed model for repeated measures",
    Method.SUBGROUPS: "subgroups",
    Method.WELCH_T: "Welch's t test",
    Method.STUDENT_T: "Student's t test",
    Method.MANN_WHITNEY: "exact Mann-Whitney test",
    Method.MANN_WHITNEY_ASYMPTOTIC: "asymptotic Mann-Whitney test",
    Method.MANN_WHITNEY_CORRECTED: "asymptotic Mann-Whitney test with continuity correction",
    Method.PERMUTATION: "permutation test",
    Method.ONE_WAY_ANOVA: "one-way analysis of variance",
    Method.WELCH_ANOVA: "Welch's analysis of variance",
    Method.KRUSKAL_WALLIS: "Kruskal-Wallis test",
    Method.PAIRED_T: "paired t test within each arm",
    Method.SIGNED_RANK: "Wilcoxon signed-rank test within each arm",
    Method.RERANDOMISATION: "rerandomisation test",
    Method.BOOTSTRAP: "bootstrap",
    Method.RISK_DIFFERENCE: "risk difference",
    Method.COCHRAN_MANTEL_HAENSZEL: "Cochran-Mantel-Haenszel analysis",
    Method.RESPONDERS: "responders",
    Method.NON_INFERIORITY: "non-inferiority",
    Method.EQUIVALENCE: "equivalence",
    Method.DESCRIPTIVE: "description",
    Method.MCNEMAR: "McNemar's test",
    Method.MCNEMAR_EXACT: "McNemar's exact test",
}
INTERVALS = {
    IntervalMethod.NEWCOMBE: "Newcombe's hybrid score interval",
    IntervalMethod.NEWCOMBE_CORRECTED: "Newcombe's hybrid score interval, continuity corrected",
    IntervalMethod.MIETTINEN_NURMINEN: "Miettinen and Nurminen's score interval",
    IntervalMethod.MEE: "Mee's score interval",
    IntervalMethod.WALD: "Wald's interval",
    IntervalMethod.WALD_CORRECTED: "Wald's interval, continuity corrected",
}
TESTS = {
    ProportionTest.FISHER_EXACT: "Fisher's exact test",
    ProportionTest.CHI_SQUARE: "the chi-squared test",
    ProportionTest.CHI_SQUARE_CORRECTED: "the continuity-corrected chi-squared test",
    ProportionTest.CHI_SQUARE_N_MINUS_1: "the N \N{MINUS SIGN} 1 chi-squared test",
    ProportionTest.LIKELIHOOD_RATIO: "the likelihood ratio test",
}
CONTRASTS = {
    ContrastAdjustment.BONFERRONI: "Bonferroni",
    ContrastAdjustment.HOLM: "Holm",
    ContrastAdjustment.TUKEY: "Tukey and Kramer",
    ContrastAdjustment.DUNNETT: "Dunnett",
}
DEGREES = {
    Inference.SATTERTHWAITE: "Satterthwaite's degrees of freedom",
    Inference.KENWARD_ROGER: "Kenward and Roger's adjustment",
    Inference.KENWARD_ROGER_LINEAR: "Kenward and Roger's adjustment (linear covariance)",
    Inference.BETWEEN_WITHIN: "between-within degrees of freedom",
    Inference.RESIDUAL: "residual degrees of freedom",
}
ESTIMATES = {
    TwoGroupEstimate.MEAN_DIFFERENCE: "difference in means",
    TwoGroupEstimate.MEDIAN_DIFFERENCE: "difference in medians",
    TwoGroupEstimate.MEAN_RATIO: "ratio of means",
    TwoGroupEstimate.HEDGES_G: "Hedges' g",
    TwoGroupEstimate.PROBABILITY_OF_SUPERIORITY: "probability of superiority",
}
SPHERICITY = (
    ". With more than two visits, p values of terms with visits are given uncorrected and with "
    "Greenhouse and Geisser's and Huynh and Feldt's corrections"
)
RANK_TESTS = frozenset(
    {Method.MANN_WHITNEY, Method.MANN_WHITNEY_ASYMPTOTIC, Method.MANN_WHITNEY_CORRECTED}
)
SHIFT = "; the effect is Hodges and Lehmann's estimate of the shift between arms"
BASELINE = "baseline"


def short_name(specification: Specification) -> str:
    """The method in a few words, as a table has it."""
    name = NAMES.get(specification.method, specification.method.value)
    match specification:
        case Ancova(response=response) | Mmrm(response=response):
            return f"{name}, {'change' if response is Response.CHANGE else 'final value'}"
        case MeanComparison(response=response) | Rerandomisation(response=response):
            return f"{name} of the {'change' if response is Response.CHANGE else 'final value'}"
        case Bootstrap(estimator=estimator):
            return f"{name}, {ESTIMATES[estimator]}"
        case Subgroups(by=by):
            return f"{name} by {by}"
        case MarginComparison(margin=margin):
            return f"{name}, margin {plain(margin)}"
        case _:
            return name


def makes_contrasts(specification: Specification) -> bool:
    """Whether a method compares each arm with the reference in one effect."""
    match specification:
        case Subgroups() | WithinArms():
            return False
        case MeanComparison(method=method):
            return not MeansMethod(method.value).is_omnibus
        case _:
            return True


def adjusts_contrasts(specification: Specification) -> bool:
    """Whether a method adjusts the comparisons of several arms itself, in no family."""
    return isinstance(specification, MixedAnova | Ancova) and specification.adjustment in CONTRASTS


def covariate_words(name: str, protocol: Protocol) -> str:
    """A covariate of the plan by the name that readers know it by."""
    if name == BASELINE:
        return "the outcome's baseline value"
    for each in protocol.characteristics:
        if f"{each.form}.{each.item}" == name and each.label:
            return each.label[:1].lower() + each.label[1:]
    return name


def describe_method(
    specification: Specification, *, when: str, protocol: Protocol, visits: int | None = None
) -> str:
    """A method in a sentence, without its full stop; ``when`` is the time point.

    ``visits`` is how many it needs; left out, all from baseline on.
    """
    match specification:
        case MixedAnova():
            text = _mixed_anova(specification, when, visits or _from_baseline_on(protocol))
        case Ancova():
            text = _ancova(specification, when, protocol)
        case Mmrm():
            text = _mmrm(specification, when, protocol)
        case Rerandomisation() | Bootstrap():
            text = _resampling(specification, when, protocol)
        case ProportionComparison() | StratifiedProportions() | ResponderComparison():
            text = _proportions(specification, when, protocol)
        case Subgroups() | MeanComparison() | WithinArms() | MarginComparison():
            text = _comparison(specification, when, protocol)
        case _:
            raise TypeError(f"no sentence for {type(specification).__name__}")
    return text


def _comparison(
    specification: Subgroups | MeanComparison | WithinArms | MarginComparison,
    when: str,
    protocol: Protocol,
) -> str:
    match specification:
        case Subgroups(by=by, response=response):
            return (
                f"effect on the {_value(response, when)} within each level of "
                f"{covariate_words(by, protocol)}, and a test of the interaction"
            )
        case MeanComparison(method=method, response=response, alternative=alternative):
            text = f"{NAMES[method]} of the {_value(response, when)}, {_sides(alternative)}"
            return text + (SHIFT if method in RANK_TESTS else "")
        case WithinArms(method=method):
            return (
                f"{NAMES[method]}, {when} against baseline; a change within one arm describes and "
                "is no evidence of an effect"
            )
        case MarginComparison(method=method, margin=margin, alpha=alpha, response=response):
            return (
                f"{NAMES[method]} of the {_value(response, when)} with a margin of "
                f"{plain(margin)}, at a one-sided level of {plain(alpha)}"
            )


def _value(response: Response, when: str) -> str:
    value = "final value" if response is Response.FINAL else "change from baseline"
    return f"{value} ({when})"


def _sides(alternative: Alternative) -> str:
    return "two-sided" if alternative is Alternative.TWO_SIDED else f"one-sided ({alternative})"


def _from_baseline_on(protocol: Protocol) -> int:
    codes = protocol.visit_codes
    return len(codes) - codes.index(protocol.baseline.code)


def _mixed_anova(specification: MixedAnova, when: str, visits: int) -> str:
    text = (
        f"mixed analysis of variance, arm between and visit within participants, "
        f"{counted(visits, 'visit')}, type {ROMAN[specification.sum_of_squares]} sums of squares. "
        "The question is the arm by visit interaction; the effect is the difference between arms "
        f"in mean change from baseline ({when})"
    )
    text += _adjusted_contrasts(specification.adjustment)
    return text + (SPHERICITY if visits > 2 else "")


def _adjusted_contrasts(adjustment: ContrastAdjustment) -> str:
    if adjustment not in CONTRASTS:
        return ""
    return f". Comparisons of several arms are adjusted after {CONTRASTS[adjustment]}"


def _ancova(specification: Ancova, when: str, protocol: Protocol) -> str:
    value = _value(specification.response, when)
    adjusted = [covariate_words(name, protocol) for name in specification.covariates]
    text = f"analysis of covariance of the {value}"
    if specification.scale is OutcomeScale.LOG:
        text += " on the logarithmic scale, so that effects are ratios of geometric means"
    text += f", adjusted for {listing(adjusted)}" if adjusted else ", without covariates"
    kind = "ratio" if specification.scale is OutcomeScale.LOG else "difference"
    text += f"; the effect is the adjusted {kind} between arms"
    if specification.robust is not None:
        text += f"; standard errors are heteroscedasticity consistent ({specification.robust})"
    return text + _adjusted_contrasts(specification.adjustment)


def _mmrm(specification: Mmrm, when: str, protocol: Protocol) -> str:
    names = (*specification.covariates, *specification.covariates_by_visit)
    adjusted = [covariate_words(name, protocol) for name in names]
    likelihood = "restricted " if specification.likelihood is Likelihood.REML else ""
    response = "changes from baseline" if specification.response is Response.CHANGE else "values"
    text = (
        f"mixed model for repeated measures of the {response} at all visits after baseline, with "
        f"arm, visit and arm by visit"
    )
    text += f", adjusted for {listing(adjusted)}" if adjusted else ""
    text += (
        f"; {specification.covariance} residual covariance"
        f"{_in_each(specification.covariance_by, protocol)}, {likelihood}maximum "
        f"likelihood, {DEGREES[specification.inference]}"
    )
    if specification.weights:
        text += f", weighted by {covariate_words(specification.weights, protocol)}"
    if specification.coefficient_covariance is not None:
        text += f"; {specification.coefficient_covariance} covariance of the fixed effects"
    if specification.fallback:
        text += f"; if it cannot be fitted, {listing(list(specification.fallback), last='then')}"
    return f"{text}. The effect is the adjusted difference between arms ({when})"


def _in_each(group: str, protocol: Protocol) -> str:
    """Whose covariance it is, where it is not that of all."""
    if not group:
        return ""
    return (
        " in each arm"
        if group == "arm"
        else f" in each level of {covariate_words(group, protocol)}"
    )


def _resampling(specification: Rerandomisation | Bootstrap, when: str, protocol: Protocol) -> str:
    value = _value(specification.response, when)
    drawn = f"{count(specification.replicates)} replicates, seed {specification.seed}"
    if isinstance(specification, Bootstrap):
        estimate = ESTIMATES[specification.estimator]
        return (
            f"{estimate} of the {value}, with a bias-corrected and accelerated bootstrap interval "
            f"({drawn})"
        )
    adjusted = [covariate_words(name, protocol) for name in specification.covariates]
    given = f", adjusted for {listing(adjusted)}" if adjusted else ""
    return (
        f"rerandomisation test of the {value}{given}, among the allocations that the "
        f"randomisation allowed ({drawn}), {_sides(specification.alternative)}"
    )


def _proportions(
    specification: ProportionComparison | StratifiedProportions | ResponderComparison,
    when: str,
    protocol: Protocol,
) -> str:
    match specification:
        case StratifiedProportions(strata=strata):
            return (
                f"proportions ({when}) pooled over the strata of "
                f"{covariate_words(strata, protocol)} after Mantel and Haenszel, with the "
                "Cochran-Mantel-Haenszel test"
            )
        case ResponderComparison(interval=interval, test=test):
            return (
                f"proportion of participants ({when}) who {responder_rule(specification)}, with "
                f"{INTERVALS[interval]} for the risk difference; p from {TESTS[test]}"
            )
        case ProportionComparison(interval=interval, test=test):
            return (
                f"difference between arms in the proportion ({when}) with {INTERVALS[interval]}; "
                f"risk ratio and odds ratio stand beside it; p from {TESTS[test]}"
            )


def responder_rule(specification: ResponderComparison) -> str:
    """Who counts as a responder, and what of those without a value."""
    if specification.improved_by_share is not None:
        share = plain(100 * specification.improved_by_share)
        rule = f"improved by at least {share}% of their baseline value"
    elif specification.improved_by is not None:
        rule = f"improved by at least {plain(specification.improved_by)}"
    else:
        rule = "improved by the minimal important change or more"
    if specification.missing is MissingRule.NON_RESPONDER:
        return f"{rule} (without a value: counted as not improved)"
    return f"{rule} (of those with values)"


def time_points(outcomes: list[Outcome], protocol: Protocol) -> str:
    """The time points of some outcomes, in words."""
    labels = dict.fromkeys(protocol.visit(each.time_point).label for each in outcomes)
    return listing([label[:1].lower() + label[1:] for label in labels])
