"""Ranks compared within strata, in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.stratified_ranks import StratifiedRanks
from trialkit.report.words.en.terms import covariates_listed, time_points
from trialkit.report.words.language.method_words import MethodWords, Telling

_CALLED = "probability of the higher level within strata"


def _describe(specification: StratifiedRanks, told: Telling) -> str:
    return (
        f"van Elteren's test of the level ({time_points(told.outcomes, told.protocol)}), Wilcoxon's rank test within "
        f"the strata of {covariates_listed(specification.strata, told.protocol)}, each weighted by "
        "1 / (its size + 1); the estimate is the probability of the higher level in a stratum, ties counted "
        "half, averaged with the test's weights, with limits after Brunner and Munzel, which allow unequal "
        "distributions and may hold 0.5 where the test rejects it, or the reverse"
    )


def _effect(_: StratifiedRanks) -> str:
    return (
        "probability that a participant of the experimental arm is at a higher level than one of the reference "
        "arm of the same stratum, ties counted half (0.5: neither), with van Elteren's test"
    )


WORDS: MethodWords[StratifiedRanks] = MethodWords(
    names={Method.VAN_ELTEREN: "van Elteren's test"},
    describe=_describe,
    effect=_effect,
    effect_in_text=lambda _: f"The {_CALLED}",
    called=lambda _: _CALLED,
)
