"""Non-inferiority and equivalence in English."""

from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.conclusions import conclude
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Method
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.numbers.numbers import confidence, p_symbol, plain
from trialkit.report.words.en.terms import time_points, value_of
from trialkit.report.words.language.method_words import Conclusion, MethodWords, Telling
from trialkit.results.lookup import value
from trialkit.results.vocabulary import Stat

_NAMES = {Method.NON_INFERIORITY: "non-inferiority", Method.EQUIVALENCE: "equivalence"}


def _describe(specification: MarginComparison, told: Telling) -> str:
    when = time_points(told.outcomes, told.protocol)
    if told.of_risks:
        what, test = f"proportion ({when})", "Miettinen and Nurminen's score test"
    else:
        what, test = value_of(specification.response, when), "Welch's t test"
    alpha = specification.alpha
    return (
        f"{_named(specification)} of the {what} with a margin of {plain(specification.margin)}, by "
        f"{test} against the margin at a one-sided level of {plain(alpha)}, with "
        f"{confidence(1 - 2 * alpha)} confidence intervals"
    )


def _named(specification: MarginComparison) -> str:
    return _NAMES[specification.method]


def _variant(specification: MarginComparison) -> str:
    return f", margin {plain(specification.margin)}"


def _effect(specification: MarginComparison) -> str:
    name = f"{_named(specification)}{_variant(specification)}"
    return f"difference ({name}; {p_symbol()} is one-sided, against the margin)"


def _conclude(specification: MarginComparison, about: Conclusion) -> str:
    """The conclusion of one comparison and its margin; nothing where there is no interval."""
    low, high = (value(about.found, stat) for stat in (Stat.CONF_LOW, Stat.CONF_HIGH))
    if low is None or high is None:
        return ""
    _, words = conclude(
        MarginQuestion(specification.method.value),
        about.outcome.direction,
        limits=(low, high),
        margin=specification.margin,
        names=(about.arm.label, about.protocol.reference.label),
    )
    return f"{words} (margin {plain(specification.margin)})"


WORDS: MethodWords[MarginComparison] = MethodWords(
    names=_NAMES,
    describe=_describe,
    tells=lambda _: frozenset({Stat.RISK_DIFFERENCE}),
    variant=_variant,
    effect=_effect,
    sides=lambda _: "one-sided ",
    response=lambda own: own.response,
    conclude=_conclude,
    notes=lambda _: ("P values of comparisons with a margin are one-sided, against the margin.",),
    answers=(Claim(item="2b", part="margin", source=ClaimSource.PROTOCOL, checklist="margins"),),
)
