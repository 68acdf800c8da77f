"""Analyses of a crossover trial are what the estimators, and least squares, say of the rows of its files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.planned.equal.test_methods import OF_PERIODS
from tests.report.crossover_trial import write_crossover
from tests.report.kinds_of_trial import Tables
from trialkit.analysis.crossover.crossover_events import crossover_events
from trialkit.analysis.crossover.crossover_means import crossover_means
from trialkit.analysis.mixed.crossover import crossover_mixed_model
from trialkit.datasets.building import build_datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.crossover_comparisons import (
    CrossoverDifference,
    CrossoverModel,
    CrossoverPreference,
)
from trialkit.protocol.methods.crossover_options import PreferenceTest
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.specification import Specification
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

AGE = "demographics.age"
SEQUENCES = {"AB": ("A", "B"), "BA": ("B", "A")}
PLANNED: dict[str, tuple[str, Specification]] = {
    "final": ("pain", CrossoverDifference()),
    "change": ("pain", CrossoverDifference(response=Response.CHANGE)),
    "model": ("pain", CrossoverModel()),
    "adjusted": (
        "pain",
        CrossoverModel(
            covariates=("baseline", AGE), sequence=False, inference=MixedInference.SATTERTHWAITE
        ),
    ),
    "model of change": ("pain", CrossoverModel(response=Response.CHANGE)),
    "gart": ("better", CrossoverPreference()),
    "prescott": ("better", CrossoverPreference(test=PreferenceTest.PRESCOTT)),
}


def some_leave(tables: Tables) -> None:
    """Two of heat, then cold leave after the first period, and of one the start of the second was not measured."""
    gone = {("P003", "V3"), ("P008", "V3"), ("P005", "V2")}
    tables["assessment"] = [
        row for row in tables["assessment"] if (row["subject_id"], row["visit"]) not in gone
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_crossover(tmp_path_factory.mktemp("crossed") / "trial", change=some_leave)


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    protocol = load_protocol(folder)
    analyses = tuple(
        Analysis(
            id=name,
            role=AnalysisRole.PRIMARY if not place else AnalysisRole.EXPLORATORY,
            outcomes=(outcome,),
            population="itt",
            estimand="E1",
            specification=specification,
        )
        for place, (name, (outcome, specification)) in enumerate(PLANNED.items())
    )
    protocol = replace(protocol, plan=replace(protocol.plan, analyses=analyses))
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    return carry_out(protocol, build_datasets(snapshot, schemas, protocol))


@pytest.fixture(scope="module")
def rows(folder: Path) -> pd.DataFrame:
    """A row a participant and period, put together from the files."""
    read = {
        name: pd.read_csv(folder / "data" / f"{name}.csv")
        for name in ("randomisation", "assessment", "demographics")
    }
    made = []
    values = read["assessment"].set_index(["subject_id", "visit"])
    ages = read["demographics"].set_index("subject_id")["age"]
    for person in read["randomisation"].itertuples():
        for place, (start, end) in enumerate((("V0", "V1"), ("V2", "V3"))):
            at = {
                name: values.loc[(person.subject_id, visit)]
                if (person.subject_id, visit) in values.index
                else {"pain_mm": np.nan, "better": None}
                for name, visit in (("start", start), ("end", end))
            }
            better = {"yes": 1.0, "no": 0.0}.get(at["end"]["better"], np.nan)
            made.append(
                {
                    "who": person.subject_id,
                    "sequence": person.arm,
                    "period": place + 1,
                    "given": SEQUENCES[person.arm][place],
                    "value": at["end"]["pain_mm"],
                    "baseline": at["start"]["pain_mm"],
                    "change": at["end"]["pain_mm"] - at["start"]["pain_mm"],
                    "better": better,
                    AGE: ages[person.subject_id],
                }
            )
    return pd.DataFrame(made)


WHERE = {"subject": "who", "period": "period", "treatment": "given", "reference": "A"}


def stated(results: Results, analysis: str, term: str, arm: str = "") -> dict[Stat, float]:
    return {
        row.stat_name: float(row.stat)
        for row in results.rows
        if (row.analysis_id, row.term, row.arm) == (analysis, term, arm) and row.stat is not None
    }


def test_every_method_of_periods_is_planned_here() -> None:
    assert {each.method for _, each in PLANNED.values()} == OF_PERIODS


@pytest.mark.parametrize("analysis", ["final", "change"])
def test_a_difference_is_the_direct_call(
    results: Results, rows: pd.DataFrame, analysis: str
) -> None:
    outcome = "value" if analysis == "final" else "change"
    found = crossover_means(rows, outcome=outcome, **WHERE).to_frame().set_index("effect")
    for effect, term in (
        ("treatment", "B - A"),
        ("period", "period"),
        ("carry_over", "carry-over"),
    ):
        mine = stated(results, analysis, term)
        for stat in (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH):
            assert mine[stat] == pytest.approx(found.loc[effect, stat.value], rel=1e-9), (
                term,
                stat,
            )


def test_a_difference_is_least_squares_with_subject_and_period(
    results: Results, rows: pd.DataFrame
) -> None:
    whole = rows[rows.groupby("who")["value"].transform("count") == 2]
    design = pd.get_dummies(whole["who"], dtype=float).assign(
        period=(whole["period"] == 2).astype(float), given=(whole["given"] == "B").astype(float)
    )
    fit = sm.OLS(whole["value"], design).fit()
    mine = stated(results, "final", "B - A")
    assert mine[Stat.ESTIMATE] == pytest.approx(fit.params["given"], rel=1e-9)
    assert mine[Stat.SE] == pytest.approx(fit.bse["given"], rel=1e-9)
    assert mine[Stat.P_VALUE] == pytest.approx(fit.pvalues["given"], rel=1e-7)
    assert stated(results, "final", "period")[Stat.ESTIMATE] == pytest.approx(
        fit.params["period"], rel=1e-9
    )


@pytest.mark.parametrize("analysis", ["model", "adjusted", "model of change"])
def test_a_model_is_the_direct_call(results: Results, rows: pd.DataFrame, analysis: str) -> None:
    specification = PLANNED[analysis][1]
    assert isinstance(specification, CrossoverModel)
    fit = crossover_mixed_model(
        rows,
        outcome="change" if specification.response is Response.CHANGE else "value",
        sequence="sequence" if specification.sequence else None,
        covariates=specification.covariates,
        inference=specification.inference,
        order={"sequence": ["AB", "BA"]},
        **WHERE,
    )
    contrast = fit.contrasts().iloc[0]
    mine = stated(results, analysis, "B - A")
    for stat in (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH):
        assert mine[stat] == pytest.approx(contrast[stat.value], rel=1e-7), stat
    means = fit.marginal_means().set_index("arm")
    for arm in ("A", "B"):
        assert stated(results, analysis, "adjusted mean", arm)[Stat.ESTIMATE] == pytest.approx(
            means.loc[arm, "estimate"], rel=1e-9
        )


@pytest.mark.parametrize("analysis", ["gart", "prescott"])
def test_events_are_the_direct_call(results: Results, rows: pd.DataFrame, analysis: str) -> None:
    whole = rows.assign(better=rows["better"].map({1.0: "yes", 0.0: "no"}))
    found = crossover_events(whole, outcome="better", event="yes", **WHERE).to_frame()
    treatment = found[found["effect"] == "treatment"].set_index("method")
    mine = stated(results, analysis, "B - A")
    method = "mainland_gart" if analysis == "gart" else "prescott"
    assert mine[Stat.P_VALUE] == pytest.approx(treatment.loc[method, "p_value"], rel=1e-9)
    for stat in (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH):
        assert mine[stat] == pytest.approx(treatment.loc["mainland_gart", stat.value], rel=1e-9)
    period = found[found["effect"] == "period"].iloc[0]
    assert stated(results, analysis, "period")[Stat.P_VALUE] == pytest.approx(period["p_value"])


def test_who_lacks_a_period_is_left_out_of_the_closed_form_and_kept_by_the_model(
    results: Results,
) -> None:
    counts = {
        (analysis, arm): stated(results, analysis, "", arm)
        for analysis in ("final", "change", "model", "adjusted")
        for arm in ("A", "B")
    }
    assert {key: found[Stat.N] for key, found in counts.items()} == {
        ("final", "A"): 22, ("final", "B"): 22, ("change", "A"): 21, ("change", "B"): 21,
("model", "A"): 24, ("model", "B"): 22, ("adjusted", "A"): 24, ("adjusted", "B"): 21,
    }  # fmt: skip
    notes = {
        (row.analysis_id, row.arm): row.note
        for row in results.rows
        if row.stat_name is Stat.N_EXCLUDED
    }
    assert notes["final", "A"] == "no value at End of period 2 (form not completed): 2"
    assert notes["model", "A"] == ""
    assert notes["model", "B"] == "no value at End of period 2 (form not completed): 2"
    assert notes["adjusted", "B"].endswith("no value at Start of period 2 (form not completed): 1")
