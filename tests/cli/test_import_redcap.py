"""``trialkit import redcap``: what a person sees, and what is written."""

import shutil
from pathlib import Path

import pytest

from trialkit.cli.main import main

PROJECTS = Path(__file__).parents[1] / "imports" / "redcap_projects"
LONGITUDINAL, CLASSIC = PROJECTS / "longitudinal", PROJECTS / "classic"


def called(folder: Path, project: Path, *more: str) -> int:
    files = (str(project / "dictionary.csv"), str(project / "export.csv"))
    decided = "--missing=NA=NA"  # a choice of the classic project is spelled so
    return main(["import", "redcap", *files, "--into", str(folder), decided, *more])


def test_a_dry_run_shows_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(tmp_path / "trial", CLASSIC, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "4 new: protocol.toml, redcap.toml, intake.toml, con_form.toml" in said
    assert "Dry run: nothing was written." in said
    assert "dictionary.csv, row 11, gp" in said
    assert not (tmp_path / "trial").exists()


def test_an_import_says_what_it_wrote_and_the_second_that_there_is_nothing_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "trial"
    assert called(folder, CLASSIC) == 0
    said = capsys.readouterr().out
    assert "intake.csv" in said
    assert "redcap_left_out.csv" in said
    assert called(folder, CLASSIC) == 0
    assert "Nothing to write" in capsys.readouterr().out


def test_a_changed_answer_is_not_overwritten_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "trial"
    folder.mkdir()
    for name in ("protocol.toml", "redcap.toml"):
        shutil.copy(LONGITUDINAL / name, folder)
    events = ("--events", str(LONGITUDINAL / "events.csv"))
    assert called(folder, LONGITUDINAL, *events) == 0
    path = folder / "data" / "randomisation.csv"
    entered = path.read_text(encoding="utf-8")
    path.write_text(entered.replace("001,2024-01-13,1,", "001,2024-01-14,1,"), encoding="utf-8")
    assert called(folder, LONGITUDINAL, *events) == 2
    ended = capsys.readouterr()
    assert "'2024-01-14' would become '2024-01-13'" in ended.err
    assert called(folder, LONGITUDINAL, *events, "--replace") == 0
    assert path.read_text(encoding="utf-8") == entered
    form = folder / "forms" / "assessment.toml"
    form.write_text(form.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    capsys.readouterr()
    assert called(folder, LONGITUDINAL, *events, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "assessment.toml was changed by hand and is kept" in said
    assert "-# mine" in said


def test_a_wrong_file_ends_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = str(CLASSIC / "export.csv")
    assert main(["import", "redcap", wrong, "--into", str(tmp_path / "trial")]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "18 columns" in message
