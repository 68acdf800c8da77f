"""Change of a yes/no outcome within each arm in English."""

from trialkit.protocol.methods.comparisons import PairedInterval
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.paired_proportion_comparison import PairedProportionComparison
from trialkit.report.words.en.terms import time_points
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat

_NAMES = {
    Method.MCNEMAR: "McNemar's test",
    Method.MCNEMAR_EXACT: "McNemar's exact test",
}
_INTERVALS = {
    PairedInterval.NEWCOMBE: "Newcombe's square-and-add interval for pairs",
    PairedInterval.TANGO: "Tango's score interval for pairs",
}


def _describe(specification: PairedProportionComparison, told: Telling) -> str:
    return (
        f"{_NAMES[specification.method]}, {time_points(told.outcomes, told.protocol)} against "
        f"baseline, and the change of the risk with {_INTERVALS[specification.interval]}; a change "
        "within one arm describes and is no evidence of an effect"
    )


WORDS: MethodWords[PairedProportionComparison] = MethodWords(
    names=_NAMES,
    describe=_describe,
    tells=lambda _: frozenset({Stat.RISK_DIFFERENCE}),
    variant=lambda own: f" with {_INTERVALS[own.interval]}",
)
