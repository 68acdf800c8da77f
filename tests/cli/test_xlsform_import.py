"""``trialkit import xlsform`` says of each form what becomes of it, and of submissions what comes."""

import shutil
from argparse import Namespace
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE
from tests.imports.xlsform.submitted import central, form_file
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.xlsform_import import import_xlsform


def arguments(folder: Path, **said: object) -> Namespace:
    options = {
        "file": form_file(folder), "trial": folder / "trial", "subject": "", "submissions": None,
        "dry_run": False, "replace": False, "empty": False, "replace_forms": False,
        "new_subjects": False, "remove_rows": False, "show_identifiers": False, "by": "Ann", "reason": "",
    }  # fmt: skip
    return Namespace(**{**options, **said})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE / "forms", tmp_path / "trial" / "forms")
    for name in ("protocol.toml", "references.bib"):
        shutil.copy(EXAMPLE / name, tmp_path / "trial")
    return tmp_path


def test_forms_are_new_then_the_same_then_kept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_xlsform(arguments(folder), Screen()) is ExitCode.FINE
    assert "forms/diary.toml is new." in capsys.readouterr().out
    assert import_xlsform(arguments(folder), Screen()) is ExitCode.FINE
    assert "forms/diary.toml says this already." in capsys.readouterr().out
    path = folder / "trial" / "forms" / "diary.toml"
    path.write_text(path.read_text().replace("Diary", "My diary"))
    assert import_xlsform(arguments(folder), Screen()) is ExitCode.FINE
    assert "is kept, and differs" in capsys.readouterr().out


def test_submissions_are_taken_with_the_forms(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = arguments(folder, submissions=central(folder))
    assert import_xlsform(said, Screen()) is ExitCode.FINE
    assert "data/diary.csv" in capsys.readouterr().out.replace("\n", "")
    assert (folder / "trial" / "data" / "fall.csv").is_file()
