"""Multiple imputation in English."""

from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.report.words.en.imputing import (
    how_drawn,
    how_imputed,
    supposed,
    variance_meant,
)
from trialkit.report.words.en.terms import adjusted_for, time_points
from trialkit.report.words.en.wording import lowered
from trialkit.report.words.language.method_words import MethodWords, Telling

_NAME = "multiple imputation"


def _describe(specification: MultipleImputation, told: Telling) -> str:
    protocol = told.protocol
    covariates = specification.analysed_covariates
    return (
        f"{_NAME}: {how_imputed(specification, told)}. {supposed(specification)}. "
        f"{how_drawn(specification)}. Each imputed data set was analysed by analysis of covariance"
        f"{adjusted_for(covariates, protocol)}; {variance_meant(specification)}. The effect is the "
        f"adjusted difference between arms ({time_points(told.outcomes, protocol)})"
    )


WORDS: MethodWords[MultipleImputation] = MethodWords(
    names={Method.MULTIPLE_IMPUTATION: _NAME},
    describe=_describe,
    variant=lambda own: f", {own.strategy.value.replace('-', ' ')}",
    effect=lambda _: "adjusted difference (multiple imputation, analysis of covariance)",
    effect_in_text=lambda _: "The adjusted difference between arms",
    missing=lambda _: (
        "imputes values that are missing after baseline, so that everybody with an arm is analysed"
    ),
    supposed=lambda own, _: lowered(supposed(own)),
    imputes=lambda _: True,
    response=lambda _: Response.FINAL,
)
