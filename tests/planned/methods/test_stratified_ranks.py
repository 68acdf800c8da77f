"""What van Elteren's test states: limits where each stratum has two of each arm, and else why none."""

from dataclasses import replace

import pytest

from tests.planned.feeling import SEX, Tried, tried
from trialkit.planned.methods.stratified_ranks import state_stratified_ranks
from trialkit.planned.task.task import Task, tasks
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.stratified_ranks import StratifiedRanks
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

OWN = StratifiedRanks(strata=(SEX,))


@pytest.fixture(scope="module")
def trial() -> Tried:
    return next(each for each in tried() if each.name == "levels")


def task_of(trial: Tried) -> Task:
    analysis = Analysis(
        id="own",
        role=AnalysisRole.PRIMARY,
        outcomes=("effect",),
        population="itt",
        estimand="E1",
        specification=OWN,
    )
    plan = replace(trial.protocol.plan, families=(), analyses=(analysis,))
    (task,) = tasks(replace(trial.protocol, plan=plan), trial.datasets)
    return task


def contrasts(task: Task) -> dict[tuple[str, Stat], Result]:
    rows = state_stratified_ranks(task, OWN)
    return {(row.term, row.stat_name): row for row in rows if row.term}


def test_the_probability_has_limits_of_the_level_of_the_plan(trial: Tried) -> None:
    task = task_of(trial)
    found = contrasts(task)
    for arm in task.arms[1:]:
        term = f"{arm} - {task.reference}"
        low, p, high, level = (
            found[term, stat].stat
            for stat in (Stat.CONF_LOW, Stat.ESTIMATE, Stat.CONF_HIGH, Stat.CONF_LEVEL)
        )
        assert low is not None
        assert p is not None
        assert high is not None
        assert 0 <= low < p < high <= 1
        assert level == task.level
        assert found[term, Stat.P_VALUE].note == "over 2 strata of Sex"


def test_a_stratum_with_one_participant_of_an_arm_is_named_and_leaves_no_limits(
    trial: Tried,
) -> None:
    task = task_of(trial)
    arm = task.arms[1]
    known = task.characteristics
    rows = task.included.measurements
    mine = rows.loc[rows["arm"] == arm, "subject_id"].unique()
    sexes = known[(known["characteristic"] == SEX) & known["subject_id"].isin(mine)]
    label = sexes["category"].iloc[0]
    others = sexes.loc[sexes["category"] == label, "subject_id"].iloc[1:]
    measured = rows[~rows["subject_id"].isin(others)]
    lone = replace(task, included=replace(task.included, measurements=measured))
    found = contrasts(lone)
    term = f"{arm} - {task.reference}"
    assert (term, Stat.CONF_LOW) not in found
    assert "; without limits, for of one participant in an arm: " in found[term, Stat.P_VALUE].note
    other = f"{task.arms[2]} - {task.reference}"
    assert found[other, Stat.CONF_LOW].stat is not None
