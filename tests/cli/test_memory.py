"""The allocator is asked where it can be, and garbage is sought neither early nor at the end."""

import ctypes
import subprocess
import sys

import pytest

from trialkit.cli import memory


def test_the_c_library_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    class Library:
        def mallopt(self, what: int, value: int) -> int:
            asked.append((what, value))
            return 1

    monkeypatch.setattr(ctypes, "CDLL", lambda _: Library())
    memory.give_back_what_is_freed()
    assert asked == [(-3, 1 << 24)]


def test_of_a_large_trial_what_is_free_goes_back_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, ...]] = []

    class Library:
        def mallopt(self, *what: int) -> int:
            asked.append(what)
            return 1

        def malloc_trim(self, *what: int) -> int:
            asked.append(what)
            return 1

    monkeypatch.setattr(ctypes, "CDLL", lambda _: Library())
    memory.give_back_at_once()
    assert asked == [(-3, 1 << 18), (0,)]
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    memory.give_back_at_once()


@pytest.mark.parametrize("trouble", [TypeError, OSError])
def test_a_system_without_it_goes_on(monkeypatch: pytest.MonkeyPatch, trouble: type) -> None:
    def none(_: object) -> object:
        raise trouble

    monkeypatch.setattr(ctypes, "CDLL", none)
    memory.give_back_what_is_freed()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    memory.give_back_what_is_freed()


def test_at_the_end_nothing_is_looked_at_for_garbage() -> None:
    """What watches Python's searches sees none after the last line of a command."""
    code = (
        "import gc\n"
        "from trialkit.cli.memory import seek_garbage_seldom\n"
        "seek_garbage_seldom()\n"
        "seek_garbage_seldom()\n"
        "class Loop:\n"
        "    def __del__(self, said=print):\n"
        "        said('looked at')\n"
        "loop = Loop()\n"
        "loop.itself = loop\n"
        "del loop\n"
        "print('threshold', gc.get_threshold()[0])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout == "threshold 1000000\n"


def test_a_command_has_its_process_and_a_notebook_keeps_its_own() -> None:
    code = (
        "import gc, sys\n"
        "from trialkit.cli.main import main\n"
        "main(['instruments', 'list'])\n"
        "called, sys.argv = gc.get_threshold()[0], ['trialkit', 'instruments', 'list']\n"
        "main()\n"
        "print('thresholds', called, gc.get_threshold()[0])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.splitlines()[-1] == "thresholds 700 1000000"
