"""``trialkit import``: each source ends with what became of its rows."""

import shutil
from argparse import Namespace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.conftest import EXAMPLE
from trialkit.cli.commands.importing import run
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_sources import SOURCES
from trialkit.cli.main import main
from trialkit.cli.options import build_parser

PLACE = ["BH-001", "BL"]


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    copy = tmp_path / "trial"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    return copy


def call(*words: str) -> Namespace:
    return build_parser().parse_args(["import", *words])


def test_each_source_of_the_command_line_has_its_import() -> None:
    words = {"redcap": "x.csv", "workbook": "x", "csv": "x", "statfile": "x", "xlsform": "x"}
    assert set(SOURCES) == set(words)


def test_rows_of_a_workbook_that_nobody_changed_bring_nothing(
    trial: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "entry.xlsx"
    assert main(["workbook", str(trial), str(book)]) == ExitCode.FINE
    before = {path.name: path.read_bytes() for path in (trial / "data").iterdir()}
    assert run(call("workbook", str(trial), str(book))) is ExitCode.FINE
    assert {path.name: path.read_bytes() for path in (trial / "data").iterdir()} == before
    assert "not taken" not in capsys.readouterr().out


@pytest.mark.slow
def test_a_row_that_changed_meanwhile_is_refused_and_ends_with_1(
    trial: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "entry.xlsx"
    assert main(["workbook", str(trial), str(book)]) == ExitCode.FINE
    workbook = load_workbook(book)
    sheet = workbook["pain"]
    (column,) = (c.column for row in sheet.iter_rows() for c in row if c.value == "vas_mm")
    (line,) = (row[0].row for row in sheet.iter_rows() if [c.value for c in row[:2]] == PLACE)
    sheet.cell(line, column).value = 45
    workbook.save(book)
    data = trial / "data" / "pain.csv"
    text = data.read_text("utf-8")
    data.write_text(text.replace("2021-10-15,44,", "2021-10-15,46,", 1), "utf-8")
    assert run(call("workbook", str(trial), str(book))) is ExitCode.FINDINGS
    assert "not taken" in capsys.readouterr().out
