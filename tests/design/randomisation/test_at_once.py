"""Processes that randomise at once, and processes that are killed in the middle of it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def said(program: str, folder: Path, *numbers: int) -> list[str]:
    """What a program of its own found wrong."""
    command = [
        sys.executable, "-m", f"tests.design.randomisation.{program}", str(folder),
        *map(str, numbers),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout.splitlines()


def test_three_who_randomise_at_once_never_get_the_same_slot(tmp_path: Path) -> None:
    assert said("racing", tmp_path, 1, 3, 4) == []


@pytest.mark.slow
def test_six_who_randomise_at_once_never_get_the_same_slot(tmp_path: Path) -> None:
    assert said("racing", tmp_path, 50, 6, 12) == []


@pytest.mark.slow
def test_who_is_killed_locks_nobody_out_and_what_was_not_shown_is_told(tmp_path: Path) -> None:
    *wrong, killed = said("killing", tmp_path, 29, 1)
    assert wrong == []
    assert int(killed.removesuffix(" killed")) >= 20


@pytest.mark.slow
def test_who_is_killed_at_any_point_locks_nobody_out(tmp_path: Path) -> None:
    *wrong, killed = said("killing", tmp_path, 1, 120)
    assert wrong == []
    assert int(killed.removesuffix(" killed")) >= 500
