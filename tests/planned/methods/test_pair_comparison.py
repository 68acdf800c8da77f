"""Pairs where the arms are apart without exception, and which of two levels is the better one."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.planned.feeling import Tried, tried
from tests.planned.hand import Rows
from trialkit.errors import ProtocolError
from trialkit.planned.methods.pair_comparison import PAIR_COMPARISON
from trialkit.planned.task.task import Task, tasks
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.pair_comparison import WIN_SCALES, NextPriority, PairComparison
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.results.effect import Status
from trialkit.results.vocabulary import Stat

TERM = "A1 - A0"


def stated(
    method: Method,
    *,
    direction: Direction = Direction.HIGHER,
    apart: bool = False,
    then: tuple[NextPriority, ...] = (),
    unknown: bool = False,
) -> Rows:
    task, own = task_of(method, direction=direction, apart=apart, then=then, unknown=unknown)
    return Rows(PAIR_COMPARISON.carry_out(task, own))


def task_of(
    method: Method,
    *,
    direction: Direction = Direction.HIGHER,
    apart: bool = False,
    then: tuple[NextPriority, ...] = (),
    unknown: bool = False,
) -> tuple[Task, PairComparison]:
    trial: Tried = next(each for each in tried() if each.name == "levels")
    own = PairComparison(method=method, then=then)
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
    if unknown:
        rows = rows.assign(value=rows["value"].mask(rows["outcome"] == "pain"))
    (task,) = tasks(protocol, replace(trial.datasets, measurements=rows))
    return task, own


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


@pytest.mark.parametrize("more_than", [0.0, 7.0])
def test_tied_pairs_are_decided_by_the_next_outcome(more_than: float) -> None:
    """All pairs counted one by one: the level, then pain in its own direction."""
    then = (NextPriority(outcome="pain", more_than=more_than),)
    task, own = task_of(Method.NET_BENEFIT, then=then)
    rows = Rows(PAIR_COMPARISON.carry_out(task, own))
    frame = task.at_time_point().assign(
        pain=lambda each: each["subject_id"].map(task.further["pain"])
    )
    one, other = (frame[frame["arm"] == arm] for arm in ("A1", "A0"))
    apart = [
        np.asarray(one[name])[:, None] - np.asarray(other[name])[None, :]
        for name in ("value", "pain")
    ]
    level = np.sign(apart[0])
    pain = np.where(np.abs(apart[1]) > more_than, np.sign(apart[1]), 0.0)
    lower = task.protocol.outcome("pain").direction is Direction.LOWER
    pain = np.nan_to_num(-pain if lower else pain)
    whole = np.where(level == 0, pain, level)
    found = rows.row(Stat.ESTIMATE, term=TERM, visit="V2", by="net_benefit")
    assert found.stat == pytest.approx(whole.mean())
    shares = {"Effect": (level != 0).mean(), "Pain": ((level == 0) & (pain != 0)).mean()}
    for code, share in zip(("effect", "pain"), shares.values(), strict=True):
        label = task.protocol.outcome(code).label
        term = f"pairs decided: {TERM}: {label}"
        row = rows.row(Stat.PERCENT, term=term, visit="V2", by="net_benefit")
        assert row.stat == pytest.approx(100 * share)
        assert f"{label} {100 * share:.1f}%" in found.note
    assert f"{100 * (whole == 0).mean():.1f}% are tied" in found.note


def test_an_outcome_of_which_nothing_is_known_decides_nothing() -> None:
    alone = stated(Method.WIN_ODDS)
    beside = stated(Method.WIN_ODDS, then=(NextPriority(outcome="pain"),), unknown=True)
    for each in WIN_SCALES:
        one, other = (
            rows.value(Stat.ESTIMATE, term=TERM, visit="V2", by=each.value)
            for rows in (alone, beside)
        )
        assert one == other
    note = beside.row(Stat.ESTIMATE, term=TERM, visit="V2", by="win_odds").note
    assert "0.0% decided each" in note


def test_an_outcome_is_asked_once_and_by_a_size() -> None:
    with pytest.raises(ProtocolError, match="twice"):
        PairComparison(
            method=Method.WIN_RATIO,
            then=(NextPriority(outcome="pain"), NextPriority(outcome="pain", more_than=3)),
        )
    with pytest.raises(ProtocolError, match="more_than is a size"):
        NextPriority(outcome="pain", more_than=-1)
