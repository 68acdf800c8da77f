"""One at a time; and whoever died with the lock locks nobody out."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from trialkit.design.randomisation.lock import held, left_behind
from trialkit.errors import DesignError

HOLDER = """
import sys, time
from pathlib import Path
from trialkit.design.randomisation.lock import held
with held(Path(sys.argv[1]), wait=0) as lock:
    lock.note("line 7")
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.lock"


def test_a_process_that_was_killed_locks_nobody_out_and_left_a_note(path: Path) -> None:
    with holder(path) as process:
        with pytest.raises(DesignError, match="somebody else is randomising"), held(path, wait=0.1):
            pass
        assert left_behind(path) == ""  # somebody is at work
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert left_behind(path) == "line 7"
    with held(path, wait=0) as lock:
        assert lock.noted() == "line 7"
        lock.clear()
    assert left_behind(path) == ""
    assert path.read_bytes() == b""


def test_whoever_waits_comes_in_when_the_other_is_done(path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with held(path, wait=5):
            order.append("second")

    with held(path, wait=0):
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.1)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_a_lock_file_that_is_deleted_meanwhile_keeps_two_apart(path: Path) -> None:
    """The second holds the file that is there, not the one that is gone."""
    with held(path, wait=0):
        path.unlink()
        with held(path, wait=0) as second:
            assert os.path.samestat(os.fstat(second.descriptor), path.stat())


def test_a_note_is_replaced_whole(path: Path) -> None:
    with held(path, wait=0) as lock:
        lock.note("a long one")
        lock.note("short")
        assert lock.noted() == "short"


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    assert left_behind(tmp_path / "none" / "audit.lock") == ""
    with (
        pytest.raises(DesignError, match="cannot be written"),
        held(tmp_path / "none" / "audit.lock", wait=0),
    ):
        pass
