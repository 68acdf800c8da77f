"""A trial with one visit after baseline, the commonest kind: who left is analysed, and the flow diagram says so."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.planned.equal.test_antidepressant_trial import carried_out
from tests.report.kinds_of_trial import Kind, Tables, write_trial
from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

GONE = ("P002", "P007", "P011", "P020", "P033")
PLANNED = (
    'method = "multiple_imputation"\nstrategy = "jump-to-reference"\ndraws = "approximate-bayes"\n'
    "samples = 50\nseed = 9"
)


def some_left(tables: Tables) -> None:
    tables["assessment"] = [
        row for row in tables["assessment"] if row["visit"] == "V0" or row["subject_id"] not in GONE
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind = Kind(primary=PLANNED, change=some_left)
    return write_trial(tmp_path_factory.mktemp("trial") / "t", kind)


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return carried_out(folder)


def test_the_planned_numbers_are_the_direct_call_on_the_files(
    results: Results, folder: Path
) -> None:
    data = pd.read_csv(folder / "data" / "assessment.csv")
    arms = pd.read_csv(folder / "data" / "randomisation.csv").set_index("subject_id")["arm"]
    values = data.pivot_table(index="subject_id", columns="visit", values="pain_mm")
    frame = pd.DataFrame(
        {
            "subject": values.index,
            "visit": "V1",
            "arm": arms[values.index].to_numpy(),
            "baseline": values["V0"].to_numpy(),
            "value": values["V1"].to_numpy(),
        }
    )
    left = frame.loc[np.isnan(frame["value"]), ["subject", "visit"]]
    model = imputation_model(
        frame,
        outcome="value",
        subject="subject",
        visit="visit",
        arm="arm",
        reference="CARE",
        covariates_by_visit=["baseline"],
        events=left.assign(strategy="jump-to-reference"),
    )
    draws = imputation_draws(model, method="approximate-bayes", draws=50, seed=9)
    analyses = analyse_imputations(impute(draws), ImputedAncova(covariates=["baseline"]))
    effect = pool_imputations(analyses).effect("V1", "difference", "TRAIN")
    found = {
        row.stat_name: row.stat
        for row in results.rows
        if (row.analysis_id, row.term, row.visit) == ("primary", "TRAIN - CARE", "V1")
    }
    for stat, number in (
        (Stat.ESTIMATE, effect.estimate),
        (Stat.SE, effect.se),
        (Stat.DF, effect.df),
        (Stat.P_VALUE, effect.p_value),
        (Stat.CONF_LOW, effect.conf_low),
        (Stat.CONF_HIGH, effect.conf_high),
        (Stat.MISSING_INFORMATION, effect.missing_information),
    ):
        assert found[stat] == pytest.approx(number, rel=1e-9), stat


def test_the_flow_diagram_counts_the_same_participants(results: Results) -> None:
    analysed = {
        (row.analysis_id, row.arm): row.stat
        for row in results.rows
        if row.stat_name is Stat.N
        and row.arm
        and row.analysis_id in {"primary", "flow"}
        and (row.analysis_id == "primary" or row.term == "analysed")
    }
    for arm in ("CARE", "TRAIN"):
        assert analysed["primary", arm] == analysed["flow", arm] == 18
