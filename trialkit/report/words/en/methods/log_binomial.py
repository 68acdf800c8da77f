"""Log-binomial regression in English."""

from trialkit.protocol.methods.log_binomial import LogBinomialRegression
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.risk_models import (
    adjusted_ratio,
    conditional,
    limits_and_test,
    modelled,
)
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat


def _describe(specification: LogBinomialRegression, told: Telling) -> str:
    return (
        f"log-binomial regression of {modelled(specification, told)}; the effect is the risk ratio"
        f"{conditional(specification)}, with {limits_and_test(specification.limits)}; it has none where "
        "the likeliest risks reach 1"
    )


def _compared(specification: LogBinomialRegression) -> str:
    return (
        f"Risk ratio by log-binomial regression{conditional(specification)}, with "
        f"{limits_and_test(specification.limits)}"
    )


WORDS: MethodWords[LogBinomialRegression] = MethodWords(
    names={Method.LOG_BINOMIAL: "log-binomial regression"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.RISK_RATIO}),
    compared=_compared,
    effect=lambda _: "risk ratio (log-binomial regression)",
    effect_in_text=lambda own: adjusted_ratio(own, "risk ratio"),
)
