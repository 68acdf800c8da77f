"""Standardised risks in English."""

from trialkit.protocol.methods.generalised_models import RiskVariance
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.report.words.en.risk_models import modelled
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat

VARIANCES = {
    RiskVariance.MODEL: "the model's variance by the delta method, covariates taken as fixed",
    RiskVariance.HC0: "the sandwich variance (HC0) by the delta method, covariates taken as fixed",
    RiskVariance.HC3: "the sandwich variance (HC3) by the delta method, covariates taken as fixed",
    RiskVariance.INFLUENCE: "the variance of the influence function, covariates taken as sampled",
    RiskVariance.YE: "Ye and colleagues' variance (2023), covariates taken as sampled",
}

_TEST = (
    "p from Wald's test of the risk difference, beside which the interval of a ratio may hold no effect "
    "where p rejects it, or the reverse"
)


def _describe(specification: StandardisedRiskComparison, told: Telling) -> str:
    return (
        "standardised risks: a logistic model of "
        f"{modelled(specification, told)}, predicts the risk of all who are analysed in each arm, and "
        "the mean risks are compared by risk difference, risk ratio and odds ratio (marginal effects), "
        f"with Wald's limits by {VARIANCES[specification.variance]}, of the ratios on the scale of "
        f"the logarithm; {_TEST}"
    )


def _compared(specification: StandardisedRiskComparison) -> str:
    over = "their covariates" if specification.covariates else "no covariate"
    return (
        f"Marginal effects by standardisation over {over}, with Wald's limits by "
        f"{VARIANCES[specification.variance]}; {_TEST}"
    )


WORDS: MethodWords[StandardisedRiskComparison] = MethodWords(
    names={Method.STANDARDISED_RISKS: "standardised risks"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.RISK_DIFFERENCE, Stat.RISK_RATIO, Stat.ODDS_RATIO}),
    compared=_compared,
    effect=lambda _: "risk difference (standardised risks)",
)
