"""The allocator is asked where it can be, and nothing happens where it cannot."""

import ctypes

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
    assert asked == [(-3, 1 << 20)]


@pytest.mark.parametrize("trouble", [TypeError, OSError])
def test_a_system_without_it_goes_on(monkeypatch: pytest.MonkeyPatch, trouble: type) -> None:
    def none(_: object) -> object:
        raise trouble

    monkeypatch.setattr(ctypes, "CDLL", none)
    memory.give_back_what_is_freed()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    memory.give_back_what_is_freed()
