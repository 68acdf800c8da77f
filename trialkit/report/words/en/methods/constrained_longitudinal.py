"""The constrained longitudinal analysis in English."""

from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.method import Method, Response
from trialkit.report.words.en.repeated_models import how_fitted, own_at_each_visit
from trialkit.report.words.en.terms import adjusted_for, time_points, visits_analysed
from trialkit.report.words.language.method_words import MethodWords, Telling

_NAME = "constrained longitudinal analysis"


def _describe(specification: ConstrainedLongitudinal, told: Telling) -> str:
    protocol = told.protocol
    chosen = visits_analysed(specification.visits, protocol, unless="all visits after it")
    where = f"baseline{',' if specification.visits else ' and'} {chosen}"
    covariates = (*specification.covariates, *specification.covariates_by_visit)
    return (
        f"{_NAME} (a mixed model for repeated measures in which the baseline is an outcome and no "
        f"covariate) of the values at {where}; at baseline all arms have "
        "one mean, as randomisation makes them, and after it each arm has its own at each visit"
        f"{adjusted_for(covariates, protocol)}{own_at_each_visit(specification, protocol)}; "
        f"{how_fitted(specification, told)}. The effect is the difference between arms in the "
        f"change from baseline ({time_points(told.outcomes, protocol)}), which is that of the "
        "values, since the arms share the mean at baseline"
    )


WORDS: MethodWords[ConstrainedLongitudinal] = MethodWords(
    names={Method.CONSTRAINED_LONGITUDINAL: _NAME},
    describe=_describe,
    effect=lambda _: f"difference in the change from the baseline that all arms share ({_NAME})",
    effect_in_text=lambda _: "The difference between arms in the change from baseline",
    missing=lambda _: (
        "uses every observed value, a baseline value alone among them, and keeps who lacks the "
        "baseline"
    ),
    response=lambda _: Response.FINAL,
)
