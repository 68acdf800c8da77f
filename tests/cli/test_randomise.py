"""``trialkit randomise`` from the door."""

import csv
import errno
import io
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, THREE_ARMS
from tests.report.kinds_of_trial import CLUSTERS, Kind, in_classes, write_trial
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.design.randomisation import sealing
from trialkit.steps.arms_entered import arms_entered


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """The three-arm trial without its data."""
    copy = tmp_path / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("data", "*.py"))
    return copy


def randomise(action: str, trial: Path, *more: str) -> int:
    return main(["randomise", action, str(trial), *more])


def test_a_randomisation_from_plan_to_unblinding(
    trial: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = ("--vault", str(tmp_path / "vault"))
    by = (*vault, "--by", "Ann")
    assert randomise("plan", trial, *vault, "--allow-fixed") == ExitCode.FINE
    assert "permuted blocks of length 10" in capsys.readouterr().out
    assert randomise("commit", trial, *by) == ExitCode.FINE
    assert "Commitment: " in capsys.readouterr().out
    arms = {}
    for subject in ("1", "2", "3"):
        more = ("--subject", subject, "--level", "site=N")
        assert randomise("allocate", trial, *by, *more) == ExitCode.FINE
        arms[subject] = capsys.readouterr().out.splitlines()[0].removeprefix(f"{subject}: ")
    assert set(arms.values()) <= {"HIGH", "LOW", "CTRL"}
    void = ("--subject", "3", "--reason", "not eligible")
    assert randomise("void", trial, *by, *void) == ExitCode.FINE
    mend = ("--subject", "2", "--field", "site", "--to", "S", "--reason", "typed")
    assert randomise("correct", trial, *by, *mend) == ExitCode.FINE
    assert randomise("verify", trial) == ExitCode.FINE
    assert randomise("verify", trial, *vault, "--balance") == ExitCode.FINE
    assert "sealed list" in capsys.readouterr().out
    assert (tmp_path / "vault" / "balance.csv").read_text().startswith("factor,level,HIGH,LOW")
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "vault").iterdir())
    assert randomise("unblind", trial, *by, "--subject", "1", "--reason", "harm") == ExitCode.FINE
    assert f"1: {arms['1']}" in capsys.readouterr().out
    assert randomise("unblind", trial, *by, "--all", "--reason", "end") == ExitCode.FINE
    assert randomise("verify", trial) == ExitCode.FINE
    assert "the list from its key" in capsys.readouterr().out


def test_clusters_are_allocated_by_their_codes_and_the_data_are_held_against_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = Kind(per_arm=(12,), clusters=True, change=in_classes, more=CLUSTERS)
    trial = write_trial(tmp_path / "trial", kind)
    vault = ("--vault", str(tmp_path / "vault"))
    by = (*vault, "--by", "Ann")
    plan = ("--allow-fixed", "--slots", "12")
    assert randomise("plan", trial, *vault, *plan) == ExitCode.FINE
    assert "Randomisation of 12: " in capsys.readouterr().out
    assert randomise("commit", trial, *by) == ExitCode.FINE
    entered = arms_entered(trial)
    assert entered is not None
    capsys.readouterr()
    given = {}
    for code in entered:
        assert randomise("allocate", trial, *by, "--subject", code) == ExitCode.FINE
        given[code] = capsys.readouterr().out.splitlines()[0].removeprefix(f"{code}: ")
    path = trial / "data" / "randomisation.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["arm"] = given[row["group_class"]]
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

    assert randomise("verify", trial, *vault) == ExitCode.FINE

    other = next(arm for arm in kind.arms if arm != rows[0]["arm"])
    text = path.read_text().replace(f",{rows[0]['arm']},", f",{other},", 1)
    path.write_text(text)
    assert randomise("verify", trial, *vault) == ExitCode.FINDINGS
    assert rows[0]["group_class"] in capsys.readouterr().out


def test_an_arm_that_could_not_be_shown_is_told_with_where_it_can_be_seen(
    trial: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    by = ("--vault", str(tmp_path / "vault"), "--by", "Ann")
    assert randomise("plan", trial, *by[:2], "--allow-fixed") == ExitCode.FINE
    assert randomise("commit", trial, *by) == ExitCode.FINE

    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(sys, "stdout", Full())
        ended = randomise("allocate", trial, *by, "--subject", "1", "--level", "site=N")
    said = capsys.readouterr()
    assert ended == ExitCode.CANNOT
    assert "the arm of '1' is recorded (line " in said.err
    assert "see it by 'trialkit randomise unblind'" in said.err
    assert randomise("unblind", trial, *by, "--subject", "1", "--reason", "unseen") == ExitCode.FINE
    assert "1: " in capsys.readouterr().out


def test_a_damaged_trail_ends_with_1(
    trial: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = ("--vault", str(tmp_path / "vault"))
    randomise("plan", trial, *vault, "--allow-fixed")
    randomise("commit", trial, *vault, "--by", "Ann")
    trail = trial / "randomisation" / "audit.jsonl"
    trail.write_text(trail.read_text().replace("Ann", "Eve"))
    capsys.readouterr()

    assert randomise("verify", trial) == ExitCode.FINDINGS
    assert "WRONG: line 1: its content is not what was hashed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "pass --allow-fixed"),
        (("--law", "urn"), "contradicts the protocol"),
        (("--blocks", "4"), "contradicts the protocol's block_sizes"),
        (("--law", "magic"), "'magic'"),
        (("--blocks", "four"), "no whole number"),
        (("--p", "much"), "no chance"),
        (("--factor", "sex=f,m"), "the protocol's strata are site"),
        (("--factor", "site"), "write NAME=LEVEL,LEVEL"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_a_plan_that_cannot_be_ends_with_2_and_says_why(
    trial: Path,
    tmp_path: Path,
    options: tuple[str, ...],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    vault = ("--vault", str(tmp_path / "vault"))
    assert randomise("plan", trial, *vault, *options) == ExitCode.CANNOT
    assert words in capsys.readouterr().err
    assert not (tmp_path / "vault").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--law", "simple"), "simple"),
        (("--law", "blocks", "--blocks", "2,4,6"), "permuted blocks of length 2 or 4 or 6"),
        (("--law", "efron", "--p", "3/4"), "p = 3/4"),
        (("--law", "urn", "--alpha", "1"), "UD(1, 1)"),
        (("--law", "big-stick", "--limit", "2"), "at most 2 apart"),
        (
            ("--law", "minimisation", "--factor", "sex=f,m:2", "--factor", "age=<50,50+"),
            "minimisation of the range, p = 4/5",
        ),
    ],
    ids=lambda each: each[1] if isinstance(each, tuple) else "",
)
def test_where_the_protocol_leaves_the_law_open_each_can_be_chosen(
    tmp_path: Path, options: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = ("--vault", str(tmp_path / "vault"), "--slots", "26")
    assert randomise("plan", EXAMPLE, *vault, *options) == ExitCode.FINE
    assert words in capsys.readouterr().out


def test_a_law_and_a_length_that_nobody_stated_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = ("--vault", str(tmp_path / "vault"))
    assert randomise("plan", EXAMPLE, *vault, "--slots", "26") == ExitCode.CANNOT
    assert "give --law" in capsys.readouterr().err
    assert randomise("plan", EXAMPLE, *vault, "--law", "simple") == ExitCode.CANNOT
    assert "give --slots" in capsys.readouterr().err


def test_without_cryptography_it_says_what_to_install(
    trial: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    vault = ("--vault", str(tmp_path / "vault"))
    randomise("plan", trial, *vault, "--allow-fixed")
    monkeypatch.setattr(sealing, "AVAILABLE", False)
    assert randomise("commit", trial, *vault, "--by", "Ann") == ExitCode.CANNOT
    assert "pip install 'trialkit[randomisation]'" in capsys.readouterr().err
    assert not (tmp_path / "vault" / "secret.json").exists()
