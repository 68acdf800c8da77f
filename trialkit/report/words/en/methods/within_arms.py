"""Change within each arm in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.report.words.en.terms import time_points
from trialkit.report.words.language.method_words import MethodWords, Telling

_NAMES = {
    Method.PAIRED_T: "paired t test within each arm",
    Method.SIGNED_RANK: "Wilcoxon signed-rank test within each arm",
}


def _describe(specification: WithinArms, told: Telling) -> str:
    return (
        f"{_NAMES[specification.method]}, {time_points(told.outcomes, told.protocol)} against "
        "baseline; a change within one arm describes and is no evidence of an effect"
    )


WORDS: MethodWords[WithinArms] = MethodWords(names=_NAMES, describe=_describe)
