"""Multiple imputation in English."""

from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import plain
from trialkit.report.words.en.imputing import (
    how_drawn,
    how_imputed,
    short_supposition,
    supposed,
    variance_meant,
)
from trialkit.report.words.en.terms import adjusted_for, time_points
from trialkit.report.words.en.wording import listing, lowered
from trialkit.report.words.language.method_words import MethodWords, Telling

_NAME = "multiple imputation"


def _describe(specification: MultipleImputation, told: Telling) -> str:
    protocol = told.protocol
    covariates = specification.analysed_covariates
    return (
        f"{_NAME}: {how_imputed(specification, told)}. {supposed(specification, protocol)}"
        f"{_shifted(specification, protocol)}. "
        f"{how_drawn(specification)}. Each imputed data set was analysed by analysis of covariance"
        f"{adjusted_for(covariates, protocol)}; {variance_meant(specification)}. The effect is the "
        f"adjusted difference between arms ({time_points(told.outcomes, protocol)})"
    )


def _shifted(specification: MultipleImputation, protocol: Protocol) -> str:
    """What was added to imputed values, arm by arm."""
    if not specification.shifts:
        return ""
    said = [
        f"{plain(number)}{_at(visit, protocol)} in {protocol.arm(arm).label}"
        for arm in specification.delta
        for visit, number in specification.deltas_of(arm).items()
    ]
    return f". To values imputed after an event was added: {listing(said)} (delta)"


def _at(visit: str, protocol: Protocol) -> str:
    return f" at {lowered(protocol.visit(visit).label)}" if visit else ""


WORDS: MethodWords[MultipleImputation] = MethodWords(
    names={Method.MULTIPLE_IMPUTATION: _NAME},
    describe=_describe,
    variant=lambda own: f", {short_supposition(own)}",
    effect=lambda _: "adjusted difference (multiple imputation, analysis of covariance)",
    effect_in_text=lambda _: "The adjusted difference between arms",
    missing=lambda _: (
        "imputes values that are missing after baseline, so that everybody with an arm is analysed"
    ),
    supposed=lambda own, protocol: lowered(f"{supposed(own, protocol)}{_shifted(own, protocol)}"),
    imputes=lambda _: True,
    response=lambda _: Response.FINAL,
)
