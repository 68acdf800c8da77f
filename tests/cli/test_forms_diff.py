"""``trialkit forms diff`` lists changes by their weight, and ends by it."""

import csv
import shutil
from pathlib import Path

import pytest

from trialkit.cli.commands.forms_diff import COLUMNS
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.forms_changes import show_changes
from trialkit.cli.main import main
from trialkit.cli.screen import Screen


@pytest.fixture
def versions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Path]:
    old, new = tmp_path / "old", tmp_path / "new"
    assert main(["new", str(old)]) == ExitCode.FINE
    shutil.copytree(old, new)
    capsys.readouterr()
    return old, new


def change(trial: Path, form: str, before: str, after: str) -> None:
    path = trial / "forms" / f"{form}.toml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_equal_versions_ask_the_same(
    versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = versions
    assert main(["forms", "diff", str(old), str(new)]) == ExitCode.FINE
    assert capsys.readouterr().out == "Both versions ask the same.\n"


def test_safe_changes_end_well_and_the_heaviest_stand_first(
    versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = versions
    change(new, "assessment", "high = 1000", "high = 2000")
    assert main(["forms", "diff", str(old), str(new)]) == ExitCode.FINE
    assert "1 change: 1 safe." in capsys.readouterr().out
    change(new, "demographics", '{ code = "f", label = "Female" }, ', "")
    change(new, "assessment", 'unit = "m"', 'unit = "yd"')
    assert main(["forms", "diff", str(old), str(new)]) == ExitCode.FINDINGS
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.endswith(":")] == ["Destructive:", "Needs a mapping:", "Safe:"]  # fmt: skip
    assert "demographics.sex, choices: gone: f (Female)" in lines[1]
    assert lines[-1] == "3 changes: 1 destructive, 1 to be mapped, 1 safe."


def test_the_list_can_be_written_and_holds_no_formula(versions: tuple[Path, Path]) -> None:
    old, new = versions
    change(new, "assessment", 'label = "Distance walked in six minutes"', "label = '=HYPERLINK(1)'")
    out = new / "lists"
    assert main(["forms", "diff", str(old), str(new), "--out", str(out)]) == ExitCode.FINDINGS
    rows = list(csv.reader((out / "forms_diff.csv").read_text("utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_a_version_that_cannot_be_read_is_said(
    versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = versions
    (new / "protocol.toml").unlink()
    assert main(["forms", "diff", str(old), str(new)]) == ExitCode.CANNOT
    assert "protocol.toml" in capsys.readouterr().err


def test_no_change_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    show_changes((), Screen())
    assert capsys.readouterr().out == "Both versions ask the same.\n"
