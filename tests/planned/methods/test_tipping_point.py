"""A planned tipping point: each delta is a multiple imputation with that delta, and tips where it says."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.planned.hand import ARM, Rows, task_of
from tests.planned.methods.test_multiple_imputation import MULTIPLE_IMPUTATION, gaps
from trialkit.errors import AnalysisError
from trialkit.planned.methods.tipping_point import NEVER, TIPPING_POINT, state_tipping_point
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.imputation import DrawMethod, ImputationStrategy
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.results.deltas import delta_term
from trialkit.results.series import SeriesKind
from trialkit.results.vocabulary import Stat

GRID = DeltaGrid(first=-4, last=12, step=4)
WIDE = DeltaGrid(first=-40, last=60, step=20)
OTHER = DeltaGrid(first=-5, last=5, step=5)
JUMP = {"strategy": ImputationStrategy.JUMP_TO_REFERENCE}
RUBIN = {"draws": DrawMethod.APPROXIMATE_BAYES, "samples": 30, "seed": 3}
SHARED = [{}, JUMP, RUBIN, {**RUBIN, **JUMP, "covariates": ("demographics.age",)}]
SAME = (Stat.ESTIMATE, Stat.SE, Stat.P_VALUE)
CONTRAST = "A1 - A0"


def tipping(**changes: object) -> TippingPoint:
    return TippingPoint(**{"arm": "A1", "deltas": GRID} | changes)


def clearer() -> np.ndarray:
    """Values with gaps in which the arm that is moved is clearly better."""
    pain = gaps()
    pain[ARM == 1, 1:] -= 9
    return pain


def task(specification: TippingPoint | MultipleImputation, important: float | None = None) -> Task:
    made = task_of(specification, pain=clearer())
    return replace(made, outcome=replace(made.outcome, important_difference=important))


def stated(specification: TippingPoint, important: float | None = None) -> Rows:
    return Rows(state_tipping_point(task(specification, important), specification))


def imputed(delta: dict[str, float], shared: dict[str, object]) -> Rows:
    plan = MultipleImputation(delta=delta, **shared)
    return Rows(MULTIPLE_IMPUTATION.carry_out(task(plan), plan))


@pytest.mark.parametrize("shared", SHARED, ids=str)
def test_each_delta_is_a_multiple_imputation_with_that_delta(shared: dict[str, object]) -> None:
    rows = stated(tipping(**shared))
    for delta in (-4, 4, 12):
        alone = imputed({"A1": delta}, shared)
        term = delta_term(CONTRAST, delta)
        for stat in SAME:
            expected = alone.value(stat, visit="V2", term=CONTRAST)
            assert rows.value(stat, visit="V2", term=term) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("shared", [{}, RUBIN], ids=str)
def test_each_pair_of_deltas_is_a_multiple_imputation_with_both(shared: dict[str, object]) -> None:
    rows = stated(tipping(other_deltas=OTHER, **shared))
    for delta, other in ((-4, -5), (0, 5), (12, 5)):
        alone = imputed({"A1": delta, "A0": other}, shared)
        term = delta_term(CONTRAST, delta, other)
        for stat in SAME:
            expected = alone.value(stat, visit="V2", term=CONTRAST)
            assert rows.value(stat, visit="V2", term=term) == pytest.approx(expected, rel=1e-9)


def test_nothing_added_is_the_imputation_without_a_delta() -> None:
    rows, plain = stated(tipping()), imputed({}, {})
    for stat in SAME:
        assert rows.value(stat, visit="V2", term=delta_term(CONTRAST, 0)) == pytest.approx(
            plain.value(stat, visit="V2", term=CONTRAST), rel=1e-9
        )


def test_the_difference_is_linear_in_the_delta() -> None:
    rows = stated(tipping())
    estimates = [
        rows.value(Stat.ESTIMATE, visit="V2", term=delta_term(CONTRAST, delta))
        for delta in GRID.deltas
    ]
    steps = [later - earlier for earlier, later in pairwise(estimates)]
    assert steps == pytest.approx([steps[0]] * len(steps), rel=1e-9)
    assert 0 < steps[0] < GRID.step


def test_limits_are_those_of_p_and_say_their_level() -> None:
    rows = stated(tipping(**RUBIN))  # the plan's level is 90%, its alpha 0.05
    for delta in GRID.deltas:
        term = delta_term(CONTRAST, delta)
        low, high, p, level = rows.values(
            (Stat.CONF_LOW, Stat.CONF_HIGH, Stat.P_VALUE, Stat.CONF_LEVEL), visit="V2", term=term
        )
        assert level == 0.95
        assert (p < 0.05) is not (low <= 0 <= high)


def test_p_is_alpha_and_the_estimate_important_where_it_tips() -> None:
    rows = stated(tipping(deltas=WIDE, **RUBIN), important=4.0)
    tip = rows.value(Stat.TIPPING_DELTA, visit="V2", term=CONTRAST)
    there = imputed({"A1": tip}, RUBIN)
    assert there.value(Stat.P_VALUE, visit="V2", term=CONTRAST) == pytest.approx(0.05, rel=1e-6)
    crossed = rows.value(Stat.IMPORTANCE_DELTA, visit="V2", term=CONTRAST)
    there = imputed({"A1": crossed}, RUBIN)
    # lower pain is better, so that an important difference is one of -4
    assert there.value(Stat.ESTIMATE, visit="V2", term=CONTRAST) == pytest.approx(-4, rel=1e-8)


def test_without_an_important_difference_none_is_crossed() -> None:
    rows = stated(tipping())
    assert not [row for row in rows.rows if row.stat_name is Stat.IMPORTANCE_DELTA]


def test_a_grid_on_which_nothing_changes_says_so_plainly() -> None:
    rows = stated(tipping(deltas=DeltaGrid(first=-2, last=0)), important=0.5)
    for stat in (Stat.TIPPING_DELTA, Stat.IMPORTANCE_DELTA):
        row = rows.row(stat, visit="V2", term=CONTRAST)
        assert (row.stat, row.note) == (None, NEVER)


def test_where_the_reference_is_moved_every_arm_is_followed() -> None:
    plan = tipping(arm="A0", other_deltas=OTHER)
    rows = stated(plan)
    for arm in ("A1", "A2"):
        alone = imputed({"A0": 4.0, arm: -5.0}, {})
        found = rows.value(Stat.ESTIMATE, visit="V2", term=delta_term(f"{arm} - A0", 4, -5))
        expected = alone.value(Stat.ESTIMATE, visit="V2", term=f"{arm} - A0")
        assert found == pytest.approx(expected, rel=1e-9)


def test_contours_are_a_series_of_where_conclusions_change() -> None:
    plan = tipping(deltas=WIDE, other_deltas=DeltaGrid(first=-20, last=20, step=20), **RUBIN)
    *_, series = state_tipping_point(task(plan, 4.0), plan)
    assert series.kind is SeriesKind.TIPPING_CONTOURS
    assert series.result_id == "mine/pain/series/tipping_contours"
    assert {point.label for point in series.points} == {"significance", "important difference"}
    for point in series.points[::5]:
        there = imputed({"A1": point.x, "A0": point.y}, RUBIN)
        stat, at = (Stat.P_VALUE, 0.05) if point.label == "significance" else (Stat.ESTIMATE, -4.0)
        assert there.value(stat, visit="V2", term=CONTRAST) == pytest.approx(at, rel=1e-6)
        assert point.arm == "A1"


def test_what_was_imputed_and_who_is_analysed_is_counted_as_of_any_imputation() -> None:
    rows, plain = stated(tipping(**JUMP)), imputed({}, JUMP)
    counted = {Stat.N, Stat.N_EXCLUDED, Stat.N_IMPUTED, Stat.N_IMPUTATIONS, Stat.LOG_LIKELIHOOD}
    one, other = (
        [
            (row.visit, row.term, row.arm, row.stat_name, row.stat, row.note)
            for row in each.rows
            if row.stat_name in counted
        ]
        for each in (rows, plain)
    )
    assert one == other


def test_data_that_allow_no_imputation_are_told_in_the_words_of_the_trial() -> None:
    plan = tipping()
    made = task_of(plan, pain=np.full_like(gaps(), np.nan))
    with pytest.raises(AnalysisError):
        TIPPING_POINT.analyse(made, plan)
