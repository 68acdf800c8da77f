import pytest

from tests.report.factory import made_up_protocol
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.linear_models import (
    ContrastAdjustment,
    OutcomeScale,
    RobustCovariance,
)
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.report.words.method_words import (
    NAMES,
    describe_method,
    makes_contrasts,
    responder_rule,
    short_name,
)

PROTOCOL = made_up_protocol(visits=3)


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
    return kind(method=method)  # type: ignore[call-arg]


def described(specification: Specification) -> str:
    return describe_method(specification, when="week 8", protocol=PROTOCOL)


@pytest.mark.parametrize("method", list(SPECIFICATIONS))
def test_every_method_of_the_plan_has_words(method: Method) -> None:
    specification = specification_of(method)
    assert method in NAMES
    for text in (described(specification), short_name(specification)):
        assert "_" not in text
        assert "None" not in text
        assert not text.endswith(".")


def test_what_was_chosen_is_said() -> None:
    assert "type II sums of squares" in described(MixedAnova(sum_of_squares=2))
    assert "Greenhouse" in described(MixedAnova())
    assert "after Dunnett" in described(MixedAnova(adjustment=ContrastAdjustment.DUNNETT))
    assert "HC3" in described(Ancova(robust=RobustCovariance.HC3))
    logs = described(Ancova(scale=OutcomeScale.LOG))
    assert "ratios of geometric means" in logs
    assert "adjusted ratio between arms" in logs
    assert "difference" not in logs
    assert "estimate of the shift" in described(MeanComparison(method=Method.MANN_WHITNEY))
    assert "without covariates" in described(Ancova(covariates=()))
    assert "unstructured residual covariance" in described(Mmrm())
    assert "Kenward and Roger" in described(Mmrm())


def test_covariates_have_their_readers_names() -> None:
    text = described(Ancova(covariates=("baseline", "demographics.age")))
    assert "the outcome's baseline value and age, years" in text


def test_some_methods_make_no_contrast() -> None:
    without = {method for method in SPECIFICATIONS if not makes_contrasts(specification_of(method))}
    assert without == {
        Method.SUBGROUPS,
        Method.PAIRED_T,
        Method.SIGNED_RANK,
        Method.ONE_WAY_ANOVA,
        Method.WELCH_ANOVA,
        Method.KRUSKAL_WALLIS,
        Method.MCNEMAR,
        Method.MCNEMAR_EXACT,
    }


@pytest.mark.parametrize(
    ("specification", "words"),
    [
        (ResponderComparison(missing=MissingRule.OBSERVED_ONLY), "minimal important change"),
        (ResponderComparison(missing=MissingRule.NON_RESPONDER, improved_by=20), "at least 20"),
        (
            ResponderComparison(missing=MissingRule.NON_RESPONDER, improved_by_share=0.3),
            "at least 30% of their baseline value",
        ),
    ],
)
def test_who_is_a_responder_is_said(specification: ResponderComparison, words: str) -> None:
    assert words in responder_rule(specification)
