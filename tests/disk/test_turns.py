"""Who writes into a folder has it alone, and clears away what one left that was ended by force."""

import os
from pathlib import Path

import pytest

from trialkit.disk.turns import turn_in

fcntl = pytest.importorskip("fcntl")


def is_free(folder: Path) -> bool:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def test_a_folder_is_had_until_the_turn_ends(tmp_path: Path) -> None:
    turn = turn_in(tmp_path)
    assert turn is not None
    assert not is_free(tmp_path)
    turn.end()
    assert is_free(tmp_path)


def test_only_what_came_or_went_is_swept(tmp_path: Path) -> None:
    others = [".env.settings", "a.csv", ".trialkit-x", ".trialkit-a.csv.short", ".a.csv.12345678"]
    for name in (*others, ".trialkit-a.csv.1234abcd", ".trialkit-b c.svg.ab_d1234"):
        (tmp_path / name).touch()
    (tmp_path / ".trialkit-folder.12345678").mkdir()
    turn = turn_in(tmp_path)
    assert turn is not None
    turn.sweep()
    turn.end()
    left = {each.name for each in tmp_path.iterdir()}
    assert left == {*others, ".trialkit-folder.12345678"}


def test_a_disk_that_knows_no_turns_is_written_to_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    opened: list[int] = []
    true = os.open
    monkeypatch.setattr(os, "open", lambda *_: opened.append(true(*_)) or opened[-1])
    monkeypatch.setattr(fcntl, "flock", refuse)
    assert turn_in(tmp_path) is None
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(*opened)
    assert turn_in(tmp_path / "not there") is None
