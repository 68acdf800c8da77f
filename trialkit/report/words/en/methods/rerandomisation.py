"""The rerandomisation test in English."""

from trialkit.protocol.methods.comparisons import Alternative
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.report.words.en.allocations import ALLOWED, allocations_used
from trialkit.report.words.en.terms import (
    adjusted_for,
    response_label,
    sides,
    time_points,
    value_of,
)
from trialkit.report.words.language.method_words import Conclusion, MethodWords, Telling
from trialkit.results.vocabulary import Stat


def _describe(specification: Rerandomisation, told: Telling) -> str:
    value = value_of(specification.response, time_points(told.outcomes, told.protocol))
    among = allocations_used(
        ALLOWED, told, replicates=specification.replicates, seed=specification.seed
    )
    return (
        f"rerandomisation test of the {value}"
        f"{adjusted_for(specification.covariates, told.protocol)}, among "
        f"{among}, {sides(specification.alternative)}"
    )


def _conclude(_: Rerandomisation, about: Conclusion) -> str:
    row = about.found.get(Stat.ESTIMATE)
    return "" if row is None or row.stat is None else row.note


WORDS: MethodWords[Rerandomisation] = MethodWords(
    names={Method.RERANDOMISATION: "rerandomisation test"},
    describe=_describe,
    variant=lambda own: f" of the {response_label(own.response)}",
    sides=lambda own: "" if own.alternative is Alternative.TWO_SIDED else "one-sided ",
    response=lambda own: own.response,
    conclude=_conclude,
)
