"""Modified Poisson regression in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.modified_poisson import ModifiedPoisson
from trialkit.report.words.en.risk_models import adjusted_ratio, conditional, modelled
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat


def _describe(specification: ModifiedPoisson, told: Telling) -> str:
    return (
        f"modified Poisson regression of {modelled(specification, told)}; the effect is the risk "
        f"ratio{conditional(specification)}, with Wald's limits and test by sandwich standard errors "
        f"({specification.variance})"
    )


def _compared(specification: ModifiedPoisson) -> str:
    return (
        f"Risk ratio by modified Poisson regression{conditional(specification)}, with Wald's limits "
        f"and test by sandwich standard errors ({specification.variance})"
    )


WORDS: MethodWords[ModifiedPoisson] = MethodWords(
    names={Method.MODIFIED_POISSON: "modified Poisson regression"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.RISK_RATIO}),
    compared=_compared,
    effect=lambda _: "risk ratio (modified Poisson regression)",
    effect_in_text=lambda own: adjusted_ratio(own, "risk ratio"),
)
