"""The antidepressant trial, written as a trial, states what R's rbmi says of it."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.conftest import ROOT
from tests.planned.equal.antidepressant_trial import (
    ARMS,
    DATA,
    VISITS,
    analysis,
    write_antidepressant,
)
from trialkit.datasets.building import build_datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

SHIFTED = "jump-to-reference and 5 added to the missing values of DRUG"
ASKED = {
    "missing-at-random": "",
    "jump-to-reference": 'strategy = "jump-to-reference"',
    "copy-reference": 'strategy = "copy-reference"',
    "copy-increments-in-reference": 'strategy = "copy-increments-in-reference"',
    SHIFTED: 'strategy = "jump-to-reference"\ndelta = { CARE = 0, TRAIN = 5 }',
}
RANDOM = 'draws = "approximate-bayes"\nsamples = 200\nseed = 5'


@pytest.fixture(scope="module")
def rbmi() -> dict[str, Any]:
    path = ROOT / "tests" / "reference" / "imputation" / "rbmi_antidepressant.json"
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read


def carried_out(folder: Path) -> Results:
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    return carry_out(protocol, build_datasets(snapshot, schemas, protocol))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    analyses = "".join(analysis(f"s{n}", each) for n, each in enumerate(ASKED.values()))
    analyses += analysis("random", f'strategy = "jump-to-reference"\n{RANDOM}')
    return carried_out(write_antidepressant(tmp_path_factory.mktemp("trial") / "t", analyses))


def found(results: Results, name: str, stat: Stat, *, visit: str = "V4", arm: str = "") -> Result:
    term = "imputed" if stat is Stat.N_IMPUTED else "TRAIN - CARE"
    (row,) = [
        row
        for row in results.rows
        if (row.analysis_id, row.stat_name, row.visit, row.arm) == (name, stat, visit, arm)
        and row.term == term
    ]
    return row


@pytest.mark.parametrize("number", range(len(ASKED)), ids=list(ASKED))
def test_conditional_means_with_the_jackknife_are_those_of_rbmi(
    number: int, results: Results, rbmi: dict[str, Any]
) -> None:
    expected = rbmi["conditional_mean_jackknife"][list(ASKED)[number]]
    estimate = found(results, f"s{number}", Stat.ESTIMATE)
    assert estimate.stat == pytest.approx(-expected["estimate"], rel=1e-4)
    assert found(results, f"s{number}", Stat.SE).stat == pytest.approx(expected["se"], rel=1e-4)
    assert estimate.note.endswith("repeated-sampling variance")


def test_rubins_rules_are_near_the_five_macros(results: Results, rbmi: dict[str, Any]) -> None:
    expected = rbmi["five_macros"]["jump-to-reference"]
    estimate = found(results, "random", Stat.ESTIMATE)
    # the between-imputation deviation is 0.4, so that 200 draws leave 0.03
    assert estimate.stat == pytest.approx(-expected["estimate"], abs=0.12)
    assert found(results, "random", Stat.SE).stat == pytest.approx(expected["se"], rel=0.05)
    assert estimate.note == "200 imputed data sets; information-anchored variance"


def test_what_was_imputed_is_counted_by_arm_and_visit(results: Results) -> None:
    data = pd.read_csv(DATA, dtype={"VISIT": str})
    for name, arm in ARMS.items():
        own = data[data["THERAPY"] == name]
        for visit, code in VISITS.items():
            row = found(results, "s1", Stat.N_IMPUTED, visit=code, arm=arm)
            lacking = own["PATIENT"].nunique() - int((own["VISIT"] == visit).sum())
            assert row.stat == lacking
            gap = (name, visit) == (data.loc[data["PATIENT"] == 3618, "THERAPY"].iloc[0], "5")
            said = [f"jump-to-reference: {lacking - gap}"] if lacking > gap else []
            assert row.note == "; ".join(said + ["missing-at-random: 1"] * gap)


def test_two_runs_state_the_same(results: Results, tmp_path: Path) -> None:
    analyses = "".join(analysis(f"s{n}", each) for n, each in enumerate(ASKED.values()))
    analyses += analysis("random", f'strategy = "jump-to-reference"\n{RANDOM}')
    again = carried_out(write_antidepressant(tmp_path / "t", analyses))
    assert again.rows == results.rows
