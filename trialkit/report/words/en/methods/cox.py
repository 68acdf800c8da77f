"""Cox regression in English."""

from trialkit.protocol.methods.cox import Cox
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.time_to_event import HazardLimits
from trialkit.report.words.en.terms import adjusted_for, covariate_words
from trialkit.report.words.en.times import TIES, censoring_words, counted_from
from trialkit.report.words.language.method_words import MethodWords, Telling

_LIMITS = {
    HazardLimits.WALD: "Wald's limits and test",
    HazardLimits.PROFILE: "profile likelihood limits and the likelihood ratio test",
}


def _describe(specification: Cox, told: Telling) -> str:
    text = f"Cox regression of the time to the event ({counted_from(told.outcomes, told.protocol)})"
    text += adjusted_for(specification.covariates, told.protocol) or ", without covariates"
    if specification.strata:
        strata = " and ".join(covariate_words(each, told.protocol) for each in specification.strata)
        text += f", stratified by {strata}"
    text += f"; ties by {TIES[specification.ties]}; the effect is the hazard ratio with {_LIMITS[specification.limits]}"
    if specification.robust:
        text += "; standard errors are robust (Lin and Wei)"
    return text + censoring_words(told.outcomes)


def _compared(specification: Cox) -> str:
    robust = ", robust standard errors" if specification.robust else ""
    return f"Cox regression: ties by {TIES[specification.ties]}; {_LIMITS[specification.limits]}{robust}"


WORDS: MethodWords[Cox] = MethodWords(
    names={Method.COX: "Cox regression"},
    describe=_describe,
    effect=lambda _: "hazard ratio (Cox regression)",
    effect_in_text=lambda _: "The hazard ratio",
    compared=_compared,
)
