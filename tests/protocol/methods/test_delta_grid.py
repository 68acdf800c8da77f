"""A grid of deltas is what would be written down, has nothing added among it, and is not endless."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.limits import MOST_DELTAS
from trialkit.protocol.methods.delta_grid import DeltaGrid, MovedValues


@pytest.mark.parametrize(
    ("first", "last", "step", "deltas"),
    [
        (0, 3, 1, (0.0, 1.0, 2.0, 3.0)),
        (-2, 4, 2, (-2.0, 0.0, 2.0, 4.0)),
        (-0.3, 0.3, 0.1, (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)),
        (-1, 0, 0.5, (-1.0, -0.5, 0.0)),
    ],
)
def test_deltas_are_decimal_numbers(
    first: float, last: float, step: float, deltas: tuple[float, ...]
) -> None:
    assert DeltaGrid(first=first, last=last, step=step).deltas == deltas
    zero = next(each for each in DeltaGrid(first=first, last=last, step=step).deltas if each == 0)
    assert str(zero) == "0.0"


@pytest.mark.parametrize(
    ("first", "last", "step", "words"),
    [
        (0, 3, 0, "step is a size and must be above 0, got 0"),
        (0, 3, -1, "above 0, got -1"),
        (3, 0, 1, "first must lie below last"),
        (2, 2, 1, "first must lie below last"),
        (0, 1, 0.3, "no whole number of steps of 0.3"),
        (1, 5, 1, "0, where nothing is added, is not among 1 to 5"),
        (-3, 5, 2, "0, where nothing is added"),
        (float("nan"), 5, 2, "finite numbers"),
        (0, float("inf"), 2, "finite numbers"),
        (0, MOST_DELTAS, 1, "more than 101 deltas; take larger steps"),
        (0, 1e9, 1e-9, "more than 101 deltas"),
    ],
)
def test_a_grid_that_cannot_be_is_refused(
    first: float, last: float, step: float, words: str
) -> None:
    with pytest.raises(ProtocolError, match=words):
        DeltaGrid(first=first, last=last, step=step)


def test_the_largest_grid_is_taken() -> None:
    assert len(DeltaGrid(first=0, last=MOST_DELTAS - 1).deltas) == MOST_DELTAS


def test_an_arm_is_followed_itself_and_the_reference_in_every_other() -> None:
    arms = ("A0", "A1", "A2")
    assert MovedValues(arm="A1", deltas=(0.0,)).compared(arms) == ("A1",)
    assert MovedValues(arm="A0", deltas=(0.0,)).compared(arms) == ("A1", "A2")
    assert MovedValues(arm="A1", deltas=(0.0,)).other_deltas == (0.0,)
    assert not MovedValues(arm="A1", deltas=(0.0,)).is_two_way
    assert MovedValues(arm="A1", deltas=(0.0,), others=(0.0, 1.0)).is_two_way
