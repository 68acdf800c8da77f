"""``trialkit power``: what it says, what it writes, and what it refuses."""

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from tests.conftest import EXAMPLE
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main

PLANNED = """
[sample_size]
planned = {planned}
justification = "A difference of 15 mm, as in the literature."
method = "two_sample_t"
power = 0.8
dropout = 0.1
difference = 15
sd = 20

"""


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """A copy of the example, its sample size yet to be written."""
    copy = tmp_path / "trial"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    return copy


def plan(trial: Path, text: str) -> None:
    path = trial / "protocol.toml"
    protocol = path.read_text(encoding="utf-8")
    path.write_text(protocol.replace("[randomisation]", f"{text}[randomisation]", 1), "utf-8")


def test_a_size_is_solved_shown_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["power", "two_sample_t", "difference=10", "sd=24", "--power", ".9"]
    assert main([*call, "--dropout", "0.1", "--out", str(tmp_path)]) == ExitCode.FINE
    said = capsys.readouterr().out
    assert "246 participants (123 reference and 123 experimental)" in said
    assert "274 participants" in said
    assert {path.name for path in tmp_path.iterdir()} == {
        "sample_size.txt",
        "sample_size.csv",
        "assumptions.csv",
        "sensitivity.csv",
        "power_curve.csv",
        "power_curve.svg",
    }
    sizes = pd.read_csv(tmp_path / "sample_size.csv")
    assert list(sizes["randomised"]) == [137, 137, 274]
    drawing = ElementTree.parse(tmp_path / "power_curve.svg").getroot()
    assert drawing.tag.endswith("svg")


def test_the_power_of_a_number_and_the_effect_it_can_show(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["power", "two_sample_t", "difference=.5", "--n", "28,35"]) == ExitCode.FINE
    assert "is 0.4924." in capsys.readouterr().out
    call = ["power", "log_rank", "hazard_ratio=0.7", "--n", "247", "--detect"]
    assert main(call) == ExitCode.FINE
    assert "the hazard ratio with a power of 0.8 is 0.70010763" in capsys.readouterr().out


def test_lists_and_names_can_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    call = ["power", "mmrm", "difference=.5", "correlation=.25", "retention=[1, 0.9, 0.8, 0.7]"]
    assert main([*call, "pattern=compound-symmetry"]) == ExitCode.FINE
    assert "174 participants" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--looks", "3"], "inflation 1.01"),
        (["--looks", "0.3,0.6,1", "--futility=0,-inf"], "(one-sided)"),
        (
            ["--looks", "4", "--boundary", "wang-tsiatis:0.25"],
            "by Wang and Tsiatis' boundaries (delta 0.25), at most",
        ),
        (["--looks", "3", "--futility", "obrien-fleming-spending", "--binding"], "at most"),
    ],
)
def test_looks_are_added_to_a_size(
    options: list[str], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["power", "two_sample_t", "difference=10", "sd=24", "--out", str(tmp_path)]
    assert main([*call, *options]) == ExitCode.FINE
    assert expected in " ".join(capsys.readouterr().out.split())
    assert (tmp_path / "boundaries.csv").is_file()
    assert (tmp_path / "looks.csv").is_file()
    assert (tmp_path / "sample_size.txt").read_text("utf-8").startswith("With ")


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (["two_sample_tt", "difference=1"], "did you mean 'two_sample_t'"),
        (["two_sample_t"], "difference"),
        (["two_sample_t", "diff=1"], "unknown key"),
        (["two_sample_t", "difference"], "NAME=VALUE"),
        (["two_sample_t", "difference=ten"], "'ten'"),
        (["two_sample_t", "difference=1", "--power", "80"], "0.8 is 80 %"),
        (["two_sample_t", "difference=1", "--n", "ten"], "whole number"),
        (["two_sample_t", "difference=1", "--detect"], "--n"),
        (["two_sample_t", "difference=1", "--n", "20", "--looks", "3"], "--looks"),
        (["two_sample_t", "difference=1", "--looks", "three"], "whole number"),
        (["two_sample_t", "difference=1", "--looks", "3", "--boundary", "pokock"], "pocock"),
        (["two_sample_t", "difference=1", "--looks", "3", "--futility", "pocock"], "spending"),
        (["two_sample_t", "difference=1", "--looks", "3", "--futility", "0,x"], "number"),
        (["one_way_anova", "f=0.3", "groups=3", "--looks", "3"], "one difference"),
        (["mixed_anova", "f=0.3", "visits=2"], "correlation"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "says",
)
def test_a_wrong_call_says_what_is_wrong(
    call: list[str], names: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["power", *call]) == ExitCode.CANNOT
    said = capsys.readouterr()
    assert names in said.err
    assert "Traceback" not in said.err


@pytest.mark.slow
def test_a_trials_own_size_is_recomputed(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan(trial, PLANNED.format(planned=66))
    assert main(["power", str(trial)]) == ExitCode.FINE
    assert "66 participants" in capsys.readouterr().out
    assert main(["analyse", str(trial)]) == ExitCode.FINE
    assert "[sample_size]" not in capsys.readouterr().out


@pytest.mark.slow
def test_a_size_that_does_not_follow_is_said_in_the_run_and_in_the_report(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan(trial, PLANNED.format(planned=26))
    assert main(["power", str(trial)]) == ExitCode.FINDINGS
    assert "Warning: [sample_size] plans 26 participants" in capsys.readouterr().out
    assert main(["run", str(trial), "--formats", "html"]) == ExitCode.FINE
    mismatch = "plans 26 participants, fewer than the 66 that its assumptions need"
    assert mismatch in capsys.readouterr().out
    html = (trial / "output" / "report.html").read_text(encoding="utf-8")
    assert mismatch in html
    assert "Recomputed from its assumptions" in html


def test_a_trial_without_a_calculation_says_what_to_write(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["power", str(trial)]) == ExitCode.CANNOT
    assert "names no method" in capsys.readouterr().err
    assert main(["power", str(trial), "sd=3"]) == ExitCode.CANNOT
    assert "protocol" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("sd = 20", "sd = -1", "sd must be above 0"),
        ("sd = 20", 'sd = "twenty"', "sd"),
        ("sd = 20", "deviation = 20", "one of difference, sd"),
        ('"two_sample_t"', '"two_sample"', "two_sample_t"),
        ("power = 0.8\n", "", "needs the power"),
        ("dropout = 0.1", "dropout = 1.5", "dropout"),
        ('method = "two_sample_t"\n', "", "unknown key"),
    ],
)
def test_a_wrong_assumption_is_a_complaint_about_the_protocol(
    trial: Path, old: str, new: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plan(trial, PLANNED.format(planned=66).replace(old, new))
    assert main(["power", str(trial)]) == ExitCode.CANNOT
    said = capsys.readouterr().err
    assert "[sample_size]" in said
    assert expected in said
