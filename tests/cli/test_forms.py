"""``trialkit forms check`` says which rule has no test, and which test has failed."""

from pathlib import Path

import pytest

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["new", str(tmp_path / "trial")]) == ExitCode.FINE
    capsys.readouterr()
    return tmp_path / "trial"


def change(trial: Path, old: str, new: str) -> None:
    path = trial / "forms" / "screening.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_new_trial_has_tested_forms(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "check", str(trial), "--strict"]) == ExitCode.FINE
    assert capsys.readouterr().out == (
        "6 forms read; 13 tests, 0 failed; 6 rules, 0 without a row that breaks it.\n"
    )


def test_a_rule_that_finds_too_little_fails_its_test(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(trial, '"consent_date <= screening_date"', '"consent_date <= screening_date + 1"')

    assert main(["forms", "check", str(trial)]) == ExitCode.FINDINGS
    out = capsys.readouterr().out
    assert "the test 'consent after the screening' failed" in out
    assert "expected: SCR01\n  found:    no fault" in out
    assert "forms/screening.toml: no test breaks SCR01" in out


def test_a_rule_without_test_is_named_and_counts_when_strict(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(trial, 'breaks = ["SCR01"]', "breaks = []")
    change(trial, "consent_date = 2025-03-02, screening_date", "screening_date")

    assert main(["forms", "check", str(trial)]) == ExitCode.FINE
    assert main(["forms", "check", str(trial), "--strict"]) == ExitCode.FINDINGS
    assert "no test breaks SCR01" in capsys.readouterr().out


def test_a_form_that_cannot_be_read_is_said(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(trial, "consent_date <= screening_date", "consent_date <= screening_dat")

    assert main(["forms", "check", str(trial)]) == ExitCode.CANNOT
    assert "did you mean 'screening_date'?" in capsys.readouterr().err
