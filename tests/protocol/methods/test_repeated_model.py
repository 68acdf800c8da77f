"""What mixed models for repeated measures may be asked, and what a baseline is to each of them."""

import pytest

from tests.protocol.methods.test_specification import measured
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.repeated import CovarianceStructure
from trialkit.protocol.methods.repeated_model import RepeatedMeasuresModel
from trialkit.protocol.methods.specification import Specification
from trialkit.results.effect import Scale

MODELS: list[type[RepeatedMeasuresModel]] = [Mmrm, ConstrainedLongitudinal]
OUTCOME = measured(OutcomeType.CONTINUOUS, "BL", "W4", "W8")


@pytest.mark.parametrize("model", MODELS)
def test_a_covariate_stands_in_one_list(model: type[RepeatedMeasuresModel]) -> None:
    with pytest.raises(
        ProtocolError, match=r"a\.b stands in covariates and in covariates_by_visit"
    ):
        model(covariates=("a.b",), covariates_by_visit=("a.b",))


@pytest.mark.parametrize("model", MODELS)
def test_days_are_read_by_a_spatial_structure_even_one_that_stands_behind(
    model: type[RepeatedMeasuresModel],
) -> None:
    spatial = CovarianceStructure.SPATIAL_EXPONENTIAL
    assert not model().is_spatial
    assert model(covariance=spatial).is_spatial
    assert model(fallback=(CovarianceStructure.AR1, spatial)).is_spatial
    assert model().effect(OutcomeType.CONTINUOUS, 3).scale is Scale.DIFFERENCE


@pytest.mark.parametrize("option", ["covariates", "covariates_by_visit"])
def test_a_baseline_that_is_an_outcome_is_no_covariate(option: str) -> None:
    with pytest.raises(ProtocolError, match="take it out, or use method = 'mmrm'"):
        ConstrainedLongitudinal(**{option: ("baseline",)})


def test_a_constrained_analysis_reads_the_baseline_and_needs_no_visit_of_anybody() -> None:
    asked = ConstrainedLongitudinal()
    assert asked.uses_baseline(OUTCOME)
    assert asked.adjusts_for_baseline
    assert asked.needed_visits(OUTCOME) == ()
    assert asked.one_of_visits(OUTCOME) == ("BL", "W4", "W8")
    assert Mmrm().needed_visits(OUTCOME) == ("BL",)
    assert Mmrm().one_of_visits(OUTCOME) == ("W4", "W8")


@pytest.mark.parametrize(
    ("specification", "needed", "one_of"),
    [
        (Mmrm(visits=("W8",)), ("BL",), ("W8",)),
        (ConstrainedLongitudinal(visits=("W8",)), (), ("BL", "W8")),
        (MixedAnova(visits=("W8",)), ("BL", "W8"), ()),
        (MixedAnova(), ("BL", "W4", "W8"), ()),
    ],
)
def test_visits_that_are_not_chosen_are_not_read(
    specification: Specification, needed: tuple[str, ...], one_of: tuple[str, ...]
) -> None:
    assert specification.needed_visits(OUTCOME) == needed
    assert specification.one_of_visits(OUTCOME) == one_of
    later = ("W8",) if specification.chosen_visits else ("W4", "W8")
    assert specification.analysed_visits(OUTCOME) == later


@pytest.mark.parametrize("model", [Gee, Glmm])
def test_events_are_read_at_chosen_visits_too(model: type[Gee] | type[Glmm]) -> None:
    events = measured(OutcomeType.BINARY, "BL", "W4", "W8")
    assert model(visits=("W4",)).one_of_visits(events) == ("W4",)
    assert model().one_of_visits(events) == ("W4", "W8")
