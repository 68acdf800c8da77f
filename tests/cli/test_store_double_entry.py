"""Double entry from the command line: two people, a list of differences, a decision."""

import csv
from pathlib import Path

import pytest

from tests.cli.pain_form import pain_form
from tests.evidence.world import ANN, cell, occasion, opened, row
from tests.evidence.writing.test_double_entry import EVE
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.cli.store_double_entry import COLUMNS
from trialkit.evidence.database.opening import make_sqlite_store
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.events import entries
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ann entered one row; whoever calls the commands has the account ``ben``."""
    folder = tmp_path / "trial"
    assert main(["new", str(folder), "--empty"]) == ExitCode.FINE
    (folder / "forms" / "pain.toml").write_text(pain_form(visits=["BL"]))
    store = make_sqlite_store(folder / "evidence.sqlite")
    begin(store, trial="ISRCTN00000000", occasion=occasion(0, door=Door.STORE), is_open=True)
    append(store, entries([opened()]), occasion(1))
    said = [row("P1", "BL"), *(cell("P1", item, "", text, visit="BL") for item, text in (("vas", "57"), ("note", "Mrs Doe")))]  # fmt: skip
    append(store, entries(said), occasion(2))
    store.close()
    monkeypatch.setenv("LOGNAME", "ben")
    return folder


def second(trial: Path, vas: str, note: str = "Mrs Doe") -> ExitCode:
    path = trial.parent / "second.csv"
    path.write_text(f"subject_id,visit,vas,note\nP1,BL,{vas},{note}\n")
    words = ["store", "again", str(trial), str(path), "--form", "pain", "--person", "Ben Okafor"]
    return ExitCode(main(words))


def test_a_difference_is_listed_decided_and_gone(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert second(trial, "75") == ExitCode.FINE
    capsys.readouterr()
    assert main(["store", "compare", str(trial)]) == ExitCode.FINDINGS
    out = capsys.readouterr().out
    assert "1 difference waits for a decision:" in out
    assert all(said in out for said in ("P1", "pain.vas", "57", "75"))
    assert "50.0%" in out, "one of two answers agreed"
    words = ["P1", "pain.vas", "75", "--visit", "BL", "--reason", "the source says 75"]
    assert (
        main(["store", "adjudicate", str(trial), *words, "--person", EVE.printed_name])
        == ExitCode.FINE
    )
    assert main(["store", "compare", str(trial)]) == ExitCode.FINE
    assert "No difference of two entries waits" in capsys.readouterr().out
    assert main(["store", "adjudicate", str(trial), *words]) == ExitCode.CANNOT
    assert "there is no difference of two entries" in capsys.readouterr().err


def test_what_names_a_person_is_shown_to_nobody_who_did_not_ask(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert second(trial, "57", "Mr Roe") == ExitCode.FINE
    listed = trial.parent / "differences.csv"
    assert main(["store", "compare", str(trial), "--to", str(listed)]) == ExitCode.FINDINGS
    assert "Roe" not in capsys.readouterr().out + listed.read_text()
    rows = list(csv.DictReader(listed.read_text().splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert main(["store", "compare", str(trial), "--show-identifiers"]) == ExitCode.FINDINGS
    assert "Mr Roe" in capsys.readouterr().out


def test_the_first_person_is_refused_whatever_the_account(
    trial: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = trial.parent / "second.csv"
    path.write_text("subject_id,visit,vas\nP1,BL,57\n")
    words = ["store", "again", str(trial), str(path), "--form", "pain", "--person"]
    assert main([*words, "Ann Miller"]) == ExitCode.CANNOT
    monkeypatch.setenv("LOGNAME", ANN.person)
    assert main([*words, "Somebody Else"]) == ExitCode.CANNOT
    assert capsys.readouterr().err.count("the second entry is another person's") == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("subject_id,visit,vas\nP9,BL,57\n", "nobody entered this a first time"),
        ("subject_id,visit,pain\nP1,BL,57\n", "has pain, which it does not ask for"),
        ("subject_id,vas\nP1,57\n", "lacks visit"),
        ("", "is empty"),
    ],
)
def test_a_file_that_cannot_be_compared_is_said(
    content: str, told: str, trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = trial.parent / "second.csv"
    path.write_text(content)
    words = ["store", "again", str(trial), str(path), "--form", "pain", "--person", "Ben Okafor"]
    assert main(words) == ExitCode.CANNOT
    assert told in capsys.readouterr().err
    assert main([*words[:5], "pein", *words[6:]]) == ExitCode.CANNOT
    assert "its forms are" in capsys.readouterr().err


def test_a_list_is_written_as_csv_alone(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["store", "compare", str(trial), "--to", "list.xlsx"]) == ExitCode.CANNOT
    assert "ends in .csv" in capsys.readouterr().err


def test_who_reads_no_arms_is_told_how_many_second_entries_are_withheld(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "ann")
    folder = "trial"
    assert main(["new", folder]) == ExitCode.FINE
    assert main(["store", "init", folder, "--open"]) == ExitCode.FINE
    assert main(["store", "import", "folder", folder, "--write"]) == ExitCode.FINE
    rows = (Path(folder) / "data" / "randomisation.csv").read_text().splitlines()
    columns = rows[0].split(",")
    at = [columns.index("subject_id"), columns.index("arm")]
    lines = [",".join(line.split(",")[each] for each in at) for line in rows[:3]]
    Path("second.csv").write_text("\n".join(lines) + "\n")
    monkeypatch.setenv("LOGNAME", "ben")
    words = ["store", "again", folder, "second.csv", "--form", "randomisation"]
    assert main(words) == ExitCode.FINE
    monkeypatch.setenv("LOGNAME", "ann")
    grant = ["store", "grant", folder, "eve", "monitor", "--begin-roles"]
    assert main(grant) == ExitCode.FINE
    monkeypatch.setenv("LOGNAME", "eve")
    capsys.readouterr()

    assert main(["store", "compare", folder, "--to", "list.csv"]) == ExitCode.FINE

    said = " ".join(capsys.readouterr().out.split())
    assert "2 answers entered twice tell an arm, withheld from your role" in said
    assert "Nothing else was entered a second time." in said
