"""The bootstrap interval in English."""

from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.comparisons import BootstrapLimits, TwoGroupEstimate
from trialkit.protocol.methods.method import Method
from trialkit.report.numbers.numbers import count
from trialkit.report.words.en.terms import time_points, value_of
from trialkit.report.words.language.method_words import MethodWords, Telling

_ESTIMATES = {
    TwoGroupEstimate.MEAN_DIFFERENCE: "difference in means",
    TwoGroupEstimate.MEDIAN_DIFFERENCE: "difference in medians",
    TwoGroupEstimate.MEAN_RATIO: "ratio of means",
    TwoGroupEstimate.HEDGES_G: "Hedges' g",
    TwoGroupEstimate.PROBABILITY_OF_SUPERIORITY: "probability of superiority",
}

_LIMITS = {
    BootstrapLimits.BCA: "bias-corrected and accelerated bootstrap interval",
    BootstrapLimits.BC: "bias-corrected bootstrap interval, without acceleration",
    BootstrapLimits.PERCENTILE: "percentile bootstrap interval",
}
_VARIANTS = {
    BootstrapLimits.BCA: "",
    BootstrapLimits.BC: ", bias-corrected limits",
    BootstrapLimits.PERCENTILE: ", percentile limits",
}


def _describe(specification: Bootstrap, told: Telling) -> str:
    value = value_of(specification.response, time_points(told.outcomes, told.protocol))
    drawn = f"{count(specification.replicates)} replicates, seed {specification.seed}"
    return (
        f"{_ESTIMATES[specification.estimator]} of the {value}, with a "
        f"{_LIMITS[specification.interval]} ({drawn})"
    )


WORDS: MethodWords[Bootstrap] = MethodWords(
    names={Method.BOOTSTRAP: "bootstrap"},
    describe=_describe,
    variant=lambda own: f", {_ESTIMATES[own.estimator]}{_VARIANTS[own.interval]}",
    response=lambda own: own.response,
)
