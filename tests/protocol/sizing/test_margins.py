"""What non-inferiority and equivalence assume: a margin, and a truth inside it."""

import pytest

from trialkit.errors import AnalysisError, ProtocolError
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.sizing.design import MarginPower
from trialkit.protocol.sizing.margins import (
    EquivalenceMeans,
    EquivalenceProportions,
    NonInferiorityMeans,
    NonInferiorityProportions,
)

MEANS = {"margin": 2.0}
RISKS = {"risk_reference": 0.5, "risk_experimental": 0.45, "margin": 0.1}
RIGHT = {
    NonInferiorityMeans: MEANS | {"direction": "higher"},
    EquivalenceMeans: MEANS,
    NonInferiorityProportions: RISKS | {"direction": "higher"},
    EquivalenceProportions: RISKS,
}
EVERY = tuple(RIGHT)
BY_RISKS = EVERY[2:]


@pytest.mark.parametrize("kind", EVERY)
def test_one_sided_level_and_equal_arms_are_the_defaults(kind: type) -> None:
    trial = kind(**RIGHT[kind])
    assert (trial.alpha, trial.allocation, trial.margin) == (
        0.025,
        (1, 1),
        RIGHT[kind]["margin"],
    )
    if kind in BY_RISKS:
        assert trial.test is MarginPower.FARRINGTON_MANNING
        exact = kind(**RIGHT[kind], test="miettinen_nurminen_exact")
        assert exact.test is MarginPower.MIETTINEN_NURMINEN_EXACT
    else:
        assert (trial.difference, trial.sd) == (0, 1)
    if "direction" in RIGHT[kind]:
        assert trial.direction is Direction.HIGHER


@pytest.mark.parametrize(
    ("kinds", "wrong", "said"),
    [
        (EVERY, {"margin": 0}, "margin must"),
        (EVERY, {"margin": -1}, "margin must"),
        (EVERY, {"alpha": 0.5}, "alpha must lie between 0 and 0.5, got 0.5"),
        (EVERY, {"allocation": (1, 1, 1)}, "allocation must be 2 whole numbers"),
        (EVERY[:2], {"sd": 0}, "sd must be above 0, got 0"),
        (BY_RISKS, {"margin": 1}, "margin must lie between 0 and 1, got 1"),
        (BY_RISKS, {"risk_reference": 1}, "risk_reference must lie between 0 and 1, got 1"),
        (BY_RISKS, {"risk_experimental": 0}, "risk_experimental must lie between 0 and 1, got 0"),
        (
            (NonInferiorityMeans,),
            {"difference": -2},
            "the true difference -2 is worse by the margin 2 or more",
        ),
        (
            (NonInferiorityMeans,),
            {"difference": 2, "direction": "lower"},
            "the true difference 2 is worse by the margin 2 or more",
        ),
        (
            (EquivalenceMeans,),
            {"difference": 2},
            "the true difference 2 is not inside the margins of ±2",
        ),
        (
            (NonInferiorityProportions,),
            {"risk_experimental": 0.35},
            "the true difference -0.15 is worse by the margin 0.1 or more",
        ),
        (
            (NonInferiorityProportions,),
            {"risk_experimental": 0.65, "direction": "lower"},
            "the true difference 0.15 is worse by the margin 0.1 or more",
        ),
        (
            (EquivalenceProportions,),
            {"risk_experimental": 0.35},
            "the true difference -0.15 is not inside the margins of ±0.1",
        ),
    ],
)
def test_what_cannot_be_assumed_is_refused(kinds: tuple[type, ...], wrong: dict, said: str) -> None:
    for kind in kinds:
        with pytest.raises(ProtocolError) as error:
            kind(**RIGHT[kind] | wrong)
        assert said in str(error.value)


def test_a_truth_on_the_better_side_may_pass_the_margin_of_non_inferiority() -> None:
    assert NonInferiorityMeans(margin=2, difference=9, direction="higher").difference == 9
    lower = NonInferiorityProportions(**RISKS | {"risk_experimental": 0.1}, direction="lower")
    assert lower.risk_experimental == 0.1


@pytest.mark.parametrize("kind", EVERY)
def test_a_choice_that_is_not_known_lists_the_known(kind: type) -> None:
    if "direction" in RIGHT[kind]:
        with pytest.raises(AnalysisError, match="known are"):
            kind(**RIGHT[kind] | {"direction": "up"})
    if kind in BY_RISKS:
        with pytest.raises(AnalysisError, match="known are farrington_manning, "):
            kind(**RIGHT[kind] | {"test": "wald"})
