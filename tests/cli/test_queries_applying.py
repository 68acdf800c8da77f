"""A right value on its way: from the workbook of a site into the data, with who, why and the query."""

import csv
import shutil
from argparse import Namespace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import THREE_ARMS
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.cli.queries_applying import apply
from trialkit.cli.screen import Screen
from trialkit.errors import FindingsError
from trialkit.steps.applying import try_right_values
from trialkit.steps.opening import open_trial


@pytest.fixture
def trial(tmp_path: Path, capsys) -> Path:
    """A trial with two ages that cannot be right, at two sites, both asked about."""
    copy = tmp_path / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    path = copy / "data" / "demographics.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("0101;2;71;", "0101;2;710;").replace("0202;1;67;", "0202;1;670;"), "utf-8"
    )
    assert main(["queries", "send", str(copy)]) == ExitCode.FINE
    capsys.readouterr()
    return copy


def answer(trial: Path, site: str, **cells: object) -> None:
    """What a site writes into its first row, sent back and recorded."""
    path = trial / "output" / "sites" / f"findings_{site}.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    heads = [cell.value for cell in sheet[1]]
    for head, value in {"answered_by": "Ana", "answer": "corrected", **cells}.items():
        sheet.cell(2, heads.index(head.replace("_", " ")) + 1, value)
    book.save(path)
    assert main(["queries", "answer", str(trial), str(path)]) == ExitCode.FINE


def called(trial: Path, **changed: object) -> ExitCode:
    plain = {
        "today": date(2025, 3, 1),
        "trial": trial,
        "query": [],
        "confirm": False,
        "allow_hard": False,
        "by": "Bo",
    }
    return apply(Namespace(**{**plain, **changed}), Screen())


def age(trial: Path, subject: str) -> str:
    with (trial / "data" / "demographics.csv").open(encoding="utf-8") as file:
        return next(
            row["age_years"]
            for row in csv.DictReader(file, delimiter=";")
            if row["subject_id"] == subject
        )


@pytest.mark.slow
def test_what_would_change_is_shown_and_written_only_when_confirmed(trial: Path, capsys) -> None:
    answer(trial, "N", right_value=71, reason="typed twice")
    before = (trial / "data" / "demographics.csv").read_bytes()
    assert "1 right value: 'trialkit queries apply' shows what" in capsys.readouterr().out

    assert called(trial) == ExitCode.FINDINGS
    said = capsys.readouterr().out
    assert "0101  -  -  demographics.age_years  Age  710  71  typed twice (answered by Ana)" in said
    assert "Nothing was written; --confirm writes it." in said
    assert (trial / "data" / "demographics.csv").read_bytes() == before

    assert called(trial, confirm=True) == ExitCode.FINE
    assert age(trial, "0101") == "71"
    with (trial / "data" / "changes.csv").open(encoding="utf-8") as file:
        (line,) = csv.DictReader(file)
    assert (line["who"], line["old"], line["new"]) == ("Bo", "710", "71")
    assert line["reason"] == "typed twice (answered by Ana)"
    assert line["query_key"].startswith("q")
    after = (trial / "data" / "demographics.csv").read_bytes()
    assert after == before.replace(b"0101;2;710;", b"0101;2;71;")
    capsys.readouterr()
    assert called(trial) == ExitCode.FINE
    assert "No answer has a right value that is not in the data yet." in capsys.readouterr().out
    assert main(["validate", str(trial)]) == ExitCode.FINDINGS
    assert "1 closed" in capsys.readouterr().out


@pytest.mark.slow
def test_a_value_that_makes_another_hard_finding_is_told_before(trial: Path, capsys) -> None:
    answer(trial, "N", right_value="(blank)")
    capsys.readouterr()

    with pytest.raises(FindingsError, match="there would be another hard finding"):
        called(trial, confirm=True)
    said = capsys.readouterr().out
    assert "710  (blank)" in said
    assert "There would be 1 new hard finding:\n  0101: Age is blank, but must be answered" in said
    assert age(trial, "0101") == "710"
    assert called(trial, confirm=True, allow_hard=True) == ExitCode.FINE
    assert age(trial, "0101") == ""


def test_one_query_can_be_applied_alone(trial: Path, capsys) -> None:
    answer(trial, "N", right_value=71)
    answer(trial, "S", right_value=67)
    with (trial / "queries" / "queries.csv").open(encoding="utf-8") as file:
        key = next(row["query_key"] for row in csv.DictReader(file) if row["subject_id"] == "0202")

    assert called(trial, query=[key[:9]], confirm=True) == ExitCode.FINE
    assert (age(trial, "0101"), age(trial, "0202")) == ("710", "67")


@pytest.mark.slow
def test_a_value_that_moved_is_listed_and_left(trial: Path, capsys) -> None:
    answer(trial, "N", right_value=71)
    path = trial / "data" / "demographics.csv"
    path.write_text(path.read_text("utf-8").replace(";710;", ";72;"), "utf-8")
    capsys.readouterr()

    assert called(trial, confirm=True) == ExitCode.FINDINGS
    said = capsys.readouterr().out
    assert "1 right value is not applied:" in said
    assert "(0101, Age, right value '71'): the data hold '72' there by now" in said
    assert age(trial, "0101") == "72"
    assert not (trial / "data" / "changes.csv").exists()


@pytest.mark.slow
def test_nothing_asked_changes_nothing(trial: Path) -> None:

    trying = try_right_values(open_trial(trial), [])
    assert trying.corrections.cells == ()
    assert trying.new_hard.empty


@pytest.mark.slow
def test_what_names_a_person_is_put_right_and_never_shown(trial: Path, capsys) -> None:
    form = trial / "forms" / "demographics.toml"
    named = 'id = "age_years"\nidentifier = true\n'
    form.write_text(form.read_text("utf-8").replace('id = "age_years"\n', named), "utf-8")
    assert main(["queries", "send", str(trial)]) == ExitCode.FINE
    answer(trial, "N", right_value=71, reason="typed twice")
    assert called(trial) == ExitCode.FINDINGS
    data = trial / "data" / "demographics.csv"
    text = data.read_text("utf-8")
    data.write_text(text.replace("0101;2;710;", "0101;2;720;"), "utf-8")
    assert called(trial) == ExitCode.FINDINGS
    said = capsys.readouterr().out
    assert "there by now, and '(not shown, " in said
    assert "right value '(not shown, " in said
    data.write_text(text, "utf-8")

    assert called(trial, confirm=True) == ExitCode.FINE

    shown = said + "".join(capsys.readouterr())
    assert "(not shown, " in shown
    assert not [each for each in ("710", "720", "71 ") if each in shown]
    assert age(trial, "0101") == "71"
