"""What a plan may ask of a tipping point, and what it says of itself."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.imputing_method import MISSING
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.protocol.methods.tipping_point import TippingPoint

GRID = DeltaGrid(first=0, last=20)


def test_it_states_no_effect_that_a_family_or_a_primary_analysis_could_count() -> None:
    own = TippingPoint(arm="A1", deltas=GRID)
    assert own.effect(OutcomeType.CONTINUOUS, 2) is None
    assert Method.TIPPING_POINT in own.WITHOUT_HEADLINE
    assert not own.takes(own.method, OutcomeType.BINARY)


def test_missing_values_are_shifted_whatever_else_is_supposed() -> None:
    for strategy in ImputationStrategy:
        own = TippingPoint(arm="A1", deltas=GRID, strategy=strategy)
        assert own.supposes is Supposition.SHIFTED
        assert own.supposes.assumption is MissingAssumption.STATED
        assert MISSING in own.follows(())
    assert own.arms_named == ("A1",)


def test_the_grid_is_said_as_numbers() -> None:
    own = TippingPoint(arm="A1", deltas=GRID, other_deltas=DeltaGrid(first=-1, last=1))
    assert own.moves.deltas == GRID.deltas
    assert own.moves.others == (-1.0, 0.0, 1.0)
    assert TippingPoint(arm="A1", deltas=GRID).moves.others == ()


def test_too_many_points_and_no_arm_are_refused() -> None:
    assert len(GRID.deltas) == 21
    assert TippingPoint(arm="A1", deltas=GRID, other_deltas=GRID)
    wider = DeltaGrid(first=0, last=21)
    with pytest.raises(ProtocolError, match="462 points together, and 441 is the most"):
        TippingPoint(arm="A1", deltas=GRID, other_deltas=wider)
    with pytest.raises(ProtocolError, match="arm is blank"):
        TippingPoint(arm=" ", deltas=GRID)
    with pytest.raises(ProtocolError, match="not random; take out samples and seed"):
        TippingPoint(arm="A1", deltas=GRID, seed=3)
