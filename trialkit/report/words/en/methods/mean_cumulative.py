"""Mean cumulative functions compared, in English."""

from trialkit.protocol.methods.mean_cumulative import MeanCumulativeComparison, MeanNumbers
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.time_to_event import CurveLimits
from trialkit.report.numbers.numbers import plain
from trialkit.report.words.en.times import at_times, counted_from, ending_words
from trialkit.report.words.language.method_words import MethodWords, Telling

_EFFECTS = {
    MeanNumbers.DIFFERENCE: "difference of the mean numbers of events",
    MeanNumbers.RATIO: "ratio of the mean numbers of events",
}
_LIMITS = {CurveLimits.LOG: "their logarithm", CurveLimits.PLAIN: "the mean itself"}


def _describe(specification: MeanCumulativeComparison, told: Telling) -> str:
    when = at_times(specification.at, told.outcomes, told.protocol)
    return (
        "mean cumulative functions (Nelson) of the events of a participant "
        f"({counted_from(told.outcomes, told.protocol)}), without covariates; the effect is the "
        f"{_EFFECTS[specification.compare]} by {when}, with {_tested(specification)}; variances are robust "
        "(Lawless and Nadeau). Limits of each arm's own mean are symmetric on "
        f"{_LIMITS[specification.limits]}{ending_words(told.outcomes)}"
    )


def _tested(specification: MeanCumulativeComparison) -> str:
    if specification.compare is MeanNumbers.RATIO:
        return "normal limits and test of its logarithm (delta method)"
    return "normal limits and test"


def _effect(specification: MeanCumulativeComparison) -> str:
    when = "" if specification.at is None else f" by time {plain(specification.at)}"
    return f"{_EFFECTS[specification.compare]}{when} (mean cumulative functions)"


def _compared(specification: MeanCumulativeComparison) -> str:
    when = "the time point" if specification.at is None else f"time {plain(specification.at)}"
    return (
        f"Mean cumulative functions: {_EFFECTS[specification.compare]} by {when}, with "
        f"{_tested(specification)}, and robust variances (Lawless and Nadeau)"
    )


WORDS: MethodWords[MeanCumulativeComparison] = MethodWords(
    names={Method.MEAN_CUMULATIVE: "comparison of mean cumulative functions"},
    describe=_describe,
    effect=_effect,
    effect_in_text=lambda own: f"The {_EFFECTS[own.compare]}",
    called=lambda own: _EFFECTS[own.compare],
    compared=_compared,
)
