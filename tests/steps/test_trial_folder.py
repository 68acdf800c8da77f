"""A trial in a notebook: nothing is read before it is asked for, and nothing is written."""

import shutil
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

import trialkit
from tests.conftest import EXAMPLE
from trialkit.errors import FindingsError, ProtocolError
from trialkit.steps.trial_folder import open_folder

TODAY = date(2026, 1, 1)


def copy_of_example(folder: Path) -> Path:
    trial = folder / "trial"
    shutil.copytree(EXAMPLE, trial, ignore=shutil.ignore_patterns("output", "queries"))
    return trial


def test_it_has_what_the_line_has_and_writes_nothing(tmp_path: Path) -> None:
    folder = copy_of_example(tmp_path)
    before = sorted(path for path in folder.rglob("*"))
    trial = trialkit.open(str(folder), today=TODAY)
    assert trial.protocol.trial.id
    assert trial.findings.hard == 0
    assert len(trial.datasets.subjects) > 0
    assert trial.datasets is trial.datasets
    assert sorted(path for path in folder.rglob("*")) == before
    assert repr(trial) == f"trialkit.open({str(folder)!r})"


@pytest.mark.slow
def test_datasets_need_no_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialkit.steps.analysing.carry_out", None)
    trial = open_folder(copy_of_example(tmp_path), today=TODAY)
    assert set(trial.datasets.measurements["outcome"].astype("str")) >= {"vas"}


def test_hard_findings_stop_datasets_and_results(tmp_path: Path) -> None:
    folder = copy_of_example(tmp_path)
    place = folder / "data" / "pain.csv"
    rows = place.read_text(encoding="utf-8").splitlines()
    place.write_text("\n".join([*rows, rows[-1]]) + "\n", encoding="utf-8")
    trial = open_folder(folder, today=TODAY)
    assert trial.findings.hard > 0
    with pytest.raises(FindingsError):
        _ = trial.datasets
    with pytest.raises(FindingsError):
        _ = trial.results


def test_what_is_no_trial_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="is no trial"):
        open_folder(tmp_path)


def test_a_check_reads_the_data_anew_and_leaves_the_trial_as_it_was_read(tmp_path: Path) -> None:
    folder = copy_of_example(tmp_path)
    trial = open_folder(folder, today=TODAY)
    assert trial.check().hard == trial.findings.hard == 0
    place = folder / "data" / "pain.csv"
    rows = place.read_text(encoding="utf-8").splitlines()
    place.write_text("\n".join([*rows, rows[-1]]) + "\n", encoding="utf-8")
    assert trial.check().hard > 0
    assert trial.findings.hard == 0
    assert len(trial.datasets.measurements) > 0


def test_an_opened_trial_is_frozen(tmp_path: Path) -> None:
    trial = open_folder(copy_of_example(tmp_path), today=TODAY)
    with pytest.raises(FrozenInstanceError):
        trial.allow_hard = True  # type: ignore[misc]
