"""Generalised estimating equations in English."""

from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.generalised_models import (
    GeeCovariance,
    ReferenceDistribution,
    WorkingCorrelation,
)
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.risk_models import adjusted_ratio, modelled_over_visits, observed_at
from trialkit.report.words.en.terms import time_points
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat

CORRELATIONS = {
    WorkingCorrelation.INDEPENDENCE: "independence as working correlation",
    WorkingCorrelation.EXCHANGEABLE: "exchangeable working correlation",
    WorkingCorrelation.AR1: "first-order autoregressive working correlation",
    WorkingCorrelation.UNSTRUCTURED: "unstructured working correlation",
}
COVARIANCES = {
    GeeCovariance.MODEL: "standard errors of the model, which hold only where that correlation does",
    GeeCovariance.ROBUST: "robust standard errors, not corrected for few participants",
    GeeCovariance.KAUERMANN_CARROLL: "robust standard errors corrected after Kauermann and Carroll",
    GeeCovariance.MANCL_DEROUEN: "robust standard errors corrected after Mancl and DeRouen",
    GeeCovariance.FAY_GRAUBARD: "robust standard errors corrected after Fay and Graubard",
}
_REFERENCES = {
    ReferenceDistribution.T: "Student's t (participants less coefficients as degrees of freedom)",
    ReferenceDistribution.NORMAL: "the normal distribution",
}


def _how(specification: Gee) -> str:
    return (
        f"{CORRELATIONS[specification.correlation]}, {COVARIANCES[specification.covariance]}, "
        f"limits and p by {_REFERENCES[specification.compared_with]}"
    )


def _effect(specification: Gee) -> str:
    alike = " of the same covariates" if specification.covariates else ""
    return f"the odds ratio of populations{alike}, not of one participant"


def _describe(specification: Gee, told: Telling) -> str:
    return (
        f"generalised estimating equations of {modelled_over_visits(specification, told)}; "
        f"{_how(specification)}. The effect is {_effect(specification)} "
        f"({time_points(told.outcomes, told.protocol)})"
    )


def _compared(specification: Gee) -> str:
    return f"Generalised estimating equations: {_effect(specification)}, with {_how(specification)}"


WORDS: MethodWords[Gee] = MethodWords(
    names={Method.GEE: "generalised estimating equations"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.ODDS_RATIO}),
    compared=_compared,
    effect=lambda _: "odds ratio (generalised estimating equations)",
    effect_in_text=lambda own: adjusted_ratio(own, "odds ratio"),
    missing=lambda own: f"uses every value observed {observed_at(own)}",
)
