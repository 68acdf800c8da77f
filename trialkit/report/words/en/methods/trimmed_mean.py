"""The difference of trimmed means in English."""

from trialkit.protocol.methods.comparisons import MissingRank
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.report.numbers.numbers import plain
from trialkit.report.words.en.allocations import ALLOWED, allocations_used
from trialkit.report.words.en.terms import response_label, time_points, value_of
from trialkit.report.words.language.method_words import Conclusion, MethodWords, Telling
from trialkit.results.notes import trimming_of
from trialkit.results.vocabulary import Stat

_NAME = "difference of trimmed means"


def _trimmed(specification: TrimmedMean) -> str:
    if specification.trim is None:
        return "the largest share of an arm that ranks worst, found anew in each allocation of the test"
    return f"{plain(100 * specification.trim)}%"


def _describe(specification: TrimmedMean, told: Telling) -> str:
    value = value_of(specification.response, time_points(told.outcomes, told.protocol))
    return (
        f"{_NAME} of the {value}: whoever had an event of the composite strategy{_lacking(specification)} "
        f"ranks below every value, and the same worst share of each arm is trimmed "
        f"({_trimmed(specification)}); the effect is the difference between arms in the mean of those left; "
        f"p is that of a permutation test among {_allocations(specification, told)}, and the limits are "
        "those of its inversion, which takes the effect on the values to be the same for everybody"
    )


def _lacking(specification: TrimmedMean) -> str:
    return " or has no value" if _ranks_missing(specification) else ""


def _ranks_missing(specification: TrimmedMean) -> bool:
    return specification.missing is MissingRank.WORST


def _allocations(specification: TrimmedMean, told: Telling) -> str:
    allowed = (
        ALLOWED
        if specification.restricted
        else "the allocations to arms of these sizes, whatever restricted the randomisation"
    )
    return allocations_used(
        allowed, told, replicates=specification.replicates, seed=specification.seed
    )


def _conclude(_: TrimmedMean, about: Conclusion) -> str:
    row = about.found.get(Stat.ESTIMATE)
    return "" if row is None or row.stat is None else trimming_of(row.note)


def _effect(specification: TrimmedMean) -> str:
    share = "" if specification.trim is None else f", {plain(100 * specification.trim)}% trimmed"
    return f"{_NAME} (who ranks worst trimmed from both arms{share})"


WORDS: MethodWords[TrimmedMean] = MethodWords(
    names={Method.TRIMMED_MEAN: "trimmed means"},
    describe=_describe,
    variant=lambda own: f", {response_label(own.response)}",
    effect=_effect,
    effect_in_text=lambda _: "The difference between arms in the trimmed mean",
    called=lambda _: _NAME,
    missing=lambda own: (
        "ranks participants without a value below all others" if _ranks_missing(own) else ""
    ),
    response=lambda own: own.response,
    conclude=_conclude,
)
