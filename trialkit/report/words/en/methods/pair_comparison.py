"""Every two participants of two arms compared, in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.pair_comparison import PairComparison
from trialkit.report.words.en.terms import time_points
from trialkit.report.words.en.wording import listing
from trialkit.report.words.language.method_words import MethodWords, Telling

_NAMES = {
    Method.WIN_PROBABILITY: "probability of the better level",
    Method.WIN_ODDS: "win odds",
    Method.WIN_RATIO: "win ratio",
    Method.NET_BENEFIT: "net benefit",
}
_MEANT = {
    Method.WIN_PROBABILITY: "the probability that a participant of the experimental arm is at a better level "
    "than one of the reference arm, ties counted half (0.5: neither)",
    Method.WIN_ODDS: "the odds that a participant of the experimental arm is at a better level than one of "
    "the reference arm, ties counted half (1: neither)",
    Method.WIN_RATIO: "pairs in which the experimental arm is at the better level over pairs in which the reference "
    "arm is, ties left out (1: neither)",
    Method.NET_BENEFIT: "the share of pairs in which the experimental arm is at the better level less the share in "
    "which the reference arm is (0: neither)",
}
_LIMITS = {
    Method.WIN_PROBABILITY: "Brunner and Munzel's limits and p",
    Method.WIN_ODDS: "limits by Brunner and Munzel's variance on the log odds, p Brunner and Munzel's",
    Method.WIN_RATIO: "limits and p on the logarithm, by the variance of U statistics",
    Method.NET_BENEFIT: "limits and p by Brunner and Munzel's variance",
}


def _describe(specification: PairComparison, told: Telling) -> str:
    method = specification.method
    others = listing([words for each, words in _NAMES.items() if each is not method])
    return (
        f"every participant of one arm compared with every one of the other "
        f"({time_points(told.outcomes, told.protocol)}); the effect is the {_NAMES[method]}, {_MEANT[method]}, with "
        f"{_LIMITS[method]}; {others} are given beside it with their limits"
        f"{_then(specification, told)}"
    )


def _then(specification: PairComparison, told: Telling) -> str:
    """What decides between who is at one level; blank where nothing does."""
    if not specification.then:
        return ""
    asked = []
    for each in specification.then:
        outcome = told.protocol.outcome(each.outcome)
        by = f", by more than {each.more_than:g}{f' {outcome.unit}' if outcome.unit else ''}"
        words = (
            f"{outcome.label} ({outcome.direction.value} is better{by if each.more_than else ''})"
        )
        asked.append(words)
    return (
        f"; pairs at one level are decided at the same time point by {', then by '.join(asked)}, where both "
        "values are known, and stay tied if nothing decides; whoever lacks the first outcome is left out"
    )


def _effect(specification: PairComparison) -> str:
    method = specification.method
    return f"{_NAMES[method]}: {_MEANT[method]}, with {_LIMITS[method]}"


WORDS: MethodWords[PairComparison] = MethodWords(
    names=_NAMES,
    describe=_describe,
    tells=lambda _: frozenset(method.value for method in _NAMES),
    effect=_effect,
    effect_in_text=lambda own: f"The {_NAMES[own.method]}",
)
