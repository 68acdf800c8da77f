"""Logistic regression in English."""

from trialkit.protocol.methods.generalised_models import WhenSeparated
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.risk_models import (
    adjusted_ratio,
    conditional,
    limits_and_test,
    modelled,
)
from trialkit.report.words.en.wording import listing
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.notes import is_penalised
from trialkit.results.vocabulary import Stat

_SEPARATED = {
    WhenSeparated.FIRTH: (
        "Where the arm or a covariate tells events apart without exception, the whole model is "
        "fitted by Firth's penalised likelihood"
    ),
    WhenSeparated.LIKELIHOOD: (
        "Where the arm or a covariate tells events apart without exception, maximum likelihood is "
        "kept, and a ratio without a finite value is said to have none"
    ),
}


def _describe(specification: Logistic, told: Telling) -> str:
    return (
        f"logistic regression of {modelled(specification, told)}; the effect is the odds ratio"
        f"{conditional(specification)}, with {limits_and_test(specification.limits)}. "
        f"{_SEPARATED[specification.when_separated]}{_penalised(told)}"
    )


def _penalised(told: Telling) -> str:
    """For which outcomes Firth's likelihood was used, where there are results."""
    of = [outcome.label for outcome, note in told.notes(Stat.ESTIMATE) if is_penalised(note)]
    return f" (so it was for {listing(of)})" if of else ""


def _compared(specification: Logistic) -> str:
    return (
        f"Odds ratio by logistic regression{conditional(specification)}, with "
        f"{limits_and_test(specification.limits)}"
    )


WORDS: MethodWords[Logistic] = MethodWords(
    names={Method.LOGISTIC: "logistic regression"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.ODDS_RATIO}),
    compared=_compared,
    effect=lambda _: "odds ratio (logistic regression)",
    effect_in_text=lambda own: adjusted_ratio(own, "odds ratio"),
)
