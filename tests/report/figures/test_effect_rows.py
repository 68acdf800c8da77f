"""Effects of an analysis, arm by arm: drawn and printed in one unit, of several arms under one head."""

import pytest

from tests.report.figures.test_sensitivity_figure import RATIO, effect, trial
from tests.report.rows import index_of
from trialkit.report.figures.effect_rows import (
    NOT_ESTIMABLE,
    ArmEffect,
    effect_axis,
    effect_in_words,
    effect_numbers,
    rows_by_arm,
)
from trialkit.report.figures.forest_columns import favoured_sides
from trialkit.report.tables.headlines import Headline, headlines
from trialkit.results.lookup import ResultIndex


def headline_of(arms: int, index: ResultIndex) -> Headline:
    return next(headlines(trial(arms=arms), index))


@pytest.mark.parametrize("arms", [2, 3])
def test_the_rows_of_several_arms_stand_under_one_head(arms: int) -> None:
    own = headline_of(arms, index_of(*effect("a0", "ancova", 2.0, 1.0, 3.0)))
    found = (
        ArmEffect(
            arm=arm, before=("n",), after=("words",), numbers=effect_numbers(own, own.effect(arm))
        )
        for arm in own.protocol.experimental
    )
    rows = [*rows_by_arm(own, "Covariance", found, parted=True)]
    drawn = [row.effect for row in rows]
    if arms == 2:
        assert drawn == [2.0]
        assert (rows[0].label, rows[0].bold, rows[0].indented) == ("Covariance", True, False)
    else:
        assert drawn == [None, 2.0, None]
        assert [row.indented for row in rows] == [False, True, True]
        assert [row.label for row in rows[1:]] == [arm.label for arm in own.protocol.experimental]
    assert [row.parted for row in rows] == [True] + [False] * (len(rows) - 1)


def test_what_is_not_stated_is_not_estimable() -> None:
    own = headline_of(2, index_of(*effect("a0", "ancova", 2.0, None, 3.0)))
    (arm,) = own.protocol.experimental
    numbers = effect_numbers(own, own.effect(arm))
    assert (numbers, effect_in_words(own, numbers)) == (None, NOT_ESTIMABLE)


def test_the_axis_says_on_which_side_an_arm_is_better() -> None:
    own = headline_of(2, index_of())
    axis = effect_axis(own, "Difference", ())
    assert axis.words == f"Difference from the reference arm, {own.outcome.unit}"
    assert (axis.below, axis.above) == favoured_sides(own.protocol, lower_is_better=True)
    assert own.protocol.reference.label in axis.above
    turned = favoured_sides(own.protocol, lower_is_better=False)
    assert turned == (axis.above, axis.below)
    (ratio,) = [each for each in headlines(trial(RATIO), index_of()) if each.analysis.id == "a1"]
    assert effect_axis(ratio, "Ratio", ()).words == "Ratio to the reference arm"
