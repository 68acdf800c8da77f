"""Crossover trials from their files: R's numbers, limits that go with p, and data that allow nothing."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.line import Line, line_of
from tests.report.crossover_trial import (
    MODEL,
    WILLIAMS,
    write_crossover,
)
from tests.report.kinds_of_trial import Tables
from tests.variations import CASES, changed, specification_of
from trialkit.errors import AnalysisError
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.methods.crossover_comparisons import (
    BESIDE,
    CROSSOVER_DIFFERENCE,
    CROSSOVER_EVENTS,
    CROSSOVER_MODEL,
    NO_PREFERENCE,
)
from trialkit.planned.task.task import Task, task_of
from trialkit.protocol.methods.crossover_comparisons import (
    CrossoverDifference,
    CrossoverModel,
    CrossoverPreference,
)
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.results.effect import Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat

FILES = ROOT / "tests" / "reference" / "crossover"
CARDS = {
    CrossoverDifference: CROSSOVER_DIFFERENCE,
    CrossoverModel: CROSSOVER_MODEL,
    CrossoverPreference: CROSSOVER_EVENTS,
}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(write_crossover(tmp_path_factory.mktemp("two") / "trial"))


@pytest.fixture(scope="module")
def williams(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(
        write_crossover(
            tmp_path_factory.mktemp("williams") / "trial",
            crossing=WILLIAMS,
            primary=MODEL,
            more="",
            events='method = "external"\nfile = "x.csv"\nprogram = "R"\ndescription = "x"\n'
            'scale = "odds_ratio"',
        )
    )


def found(results: Results, analysis: str, term: str) -> dict[Stat, Result]:
    rows = [row for row in results.rows if (row.analysis_id, row.term) == (analysis, term)]
    return {row.stat_name: row for row in rows if not row.arm}


def test_the_plan_states_the_values_of_r(two: Line) -> None:
    """B − A; R's file has the first treatment less the second, and the first period less the second."""
    told = json.loads((FILES / "crossover_abba_complete.json").read_text("utf-8"))
    hills, mixed = told["hills_armitage"], told["mixed"]
    treatment = found(two.results, "primary", "B - A")
    expected = {
        Stat.ESTIMATE: -hills["treatment_effect_first_minus_second_in_sequence1"],
        Stat.CONF_LOW: -hills["treatment_ci"][1],
        Stat.CONF_HIGH: -hills["treatment_ci"][0],
        Stat.STATISTIC: -hills["treatment_t"],
        Stat.DF: hills["df"],
        Stat.P_VALUE: hills["treatment_p"],
    }
    assert {stat: treatment[stat].stat for stat in expected} == pytest.approx(expected, rel=1e-8)
    beside = {
        (term, stat): found(two.results, "primary", term)[stat].stat
        for term in (Term.PERIOD, Term.CARRY_OVER)
        for stat in (Stat.STATISTIC, Stat.P_VALUE)
    }
    assert beside == pytest.approx(
        {
            (Term.PERIOD, Stat.STATISTIC): -hills["period_t"],
            (Term.PERIOD, Stat.P_VALUE): hills["period_p"],
            (Term.CARRY_OVER, Stat.STATISTIC): -hills["carryover_t"],
            (Term.CARRY_OVER, Stat.P_VALUE): hills["carryover_p"],
        },
        rel=1e-8,
    )
    model = found(two.results, "model", "B - A")
    place = mixed["names"].index("treatmentB")
    assert model[Stat.ESTIMATE].stat == pytest.approx(mixed["coef"][place], rel=1e-6)
    assert model[Stat.SE].stat == pytest.approx(mixed["kr_se"][place], rel=1e-6)
    assert model[Stat.DF].stat == pytest.approx(mixed["kr_df"][place], rel=1e-6)


def test_a_williams_design_states_the_values_of_r(williams: Line) -> None:
    told = json.loads((FILES / "crossover_williams.json").read_text("utf-8"))["mixed"]
    for treatment in ("B", "C"):
        place = told["names"].index(f"treatment{treatment}")
        mine = found(williams.results, "primary", f"{treatment} - A")
        expected = [told[name][place] for name in ("coef", "kr_se", "kr_df")]
        stats = (Stat.ESTIMATE, Stat.SE, Stat.DF)
        assert [mine[stat].stat for stat in stats] == pytest.approx(expected, rel=1e-6)


def test_on_complete_data_the_model_is_the_closed_form(two: Line) -> None:
    one, other = (found(two.results, name, "B - A") for name in ("primary", "model"))
    for stat in (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.P_VALUE, Stat.CONF_LOW):
        assert one[stat].stat == pytest.approx(other[stat].stat, rel=1e-8)


def test_no_analysis_is_chosen_by_carry_over_and_its_rows_say_so(two: Line) -> None:
    row = found(two.results, "primary", Term.CARRY_OVER)[Stat.P_VALUE]
    assert "must not choose the analysis" in row.note
    assert row.scale is None  # no headline: families do not count it
    assert set(BESIDE.values()) == {Term.PERIOD, Term.CARRY_OVER}


def task(line: Line, shift: float) -> Task:
    """The primary analysis, were the effect of the treatment this much more."""
    protocol = line.protocol
    own = task_of(
        protocol.plan.analyses[0],
        protocol.outcome("pain"),
        protocol=protocol,
        datasets=line.datasets,
    )
    rows = own.included.measurements
    moved = {
        name: rows[name] + shift * (rows["arm"] == "B").astype(float)
        for name in ("value", "change")
    }
    return replace(own, included=replace(own.included, measurements=rows.assign(**moved)))


AGREEING = [
    each
    for method, kind in SPECIFICATIONS.items()
    if kind in {CrossoverDifference, CrossoverModel}
    for each in (
        specification_of(method),
        *(
            other
            for name in (case for of, case in CASES if of is method)
            for other in changed(specification_of(method), name)
            if not getattr(other, "carry_over", False)
        ),
    )
]


@pytest.mark.parametrize("specification", AGREEING, ids=str)
def test_limits_leave_out_no_effect_exactly_where_p_rejects_it(
    two: Line, specification: CrossoverDifference | CrossoverModel
) -> None:
    for shift in (0.0, 3.0, 3.4, 3.5, 6.2, 9.1):
        own = task(two, shift)
        rows = CARDS[type(specification)].analyse(own, specification)
        named = {
            each.stat_name: each
            for each in rows
            if isinstance(each, Result) and each.term == "B - A" and each.stat is not None
        }
        inside = named[Stat.CONF_LOW].stat <= 0 <= named[Stat.CONF_HIGH].stat
        assert inside is (named[Stat.P_VALUE].stat > 0.05), shift
        assert named[Stat.P_VALUE].interval_kind == named[Stat.CONF_LOW].interval_kind


def test_swapping_the_treatments_mirrors(two: Line) -> None:
    turned = replace(
        two.protocol,
        treatments=tuple(
            replace(each, reference=not each.reference) for each in two.protocol.treatments
        ),
    )
    mirrored = carry_out(turned, two.datasets)
    for analysis in ("primary", "model"):
        one, other = found(two.results, analysis, "B - A"), found(mirrored, analysis, "A - B")
        assert one[Stat.ESTIMATE].stat == pytest.approx(-other[Stat.ESTIMATE].stat)
        assert one[Stat.CONF_LOW].stat == pytest.approx(-other[Stat.CONF_HIGH].stat)
        assert one[Stat.P_VALUE].stat == pytest.approx(other[Stat.P_VALUE].stat)
    one, other = found(two.results, "secondary", "B - A"), found(mirrored, "secondary", "A - B")
    assert one[Stat.CONF_LOW].stat == pytest.approx(1 / other[Stat.CONF_HIGH].stat)


def nothing_in_period_two(tables: Tables) -> None:
    tables["assessment"] = [each for each in tables["assessment"] if each["visit"] != "V3"]


def all_alike(tables: Tables) -> None:
    for row in tables["assessment"]:
        row["pain_mm"], row["better"] = 50.0, "no"


def test_a_period_without_data_leaves_reasons_and_the_plan_goes_on(tmp_path: Path) -> None:
    line = line_of(write_crossover(tmp_path / "trial", change=nothing_in_period_two))
    for analysis in ("primary", "secondary", "model"):
        row = found(line.results, analysis, "B - A")[Stat.ESTIMATE]
        assert row.stat is None
        assert row.status is Status.NOT_ESTIMABLE
        assert row.note.startswith("not estimable: ")


def test_values_all_alike_are_not_estimable(tmp_path: Path) -> None:
    line = line_of(write_crossover(tmp_path / "trial", change=all_alike))
    for analysis in ("primary", "secondary", "model"):
        row = found(line.results, analysis, "B - A")[Stat.ESTIMATE]
        assert row.stat is None, analysis
        assert row.status is Status.NOT_ESTIMABLE
    assert found(line.results, "secondary", "B - A")[Stat.ESTIMATE].note == NO_PREFERENCE
    assert not any(isinstance(row.stat, float) and np.isnan(row.stat) for row in line.results.rows)


def test_carry_over_that_no_design_can_tell_is_refused_in_the_trials_words(two: Line) -> None:
    own = task(two, 0.0)
    with pytest.raises(AnalysisError, match="carry-over cannot be told from"):
        CROSSOVER_MODEL.analyse(own, CrossoverModel(carry_over=True))


def one_left(tables: Tables) -> None:
    """But for one participant, nobody of a sequence has the end of the second period."""
    heirs = [row["subject_id"] for row in tables["randomisation"] if row["arm"] == "BA"]
    tables["assessment"][:] = [
        row
        for row in tables["assessment"]
        if row["visit"] != "V3" or row["subject_id"] not in heirs[1:]
    ]


def test_a_sequence_of_one_is_named_by_its_label(tmp_path: Path) -> None:
    results = line_of(write_crossover(tmp_path / "trial", change=one_left)).results
    expected = "not estimable: the sequence Cold, then heat needs two participants with both periods, got 1"
    for analysis in ("primary", "secondary"):
        notes = {
            row.note
            for row in results.rows
            if row.analysis_id == analysis and row.status is Status.NOT_ESTIMABLE
        }
        assert notes == {expected}
