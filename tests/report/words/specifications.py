"""What the analyses of the made-up trial are told from, for the tests of words."""

from tests.report.factory import made_up_protocol
from trialkit.protocol.methods.specification import Specification
from trialkit.report.words.language.method_words import Telling
from trialkit.report.words.languages import words_of

PROTOCOL = made_up_protocol(arms=3, visits=3)


def told(outcome: str = "pain") -> Telling:
    """What an analysis of an outcome of the made-up trial is told from, before any data."""
    return Telling(outcomes=(PROTOCOL.outcome(outcome),), protocol=PROTOCOL, visits=3)


def described(specification: Specification) -> str:
    return words_of(specification, PROTOCOL).describe(specification, told())
