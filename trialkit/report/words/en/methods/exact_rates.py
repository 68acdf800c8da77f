"""The exact ratio of two rates in English."""

from trialkit.protocol.methods.exact_rates import ExactRateComparison
from trialkit.protocol.methods.generalised_models import ExactRateLimits
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.rates import over_all
from trialkit.report.words.en.times import looked_at
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat

_LIMITS = {
    ExactRateLimits.EXACT: (
        "Clopper and Pearson's exact limits, and p the sum over all divisions of the events between "
        "the arms that are no more probable than the observed one, which is of another kind than these limits"
    ),
    ExactRateLimits.MID_P: "limits and p by the mid-p test",
}


def _describe(specification: ExactRateComparison, told: Telling) -> str:
    return (
        f"ratio of the rates of events ({looked_at(told.outcomes, told.protocol)}), exact given "
        f"how many events there are in both arms together, {over_all(told)}, with "
        f"{_LIMITS[specification.limits]}; all events are taken as independent. The dispersion "
        "is Pearson's chi-squared over its degrees of freedom, of a Poisson model"
    )


def _notes(specification: ExactRateComparison) -> tuple[str, ...]:
    if specification.limits is ExactRateLimits.MID_P:
        return ()
    return (
        (
            "P of an exact rate ratio adds up divisions of both tails by their probability, which is of "
            "another kind than its limits: the one may reject no effect where the other does not."
        ),
    )


WORDS: MethodWords[ExactRateComparison] = MethodWords(
    names={Method.EXACT_RATE_RATIO: "exact rate ratio"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.DISPERSION}),
    effect=lambda own: f"rate ratio, exact given all events ({_LIMITS[own.limits]})",
    notes=_notes,
    effect_in_text=lambda _: "The exact rate ratio",
)
