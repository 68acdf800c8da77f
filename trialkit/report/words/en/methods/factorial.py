"""Analyses of a factorial trial in English."""

from trialkit.protocol.methods.factorial import FactorialComparison, FactorialRiskComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.methods.standardised_risks import VARIANCES
from trialkit.report.words.en.risk_models import modelled
from trialkit.report.words.en.terms import adjusted_for, response_label, time_points, value_of
from trialkit.report.words.en.wording import listing, lowered
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat

_TABLE = (
    "effects averaged over the other factors, effects where the others are held, and their interaction "
    "are those of the model with {cells}; the interaction is estimated and shown whatever it turns out "
    "to be"
)
_MARGIN = (
    "an effect at the margin is that of a factor whatever the others are, and rests on there being no "
    "interaction"
)


def _factors(protocol: Protocol) -> str:
    """The factors by their names; a plan without them is refused before anything is said."""
    named = [lowered(each.label) for each in protocol.factors]
    return listing(named) if named else "the factors"


def _describe(specification: FactorialComparison, told: Telling) -> str:
    when = time_points(told.outcomes, told.protocol)
    adjusted = adjusted_for(specification.covariates, told.protocol) or ", without covariates"
    text = (
        f"factorial analysis by least squares of the {value_of(specification.response, when)}{adjusted}: "
        f"the effect of each of {_factors(told.protocol)} is the difference between its levels at the "
        "margin of the table, in a model of all factors without their interaction; "
        f"{_TABLE.format(cells='a mean for each combination')}; {_MARGIN}"
    )
    if specification.robust is not None:
        text += f"; standard errors are heteroscedasticity consistent ({specification.robust})"
    return text


def _describe_risks(specification: FactorialRiskComparison, told: Telling) -> str:
    return (
        f"factorial analysis of risks: a logistic model of {modelled(specification, told)}, of "
        f"{_factors(told.protocol)} without their interaction, predicts the risk of all who are analysed "
        "at each level of a factor, and the mean risks are compared at the margin of the table by risk "
        "difference, with the odds ratio of the model beside it; "
        f"{_TABLE.format(cells='a risk for each combination')}, on both scales, since one may have an "
        f"interaction where the other has none; {_MARGIN}; Wald's limits and p of the difference by "
        f"{VARIANCES[specification.variance]}"
    )


WORDS: MethodWords[FactorialComparison] = MethodWords(
    names={Method.FACTORIAL: "factorial analysis"},
    describe=_describe,
    variant=lambda own: (
        f"{f' ({own.robust.value})' if own.robust else ''}, {response_label(own.response)}"
    ),
    effect=lambda _: "difference between levels of a factor at the margin",
    effect_in_text=lambda _: "The difference between levels of a factor",
    response=lambda own: own.response,
)
RISK_WORDS: MethodWords[FactorialRiskComparison] = MethodWords(
    names={Method.FACTORIAL_RISKS: "factorial analysis of risks"},
    describe=_describe_risks,
    tells=lambda _: frozenset({Stat.RISK_DIFFERENCE, Stat.ODDS_RATIO}),
    effect=lambda _: "risk difference between levels of a factor at the margin",
    effect_in_text=lambda _: "The difference of risks between levels of a factor",
)
