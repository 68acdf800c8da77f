"""What the options that several methods share are called in English."""

from collections.abc import Sequence

from trialkit.protocol.methods.comparisons import (
    Adjustment,
    Alternative,
    IntervalMethod,
    OddsRatioMethod,
    ProportionTest,
    RatioInterval,
)
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.risk_measures import RiskMeasures
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.wording import capitalised, listing, lowered
from trialkit.results.effect import Scale, StandardisedBy, Status

BASELINE = "baseline"
ROMAN = {1: "I", 2: "II", 3: "III"}
INTERVALS = {
    IntervalMethod.NEWCOMBE: "Newcombe's hybrid score interval",
    IntervalMethod.NEWCOMBE_CORRECTED: "Newcombe's hybrid score interval, continuity corrected",
    IntervalMethod.MIETTINEN_NURMINEN: "Miettinen and Nurminen's score interval",
    IntervalMethod.MEE: "Mee's score interval",
    IntervalMethod.WALD: "Wald's interval",
    IntervalMethod.WALD_CORRECTED: "Wald's interval, continuity corrected",
}
_RATIO_INTERVALS = {
    RatioInterval.KATZ: "Katz's interval",
    RatioInterval.MIETTINEN_NURMINEN: INTERVALS[IntervalMethod.MIETTINEN_NURMINEN],
}
_ODDS_RATIOS = {
    OddsRatioMethod.WOOLF: ("odds ratio", "Woolf's interval"),
    OddsRatioMethod.MIETTINEN_NURMINEN: (
        "odds ratio",
        INTERVALS[IntervalMethod.MIETTINEN_NURMINEN],
    ),
    OddsRatioMethod.CONDITIONAL: ("conditional odds ratio", "its exact interval"),
    OddsRatioMethod.MID_P: ("median-unbiased odds ratio", "its mid-p interval"),
}
"""Which odds ratio is stated, and its interval."""
TESTS = {
    ProportionTest.FISHER_EXACT: "Fisher's exact test",
    ProportionTest.CHI_SQUARE: "the chi-squared test",
    ProportionTest.CHI_SQUARE_CORRECTED: "the continuity-corrected chi-squared test",
    ProportionTest.CHI_SQUARE_N_MINUS_1: "the N \N{MINUS SIGN} 1 chi-squared test",
    ProportionTest.LIKELIHOOD_RATIO: "the likelihood ratio test",
}
HIGHER_VALUE = "probability that a participant of the experimental arm has the higher value"
"""What a rank test is told as where ties leave its shift without limits."""
SUPERIORITY_HEAD = "Probability of superiority"
SUPERIORITY_LIMITS = (
    "ties counted half, with Brunner and Munzel's limits, in the place of Hodges and Lehmann's shift, "
    "whose limits have no width or contradict p in at least one comparison of the outcome; p is the "
    "rank test's"
)
STANDARDISERS = {
    StandardisedBy.POOLED_CHANGE: "the pooled standard deviation of the change",
    StandardisedBy.POOLED_FINAL: "the pooled standard deviation of the final value",
    StandardisedBy.AVERAGE_CHANGE: "the root mean square of the arms' standard deviations of the "
    "change",
    StandardisedBy.AVERAGE_FINAL: "the root mean square of the arms' standard deviations of the "
    "final value",
    StandardisedBy.REFERENCE_CHANGE: "the reference arm's standard deviation of the change",
    StandardisedBy.REFERENCE_FINAL: "the reference arm's standard deviation of the final value",
    StandardisedBy.OWN_CHANGE: "within an arm its own standard deviation of the change",
}
LACKING = {
    Status.NOT_ESTIMABLE: "not estimable",
    Status.NOT_DUE: "not yet due",
    Status.NOT_ASKED: "not asked for",
    Status.NOT_COLLECTED: "not collected",
}
"""What stands instead of a number."""
ADJUSTMENTS = {
    Adjustment.BONFERRONI: "Bonferroni's method",
    Adjustment.HOLM: "Holm's method",
    Adjustment.HOCHBERG: "Hochberg's method",
    Adjustment.HOMMEL: "Hommel's method",
    Adjustment.BENJAMINI_HOCHBERG: "Benjamini and Hochberg's method (false discovery rate)",
    Adjustment.BENJAMINI_YEKUTIELI: "Benjamini and Yekutieli's method (false discovery rate)",
    Adjustment.FIXED_SEQUENCE: "testing in the fixed sequence of the plan",
}
_CONTRASTS = {
    ContrastAdjustment.BONFERRONI: "Bonferroni",
    ContrastAdjustment.HOLM: "Holm, their intervals after Bonferroni",
    ContrastAdjustment.TUKEY: "Tukey and Kramer",
    ContrastAdjustment.DUNNETT: "Dunnett",
}
CONTRAST_ADJUSTMENTS = {
    ContrastAdjustment.BONFERRONI.value: "Bonferroni, as the intervals",
    ContrastAdjustment.HOLM.value: "Holm, which gives no intervals; those of Bonferroni are wider, "
    "and may hold no effect where the adjusted value is small",
    ContrastAdjustment.TUKEY.value: "Tukey and Kramer, as the intervals",
    ContrastAdjustment.DUNNETT.value: "Dunnett, as the intervals",
}
"""What adjusts the p values of an analysis of several arms, and how its intervals go with them."""

EFFECTS = {
    Scale.DIFFERENCE: "difference",
    Scale.RATIO: "ratio of means",
    Scale.EVENT_FREE_POINTS: "difference of the shares without the event",
    Scale.HAZARD_RATIO: "hazard ratio",
    Scale.SUBDISTRIBUTION_HAZARD_RATIO: "subdistribution hazard ratio",
    Scale.RATE_RATIO: "rate ratio",
    Scale.PROBABILITY: "probability of the higher value",
    Scale.PERCENTAGE_POINTS: "risk difference",
    Scale.RISK_RATIO: "risk ratio",
    Scale.ODDS_RATIO: "odds ratio",
    Scale.WIN_PROBABILITY: "probability of the better value",
    Scale.WIN_ODDS: "win odds",
    Scale.WIN_RATIO: "win ratio",
    Scale.NET_BENEFIT: "net benefit",
}
"""What an effect on each scale is called."""
_OF_LEVELS = {
    Scale.ODDS_RATIO: "common odds ratio of a higher level",
    Scale.PROBABILITY: "probability of the higher level",
    Scale.WIN_PROBABILITY: "probability of the better level",
}

_OF_TIMES = {
    Scale.DIFFERENCE: "difference of restricted mean times",
    Scale.RATIO: "ratio of restricted mean times",
    Scale.PERCENTAGE_POINTS: "difference of cumulative incidences",
}
_OF_EVENTS = {
    Scale.DIFFERENCE: "difference of the mean numbers of events",
    Scale.RATIO: "ratio of the mean numbers of events",
}
_OF = {Summary.LEVELS: _OF_LEVELS, Summary.TIME: _OF_TIMES, Summary.RECURRENCE: _OF_EVENTS}


def effect_words(scale: Scale, summary: Summary) -> str:
    """What an effect is called of outcomes that are summed up so: of levels, by their order."""
    return _OF.get(summary, EFFECTS).get(scale, EFFECTS[scale])


_BETTER = {Direction.LOWER: "lower", Direction.HIGHER: "higher"}
_BETTER_TIME = {Direction.LOWER: "sooner", Direction.HIGHER: "later"}


def better_word(outcome: Outcome) -> str:
    """What is better of an outcome: a higher or lower value, or an event that comes sooner or later."""
    words = _BETTER_TIME if outcome.kind.summary is Summary.TIME else _BETTER
    return words[outcome.direction]


def risks_compared(measures: RiskMeasures) -> str:
    """The measures of two risks, those with one kind of interval together."""
    odds, odds_interval = _ODDS_RATIOS[measures.odds]
    together: dict[str, list[str]] = {}
    for measure, interval in (
        ("risk difference", INTERVALS[measures.difference]),
        ("risk ratio", _RATIO_INTERVALS[measures.ratio]),
        (odds, odds_interval),
    ):
        together.setdefault(interval, []).append(measure)
    return "; ".join(f"{listing(names)} with {interval}" for interval, names in together.items())


def tested_beside(measures: RiskMeasures, test: ProportionTest, *, agrees: bool) -> str:
    """How risks are compared and tested, as a note has it, and whether both are of one kind."""
    text = f"{capitalised(risks_compared(measures))}; p from {TESTS[test]}"
    if agrees:
        return text
    return (
        f"{text}, which is of another kind than these intervals: the one may reject no effect where "
        "the other does not"
    )


def group_word(protocol: Protocol) -> str:
    """What effects are between: treatments in a crossover trial, else arms."""
    return "treatment" if protocol.is_crossover else "arm"


def value_of(response: Response, when: str) -> str:
    """Which value is compared, and at which time point."""
    value = "final value" if response is Response.FINAL else "change from baseline"
    return f"{value} ({when})"


def response_label(response: Response) -> str:
    """Which value is compared, in a word."""
    return "change" if response is Response.CHANGE else "final value"


def sides(alternative: Alternative) -> str:
    """Whether a test is two-sided, and which way it looks where it is not."""
    return "two-sided" if alternative is Alternative.TWO_SIDED else f"one-sided ({alternative})"


def several_arms(
    comparisons: Comparisons = Comparisons.REFERENCE,
    adjustment: ContrastAdjustment = ContrastAdjustment.NONE,
) -> str:
    """Which of several arms are compared, and how the comparisons answer for their number."""
    pairs = comparisons is Comparisons.ALL_PAIRS
    text = ". Every arm is compared with every other" if pairs else ""
    if adjustment in _CONTRASTS:
        text += f". Comparisons of several arms are adjusted after {_CONTRASTS[adjustment]}"
    return text


def covariate_words(name: str, protocol: Protocol) -> str:
    """A covariate of the plan by the name that readers know it by."""
    if name == BASELINE:
        return "the outcome's baseline value"
    for each in protocol.characteristics:
        if f"{each.form}.{each.item}" == name and each.label:
            return lowered(each.label)
    return name


def covariates_listed(names: Sequence[str], protocol: Protocol) -> str:
    """Covariates by their readers' names; empty where there are none."""
    return listing([covariate_words(name, protocol) for name in names]) if names else ""


def adjusted_for(names: Sequence[str], protocol: Protocol) -> str:
    """What a comparison is adjusted for, after a comma; empty where it is for nothing."""
    return f", adjusted for {covariates_listed(names, protocol)}" if names else ""


def visits_analysed(codes: Sequence[str], protocol: Protocol, *, unless: str) -> str:
    """The visits that a plan chose, in words; ``unless`` where it chose none."""
    labels = [lowered(each.label) for each in protocol.visits if each.code in codes]
    return listing(labels) if codes else unless


def time_points(outcomes: Sequence[Outcome], protocol: Protocol) -> str:
    """The time points of some outcomes, in words."""
    labels = dict.fromkeys(protocol.visit(each.time_point).label for each in outcomes)
    return listing([lowered(label) for label in labels])
