"""Effects in subgroups in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.terms import (
    adjusted_for,
    covariate_words,
    risks_compared,
    time_points,
    value_of,
)
from trialkit.report.words.language.method_words import MethodWords, Telling

_NAME = "subgroups"


def _describe(specification: Subgroups, told: Telling) -> str:
    by = covariate_words(specification.by, told.protocol)
    when = time_points(told.outcomes, told.protocol)
    if told.of_risks:
        effect = f"{risks_compared(specification.measures)} ({when}), unadjusted,"
    else:
        others = [each for each in specification.covariates if each != specification.by]
        adjusted = adjusted_for(others, told.protocol)
        effect = f"effect on the {value_of(specification.response, when)}{adjusted}"
        effect += "," if adjusted else ""
    return f"{effect} within each level of {by}, and a test of the interaction"


def _row(specification: Subgroups, protocol: Protocol) -> str:
    return f"{_NAME} by {covariate_words(specification.by, protocol)}"


WORDS: MethodWords[Subgroups] = MethodWords(
    names={Method.SUBGROUPS: _NAME},
    describe=_describe,
    variant=lambda own: f" by {own.by}",
    row=_row,
    note=(
        "Effects of single subgroups are not tested; the test of the interaction says whether they "
        "differ."
    ),
)
