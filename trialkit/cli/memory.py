"""Memory of a command, which lives for seconds: when it is given back, and when garbage is sought."""

import atexit
import ctypes
import gc
from contextlib import suppress

_LARGE = 1 << 24
"""Bytes from which a table's column or a picture has a piece of memory of its own, which goes back as one.

Smaller ones are used again as they are: what comes new from the system costs a fault for each page.
"""
_MEDIUM = 1 << 18
"""The same where there are many such columns, of some ten thousand rows each: a fault costs less than they take."""
_FROM_WHERE_OF_ITS_OWN = -3
"""``M_MMAP_THRESHOLD`` of the C library of GNU; it grows by itself unless it is set."""
_SELDOM = (1_000_000, 50, 100)
"""After how many things made Python seeks garbage, and after how many searches among older ones."""


def seek_garbage_seldom() -> None:
    """Nearly all that a command makes, it keeps, and the system takes it back with the process.

    A small trial ends before the first search, which would find the modules and look at them in
    vain; the searches with which Python ends look at nothing, where they took as long as a
    sixth of a run.
    """
    gc.set_threshold(*_SELDOM)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


def seek_garbage_at_the_end() -> None:
    """For a command that loads DuckDB, which tells in many lines what of it was not taken back."""
    atexit.unregister(gc.freeze)


def give_back_what_is_freed() -> None:
    """Keep the C library from holding on to large pieces, so that no step pays for those before it.

    Others than GNU's hold on to none.
    """
    with suppress(AttributeError, TypeError, OSError):  # Windows and macOS have no such setting
        ctypes.CDLL(None).mallopt(_FROM_WHERE_OF_ITS_OWN, _LARGE)


def give_back_at_once() -> None:
    """Give back what is free by now, and from here on what is freed: for a large trial."""
    with suppress(AttributeError, TypeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(_FROM_WHERE_OF_ITS_OWN, _MEDIUM)
        library.malloc_trim(0)
