"""What a size for repeated measures assumes: retention by visit, and correlations one way or other."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.design import CorrelationPattern
from trialkit.protocol.sizing.mmrm import Mmrm

RIGHT = {"difference": 1.0, "retention": (1.0, 0.9, 0.8), "correlation": 0.5}
ROWS = ((1.0, 0.5, 0.4), (0.5, 1.0, 0.5), (0.4, 0.5, 1.0))
ONE_OF_THEM = "give correlation (with its pattern) or correlations: one of them"
SQUARE = "correlations must have 3 rows of 3 numbers, one for each visit"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"difference": 0}, "difference is 0: there is nothing to detect"),
        ({"sd": 0}, "sd must be above 0, got 0"),
        ({"alpha": 0}, "alpha must lie between 0 and 0.5, got 0"),
        ({"sides": 0}, "sides must be 1 or 2, got 0"),
        ({"allocation": (1, 2, 3)}, "allocation must be 2 whole numbers"),
        ({"retention": ()}, "retention must have one share for each visit, 0 in all"),
        ({"retention": (0.8, 0.9, 1.0)}, "retention cannot grow from visit to visit"),
        (
            {"retention_experimental": (1.0, 0.9)},
            "retention_experimental must have one share for each visit, 3 in all",
        ),
        ({"correlation": None}, ONE_OF_THEM),
        ({"correlations": ROWS}, ONE_OF_THEM),
        ({"correlation": -0.5}, "correlation must lie between -0.5 and 1, got -0.5"),
        ({"correlation": 1}, "correlation must lie between -0.5 and 1, got 1"),
        ({"correlation": -1, "pattern": "ar1"}, "correlation must lie between -1 and 1, got -1"),
        ({"correlation": None, "correlations": ROWS[:2]}, SQUARE),
        ({"correlation": None, "correlations": (*ROWS[:2], (0.4, 0.5))}, SQUARE),
    ],
)
def test_what_cannot_be_assumed_is_refused(wrong: dict, said: str) -> None:
    with pytest.raises(ProtocolError) as error:
        Mmrm(**RIGHT | wrong)
    assert said in str(error.value)


@pytest.mark.parametrize(
    "right",
    [
        {"correlation": -0.49},
        {"correlation": -0.99, "pattern": CorrelationPattern.AR1},
        {"correlation": None, "correlations": ROWS},
        {"retention_experimental": (1.0, 0.7, 0.6)},
        {"retention": (0.9,), "correlation": -0.99},
    ],
)
def test_what_can_be_assumed_is_kept(right: dict) -> None:
    trial = Mmrm(**RIGHT | right)
    assert {name: getattr(trial, name) for name in right} == right
    assert Mmrm(**RIGHT).pattern is CorrelationPattern.COMPOUND_SYMMETRY
    assert Mmrm(**RIGHT | {"pattern": "ar1"}).pattern is CorrelationPattern.AR1
