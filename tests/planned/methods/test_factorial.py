"""Factorial analyses of a plan: what is a headline, what happens without data, and by factors of three."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.line import line_of
from tests.planned.hand import Rows
from tests.report.factorial_trial import KIND, factorial_line, write_factorial
from tests.report.kinds_of_trial import Tables, no_outcome_in
from trialkit.datasets.model import Datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.methods.factorial import state_factorial, state_factorial_risks
from trialkit.planned.task.task import Task, tasks
from trialkit.protocol.headline_tests import planned_tests, stated_tests
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.plan import Family
from trialkit.protocol.trial.factors import FactorLevel, TrialFactor
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.agreement import pair_of
from trialkit.results.effect import Status
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat

MARGINS = ("exercise: yes - no", "education: yes - no")
INTERACTION = "exercise x education: (yes - no) x (yes - no)"


@pytest.fixture(scope="module")
def trial() -> tuple[Protocol, Datasets]:
    line = factorial_line()
    return line.protocol, line.datasets


def rows_of(results: Results, analysis: str, stat: Stat = Stat.P_VALUE) -> list[Result]:
    return [
        row
        for row in results.rows
        if row.analysis_id == analysis and row.stat_name is stat and row.scale is not None
    ]


def test_main_effects_are_headlines_and_what_stands_beside_them_is_not(
    trial: tuple[Protocol, Datasets],
) -> None:
    protocol, datasets = trial
    rows = carry_out(protocol, datasets).rows
    planned = [(each.analysis_id, each.outcome) for each in planned_tests(protocol)]
    stated = [(each.analysis_id, each.outcome) for each in stated_tests(protocol, rows)]
    assert planned == stated == [("primary", "pain")] * 2 + [("secondary", "better")] * 2


def test_a_family_adjusts_the_main_effects_of_its_analysis_alone(
    trial: tuple[Protocol, Datasets],
) -> None:
    protocol, datasets = trial
    family = Family(code="both", label="Both factors", adjustment=Adjustment.HOLM)
    first, second = protocol.plan.analyses
    plan = replace(
        protocol.plan, families=(family,), analyses=(replace(first, family="both"), second)
    )
    results = carry_out(replace(protocol, plan=plan), datasets)
    adjusted = {row.term: row for row in rows_of(results, "primary", Stat.P_ADJUSTED)}
    raw = {row.term: row.stat for row in rows_of(results, "primary")}
    assert set(adjusted) == set(MARGINS)
    assert adjusted[MARGINS[0]].stat == pytest.approx(2 * float(raw[MARGINS[0]] or 0))
    assert adjusted[MARGINS[1]].stat == pytest.approx(raw[MARGINS[1]])
    assert adjusted[MARGINS[0]].note == "holm over 2 comparisons"


@pytest.mark.slow
def test_an_empty_cell_leaves_each_effect_not_estimable_and_the_plan_going(tmp_path: Path) -> None:
    kind = replace(KIND, change=no_outcome_in("TALK"))
    line = line_of(write_factorial(tmp_path / "trial", kind=kind))
    for analysis in ("primary", "secondary"):
        found = rows_of(line.results, analysis)
        assert [row.term for row in found] == list(MARGINS)
        assert all(row.stat is None and row.status is Status.NOT_ESTIMABLE for row in found)
        assert "nobody in Education has what the analysis of" in found[0].note


def nobody_better(tables: Tables) -> None:
    """Nobody of one cell has the event, so that odds ratios that need it are infinite."""
    own = {row["subject_id"] for row in tables["randomisation"] if row["arm"] == "TALK"}
    for row in tables["assessment"]:
        if row["subject_id"] in own:
            row["better"] = "no" if row["better"] else ""


@pytest.mark.slow
def test_a_cell_without_events_has_no_odds_ratio_and_says_so(tmp_path: Path) -> None:
    kind = replace(KIND, change=nobody_better)
    line = line_of(
        write_factorial(tmp_path / "trial", kind=kind, secondary='method = "factorial_risks"')
    )
    found = {
        (row.method, row.term): row for row in rows_of(line.results, "secondary", Stat.ESTIMATE)
    }
    inside = found["odds_ratio", "education: yes - no where exercise = no"]
    assert inside.stat is None
    assert inside.status is Status.NOT_ESTIMABLE
    assert "event in all or in nobody" in inside.note
    assert found["odds_ratio", "education: yes - no where exercise = yes"].stat is not None
    assert found["odds_ratio", MARGINS[0]].stat is not None
    assert found["risk_difference", INTERACTION].stat is not None


@pytest.mark.slow
def test_nobody_with_an_event_at_all_is_told_and_stops_nothing(tmp_path: Path) -> None:
    def change(tables: Tables) -> None:
        for row in tables["assessment"]:
            row["better"] = "no" if row["better"] else ""

    line = line_of(write_factorial(tmp_path / "trial", kind=replace(KIND, change=change)))
    found = rows_of(line.results, "secondary")
    assert [row.term for row in found] == list(MARGINS)
    assert "no row used has the event" in found[0].note


@pytest.mark.slow
def test_values_that_do_not_vary_have_no_test(tmp_path: Path) -> None:
    def change(tables: Tables) -> None:
        for row in tables["assessment"]:
            row["pain_mm"] = 50.0

    line = line_of(
        write_factorial(
            tmp_path / "trial",
            kind=replace(KIND, change=change),
            primary='method = "factorial"\ncovariates = []',
        )
    )
    found = rows_of(line.results, "primary")
    assert found
    assert all(row.stat is None and row.status is Status.NOT_ESTIMABLE for row in found)


@pytest.mark.parametrize("seed", range(4))
def test_limits_leave_out_no_effect_exactly_where_p_rejects_it(
    seed: int, trial: tuple[Protocol, Datasets]
) -> None:
    protocol, datasets = trial
    rng = np.random.default_rng(seed)
    rows = datasets.measurements.copy()
    moved = rows["arm"].isin(["TRAIN", "BOTH"]) & (rows["visit"] == "V1")
    pain = moved & (rows["outcome"] == "pain")
    rows.loc[pain, "value"] += rng.uniform(-2, 12)
    rows.loc[pain, "change"] = rows.loc[pain, "value"] - rows.loc[pain, "baseline"]
    for task in tasks(protocol, replace(datasets, measurements=rows)):
        places: dict[tuple[str, str], dict[Stat, Result]] = {}
        for row in of_task(task):
            if row.scale is not None:
                places.setdefault((row.method, row.term), {})[row.stat_name] = row
        agreeing = [
            pair
            for each in places.values()
            if Stat.P_VALUE in each and (pair := pair_of(each, each)) is not None
        ]
        assert len(agreeing) == 9
        assert all(each.agrees for each in agreeing)


def of_task(task: Task) -> list[Result]:
    specification = task.analysis.specification
    state = state_factorial_risks if task.outcome.kind.is_proportion else state_factorial
    return [each for each in state(task, specification) if isinstance(each, Result)]


def test_three_factors_test_their_interactions_together(
    trial: tuple[Protocol, Datasets],
) -> None:
    protocol, datasets = trial
    third = TrialFactor(
        code="diet",
        label="Diet",
        levels=(FactorLevel(code="no", label="no diet"), FactorLevel(code="yes", label="diet")),
    )
    arms = tuple(
        Arm(
            code=f"{arm.code}{diet}",
            label=f"{arm.label}, {diet} diet",
            reference=arm.reference and diet == "no",
            levels={**arm.levels, "diet": (diet,)},
        )
        for arm in protocol.arms
        for diet in ("no", "yes")
    )
    number = datasets.measurements["subject_id"].str[1:].astype(int)
    named = datasets.measurements["arm"].astype("str") + np.where(number % 8 < 4, "no", "yes")
    own = replace(protocol, arms=arms, factors=(*protocol.factors, third))
    (task, _) = tasks(protocol, datasets)
    included = replace(
        task.included,
        measurements=task.included.measurements.assign(
            arm=pd.Categorical(
                named.reindex(task.included.measurements.index),
                categories=list(own.arm_codes),
                ordered=True,
            )
        ),
    )
    stated = Rows(
        state_factorial(replace(task, protocol=own, included=included), task.analysis.specification)
    )
    terms = {row.term for row in stated.rows if row.stat_name is Stat.ESTIMATE and not row.arm}
    assert "exercise x education x diet: (yes - no) x (yes - no) x (yes - no)" in terms
    assert "diet: yes - no where exercise = no, education = yes" in terms
    assert len(terms) == 3 + 3 + 12 + 4
    together = stated.value(Stat.DF_NUM, term="interactions", visit="V1")
    assert together == 4
    assert 0 <= stated.value(Stat.P_VALUE, term="interactions", visit="V1") <= 1
