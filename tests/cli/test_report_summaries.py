"""How a command ends by what the plan came to, and what it says of analyses without a number."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import THREE_ARMS
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.cli.report_summaries import ended_by
from trialkit.halfway import analyse_trial
from trialkit.outputs.names import RESULTS
from trialkit.verifying.verify import verify

WRITTEN = {*RESULTS, "report.md", "flow.svg", "manifest.json", "checklist.csv", "lint.csv"}


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """A copy of the trial of three arms: primary knee function, secondary walk and improvement."""
    copy = tmp_path / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    return copy


def blank(trial: Path, form: str, item: str, visit: str) -> None:
    """The item was left blank by everybody at a visit."""
    path = trial / "data" / f"{form}.csv"
    lines = path.read_text("utf-8-sig").splitlines()
    names = lines[0].split(";")
    rows = [line.split(";") for line in lines[1:]]
    for row in rows:
        if row[names.index("visit")] == visit:
            row[names.index(item)] = ""
    path.write_text("\n".join([lines[0], *(";".join(row) for row in rows)]) + "\n", "utf-8")


def stated(trial: Path) -> dict[str, dict[str, str]]:
    with (trial / "output" / "results.csv").open(encoding="utf-8") as file:
        return {row["result_id"]: row for row in csv.DictReader(file)}


@pytest.mark.slow
def test_a_primary_analysis_that_is_due_and_impossible_gives_2_after_all_is_written(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank(trial, "assessment", "function_score", "W12")
    ended = main(["run", str(trial), "--allow-hard", "--formats", "md"])
    out = capsys.readouterr().out
    assert ended == ExitCode.CANNOT
    assert {path.name for path in (trial / "output").iterdir()} >= WRITTEN
    assert (
        "Primary analysis primary of Knee function: not estimable: no value of Knee function" in out
    )
    assert "A primary analysis is due and could not be carried out; the rest is written." in out
    page = (trial / "output" / "report.md").read_text("utf-8")
    assert "Primary analysis is due" not in page
    assert "not estimable: no value of Knee function at Week 12 is known for any of the 34" in page


@pytest.mark.slow
def test_a_secondary_one_gives_0_and_a_line(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    analyse_trial(trial, allow_hard=True)
    whole = stated(trial)
    blank(trial, "assessment", "walk_m", "W12")
    assert main(["run", str(trial), "--allow-hard", "--formats", "md"]) == ExitCode.FINE
    out = capsys.readouterr().out
    assert "Secondary analysis walk_change of Six-minute walk: not estimable: no value of" in out
    assert "could not be carried out; the rest" not in out
    damaged = stated(trial)
    for name, row in whole.items():
        if row["outcome"] in {"function", "improved"} and row["stat_name"] != "p_adjusted":
            assert damaged[name] == row


@pytest.mark.slow
def test_what_is_not_yet_due_gives_0(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended_by(analyse_trial(trial, allow_hard=True)) is ExitCode.FINE
    ended = main(["run", str(trial), "--allow-hard", "--cut", "2024-03-01", "--formats", "md"])
    assert ended == ExitCode.FINE
    out = capsys.readouterr().out
    assert "Primary result. Knee function, week 12: not yet due at the data cut: Week 12" in out
    assert {path.name for path in (trial / "output").iterdir()} >= WRITTEN


@pytest.mark.slow
def test_a_part_of_the_plan_is_a_draft_that_says_what_it_leaves_out(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["run", str(trial), "--allow-hard", "--formats", "md,html"]
    assert main([*call, "--only", "walk_change", "--only", "walk_final"]) == ExitCode.FINE
    out = trial / "output"
    page = (out / "report.md").read_text("utf-8")
    assert (
        "Not every analysis of the plan was asked for: primary, improvement, function_ancova and "
        "function_per_protocol are left out."
    ) in page.replace("\\_", "_")
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (manifest["draft"], manifest["only"]) == (True, ["walk_change", "walk_final"])
    rows = stated(trial).values()
    status = {row["analysis_id"]: row["status"] for row in rows if row["stat_name"] == "estimate"}
    assert status["primary"] == status["improvement"] == "not_asked_for"
    assert status["walk_change"] == "estimated"
    assert "not asked for in this run" in capsys.readouterr().out
    assert verify(out).holds


@pytest.mark.parametrize("command", ["analyse", "report", "run"])
def test_an_id_that_the_plan_does_not_have_is_refused_with_the_list(
    command: str, trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(trial), "--only", "walk"]) == ExitCode.CANNOT
    assert capsys.readouterr().err == (
        "trialkit: the plan has no analysis 'walk'; its analyses are primary, walk_change, "
        "improvement, function_ancova, function_per_protocol, walk_final\n"
    )
    assert not (trial / "output").exists()
