"""Rows that are no subjects are refused wherever an estimator takes a row a subject."""

import inspect

import numpy as np
import pandas as pd
import polars as pl
import pytest

import trialkit
from tests.analysis.frames.test_any_frame import CALLS, wide
from trialkit import analysis
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.errors import AnalysisError

A_ROW_A_SUBJECT = [
    name
    for name, (_, options) in CALLS.items()
    if (
        "subject" in inspect.signature(getattr(analysis, name)).parameters
        and "subject" not in {**options, "covariates": ()}
    )
    or name == "ancova"
]
LONG = {"outcome": "score", "arm": "arm", "reference": "CG"}


@pytest.mark.parametrize("name", A_ROW_A_SUBJECT)
def test_an_estimator_refuses_rows_of_visits_that_nobody_said_are_subjects(name: str) -> None:
    make, options = CALLS[name]
    whose = {key: value for key, value in options.items() if key != "subject"}
    twice = pl.concat([make(), make()])
    lots = (
        {"rng": np.random.default_rng(1)}
        if name in ("bootstrap_difference", "rerandomisation_test")
        else {}
    )
    with pytest.raises(AnalysisError, match="the rows are not subjects: 'id' is 'P00'"):
        getattr(trialkit, name)(twice, **whose, **lots)  # fmt: skip


def test_most_estimators_are_asked() -> None:
    assert len(A_ROW_A_SUBJECT) > 30
    assert {"mmrm", "mixed_anova", "crossover_means"}.isdisjoint(A_ROW_A_SUBJECT)


def long(named: str = "participant_id") -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            named: np.tile(np.arange(20), 2),
            "visit": np.repeat(["W6", "W12"], 20),
            "arm": np.tile(np.repeat(["CG", "EG"], 10), 2),
            "score": rng.normal(size=40),
        }
    )


@pytest.mark.parametrize("named", ["Subject_ID", "USUBJID", "record_id", "PatientId", "pid"])
def test_the_subject_is_known_by_its_name(named: str) -> None:
    with pytest.raises(AnalysisError, match=f"'{named}' is 0 in more than one of them"):
        trialkit.compare_means(long(named), **LONG)


def test_rows_of_visits_without_a_subject_are_refused() -> None:
    with pytest.raises(AnalysisError, match=r"the rows are of 2 visits \('W6', 'W12' in 'visit'\)"):
        trialkit.ancova(long().drop(columns="participant_id"), **LONG)


def test_one_visit_is_a_row_a_subject() -> None:
    chosen = long()[lambda rows: rows["visit"] == "W6"]
    assert trialkit.ancova(chosen, **LONG).n == 20
    assert trialkit.ancova(chosen.drop(columns="participant_id"), **LONG).n == 20


def test_rows_that_are_not_used_may_repeat() -> None:
    rows = long()
    rows.loc[rows["visit"] == "W12", "score"] = np.nan
    assert len(trialkit.compare_means(rows, **LONG).excluded) == 20


def test_visits_of_different_subjects_are_rows_of_subjects() -> None:
    rows = long().assign(participant_id=np.arange(40))
    assert trialkit.ancova(rows, **LONG).n == 40


def test_a_column_that_is_named_as_subject_is_believed() -> None:
    rows = wide().with_columns(pl.lit("same").alias("patient"))
    options = {"outcome": "first", "arm": "arm", "reference": "CG"}
    assert trialkit.ancova(rows, **options, subject="id").n == 48


def test_a_subject_that_is_a_group_of_the_model_may_repeat() -> None:
    rows = long()
    refuse_repeated(rows, None, used=np.ones(40, dtype=bool), grouped=("participant_id",))
    fit = trialkit.random_intercepts(rows, **LONG, cluster="participant_id")
    assert len(fit.contrasts()) == 1


def test_a_stated_subject_with_two_rows_is_named() -> None:
    with pytest.raises(AnalysisError, match="subject 0 has more than one row"):
        trialkit.compare_means(long(), **LONG, subject="participant_id")
