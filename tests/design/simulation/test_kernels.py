"""Which planned analyses can be rehearsed, and why not the others."""

import pytest

from tests.design.simulation.reference import THREE_ARMS, planning
from trialkit.design.simulation.kernels import PlannedKernel, refusal
from trialkit.errors import DesignError
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.linear_models import ContrastAdjustment, OutcomeScale
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.specification import Specification

KNOWN = (
    "there are mixed_anova, ancova, mmrm, multiple_imputation, welch_t, student_t, logistic, poisson, negative_binomial, "
    "proportional_odds, factorial, cox and log_rank"
)


@pytest.mark.parametrize(
    ("specification", "reason"),
    [
        (MixedAnova(), ""),
        (MeanComparison(method=Method.STUDENT_T), ""),
        (Bootstrap(), f"there is no kernel for bootstrap; {KNOWN}"),
        (MeanComparison(method=Method.PERMUTATION), f"there is no kernel for permutation; {KNOWN}"),
        (Ancova(scale=OutcomeScale.LOG), "a robust or logarithmic ANCOVA has no kernel"),
        (
            MixedAnova(adjustment=ContrastAdjustment.HOLM),
            "contrasts adjusted by holm have no kernel",
        ),
        (
            Mmrm(covariance_by="arm"),
            "an MMRM with covariance_by, weights or fallback has no kernel",
        ),
    ],
)
def test_an_analysis_says_why_it_cannot_be_rehearsed(
    specification: Specification, reason: str
) -> None:
    protocol = planning(specification).protocol
    analysis = protocol.plan.analyses[0]
    assert refusal(protocol, analysis, protocol.primary) == reason


def test_there_is_no_kernel_without_one_on_the_card() -> None:
    with pytest.raises(DesignError, match="no kernel for bootstrap"):
        PlannedKernel(specification=Bootstrap(), place=1, covariates=(), level=0.95)


def test_imputation_is_simulated_of_numbers_alone() -> None:
    protocol = planning(MultipleImputation(), folder=THREE_ARMS).protocol
    (analysis,) = protocol.plan.analyses
    binary = next(each for each in protocol.outcomes if each.kind.is_proportion)
    assert refusal(protocol, analysis, binary) == "imputation is simulated of numbers alone"
    assert refusal(protocol, analysis, protocol.primary) == ""
