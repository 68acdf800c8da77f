"""``trialkit store import``: shown cell by cell, then one batch or nothing."""

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.evidence.world import every_event
from trialkit.cli import store_import_findings, store_importing
from trialkit.cli.main import main
from trialkit.cli.store_importing import import_into_store
from trialkit.errors import DataFileError
from trialkit.evidence.database.opening import sqlite_store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.verifying.verifying import verify

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def trial(stored):
    return stored


def called(code, *words):
    assert main(words, moment=AT) == code, words


def log_of(trial):
    store = sqlite_store(trial / "evidence.sqlite")
    assert verify(store).holds
    log = every_event(store)
    store.close()
    return log


def correct(trial, before, after):
    place = trial / "data" / "demographics.csv"
    entered = place.read_text()
    assert before in entered
    place.write_text(entered.replace(before, after))


def test_the_same_source_again_changes_nothing(trial, capsys):
    before = log_of(trial).height
    called(0, "store", "import", "folder", "trial", "--write")
    assert "Nothing to write: the store says this already." in capsys.readouterr().out
    assert log_of(trial).height == before


def test_a_change_is_shown_and_written_with_its_reason_alone(trial, capsys):
    before = log_of(trial).height
    correct(trial, "001,f,34", "001,f,35")
    called(0, "store", "import", "folder", "trial")
    said = capsys.readouterr().out
    assert "changed  demographics.age_years  001  34  35" in said
    assert "--write writes it" in said
    called(2, "store", "import", "folder", "trial", "--write")
    assert "it needs --reason (" in capsys.readouterr().err
    assert log_of(trial).height == before
    called(0, "store", "import", "folder", "trial", "--write", "--reason", "source data")
    last = log_of(trial).row(-1, named=True)
    assert (last["action"], last["old"], last["new"], last["reason"], last["door"]) == (
        EventAction.CHANGED, "34", "35", "source data", "import",
    )  # fmt: skip


def test_what_was_entered_by_new_definitions_names_their_version(trial):
    first = log_of(trial)["definition"][-1]
    form = trial / "forms" / "demographics.toml"
    form.write_text(form.read_text().replace('title = "', 'title = "The ', 1))
    correct(trial, "001,f,34", "001,f,35")
    called(0, "store", "import", "folder", "trial", "--write", "--reason", "x")
    log = log_of(trial)
    assert log["action"].to_list()[-2:] == [EventAction.DEFINED, EventAction.CHANGED]
    assert log["definition"][-1] not in {"", first}


def test_rows_that_are_not_in_the_folder_stay_unless_they_are_asked_to_go(trial, capsys):
    place = trial / "data" / "demographics.csv"
    place.write_text("\n".join(place.read_text().splitlines()[:-1]) + "\n")
    called(0, "store", "import", "folder", "trial")
    assert "would stay; --remove-rows takes them out: 1 row" in capsys.readouterr().out
    called(0, "store", "import", "folder", "trial", "--remove-rows", "--write", "--reason", "error")
    assert log_of(trial)["action"][-1] == EventAction.ROW_REMOVED


def test_a_csv_of_its_own_comes_by_the_same_rules_as_into_a_folder(trial, capsys):
    data = {path.name: path.read_bytes() for path in (trial / "data").iterdir()}
    before = log_of(trial).height
    Path("rows.csv").write_text("subject_id,sex,age_years\n012,f,41\n001,f,36\n")
    words = ("store", "import", "csv", "trial", "rows.csv", "--form", "demographics")
    called(0, *words)
    assert "--write writes it" in capsys.readouterr().out
    called(2, *words, "--write", "--reason", "x")
    said = capsys.readouterr()
    assert "would be overwritten, and nothing was written; it needs --replace (" in said.err
    assert "/tmp" not in said.err
    assert log_of(trial).height == before
    called(0, *words, "--write", "--reason", "x", "--replace")
    assert log_of(trial).height == before + 4
    assert {path.name: path.read_bytes() for path in (trial / "data").iterdir()} == data


def test_a_workbook_comes_in_and_its_refused_rows_are_told(trial, capsys):
    called(0, "workbook", "trial", "entry.xlsx")
    book = openpyxl.load_workbook("entry.xlsx")
    sheet = book["demographics"]
    for column, typed in enumerate(("011", "m", "50"), start=1):
        sheet.cell(sheet.max_row + 1 if column == 1 else sheet.max_row, column).value = typed
    old = next(cell for (cell, *_) in sheet.iter_rows() if cell.value == "002")
    old.value = "019"
    book.save("entry.xlsx")
    called(1, "store", "import", "workbook", "trial", "entry.xlsx", "--write")
    assert "not taken" in capsys.readouterr().out
    assert log_of(trial)["subject_id"][-1] == "011"


def test_a_source_with_other_forms_is_for_the_trial_first(trial, monkeypatch, capsys):
    def writes_a_form(arguments, _):
        (arguments.trial / "forms" / "demographics.toml").write_text("[form]\n")
        return 0

    monkeypatch.setattr(store_importing, "SOURCES", {"csv": writes_a_form})
    called(2, "store", "import", "csv", "trial", "rows.csv", "--form", "demographics")
    assert "take them in first: trialkit import csv" in capsys.readouterr().err
    assert import_into_store.__doc__


def test_submissions_are_asked_for(trial, capsys):
    called(2, "store", "import", "xlsform", "survey.xlsx", "trial")
    assert "--submissions: names no file" in capsys.readouterr().err


def test_what_fails_on_the_way_leaves_the_store_as_it_was(trial, monkeypatch, capsys):
    before = log_of(trial)
    correct(trial, "001,f,34", "001,f,35")
    store = sqlite_store(trial / "evidence.sqlite")
    store.engine.dispose()
    monkeypatch.setattr(
        "trialkit.evidence.writing.entering.append_to",
        lambda *_: (_ for _ in ()).throw(KeyboardInterrupt),
    )
    form = trial / "forms" / "demographics.toml"
    form.write_text(form.read_text().replace('title = "', 'title = "The ', 1))
    called(2, "store", "import", "folder", "trial", "--write", "--reason", "x")
    assert log_of(trial).equals(before)


def test_blank_arms_of_the_files_leave_those_of_the_store_unless_they_are_to_be_emptied(
    trial, capsys
):
    """The trial's template holds the arm: who is blinded exports it blank."""
    place = trial / "data" / "randomisation.csv"
    head, *lines = place.read_text().splitlines()
    at = head.split(",").index("arm")
    rows = [line.split(",") for line in lines]
    blank = [",".join([*row[:at], "", *row[at + 1 :]]) for row in rows]
    place.write_text("\n".join([head, *blank]) + "\n")
    number = sum(bool(row[at]) for row in rows)
    called(0, "store", "import", "folder", "trial", "--write", "--reason", "x")
    said = " ".join(capsys.readouterr().out.split())
    assert f"--empty empties it: randomisation.arm ({number})" in said
    assert "Nothing to write" in said
    called(0, "store", "import", "folder", "trial", "--empty", "--write", "--reason", "x")
    assert log_of(trial)["action"].to_list()[-number:] == [EventAction.EMPTIED] * number


def test_data_folder_itself_is_told_from_the_one_that_holds_it(trial, capsys):
    called(2, "store", "import", "folder", "trial", "trial/data")
    said = " ".join(capsys.readouterr().err.split())
    assert (
        "trial/data: has the data in it itself; name the folder that holds it as data/: trial"
        in said
    )
    Path("returned").mkdir()
    called(2, "store", "import", "folder", "trial", "returned")
    assert "returned: has no folder data/ in it" in " ".join(capsys.readouterr().err.split())
    Path("returned/pain.csv").write_text("subject_id\n", encoding="utf-8")
    called(2, "store", "import", "folder", "trial", "returned")
    assert "put returned there under that name" in " ".join(capsys.readouterr().err.split())


def test_what_the_import_would_bring_is_judged_and_written_all_the_same(trial, capsys):
    correct(trial, "001,f,34", "001,x,abc")
    for words, verb in (((), "would bring"), (("--write", "--reason", "x"), "brings")):
        called(0, "store", "import", "folder", "trial", *words)
        said = " ".join(capsys.readouterr().out.split())
        assert f"Findings that the import {verb}: 2 hard, 0 soft. Once it is written" in said
        assert "'trialkit store query trial check' asks about them" in said
        assert "hard 001 - demographics.age_years" in said
    assert log_of(trial)["new"].to_list()[-2:] == ["x", "abc"]


def test_what_was_wrong_before_is_not_told_of_the_next_import(trial, capsys):
    correct(trial, "001,f,34", "001,f,abc")
    called(0, "store", "import", "folder", "trial", "--write", "--reason", "x")
    capsys.readouterr()
    correct(trial, "002,m,52", "002,m,53")
    called(0, "store", "import", "folder", "trial")
    assert "The import would bring no finding." in capsys.readouterr().out


def test_rows_of_people_who_are_new_are_judged(trial, capsys):
    Path("rows.csv").write_text("subject_id,sex,age_years\n012,x,41\n")
    called(0, "store", "import", "csv", "trial", "rows.csv", "--form", "demographics")
    said = capsys.readouterr().out
    assert "Findings that the import would bring: 1 hard, 0 soft." in said
    assert "hard  012" in said


def test_a_change_by_a_csv_is_shown_once_and_asks_for_all_that_it_needs_at_once(trial, capsys):
    Path("rows.csv").write_text("subject_id,sex,age_years\n001,f,36\n")
    words = ("store", "import", "csv", "trial", "rows.csv", "--form", "demographics")
    called(0, *words)
    said = capsys.readouterr().out
    assert said.count("demographics.age_years") == 1
    assert "which needs --replace and --reason." in said
    called(0, *words, "--replace")
    assert "which needs --reason." in capsys.readouterr().out
    called(2, *words, "--write")
    refused = capsys.readouterr().err
    assert "--replace" in refused
    assert "--reason" in refused


def test_who_sees_a_part_is_told_what_of_the_import_was_not_judged(trial, capsys, monkeypatch):
    called(0, "store", "grant", "trial", "ben", "coordinator", "--at", "north", "--begin-roles")
    monkeypatch.setenv("LOGNAME", "ben")
    Path("rows.csv").write_text("subject_id,sex,age_years\n012,x,41\n")
    words = ("store", "import", "csv", "trial", "rows.csv", "--form", "demographics")
    capsys.readouterr()
    called(0, *words, "--write", "--new-subjects")

    said = capsys.readouterr().out
    assert "hard  012" in said
    assert "001" not in said
    assert "Not judged, withheld from your role: randomisation.block" in said


def test_what_cannot_be_judged_is_told_and_written_all_the_same(trial, capsys, monkeypatch):
    def refuses(*_, **__):
        raise DataFileError("screening: is withheld")

    monkeypatch.setattr(store_import_findings, "findings_brought", refuses)
    correct(trial, "001,f,34", "001,f,35")
    called(0, "store", "import", "folder", "trial", "--write", "--reason", "x")
    said = capsys.readouterr().out
    assert "Warning: what the import brings could not be judged: screening: is withheld" in said
    assert "1 event written" in said
