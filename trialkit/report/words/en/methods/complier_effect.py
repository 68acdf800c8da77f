"""The effect in who complies, in English."""

from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.terms import (
    adjusted_for,
    response_label,
    time_points,
    value_of,
)
from trialkit.report.words.language.method_words import MethodWords, Telling

_NAME = "complier average causal effect"


def _describe(specification: ComplierEffect, told: Telling) -> str:
    when = time_points(told.outcomes, told.protocol)
    errors = (
        "errors of one variance"
        if specification.robust is None
        else f"heteroscedasticity consistent errors ({specification.robust})"
    )
    return (
        f"{_NAME} on the {value_of(specification.response, when)}, by two-stage least squares with the "
        f"allocated arm as instrument of what was received"
        f"{adjusted_for(specification.covariates, told.protocol)}, with {errors}. The effect is that of "
        "receiving an arm's intervention in those who receive it if, and only if, they are allocated to "
        "it. It rests on the randomisation, and on what the data cannot show: that the arm changes the "
        "outcome through what is received and in no other way, that nobody would do the opposite of their "
        "allocation, and that what one participant receives changes nobody else's outcome. How far the "
        "arms differ in what was received (the first stage) is given with its F"
    )


WORDS: MethodWords[ComplierEffect] = MethodWords(
    names={Method.COMPLIER_EFFECT: _NAME},
    describe=_describe,
    variant=lambda own: f", {response_label(own.response)}",
    effect=lambda _: f"{_NAME} (two-stage least squares)",
    effect_in_text=lambda _: "The effect in who complies",
    missing=lambda _: (
        "uses participants with the values that it compares of whom it is recorded what they received"
    ),
    response=lambda own: own.response,
)
