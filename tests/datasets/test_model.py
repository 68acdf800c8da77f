"""A flow diagram whose boxes do not add up cannot be made."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.errors import DatasetError
from trialkit.results.flow import ArmFlow, Disposition, Reason

FLOW = ArmFlow(
    arm="EG",
    label="Experimental",
    allocated=13,
    received=12,
    not_received=(Reason(text="moved away", count=1),),
    lost=(Reason(text="moved away", count=2),),
    discontinued=(),
    analysed=10,
    excluded=(Reason(text="no baseline", count=1),),
)


@pytest.mark.parametrize(
    "wrong", [{"allocated": 14}, {"received": 13}, {"analysed": 11}, {"lost": ()}]
)
def test_an_arm_that_does_not_add_up_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(DatasetError, match="does not add up"):
        replace(FLOW, **wrong)


def test_a_lost_participant_may_be_analysed_from_earlier_visits() -> None:
    assert replace(FLOW, analysed=11, lost_but_analysed=1).analysed == 11


@given(lost=st.integers(0, 20), excluded=st.integers(0, 20), analysed=st.integers(0, 20))
def test_every_sum_that_holds_is_accepted_and_one_more_is_not(
    lost: int, excluded: int, analysed: int
) -> None:
    total = lost + excluded + analysed
    arm = replace(
        FLOW,
        allocated=total,
        received=total,
        not_received=(),
        lost=(Reason(text="a", count=lost),),
        excluded=(Reason(text="b", count=excluded),),
        analysed=analysed,
    )
    Disposition(
        assessed=total + 3,
        not_randomised=(Reason(text="c", count=3),),
        randomised=total,
        arms=(arm,),
    )
    with pytest.raises(DatasetError, match="flow does not add up"):
        Disposition(assessed=total + 3, not_randomised=(), randomised=total, arms=(arm,))
    with pytest.raises(DatasetError, match="flow does not add up"):
        Disposition(assessed=total + 1, not_randomised=(), randomised=total + 1, arms=(arm,))
