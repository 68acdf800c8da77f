"""Fine and Gray's regression in English."""

from trialkit.protocol.methods.fine_gray import SubdistributionHazards
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.terms import adjusted_for
from trialkit.report.words.en.times import competing_words, counted_from
from trialkit.report.words.language.method_words import MethodWords, Telling

_HOW = "ties by Breslow's method; Wald's limits and test, with a robust variance that counts the estimated censoring"


def _describe(specification: SubdistributionHazards, told: Telling) -> str:
    adjusted = adjusted_for(specification.covariates, told.protocol) or ", without covariates"
    return (
        f"Fine and Gray's regression of the time to the event ({counted_from(told.outcomes, told.protocol)}){adjusted}; "
        f"{_HOW}; the effect is the subdistribution hazard ratio, above 1 where more have the event"
        f"{competing_words(told.outcomes)}"
    )


WORDS: MethodWords[SubdistributionHazards] = MethodWords(
    names={Method.FINE_GRAY: "Fine and Gray's regression"},
    describe=_describe,
    effect=lambda _: "subdistribution hazard ratio (Fine and Gray's regression)",
    effect_in_text=lambda _: "The subdistribution hazard ratio",
    compared=lambda _: f"Fine and Gray's regression: {_HOW}",
)
