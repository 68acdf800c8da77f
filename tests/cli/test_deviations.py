"""``trialkit deviations``: proposals on the screen and in a file that people complete."""

import csv
import shutil
from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import THREE_ARMS
from trialkit.cli.commands.deviations import run
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main

TODAY = date(2025, 2, 20)


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    copy = tmp_path / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("output", "queries"))
    return copy


def rows(trial: Path) -> list[dict[str, str]]:
    with (trial / "deviations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decide(trial: Path, *rows: dict[str, str]) -> None:
    """As a spreadsheet of another country saves it."""
    with (trial / "deviations.csv").open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.slow
def test_a_coordinator_decides_and_asks_again(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["deviations", str(trial)]
    assert main(call, today=TODAY) == ExitCode.FINE
    said = capsys.readouterr().out
    assert "8 deviations are in the log, of which 8 are new:" in said
    assert "Visit missed  6  6  0  0  0" in said
    assert "Not decided on:" in said
    assert "Confirmed:" not in said
    assert said.count("Synthetic") == 1  # above the rows
    first = rows(trial)
    assert all("Synthetic" in row["description"] for row in first)
    own = dict.fromkeys(first[0], "") | {"subject_id": "0101", "kind": "Unblinded"}
    first[1] |= {"decision": "confirmed", "important": "yes", "reason": "müde"}
    first[2] |= {"decision": "not a deviation", "decided_by": "Ann", "decided_on": "2025-02-20"}
    decide(trial, own, *first)
    file = trial / "data" / "end_of_study.csv"
    file.write_text(file.read_text("utf-8").replace("0120;MOD", "0120;HIGH"), "utf-8")
    assert main(call, today=TODAY) == ExitCode.FINE
    said = capsys.readouterr().out
    assert "9 deviations are in the log, of which 0 are new:" in said
    assert "Visit missed  6  4  1  1  0" in said
    assert "Unblinded  1  1  0  0  0" in said
    assert "Confirmed:" in said
    now = rows(trial)
    assert now[0] == own
    kept = [{**row, "found_now": ""} for row in now[1:]]
    assert kept == first
    content = (trial / "deviations.csv").read_bytes()
    main(call, today=TODAY)
    assert (trial / "deviations.csv").read_bytes() == content


def test_no_row_names_an_arm_or_an_answer(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Namespace(trial=trial, today=TODAY)) is ExitCode.FINE
    said = capsys.readouterr().out + (trial / "deviations.csv").read_text("utf-8")
    with (trial / "data" / "randomisation.csv").open(encoding="utf-8", newline="") as file:
        arms = {row["arm"] for row in csv.DictReader(file, delimiter=";")}
    assert len(arms) == 3
    assert not any(arm in said for arm in arms)
    assert "Numbers of sessions: not every arm has planned ones" in said


def test_what_the_datasets_refuse_is_told_and_the_rest_proposed(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["deviations", str(trial)], today=TODAY)
    before = rows(trial)
    capsys.readouterr()
    file = trial / "data" / "end_of_study.csv"
    text = file.read_text("utf-8")
    file.write_text(text + text.splitlines()[1] + "\n", "utf-8")
    assert main(["deviations", str(trial)], today=TODAY) == ExitCode.FINE
    said = capsys.readouterr().out
    assert "Not looked at: What participants received" in said
    assert "Visit missed  6" in said
    assert "Received no arm's care  1  1  0  0  0" in said
    assert rows(trial) == before


def test_a_log_without_its_columns_is_refused_and_left(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (trial / "deviations.csv").write_text("id,decision\nd1,confirmed\n", "utf-8")
    assert main(["deviations", str(trial)], today=TODAY) == ExitCode.CANNOT
    assert "deviations.csv: column 'subject_id'" in capsys.readouterr().err
    assert (trial / "deviations.csv").read_text("utf-8") == "id,decision\nd1,confirmed\n"
