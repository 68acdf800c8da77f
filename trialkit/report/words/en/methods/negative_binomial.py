"""Negative binomial regression in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.report.words.en.rates import LIMITS, conditional, modelled
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat


def _describe(specification: NegativeBinomialComparison, told: Telling) -> str:
    return (
        f"negative binomial regression of {modelled(specification.covariates, told)}; the effect is the rate "
        f"ratio{conditional(specification.covariates)}, with {LIMITS[specification.limits]}. The variance of a "
        "number with the mean m is m + m² / theta, theta estimated by maximum likelihood"
    )


WORDS: MethodWords[NegativeBinomialComparison] = MethodWords(
    names={Method.NEGATIVE_BINOMIAL: "negative binomial regression"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.THETA, Stat.THETA_SE}),
    effect=lambda own: f"rate ratio (negative binomial regression, {LIMITS[own.limits]})",
    effect_in_text=lambda _: "The rate ratio",
)
