"""A planned multiple imputation: complete data are an ANCOVA, and everybody with an arm is analysed."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from tests.planned.hand import ARM, ARMS, BETTER, PAIN, Rows, datasets_of, task_of, three_by_three
from trialkit.errors import AnalysisError
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.methods.multiple_imputation import MULTIPLE_IMPUTATION
from trialkit.protocol.methods.imputation import DrawMethod, ImputationStrategy
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

RUBIN = MultipleImputation(draws=DrawMethod.APPROXIMATE_BAYES, samples=40, seed=3)
JUMP = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE)


def stated(specification: MultipleImputation, pain: np.ndarray = PAIN) -> Rows:
    return Rows(MULTIPLE_IMPUTATION.carry_out(task_of(specification, pain=pain), specification))


def gaps() -> np.ndarray:
    """Four leave, one of them at once, and one misses a visit."""
    pain = PAIN.copy()
    pain[[3, 11, 17], 2] = np.nan
    pain[12, 1:] = np.nan
    pain[5, 1] = np.nan
    return pain


@pytest.mark.parametrize("specification", [RUBIN, MultipleImputation(), JUMP], ids=str)
def test_complete_data_are_an_analysis_of_covariance(specification: MultipleImputation) -> None:
    rows = stated(specification)
    design = np.column_stack([np.ones(24), ARM == 1, ARM == 2, PAIN[:, 0]]).astype(float)
    for place, visit in ((1, "V1"), (2, "V2")):
        fit = sm.OLS(PAIN[:, place], design).fit()
        for code in (1, 2):
            about = {"term": f"A{code} - A0", "visit": visit}
            assert rows.value(Stat.ESTIMATE, **about) == pytest.approx(fit.params[code], rel=1e-9)
            if specification is RUBIN:
                assert rows.value(Stat.SE, **about) == pytest.approx(fit.bse[code], rel=1e-9)
                assert rows.value(Stat.MISSING_INFORMATION, **about) < 0.15
        assert all(
            rows.value(Stat.N_IMPUTED, term="imputed", visit=visit, arm=arm) == 0 for arm in ARMS
        )


def test_everybody_is_analysed_and_what_was_imputed_is_counted_by_what_is_supposed() -> None:
    rows = stated(JUMP, gaps())
    counts = [rows.values((Stat.N, Stat.N_EXCLUDED), visit="V2", arm=arm) for arm in ARMS]
    assert counts == [[8, 0]] * 3
    imputed = {
        (row.visit, row.arm): (row.stat, row.note)
        for row in rows.rows
        if row.stat_name is Stat.N_IMPUTED
    }
    assert imputed == {
        ("V1", "A0"): (1, "missing-at-random: 1"),
        ("V2", "A0"): (1, "jump-to-reference: 1"),
        ("V1", "A1"): (1, "jump-to-reference: 1"),
        ("V2", "A1"): (2, "jump-to-reference: 2"),
        ("V1", "A2"): (0, ""),
        ("V2", "A2"): (1, "jump-to-reference: 1"),
    }
    made = rows.row(Stat.N_IMPUTATIONS, term="imputed")
    assert (made.stat, made.note) == (
        25,
        "expected values imputed with everybody and without each of 24",
    )
    note = rows.row(Stat.ESTIMATE, visit="V2", term="A1 - A0").note
    assert note.endswith("; repeated-sampling variance")
    assert stated(RUBIN, gaps()).row(Stat.ESTIMATE, visit="V2", term="A1 - A0").note == (
        "40 imputed data sets; information-anchored variance"
    )


def test_who_lacks_the_baseline_that_is_a_covariate_is_left_out_with_the_reason() -> None:
    pain = gaps()
    pain[0, 0] = np.nan
    rows = stated(JUMP, pain)
    assert rows.row(Stat.N_EXCLUDED, visit="V2", arm="A0").note == (
        "no value at Baseline (moved away): 1"
    )
    without = stated(MultipleImputation(covariates_by_visit=()), pain)
    assert without.value(Stat.N_EXCLUDED, visit="V2", arm="A0") == 0


def test_a_trial_with_one_visit_after_baseline_uses_who_left() -> None:
    asked = MultipleImputation(visits=("V2",), strategy=ImputationStrategy.JUMP_TO_REFERENCE)
    pain = gaps()
    rows = stated(asked, pain)
    assert {row.visit for row in rows.rows if row.stat_name is Stat.P_VALUE} == {"V2"}
    # by hand: one slope of the baseline, and who left has the reference arm's line
    seen = ~np.isnan(pain[:, 2])
    design = np.column_stack([np.ones(24), ARM == 1, ARM == 2, PAIN[:, 0]]).astype(float)
    line = np.linalg.lstsq(design[seen], pain[seen, 2], rcond=None)[0]
    filled = np.where(seen, pain[:, 2], line[0] + line[3] * PAIN[:, 0])
    again = np.linalg.lstsq(design, filled, rcond=None)[0]
    for code in (1, 2):
        found = rows.value(Stat.ESTIMATE, visit="V2", term=f"A{code} - A0")
        assert found == pytest.approx(again[code], rel=1e-9)


def test_a_visit_that_nobody_has_is_left_out_and_the_time_point_is_needed() -> None:
    pain = gaps()
    pain[:, 1] = np.nan
    rows = stated(JUMP, pain)
    assert {row.visit for row in rows.rows if row.stat_name is Stat.N_IMPUTED} == {"V2"}
    pain[ARM == 1, 2] = np.nan
    with pytest.raises(AnalysisError, match="nobody in Arm 1 has what the analysis of Pain"):
        MULTIPLE_IMPUTATION.analyse(task_of(JUMP, pain=pain), JUMP)


def test_the_same_plan_states_the_same_numbers_whatever_the_order_of_rows() -> None:
    task = task_of(RUBIN, pain=gaps())
    once = [*MULTIPLE_IMPUTATION.carry_out(task, RUBIN)]
    assert once == [*MULTIPLE_IMPUTATION.carry_out(task, RUBIN)]


def carried_out(specification: MultipleImputation, pain: np.ndarray) -> list[Result]:
    """The rows of a whole run of the plan, in which one analysis never stops the others."""
    protocol = three_by_three()
    first, *others = protocol.plan.analyses
    planned = replace(first, specification=specification)
    protocol = replace(protocol, plan=replace(protocol.plan, analyses=(planned, *others)))
    results = carry_out(protocol, datasets_of(protocol, pain, BETTER))
    return [row for row in results.rows if row.analysis_id == first.id]


@pytest.mark.parametrize(
    ("gone", "visits", "why"),
    [
        (ARM == 2, (1, 2), "nobody in Arm 2 has what the analysis of Pain at"),
        (ARM >= 0, (1, 2), "no value of Pain at"),
        (np.arange(24) % 8 > 0, (2,), "not estimable: "),
    ],
    ids=["an arm", "everybody", "too few"],
)
def test_what_cannot_be_imputed_is_not_estimable_and_says_why(
    gone: np.ndarray, visits: tuple[int, ...], why: str
) -> None:
    pain = PAIN.copy()
    pain[np.ix_(np.flatnonzero(gone), visits)] = np.nan
    rows = carried_out(MultipleImputation(covariance_by_arm=True), pain)
    estimates = [row for row in rows if row.stat_name is Stat.ESTIMATE and " - " in row.term]
    assert {row.status for row in estimates} == {Status.NOT_ESTIMABLE}
    assert all(why in row.note and row.note.startswith("not estimable: ") for row in estimates)
    assert {row.term for row in estimates} == {"A1 - A0", "A2 - A0"}


def test_without_an_event_every_strategy_is_missing_at_random() -> None:
    pain = PAIN.copy()
    pain[5, 1] = np.nan  # a gap alone
    random = {
        (row.visit, row.term, row.arm, row.stat_name): row.stat
        for row in stated(MultipleImputation(), pain).rows
    }
    for strategy in ImputationStrategy:
        found = stated(MultipleImputation(strategy=strategy), pain).rows
        assert {(row.visit, row.term, row.arm, row.stat_name): row.stat for row in found} == random
