import pytest

from tests.report.words.specifications import PROTOCOL, described, noted, told
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRule, Standardiser
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    OutcomeScale,
    RobustCovariance,
)
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.repeated import CovarianceStructure
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.report.words.en.methods.every_method import METHODS
from trialkit.results.notes import Allocations, allocations_note, covariance_note
from trialkit.results.vocabulary import Stat


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
    pairs = Ancova(comparisons=Comparisons.ALL_PAIRS, adjustment=ContrastAdjustment.HOLM)
    assert "Every arm is compared with every other" in described(pairs)
    assert "after Holm, their intervals after Bonferroni" in described(pairs)
    own = Mmrm(covariates=(), covariates_by_visit=("baseline",))
    assert "at each visit with an effect of its own for the outcome's baseline" in described(own)


def test_covariates_have_their_readers_names() -> None:
    text = described(Ancova(covariates=("baseline", "demographics.age")))
    assert "the outcome's baseline value and age, years" in text


def test_a_test_of_all_arms_at_once_has_no_sides() -> None:
    text = described(MeanComparison(method=Method.KRUSKAL_WALLIS))
    assert text.endswith("of all arms at once")
    assert "sided" not in text


def test_what_standardises_hedges_g_is_told_where_it_is_not_the_pooled_one() -> None:
    by_reference = MeanComparison(method=Method.WELCH_T, standardiser=Standardiser.REFERENCE)
    assert "the reference arm's standard deviation of the change" in described(by_reference)


def test_subgroups_are_told_by_what_ran_for_the_kind_of_outcome() -> None:
    specification = Subgroups(by="demographics.sex", covariates=("baseline", "demographics.age"))
    words = METHODS[Method.SUBGROUPS]
    assert "adjusted for the outcome's baseline value and age, years, within each" in described(
        specification
    )
    binary = words.describe(specification, told("better"))
    assert "odds ratio with Miettinen and Nurminen's score interval" in binary
    assert "baseline" not in binary


def test_a_margin_names_its_test_by_the_kind_of_outcome() -> None:
    specification = MarginComparison(method=Method.EQUIVALENCE, margin=0.1, alpha=0.05)
    words = METHODS[Method.EQUIVALENCE]
    assert "by Welch's t test against the margin at a one-sided level of 0.05" in described(
        specification
    )
    binary = words.describe(specification, told("better"))
    assert "Miettinen and Nurminen's score test" in binary
    assert "with 90% confidence intervals" in binary


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
    assert words in described(specification)
    assert words in METHODS[Method.RESPONDERS].row(specification, PROTOCOL)


def test_the_covariance_that_was_used_is_told() -> None:
    fallen = Mmrm(fallback=(CovarianceStructure.AR1,))
    words = METHODS[Method.MMRM]
    note = covariance_note("ar1", [("unstructured", "no maximum")])
    text = words.describe(fallen, noted(Method.MMRM, Stat.LOG_LIKELIHOOD, note))
    assert "if it cannot be fitted, ar1 (ar1 was used)" in text
    assert "was used" not in described(fallen)


def test_allocations_that_were_all_gone_through_have_no_seed() -> None:
    drawn = Rerandomisation(seed=77)
    words = METHODS[Method.RERANDOMISATION]
    assert "000 replicates, seed 77" in described(drawn)
    note = allocations_note(12, Allocations(number=924, exact=True))
    text = words.describe(drawn, noted(Method.RERANDOMISATION, Stat.P_VALUE, note))
    assert "among all the allocations that the randomisation allowed (924)" in text
    assert "seed" not in text
