"""Pairs where the arms are apart without exception, and which of two levels is the better one."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.planned.feeling import Tried, tried
from tests.planned.hand import Rows
from trialkit.planned.methods.pair_comparison import PAIR_COMPARISON
from trialkit.planned.task.task import tasks
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.pair_comparison import WIN_SCALES, PairComparison
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.results.effect import Status
from trialkit.results.vocabulary import Stat

TERM = "A1 - A0"


def stated(method: Method, *, direction: Direction = Direction.HIGHER, apart: bool = False) -> Rows:
    trial: Tried = next(each for each in tried() if each.name == "levels")
    own = PairComparison(method=method)
    alone = Analysis(
        id="mine",
        role=AnalysisRole.PRIMARY,
        outcomes=("effect",),
        population="itt",
        estimand="E1",
        specification=own,
    )
    protocol = replace(
        trial.protocol,
        outcomes=tuple(
            replace(each, direction=direction) if each.code == "effect" else each
            for each in trial.protocol.outcomes
        ),
        plan=replace(trial.protocol.plan, families=(), analyses=(alone,)),
    )
    rows = trial.datasets.measurements
    if apart:
        better = (rows["arm"] == "A1").astype(float) * 2 + 1
        value: pd.Series = better.where(rows["value"].notna())
        rows = rows.assign(value=value)
    (task,) = tasks(protocol, replace(trial.datasets, measurements=rows))
    return Rows(PAIR_COMPARISON.carry_out(task, own))


@pytest.mark.parametrize("method", WIN_SCALES)
def test_the_plans_measure_has_the_test_and_the_others_stand_beside_it(method: Method) -> None:
    rows = stated(method)
    tested = [row.method for row in rows.rows if row.stat_name is Stat.P_VALUE and row.term == TERM]
    assert tested == [method.value]
    for each, scale in WIN_SCALES.items():
        assert rows.row(Stat.ESTIMATE, term=TERM, visit="V2", by=each.value).scale is scale


def test_the_better_level_is_the_lower_one_where_the_protocol_says_so() -> None:
    higher = stated(Method.WIN_ODDS)
    lower = stated(Method.WIN_ODDS, direction=Direction.LOWER)
    one, other = (
        each.value(Stat.ESTIMATE, term=TERM, visit="V2", by="win_odds") for each in (higher, lower)
    )
    assert one == pytest.approx(1 / other)
    assert one != pytest.approx(1)


def test_arms_apart_without_exception_have_no_limits_and_say_why() -> None:
    rows = stated(Method.WIN_RATIO, apart=True)
    row = rows.row(Stat.ESTIMATE, term=TERM, visit="V2", by="win_ratio")
    assert (row.stat, row.status) == (None, Status.NOT_ESTIMABLE)
    assert row.note.startswith("not estimable: no pair is lost")
    assert rows.row(Stat.P_VALUE, term=TERM, visit="V2").stat is None
    beside = rows.row(Stat.ESTIMATE, term=TERM, visit="V2", by="win_probability")
    assert "all stand alike" in beside.note
