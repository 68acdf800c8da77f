"""Tests of strength, flexibility and balance: distinct numbers in each trial, scores by hand."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import polars as pl
import pytest

from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Severity
from trialkit.schemas.instruments.instrument import Instrument, ScoreDirection, ThresholdKind
from trialkit.schemas.instruments.performance import (
    HAMSTRING_STRENGTH,
    SIT_AND_REACH,
    TOGU_BALANCE,
    TRUNK_STRENGTH,
    Y_BALANCE,
    hamstring_strength,
    sit_and_reach,
    togu_balance,
    trunk_strength,
    y_balance,
)
from trialkit.schemas.instruments.scoring import score
from trialkit.schemas.instruments.trials_of_a_test import Counted
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.expression import condition
from trialkit.schemas.rules.names import Scope

BETTER, NEITHER, UNKNOWN = (
    ScoreDirection.HIGHER_IS_BETTER,
    ScoreDirection.NEITHER,
    ScoreDirection.UNKNOWN,
)


def scored(what: Instrument, answers: Mapping[str, float]) -> dict[str, float]:
    """The scores of one measurement; -1 stands for none."""
    frame = pd.DataFrame({item.id: [answers.get(item.id, np.nan)] for item in what.items})
    row = score(what, frame.astype(float)).scores.iloc[0]
    return {name: -1.0 if pd.isna(value) else float(value) for name, value in row.items()}


def known(what: Instrument) -> list[tuple[object, ...]]:
    return [(each.id, each.unit, each.direction, each.low, each.high) for each in what.scores]


# left: 61, 100 and 95 of a leg of 90 cm; right: 52, 93 and 88 of one of 80 cm
REACHED = {
    "yb_limb_left": 90, "yb_limb_right": 80,
    "yb_anterior_left_1": 60, "yb_anterior_left_2": 61,
    "yb_posteromedial_left_1": 100, "yb_posteromedial_left_2": 98,
    "yb_posterolateral_left_1": 95,
    "yb_anterior_right_1": 50, "yb_anterior_right_2": 52,
    "yb_posteromedial_right_1": 90, "yb_posteromedial_right_2": 93,
    "yb_posterolateral_right_1": 88, "yb_posterolateral_right_2": 85,
}  # fmt: skip


@pytest.mark.parametrize(
    ("of", "left", "right"),
    [
        (Counted.HIGHEST, 256 / 270 * 100, 233 / 240 * 100),
        (Counted.LOWEST, 253 / 270 * 100, 225 / 240 * 100),
        # a trial is missing on the left; 51, 91.5 and 86.5 on the right
        (Counted.MEAN, -1, 229 / 240 * 100),
    ],
)
def test_the_y_balance_is_the_sum_of_three_reaches_over_three_legs(
    of: Counted, left: float, right: float
) -> None:
    what = y_balance(count=2, of=of)
    found = scored(what, REACHED)
    assert found == pytest.approx({"yb_composite_left": left, "yb_composite_right": right})
    assert f"of the trials the {of.value} counts" in what.scores[0].missing_rule
    assert "any direction missing, no composite" in what.scores[1].missing_rule
    no_anterior = {name: each for name, each in REACHED.items() if "anterior_right" not in name}
    assert scored(what, no_anterior)["yb_composite_right"] == -1


def test_what_the_y_balance_asks() -> None:
    asked = {each.id: each for each in y_balance(count=1).items}
    sides = ("left", "right")
    reaches = ("anterior", "posteromedial", "posterolateral")
    assert list(asked) == [
        name
        for side in sides
        for name in (f"yb_limb_{side}", *(f"yb_{reach}_{side}_1" for reach in reaches))
    ]
    for name, each in asked.items():
        assert (each.type, each.unit) == (ItemType.DECIMAL, "cm")
        # a pair is named once, by the left side
        assert each.other_side == (name.replace("left", "right") if "left" in name else "")
        assert (each.low, each.high) == ((40, 140) if "limb" in name else (0, 200))
    assert asked["yb_limb_right"].label == "Limb length, right"
    reach = asked["yb_posteromedial_left_1"]
    assert reach.label == "Reach, posteromedial, standing on the left leg, trial 1"
    assert known(Y_BALANCE) == [
        ("yb_composite_left", "% of limb length", BETTER, None, None),
        ("yb_composite_right", "% of limb length", BETTER, None, None),
    ]
    assert [each.label for each in Y_BALANCE.scores] == [
        "Balance (Y-balance composite), left leg",
        "Balance (Y-balance composite), right leg",
    ]
    assert y_balance(count=3, of=Counted.HIGHEST) == Y_BALANCE


@pytest.mark.parametrize(
    ("of", "expected"), [(Counted.HIGHEST, -1.5), (Counted.LOWEST, -3), (Counted.MEAN, -2.25)]
)
def test_sit_and_reach_is_what_is_reached_beyond_the_toes(of: Counted, expected: float) -> None:
    what = sit_and_reach(of=of)
    found = scored(what, {"sr_offset_cm": 23, "sr_1": 20, "sr_2": 21.5})
    assert found == {"sr_beyond_toes": expected}
    assert what.scores[0].missing_rule == f"of the trials the {of.value} counts"


def test_what_sit_and_reach_asks() -> None:
    assert [
        (each.id, each.type, each.unit, each.low, each.high, each.required)
        for each in SIT_AND_REACH.items
    ] == [
        ("sr_offset_cm", ItemType.DECIMAL, "cm", 0, 50, True),
        ("sr_1", ItemType.DECIMAL, "cm", -50, 80, False),
        ("sr_2", ItemType.DECIMAL, "cm", -50, 80, False),
    ]
    assert known(SIT_AND_REACH) == [("sr_beyond_toes", "cm", BETTER, None, None)]
    assert sit_and_reach(count=2, of=Counted.HIGHEST) == SIT_AND_REACH
    assert [each.id for each in sit_and_reach(count=1).items] == ["sr_offset_cm", "sr_1"]


def test_of_the_trials_on_the_board_the_lowest_counts_unless_said_otherwise() -> None:
    answers = {"togu_1": 3.2, "togu_2": 2.9, "togu_3": 4.1}
    assert scored(TOGU_BALANCE, answers) == {"togu_score": 2.9}
    assert scored(togu_balance(count=3), answers) == {"togu_score": 2.9}
    assert scored(togu_balance(count=3, of=Counted.HIGHEST), answers) == {"togu_score": 4.1}
    mean = scored(togu_balance(of=Counted.MEAN), answers)
    assert mean == pytest.approx({"togu_score": 3.05})
    assert known(TOGU_BALANCE) == [("togu_score", "points", UNKNOWN, None, None)]
    assert [(each.id, each.label, each.low, each.high) for each in TOGU_BALANCE.items] == [
        ("togu_1", "Score of the board, trial 1", 0, None),
        ("togu_2", "Score of the board, trial 2", 0, None),
    ]
    assert TOGU_BALANCE.unconfirmed == ("that of several trials the lowest is the best",)
    assert TOGU_BALANCE.scores[0].missing_rule == "of the trials the lowest counts"


PULLED = {
    "trunk_flexion_1": 300, "trunk_flexion_2": 310, "trunk_flexion_3": 305,
    "trunk_extension_1": 400, "trunk_extension_2": 390,
}  # fmt: skip


@pytest.mark.parametrize(
    ("of", "flexion", "extension", "ratio"),
    [
        (Counted.HIGHEST, 310, 400, 0.775),
        (Counted.LOWEST, 300, 390, 300 / 390),
        (Counted.MEAN, 305, -1, -1),
    ],
)
def test_trunk_strength_is_what_counts_in_each_direction_and_their_ratio(
    of: Counted, flexion: float, extension: float, ratio: float
) -> None:
    assert scored(trunk_strength(of=of), PULLED) == pytest.approx(
        {
            "trunk_flexion_peak": flexion,
            "trunk_extension_peak": extension,
            "trunk_ratio": ratio,
        }
    )


def test_what_is_known_of_trunk_strength_depends_on_its_unit() -> None:
    assert known(TRUNK_STRENGTH) == [
        ("trunk_flexion_peak", "N", BETTER, 0, None),
        ("trunk_extension_peak", "N", BETTER, 0, None),
        ("trunk_ratio", "", NEITHER, None, None),
    ]
    flexion, extension, ratio = TRUNK_STRENGTH.scores
    assert (flexion.label, extension.label) == (
        "Trunk flexion strength",
        "Trunk extension strength",
    )
    assert flexion.thresholds == ratio.thresholds == ()
    (threshold,) = extension.thresholds
    assert (threshold.kind, threshold.value) == (ThresholdKind.DETECTABLE_CHANGE_95, 51.1)
    torque = trunk_strength(unit="N·m", count=1)
    # the threshold is a force, and says nothing of a torque
    assert [each.thresholds for each in torque.scores] == [(), (), ()]
    assert [each.unit for each in torque.scores] == ["N·m", "N·m", ""]
    assert [(each.id, each.label, each.unit, each.high) for each in torque.items] == [
        ("trunk_flexion_1", "Trunk flexion, trial 1", "N·m", 2000),
        ("trunk_extension_1", "Trunk extension, trial 1", "N·m", 2000),
    ]
    assert trunk_strength(unit="N", count=3, of=Counted.HIGHEST) == TRUNK_STRENGTH


KICKED = {
    "body_mass_kg": 80,
    "ham_left_1": 96, "ham_left_2": 100, "ham_left_3": 98,
    "ham_right_1": 88, "ham_right_2": 84, "ham_right_3": 89,
}  # fmt: skip


@pytest.mark.parametrize(
    ("of", "left", "right"),
    [(Counted.HIGHEST, 100, 89), (Counted.LOWEST, 96, 84), (Counted.MEAN, 98, 87)],
)
def test_hamstring_strength_is_of_each_leg_for_each_kilogram_and_of_both(
    of: Counted, left: float, right: float
) -> None:
    what = hamstring_strength(of=of)
    assert scored(what, KICKED) == pytest.approx(
        {
            "ham_left_peak": left,
            "ham_left_per_kg": left / 80,
            "ham_right_peak": right,
            "ham_right_per_kg": right / 80,
            "ham_mean_peak": (left + right) / 2,
        }
    )
    one_leg = {name: each for name, each in KICKED.items() if not name.startswith("ham_right")}
    found = scored(what, one_leg)
    assert (found["ham_left_peak"], found["ham_mean_peak"]) == (left, -1)
    weightless = {name: each for name, each in KICKED.items() if name != "body_mass_kg"}
    found = scored(what, weightless)
    assert (found["ham_left_per_kg"], found["ham_mean_peak"]) == (-1, (left + right) / 2)


def test_what_is_known_of_hamstring_strength() -> None:
    assert hamstring_strength(unit="N·m", count=3, of=Counted.HIGHEST) == HAMSTRING_STRENGTH
    force = hamstring_strength(unit="N", count=1)
    assert [
        (each.id, each.label, each.unit, each.low, each.high, each.other_side)
        for each in force.items
    ] == [
        ("body_mass_kg", "Body mass on the day", "kg", 25, 250, ""),
        ("ham_left_1", "Knee flexion, left, trial 1", "N", 0, 1000, "ham_right_1"),
        ("ham_right_1", "Knee flexion, right, trial 1", "N", 0, 1000, ""),
    ]
    assert known(force) == [
        ("ham_left_peak", "N", BETTER, 0, None),
        ("ham_left_per_kg", "N/kg", BETTER, 0, None),
        ("ham_right_peak", "N", BETTER, 0, None),
        ("ham_right_per_kg", "N/kg", BETTER, 0, None),
        ("ham_mean_peak", "N", BETTER, 0, None),
    ]
    assert [each.label for each in force.scores] == [
        "Hamstring strength, left",
        "Hamstring strength for each kg, left",
        "Hamstring strength, right",
        "Hamstring strength for each kg, right",
        "Hamstring strength, mean of both legs",
    ]


def test_legs_that_differ_by_more_than_a_factor_of_two_are_asked_about() -> None:
    (rule,) = HAMSTRING_STRENGTH.checks
    assert (rule.id, rule.severity, rule.items) == (
        "HAM01", Severity.SOFT, ("ham_left_1", "ham_right_1"),
    )  # fmt: skip
    form = Form(
        id="f", title="f", kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=(),
        repeating=False, rules=(), file="", sha256="",
        items=tuple(Item(id=name, label=name, type=ItemType.DECIMAL) for name in rule.items),
    )  # fmt: skip
    legs = {
        "ham_left_1": [100.0, 100.1, 50.0, 49.9, 70.0],
        "ham_right_1": [50.0, 50.0, 100.0, 100.0, 70.0],
    }
    read = condition(rule.expression, Scope(form=form, forms={"f": form}, missing_codes=()))
    frame = pl.DataFrame(
        {each.column: legs[each.item] for each in read.references}
        | {each.wrong: [False] * 5 for each in read.references}
    )
    assert read.judged(frame).to_list() == [True, False, True, False, True]
