"""``trialkit simulate`` from the door."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, ROOT, THREE_ARMS
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main

DOOR = (sys.executable, "-c", "import sys; from trialkit.cli.main import main; sys.exit(main())")


@pytest.mark.slow
def test_a_rehearsal_is_written_and_can_be_validated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sim"
    command = ["simulate", str(THREE_ARMS), "--write", str(out), "--participants", "20"]
    assert main([*command, "--entropy", "4"]) == ExitCode.FINE
    assert "entropy 4" in capsys.readouterr().out
    assert main(["validate", str(out)]) == ExitCode.FINE
    assert "Simulated from the protocol" in capsys.readouterr().out


def test_characteristics_are_written_with_all_that_makes_them_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["simulate", str(EXAMPLE), "--replicates", "120", "--chunk", "50", "--entropy", "9"]
    assert main([*command, "--participants", "26", "--out", str(tmp_path)]) == ExitCode.FINE
    record = json.loads((tmp_path / "simulation.json").read_text())

    assert (record["replicates"], record["chunk"], record["entropy"]) == (120, 50, 9)
    assert record["sizes"] == {"CG": 13, "EG": 13}
    assert {row["scenario"] for row in record["characteristics"]} == {"no effect", "as assumed"}
    assert (
        (tmp_path / "simulation.csv")
        .read_text()
        .startswith("scenario,effect,mechanism,analysis_id")
    )
    assert "by default" in capsys.readouterr().out


def test_several_mechanisms_stand_in_one_run_each_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stated = tmp_path / "leaving.toml"
    stated.write_text(
        """
[[mechanisms]]
name = "whoever"
mechanism = "mcar"

[[mechanisms]]
name = "who does badly"
mechanism = "mnar"
log_odds_per_sd = 1
delta = 2
retrieved = 0.25
arms = [{ arm = "EG", dropout = 0.3 }]
""",
        encoding="utf-8",
    )
    command = ["simulate", str(EXAMPLE), "--replicates", "50", "--participants", "26"]
    more = ["--entropy", "9", "--out", str(tmp_path), "--assumptions", str(stated)]
    assert main([*command, *more]) == ExitCode.FINE
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "Mechanism who does badly, missing not at random: CG 10%, EG 30% gone before the last visit; log odds "
        "of leaving +1 for each SD of the value not observed; values change by leaving: CG +2, EG +2; 25% of "
        "those observed all the same."
    ) in said
    assert "Mechanism whoever, missing completely at random: CG 10%, EG 10% gone" in said
    assert "who does badly, as assumed, primary of vas, EG - CG: power " in said
    rows = json.loads((tmp_path / "simulation.json").read_text())["characteristics"]
    assert {row["mechanism"] for row in rows} == {"whoever", "who does badly"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "--write DIR, --replicates N, or both"),
        (("--replicates", "0"), "1 or more"),
        (("--replicates", "10", "--workers", "0"), "workers must be 1 or more"),
        (("--replicates", "10", "--analysis", "nothing"), "no analysis 'nothing'"),
    ],
    ids=["nothing", "no replicates", "no workers", "no analysis"],
)
def test_a_call_that_cannot_be_ends_with_2(
    options: tuple[str, ...], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["simulate", str(EXAMPLE), "--out", str(tmp_path), *options]
    assert main(command) == ExitCode.CANNOT
    assert words in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.cluster
def test_workers_write_the_same_bytes_as_none(tmp_path: Path) -> None:
    files = []
    for name, workers in (("one", ()), ("two", ("--workers", "2"))):
        out = tmp_path / name
        command = ["simulate", str(THREE_ARMS), "--replicates", "300", "--chunk", "70"]
        assert (
            subprocess.run(
                [*DOOR, *command, "--entropy", "5", "--out", str(out), *workers],
                check=False,
                cwd=ROOT,
            ).returncode
            == ExitCode.FINE
        )
        files.append([(out / f"simulation.{kind}").read_bytes() for kind in ("csv", "json")])
    assert files[0] == files[1]


@pytest.mark.slow
@pytest.mark.cluster
@pytest.mark.parametrize("workers", [(), ("--workers", "2")], ids=["alone", "workers"])
def test_ctrl_c_stops_cleanly_and_says_how_far_it_came(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    command = [*DOOR, "simulate", str(EXAMPLE), "--replicates", "5000000", "--entropy", "1"]
    started = subprocess.Popen(
        [*command, "--out", str(tmp_path), *workers],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert started.stdout is not None
    while not started.stdout.readline().startswith("sit_and_reach"):
        pass  # the last assumption is printed before the work begins
    time.sleep(1.5)
    os.killpg(started.pid, signal.SIGINT)  # as a terminal does: to it and to its workers
    said = started.communicate(timeout=60)[1]

    assert started.returncode == ExitCode.CANNOT
    assert "interrupted after" in said
    assert "of 5000 chunks" in said
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())
