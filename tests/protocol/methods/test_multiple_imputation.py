"""What a plan may ask of multiple imputation, and what it reads."""

from typing import Any

import pytest

from tests.protocol.methods.test_specification import measured
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.imputation import (
    CovariateFill,
    DrawMethod,
    ImputationStrategy,
    ResampledLimits,
)
from trialkit.protocol.methods.imputing_method import MISSING, ImputingMethod
from trialkit.protocol.methods.linear_models import OutcomeScale, RobustCovariance
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
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


def test_something_is_supposed_after_events_and_after_the_last_value() -> None:
    jump, copy = ImputationStrategy.JUMP_TO_REFERENCE, ImputationStrategy.COPY_REFERENCE
    assert MultipleImputation().follows(()) == ()
    assert MultipleImputation().follows(("stopped",)) == ("stopped",)
    assert MultipleImputation(strategy=jump).follows(("stopped",)) == ("stopped", MISSING)
    assert MultipleImputation(strategy=jump, after=(MISSING,)).follows(("stopped",)) == (MISSING,)
    own = MultipleImputation(strategies={"surgery": copy})
    assert own.follows(("stopped",)) == ("stopped", "surgery")
    assert (own.strategy_of("surgery"), own.strategy_of("stopped")) == (copy, own.strategy)
    assert own.events_named == ("surgery",)
    assert MultipleImputation(delta={"B": 5.0}).follows(()) == (MISSING,)
    assert MultipleImputation(delta={"B": 0.0}).follows(()) == ()
    with pytest.raises(ProtocolError, match="'surgery', which is not among those of after"):
        MultipleImputation(after=("stopped",), strategies={"surgery": copy})


def test_what_is_supposed_of_missing_values() -> None:
    single = measured(OutcomeType.CONTINUOUS, "BL", "W8")
    plain = MultipleImputation()
    assert plain.supposes_of_missing(OUTCOME) is MissingAssumption.AT_RANDOM
    assert plain.supposes_of_missing(single) is MissingAssumption.AS_OBSERVED
    told = MultipleImputation(auxiliary=("a.b",))
    assert told.supposes_of_missing(single) is MissingAssumption.AT_RANDOM
    for stated in (
        MultipleImputation(strategy=ImputationStrategy.COPY_REFERENCE),
        MultipleImputation(strategies={"stopped": ImputationStrategy.COPY_REFERENCE}),
        MultipleImputation(delta={"B": {"W8": 2.0}}),
    ):
        assert stated.supposes_of_missing(single) is MissingAssumption.STATED


def test_a_delta_is_of_an_arm_or_of_its_visits() -> None:
    asked = MultipleImputation(delta={"A": 1.0, "B": {"W4": 2.0, "W8": 3.0}})
    assert asked.deltas_of("A") == {"": 1.0}
    assert asked.deltas_of("B") == {"W4": 2.0, "W8": 3.0}
    assert asked.deltas_of("C") == {}
    assert (asked.arms_named, asked.visits_named) == (("A", "B"), ("W4", "W8"))


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


def test_a_model_analyses_each_data_set_and_what_it_reads_is_read() -> None:
    asked = MultipleImputation(**RANDOM, model=Ancova(covariates=("a.d",)), covariates_by_visit=())
    assert asked.model_covariates == ("a.d",)
    assert asked.baseline_items(OUTCOME.kind) == ("a.d",)
    assert asked.needed_visits(OUTCOME) == ()
    change = MultipleImputation(
        **RANDOM, model=Ancova(response=Response.CHANGE, covariates=()), covariates_by_visit=()
    )
    assert change.model_covariates is None
    assert change.uses_baseline(OUTCOME)
    assert change.needed_visits(OUTCOME) == ("BL",)
    ratio = MultipleImputation(**RANDOM, model=Ancova(scale=OutcomeScale.LOG))
    assert ratio.effect(OutcomeType.CONTINUOUS, 2).scale is Scale.RATIO


def test_proportions_have_standardised_risks_and_no_baseline() -> None:
    events = measured(OutcomeType.BINARY, "BL", "W4", "W8")
    asked = MultipleImputation(**RANDOM, covariates=("a.b",))
    assert asked.event_covariates == ("a.b",)
    assert asked.needed_visits(events) == ()
    assert asked.effect(OutcomeType.BINARY, 2).scale is Scale.PERCENTAGE_POINTS
    assert asked.unfit_for(events.kind) == ""
    assert "whose coefficients are drawn" in MultipleImputation().unfit_for(events.kind)
    jump = MultipleImputation(**RANDOM, strategy=ImputationStrategy.JUMP_TO_REFERENCE)
    assert jump.unfit_for(events.kind) == (
        "jump-to-reference supposes means of a joint normal distribution; of yes and no, and of counts, write "
        "'missing-at-random' or 'copy-reference'"
    )
    assert jump.unfit_for(OUTCOME.kind) == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": Ancova(robust=RobustCovariance.HC3)}, "write draws = 'approximate-bayes' or"),
        ({**RANDOM, "model": Mmrm()}, "more than one value of a participant"),
        ({**RANDOM, "model": ProportionComparison()}, "write 'standardised_risks'"),
        ({**RANDOM, "model": Logistic()}, "write limits = 'wald'"),
        ({**RANDOM, "model": Bootstrap()}, "cannot be pooled: it has no limits"),
    ],
)
def test_models_that_cannot_be_pooled_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        MultipleImputation(**options)


def test_values_of_all_visits_of_the_imputation_have_a_part_in_the_result() -> None:
    assert MultipleImputation().visits_read(OUTCOME) == ("BL", "W4", "W8")
    filled = MultipleImputation(baseline_fill=CovariateFill.MEAN)
    assert filled.needed_visits(OUTCOME) == ()
    assert filled.visits_read(OUTCOME) == ("BL", "W4", "W8")
    last = MultipleImputation(visits=("W8",), covariates_by_visit=())
    assert last.visits_read(OUTCOME) == ("W8",)
    assert Mmrm().visits_read(OUTCOME) == ("BL", "W4", "W8")
    assert Ancova().visits_read(OUTCOME) == ("BL", "W8")
