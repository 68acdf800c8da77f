"""The generalised linear mixed model in English."""

from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.risk_models import adjusted_ratio, modelled_over_visits, observed_at
from trialkit.report.words.en.terms import time_points
from trialkit.report.words.en.wording import capitalised
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat


def _quadrature(specification: Glmm) -> str:
    return f"adaptive Gauss-Hermite quadrature of {specification.nodes} nodes"


def _conditional(specification: Glmm) -> str:
    covariates = "the same covariates and " if specification.covariates else ""
    return f"conditional odds ratio, for a participant of {covariates}a given intercept"


def _describe(specification: Glmm, told: Telling) -> str:
    return (
        "generalised linear mixed model with a normal random intercept for each participant, of "
        f"{modelled_over_visits(specification, told)}, by maximum likelihood with "
        f"{_quadrature(specification)}; limits and p are Wald's. The effect is the "
        f"{_conditional(specification)}, which is farther from 1 than that of populations "
        f"({time_points(told.outcomes, told.protocol)})"
    )


def _compared(specification: Glmm) -> str:
    return (
        f"{capitalised(_conditional(specification))}, by a "
        f"mixed model with a random intercept ({_quadrature(specification)}), with Wald's limits and p"
    )


WORDS: MethodWords[Glmm] = MethodWords(
    names={Method.GLMM: "generalised linear mixed model"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.ODDS_RATIO}),
    compared=_compared,
    row=lambda *_: "generalised linear mixed model, conditional on the participant",
    effect=lambda _: "conditional odds ratio (generalised linear mixed model)",
    effect_in_text=lambda own: adjusted_ratio(own, "conditional odds ratio"),
    missing=lambda own: f"uses every value observed {observed_at(own)}",
)
