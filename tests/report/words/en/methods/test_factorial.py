"""What the methods text says of factorial analyses."""

from dataclasses import replace

from tests.protocol.trial.test_factors import TWO
from tests.report.factory import made_up_protocol
from trialkit.protocol.methods.factorial import FactorialComparison, FactorialRiskComparison
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.report.words.en.methods.factorial import RISK_WORDS, WORDS
from trialkit.report.words.language.method_words import Telling


def telling(outcome: str) -> Telling:
    protocol = replace(made_up_protocol(), factors=TWO)
    return Telling(outcomes=(protocol.outcome(outcome),), protocol=protocol, visits=2)


def test_means_are_told_with_both_models_the_interaction_and_what_the_margins_rest_on() -> None:
    said = WORDS.describe(FactorialComparison(), telling("pain"))
    assert said.startswith("factorial analysis by least squares of the final value")
    for words in (
        "the effect of each of ex and diet",
        "in a model of all factors without their interaction",
        "the model with a mean for each combination",
        "rests on there being no interaction",
    ):
        assert words in said
    robust = FactorialComparison(robust=RobustCovariance.HC3, covariates=())
    assert "heteroscedasticity consistent (HC3)" in WORDS.describe(robust, telling("pain"))
    assert ", without covariates" in WORDS.describe(robust, telling("pain"))
    assert WORDS.short_name(robust) == "factorial analysis (HC3), final value"


def test_risks_are_told_on_both_scales_with_their_variance() -> None:
    said = RISK_WORDS.describe(FactorialRiskComparison(), telling("better"))
    assert "risk difference, with the odds ratio of the model beside it" in said
    assert "on both scales, since one may have an interaction where the other has none" in said
    assert "Ye and colleagues' variance (2023)" in said
