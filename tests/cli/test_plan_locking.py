"""``trialkit plan lock`` and ``history``, and what the report says by them."""

import json
from argparse import Namespace
from pathlib import Path

import pytest

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.cli.plan_locking import lock
from trialkit.cli.screen import Screen
from trialkit.newtrial.writing import write_new_trial
from trialkit.store.changes.plan_lock_file import FILE


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    write_new_trial(tmp_path / "trial")
    return tmp_path / "trial"


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    code = main(list(argv))
    return code, capsys.readouterr().out


def reported(trial: Path) -> str:
    assert main(["report", str(trial), "--formats", "md"]) == 0
    text = (trial / "output" / "report.md").read_text("utf-8")
    return text.replace("\N{NO-BREAK SPACE}", " ")


def change(trial: Path, old: str, new: str) -> None:
    path = trial / "protocol.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_the_record_is_shown_with_what_changed(trial: Path, capsys) -> None:
    code, told = said(capsys, "plan", "history", str(trial))
    assert code == 1
    assert "never locked" in told

    assert lock(Namespace(trial=trial, by="Ann", reason=""), Screen()) == ExitCode.FINE
    told = capsys.readouterr().out
    line = json.loads((trial / FILE).read_text("utf-8"))
    assert line["hash"] in told
    assert "8 randomised participants, an outcome after baseline of 8" in told
    assert said(capsys, "plan", "history", str(trial))[0] == 0

    change(trial, "alpha = 0.05", "alpha = 0.01")
    code, told = said(capsys, "plan", "history", str(trial))
    assert code == 1
    assert "- plan changed: alpha" in told
    assert main(["plan", "lock", str(trial), "--by", "Ann"]) == 2
    assert main(["plan", "lock", str(trial), "--by", "Ann", "--reason", "so"]) == 0
    code, told = said(capsys, "plan", "history", str(trial))
    assert code == 0
    assert "by Ann: so" in told


@pytest.mark.slow
def test_without_a_record_the_report_does_not_call_anything_planned_before(trial: Path) -> None:
    text = reported(trial)
    assert "no dated record shows when it was made" in text
    assert "in the plan" not in text
    rows = {
        line.split(" | ")[0].strip("| "): line
        for line in text.splitlines()
        if "| partial |" in line
    }
    assert "no dated record" in rows["21d"]
    assert "no dated record" in rows["28"]
    assert "| R20 |" in text


@pytest.mark.slow
def test_with_a_record_the_report_says_what_it_shows(trial: Path) -> None:
    kept = {path: path.read_bytes() for path in (trial / "data").glob("*.csv")}
    for path, content in kept.items():
        path.write_bytes(content.split(b"\n")[0] + b"\n")
    assert main(["plan", "lock", str(trial), "--by", "Ann"]) == 0
    for path, content in kept.items():
        path.write_bytes(content)
    text = reported(trial)
    assert (
        "when the trial's data held no randomised participant. The plan was not changed since."
        in text
    )
    assert "Sensitivity analysis, in the locked plan" in text
    assert "| R20 |" not in text
    assert main(["verify", str(trial / "output")]) == 0

    change(trial, 'method = "mixed_anova"', 'method = "welch_t"')
    text = reported(trial)
    assert "Sensitivity analysis, in no locked plan" in text
    assert "with no dated record: analysis primary\\_anova changed (method" in text
    assert "| R20 |" in text
    assert main(["plan", "lock", str(trial), "--by", "Ann", "--reason", "spheres"]) == 0
    text = reported(trial)
    assert "Sensitivity analysis, by the amendment of" in text
    assert "data held 8 randomised participants, and an outcome after baseline of 8" in text

    (trial / FILE).unlink()
    assert main(["verify", str(trial / "output")]) == 1
