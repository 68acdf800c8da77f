"""What a plan may ask of multiple imputation, and what it reads."""

from typing import Any

import pytest

from tests.protocol.methods.test_specification import measured
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.imputation import DrawMethod, ImputationStrategy, ResampledLimits
from trialkit.protocol.methods.imputing_method import MISSING, ImputingMethod
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.repeated import CovarianceStructure
from trialkit.results.effect import Scale

OUTCOME = measured(OutcomeType.CONTINUOUS, "BL", "W4", "W8")
RANDOM: dict[str, Any] = {"draws": DrawMethod.APPROXIMATE_BAYES, "samples": 20, "seed": 1}


def test_who_has_a_baseline_is_analysed_whatever_is_missing_after_it() -> None:
    asked = MultipleImputation()
    assert asked.IMPUTES
    assert isinstance(asked, ImputingMethod)
    assert asked.uses_baseline(OUTCOME)
    assert asked.needed_visits(OUTCOME) == ("BL",)
    assert asked.one_of_visits(OUTCOME) == ()
    assert asked.effect(OutcomeType.CONTINUOUS, 3).scale is Scale.DIFFERENCE
    bare = MultipleImputation(covariates_by_visit=())
    assert bare.needed_visits(OUTCOME) == ()
    assert not bare.adjusts_for_baseline
    assert asked.adjusts_for_baseline


def test_what_is_supposed_holds_after_the_last_value() -> None:
    assert MultipleImputation().follows == ()
    assert MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE).follows == (MISSING,)


def test_auxiliary_covariates_are_of_the_imputation_alone() -> None:
    asked = MultipleImputation(covariates=("a.b",), auxiliary=("a.c",), visits=("W8",))
    assert asked.analysed_covariates == ("a.b", "baseline")
    assert asked.baseline_items(OUTCOME.kind) == ("a.b", "a.c")
    assert asked.chosen_visits == ("W8",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"samples": 20}, "is not random; take out samples and seed"),
        ({"draws": DrawMethod.BAYES}, "is random; give samples and seed"),
        ({**RANDOM, "samples": 1}, "samples must be 2 to 100,000, got 1"),
        ({**RANDOM, "samples": 100_001}, "samples must be 2 to 100,000, got 100001"),
        ({**RANDOM, "seed": -1}, "seed must be 0 or more"),
        ({"limits": ResampledLimits.NORMAL}, "limits are chosen of draws"),
        ({"covariates": ("baseline",)}, "baseline stands twice"),
        ({"covariates": ("a.b",), "auxiliary": ("a.b",)}, r"a\.b stands twice"),
        ({"covariance": CovarianceStructure.SPATIAL_EXPONENTIAL}, "no spatial covariance"),
        (
            {**RANDOM, "draws": DrawMethod.BAYES, "covariance": CovarianceStructure.AR1},
            "needs an unstructured covariance",
        ),
    ],
)
def test_what_cannot_hold_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        MultipleImputation(**options)
