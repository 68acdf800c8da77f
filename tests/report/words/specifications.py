"""Specifications of every method, and what they are told from, for the tests of words."""

from tests.report.factory import made_up_protocol
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.report.words.language.method_words import Telling
from trialkit.report.words.languages import words_of

PROTOCOL = made_up_protocol(arms=3, visits=3)


def specification_of(method: Method) -> Specification:
    """A specification of this method with the least that it needs."""
    kind = SPECIFICATIONS[method]
    if kind is Subgroups:
        return Subgroups(by="demographics.sex")
    if kind is StratifiedProportions:
        return StratifiedProportions(strata="demographics.sex")
    if kind is MarginComparison:
        return MarginComparison(method=method, margin=5)
    if kind is ResponderComparison:
        return ResponderComparison(missing=MissingRule.OBSERVED_ONLY)
    return kind(method=method)


def told(outcome: str = "pain") -> Telling:
    """What an analysis of an outcome of the made-up trial is told from, before any data."""
    return Telling(outcomes=(PROTOCOL.outcome(outcome),), protocol=PROTOCOL, visits=3)


def described(specification: Specification) -> str:
    return words_of(specification, PROTOCOL).describe(specification, told())
