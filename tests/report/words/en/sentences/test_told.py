"""What a method's words claim to name, its description names: the typed side is held to the text."""

import pytest

from tests.line import Line
from tests.report.factory import made_up_protocol
from tests.variations import specification_of
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.report.words.en.methods.every_method import METHODS
from trialkit.report.words.en.sentences.checks import CHECKS, checks_made, checks_sentence
from trialkit.report.words.en.sentences.told import STATISTICS, told
from trialkit.report.words.language.account import Account, measured_visits
from trialkit.report.words.language.method_words import Telling
from trialkit.results.lookup import ResultIndex, Shelf
from trialkit.results.vocabulary import SUPERIORITY, Stat

WORDS = {
    Stat.PARTIAL_ETA_SQUARED: "partial and generalised eta squared",
    Stat.GENERALISED_ETA_SQUARED: "generalised eta squared",
    Stat.EPSILON_GG: "Greenhouse and Geisser",
    Stat.P_VALUE_GG: "Greenhouse and Geisser",
    Stat.P_VALUE_HF: "Huynh and Feldt",
    Stat.RISK_DIFFERENCE: "risk difference",
    Stat.RISK_RATIO: "risk ratio",
    Stat.ODDS_RATIO: "odds ratio",
    SUPERIORITY: "has the higher value",
    Stat.ICC: "intracluster correlation",
    Stat.DESIGN_EFFECT: "design effect",
    Stat.DISPERSION: "Pearson's chi-squared over its degrees of freedom",
    Stat.THETA: "theta estimated by maximum likelihood",
    Stat.THETA_SE: "theta",
    "win_probability": "probability of the better level",
    "win_odds": "win odds",
    "win_ratio": "win ratio",
    "net_benefit": "net benefit",
    "restricted_mean_ratio": "beside which stands the ratio",
    "restricted_mean_difference": "beside which stands the difference",
}
BY_ITS_OWN_WORD = {
    Method.MCNEMAR: "change of the risk",
    Method.MCNEMAR_EXACT: "change of the risk",
    Method.NON_INFERIORITY: "margin",
    Method.EQUIVALENCE: "margin",
}
"""Methods whose difference of risks has a word of its own."""
TELLING = [method for method in METHODS if METHODS[method].tells(specification_of(method))]


@pytest.mark.parametrize("method", TELLING)
def test_what_a_method_claims_to_name_stands_in_its_description(method: Method) -> None:
    specification, protocol = specification_of(method), made_up_protocol()
    named = METHODS[method].tells(specification)
    kinds = SPECIFICATIONS[method]
    taken = [each for each in protocol.outcomes if kinds.takes(method, each.type)]
    description = " ".join(
        METHODS[method].describe(
            specification, Telling(outcomes=(outcome,), protocol=protocol, visits=3)
        )
        for outcome in taken or protocol.outcomes[:1]
    )
    if method in BY_ITS_OWN_WORD:
        assert BY_ITS_OWN_WORD[method] in description
        return
    for each in named:
        assert WORDS[each] in description


def account(line: Line) -> Account:
    index = ResultIndex(line.results)
    return Account(
        protocol=line.protocol, measured=measured_visits(index, line.protocol), index=index
    )


def test_the_example_names_its_standardised_effects_and_its_adjustment(example: Line) -> None:
    found = told(account(example))
    assert ("primary", Stat.HEDGES_G) in found
    assert ("secondary", Stat.P_ADJUSTED) in found
    assert ("primary", Stat.P_ADJUSTED) not in found
    assert (Shelf.HARMS, Stat.RISK_DIFFERENCE) in found
    assert set(STATISTICS) >= {Stat.HEDGES_G, Stat.P_ADJUSTED}


def test_the_checks_of_the_main_models_are_named_once(example: Line) -> None:
    made = checks_made(account(example))
    assert set(made) == {"primary", "secondary"}
    sentence = checks_sentence(account(example))
    assert sentence.startswith("Of the models of the primary and secondary analyses ")
    for check in made["primary"]:
        assert CHECKS[check].lower() in sentence.lower()
    assert checks_made(Account(protocol=example.protocol)) == {}
    assert checks_sentence(Account(protocol=example.protocol)) == ""
