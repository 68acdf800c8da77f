"""What an analysis of variance assumes: f by one convention, with what that convention needs."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.anova import MixedAnova, OneWayAnova
from trialkit.protocol.sizing.design import EffectSizeConvention, MixedEffect

MIXED = {"f": 0.25, "visits": 3, "correlation": 0.5}
ONE_WAY = {"f": 0.25, "groups": 3}


def refused(kind: type, given: dict) -> str:
    with pytest.raises(ProtocolError) as error:
        kind(**given)
    return str(error.value)


def test_defaults_are_two_groups_an_interaction_and_sphericity() -> None:
    trial = MixedAnova(**MIXED)
    assert (trial.groups, trial.epsilon, trial.alpha, trial.allocation) == (2, 1, 0.05, ())
    assert trial.effect is MixedEffect.INTERACTION
    assert trial.convention is EffectSizeConvention.GPOWER
    named = MixedAnova(**MIXED, effect="between")
    assert named.effect is MixedEffect.BETWEEN


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"f": 0}, "f must be above 0, got 0"),
        ({"visits": 1}, "visits must be 2 or more, got 1"),
        ({"groups": 1}, "groups must be 2 or more, got 1"),
        ({"groups": 0, "effect": "within"}, "groups must be 1 or more, got 0"),
        ({"alpha": 0.5}, "alpha must lie between 0 and 0.5, got 0.5"),
        ({"allocation": (1, 1, 1)}, "allocation must be 2 whole numbers"),
        (
            {"correlation": None},
            "correlation is needed: f of the convention 'gpower' is of the means alone",
        ),
        ({"correlation": 1}, "correlation must lie between -0.5 and 1, got 1"),
        ({"correlation": -0.5}, "correlation must lie between -0.5 and 1, got -0.5"),
        (
            {"convention": "spss"},
            (
                "correlation is part of f already under the convention 'spss'; leave it out, or use "
                "the convention 'gpower'"
            ),
        ),
        (
            {"convention": "cohen", "correlation": None, "effect": "between"},
            (
                "convention 'cohen' is for effects within participants; the effect between groups has "
                "f as in G*Power 3.0: convention 'gpower'"
            ),
        ),
        ({"epsilon": 0.49}, "epsilon of 3 visits lies from 0.5 to 1, got 0.49"),
        ({"epsilon": 1.01}, "epsilon of 3 visits lies from 0.5 to 1, got 1.01"),
        (
            {"effect": "between", "epsilon": 0.9},
            "epsilon has no part in the effect between groups; leave it out",
        ),
    ],
)
def test_what_a_mixed_analysis_cannot_assume_is_refused(wrong: dict, said: str) -> None:
    assert said in refused(MixedAnova, MIXED | wrong)


@pytest.mark.parametrize(
    "right",
    [
        {"epsilon": 0.5},
        {"visits": 4, "epsilon": 1 / 3},
        {"correlation": -0.49},
        {"groups": 1, "effect": "within"},
        {"convention": "cohen", "correlation": None},
        {"convention": "spss", "correlation": None, "effect": "within", "groups": 1},
        {"allocation": (2, 3)},
        {"effect": "between"},
    ],
)
def test_what_a_mixed_analysis_can_assume_is_kept(right: dict) -> None:
    trial = MixedAnova(**MIXED | right)
    assert {name: getattr(trial, name) for name in right} == right


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"f": -0.1}, "f must be above 0, got -0.1"),
        ({"groups": 1}, "groups must be 2 or more, got 1"),
        ({"alpha": 0}, "alpha must lie between 0 and 0.5, got 0"),
        ({"allocation": (1, 1)}, "allocation must be 3 whole numbers"),
    ],
)
def test_what_a_one_way_analysis_cannot_assume_is_refused(wrong: dict, said: str) -> None:
    assert said in refused(OneWayAnova, ONE_WAY | wrong)
    assert OneWayAnova(**ONE_WAY, allocation=(1, 2, 3)).allocation == (1, 2, 3)
