"""A comparison of responders in English."""

from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import plain
from trialkit.report.words.en.terms import TESTS, risks_compared, tested_beside, time_points
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat


def _rule(specification: ResponderComparison) -> str:
    """Who counts as a responder, and what of those without a value."""
    if specification.improved_by_share is not None:
        share = plain(100 * specification.improved_by_share)
        rule = f"improved by at least {share}% of their baseline value"
    elif specification.improved_by is not None:
        rule = f"improved by at least {plain(specification.improved_by)}"
    else:
        rule = "improved by the minimal important change or more"
    if _imputes(specification):
        return f"{rule} (without a value: counted as not improved)"
    return f"{rule} (of those with values)"


def _imputes(specification: ResponderComparison) -> bool:
    return specification.missing is MissingRule.NON_RESPONDER


def _describe(specification: ResponderComparison, told: Telling) -> str:
    return (
        f"proportion of participants ({time_points(told.outcomes, told.protocol)}) who "
        f"{_rule(specification)}, compared by {risks_compared(specification.measures)}; p from "
        f"{TESTS[specification.test]}"
    )


def _compared(specification: ResponderComparison) -> str:
    agrees = specification.tested_by(specification.test).agrees
    beside = tested_beside(specification.measures, specification.test, agrees=agrees)
    return f"Responders: {_rule(specification)}. {beside}"


def _row(specification: ResponderComparison, _: Protocol) -> str:
    return f"responders who {_rule(specification)}"


WORDS: MethodWords[ResponderComparison] = MethodWords(
    names={Method.RESPONDERS: "responders"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.RISK_DIFFERENCE, Stat.RISK_RATIO, Stat.ODDS_RATIO}),
    compared=_compared,
    row=_row,
    missing=lambda own: (
        "counts participants without a value as not improved" if _imputes(own) else ""
    ),
    imputes=_imputes,
)
