"""The mixed model for repeated measures in English."""

from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.report.words.en.repeated_models import how_fitted, own_at_each_visit
from trialkit.report.words.en.terms import (
    adjusted_for,
    response_label,
    time_points,
    visits_analysed,
)
from trialkit.report.words.language.method_words import MethodWords, Telling


def _describe(specification: Mmrm, told: Telling) -> str:
    protocol = told.protocol
    response = "changes from baseline" if specification.response is Response.CHANGE else "values"
    where = visits_analysed(specification.visits, protocol, unless="all visits after baseline")
    covariates = (*specification.covariates, *specification.covariates_by_visit)
    return (
        f"mixed model for repeated measures of the {response} at {where}, with "
        f"arm, visit and arm by visit{adjusted_for(covariates, protocol)}"
        f"{own_at_each_visit(specification, protocol)}; {how_fitted(specification, told)}. The "
        f"effect is the adjusted difference between arms ({time_points(told.outcomes, protocol)})"
    )


WORDS: MethodWords[Mmrm] = MethodWords(
    names={Method.MMRM: "mixed model for repeated measures"},
    describe=_describe,
    variant=lambda own: f", {response_label(own.response)}",
    effect=lambda _: "adjusted difference (mixed model for repeated measures)",
    effect_in_text=lambda _: "The adjusted difference between arms",
    missing=lambda own: (
        f"uses every value observed {'at the visits that it names' if own.visits else 'after baseline'}"
    ),
    response=lambda own: own.response,
)
