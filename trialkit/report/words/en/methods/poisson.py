"""Poisson regression in English."""

from trialkit.protocol.methods.generalised_models import CountVariance
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.report.words.en.rates import LIMITS, conditional, modelled
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat

_VARIANCES = {
    CountVariance.MODEL: "standard errors take the variance of a number to be its mean",
    CountVariance.HC0: "standard errors are by the sandwich (HC0), whatever the variance",
    CountVariance.HC1: "standard errors are by the sandwich (HC1), whatever the variance",
    CountVariance.QUASI: (
        "standard errors take the variance to be a multiple of the mean (quasi-Poisson), and are "
        "compared with t"
    ),
}


def _describe(specification: PoissonComparison, told: Telling) -> str:
    return (
        f"Poisson regression of {modelled(specification.covariates, told)}; the effect is the rate ratio"
        f"{conditional(specification.covariates)}, with {LIMITS[specification.limits]}; "
        f"{_VARIANCES[specification.variance]}. The dispersion is Pearson's chi-squared over its "
        "degrees of freedom"
    )


def _effect(specification: PoissonComparison) -> str:
    return f"rate ratio (Poisson regression; {_VARIANCES[specification.variance]})"


WORDS: MethodWords[PoissonComparison] = MethodWords(
    names={Method.POISSON: "Poisson regression"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.DISPERSION}),
    effect=_effect,
    effect_in_text=lambda _: "The rate ratio",
)
