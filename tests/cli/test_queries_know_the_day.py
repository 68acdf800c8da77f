"""Queries know the real day, apart from the cut of the data, and their history never goes back."""

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, few_at_once
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main

FIRST = date(2026, 1, 5)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with four soft findings, first asked about on the first day."""
    copy = tmp_path_factory.mktemp("asked") / "trial"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    assert main(["validate", str(copy)], today=FIRST) == ExitCode.FINE
    return copy


@pytest.fixture
def trial(asked: Path, tmp_path: Path) -> Path:
    return shutil.copytree(asked, tmp_path / "trial")


def history(trial: Path) -> list[dict[str, str]]:
    with (trial / "queries" / "history.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_happens_is_dated_by_its_day_and_the_cut_is_named(asked: Path) -> None:
    events = history(asked)
    assert {event["on"] for event in events} == {FIRST.isoformat()}
    assert [event["note"] for event in events if event["event"] == "cut"] == ["2022-08-26"]
    assert QueryFolder(trial=asked).read().cut == "2022-08-26"


@pytest.mark.slow
def test_ages_are_days_since_they_were_asked(trial: Path, capsys) -> None:
    main(["queries", "list", str(trial)], today=FIRST + timedelta(days=10))
    said = capsys.readouterr().out
    assert "Queries on 2026-01-15; last validated at the data cut 2022-08-26" in said
    assert "10 days" in said
    main(["validate", str(trial)], today=FIRST + timedelta(days=3))
    with (trial / "output" / "findings.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert {(each["asked_on"], each["age_days"]) for each in listed} == {("2026-01-05", "3")}


@pytest.mark.slow
def test_a_day_without_news_adds_nothing(trial: Path) -> None:
    before = (trial / "queries" / "history.csv").read_bytes()
    main(["validate", str(trial)], today=FIRST + timedelta(days=1))
    assert (trial / "queries" / "history.csv").read_bytes() == before


@pytest.mark.slow
def test_nothing_is_sent_of_the_past(trial: Path, capsys) -> None:
    before = (trial / "queries" / "history.csv").read_bytes()
    arguments = ["queries", "send", str(trial), "--cut"]
    assert main([*arguments, "2021-12-31"], today=FIRST) == ExitCode.CANNOT
    assert "lies before that of the last validation (2022-08-26)" in capsys.readouterr().err
    assert (trial / "queries" / "history.csv").read_bytes() == before
    assert not (trial / "output" / "sites").exists()
    assert main([*arguments, "2022-08-26"], today=FIRST) == ExitCode.FINE
    assert list((trial / "output" / "sites").iterdir())


def test_an_answer_is_of_the_day_on_which_it_is_recorded(trial: Path, tmp_path: Path) -> None:
    key = next(event["query_key"] for event in history(trial) if event["query_key"])
    file = tmp_path / "answers.csv"
    file.write_text(
        f"query_key,answer,reason,answered_by\n{key},confirmed,seen in the source,Ana\n", "utf-8"
    )
    day = FIRST + timedelta(days=7)
    assert main(["queries", "answer", str(trial), str(file)], today=day) == ExitCode.FINE
    assert history(trial)[-1]["on"] == day.isoformat()


@pytest.mark.slow
def test_a_cut_of_a_year_typed_wrong_holds_nothing_up_any_more(trial: Path, capsys) -> None:
    """What was recorded of old, when a date of the data became the cut: 2052 for ever."""
    path = trial / "queries" / "history.csv"
    path.write_text(path.read_text("utf-8").replace("2022-08-26", "2052-08-26"), "utf-8")
    main(["validate", str(trial)], today=FIRST + timedelta(days=1))
    assert "They were left as they are" not in capsys.readouterr().out
    assert QueryFolder(trial=trial).read().cut == "2022-08-26"
    assert history(trial)[-1]["on"] == "2026-01-06"


@pytest.mark.slow
def test_rows_that_the_cut_leaves_out_are_counted(trial: Path, capsys) -> None:
    main(["validate", str(trial), "--cut", "2022-07-22", "--no-queries"], today=FIRST)
    assert "later than the data cut 2022-07-22, and left out." in capsys.readouterr().out
    main(["validate", str(trial), "--no-queries"], today=FIRST)
    assert "left out" not in capsys.readouterr().out


@pytest.mark.parametrize("command", few_at_once([["queries", "send"], ["validate"]], 1))
def test_a_cut_that_has_not_come_is_refused(trial: Path, capsys, command: list[str]) -> None:
    before = (trial / "queries" / "history.csv").read_bytes()
    assert main([*command, str(trial), "--cut", "2052-01-01"], today=FIRST) == ExitCode.CANNOT
    assert "--cut: 2052-01-01 has not come yet" in capsys.readouterr().err
    assert (trial / "queries" / "history.csv").read_bytes() == before
    today = [str(trial), "--cut", FIRST.isoformat()]
    assert main([*command, *today], today=FIRST) == ExitCode.FINE


def listed(folder: Path) -> list[dict[str, str]]:
    with (folder / "output" / "findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_who_was_never_asked_has_no_day(tmp_path: Path) -> None:
    """Only a validation that keeps the queries asks; a run, or one without queries, does not."""
    copy = shutil.copytree(
        EXAMPLE, tmp_path / "trial", ignore=shutil.ignore_patterns("output", "__pycache__")
    )
    files = []
    for later in (0, 40):
        day = FIRST + timedelta(days=later)
        assert main(["validate", str(copy), "--no-queries"], today=day) == ExitCode.FINE
        found = listed(copy)
        assert found
        assert {(each["asked_on"], each["age_days"]) for each in found} == {("", "")}
        assert "open" in {each["query_state"] for each in found}
        files.append(sorted((copy / "output").iterdir()))
        files.append([each.read_bytes() for each in files[-1]])
    assert files[:2] == files[2:]


@pytest.mark.slow
def test_what_was_asked_keeps_its_day_when_nothing_is_kept(trial: Path) -> None:
    """And an answer that became another one is asked about anew by the next validation that asks."""
    main(["validate", str(trial), "--no-queries"], today=FIRST + timedelta(days=3))
    assert {(each["asked_on"], each["age_days"]) for each in listed(trial)} == {("2026-01-05", "3")}
