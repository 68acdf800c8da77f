"""A process of its own ends alone, and what it says or raises comes through."""

import os
import signal

import pytest

from trialkit.errors import DataFileError
from trialkit.imports.statistical.apart import apart


def doubled(number: int) -> int:
    return 2 * number


def refused(file: str) -> None:
    raise DataFileError(f"{file}: is wrong")


def ended() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def test_what_is_done_apart_is_the_same() -> None:
    assert apart("a.sav", doubled, 21) == 42


def test_what_is_raised_comes_through_and_a_sudden_end_is_told() -> None:
    with pytest.raises(DataFileError, match=r"^a\.sav: is wrong$"):
        apart("a.sav", refused, "a.sav")
    with pytest.raises(DataFileError, match=r"a\.sav: cannot be read: its bytes ended the program"):
        apart("a.sav", ended)
