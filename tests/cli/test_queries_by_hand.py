"""Queries that people raise, comment and close: on the screen and in the workbook of the site."""

import shutil
from argparse import Namespace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import THREE_ARMS
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.cli.queries_by_hand import close, comment, raise_query
from trialkit.cli.screen import Screen
from trialkit.errors import DataFileError


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    copy = tmp_path / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    return copy


def call(trial: Path, **more: object) -> Namespace:
    plain = {
        "today": date(2025, 3, 1),
        "trial": trial,
        "on": None,
        "by": "Mo",
        "visit": "",
        "number": "",
        "subject": "0101",
    }
    return Namespace(**{**plain, **more})


def raised(trial: Path, **more: object) -> str:
    asked = {"place": "demographics.bmi", "text": "Was this weighed?", **more}
    assert raise_query(call(trial, **asked), Screen()) == ExitCode.FINE
    return next(reversed(QueryFolder(trial=trial).read().by_key))


@pytest.mark.slow
def test_what_is_raised_is_said_kept_and_sent_to_the_site(trial: Path, capsys) -> None:
    key = raised(trial)
    assert f"Asked: {key}, site N: Was this weighed?" in capsys.readouterr().out
    assert comment(call(trial, query=key[:6], text="Ring me"), Screen()) == ExitCode.FINE
    assert f"{key}: open. Was this weighed?" in capsys.readouterr().out

    assert main(["queries", "send", str(trial)]) == ExitCode.FINE
    sites = trial / "output" / "sites"
    assert [each.name for each in sites.iterdir()] == ["findings_N.xlsx"]
    sheet = openpyxl.load_workbook(sites / "findings_N.xlsx").worksheets[1]
    heads = [cell.value for cell in sheet[1]]
    line = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    assert (line["what was found"], line["comments"]) == ("Was this weighed?", "Mo: Ring me")


def test_what_is_closed_by_hand_is_not_sent(trial: Path, capsys) -> None:
    key = raised(trial)
    assert close(call(trial, query=key, text="weighed, says Ana"), Screen()) == ExitCode.FINE
    assert f"{key}: closed." in capsys.readouterr().out

    assert main(["queries", "send", str(trial)]) == ExitCode.FINE
    assert "No site has anything to answer." in capsys.readouterr().out


@pytest.mark.parametrize("place", ["demographics", "demographics.", ".bmi"])
def test_a_place_names_a_form_and_an_item(trial: Path, place: str) -> None:
    with pytest.raises(DataFileError, match="write the form and the item, as"):
        raised(trial, place=place)


def test_of_several_rows_it_is_said_which(trial: Path) -> None:
    with pytest.raises(DataFileError, match="say which by --visit CODE"):
        raised(trial, place="assessment.visit_date")
