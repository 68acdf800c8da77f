"""Memory that is freed goes back to the system, so that a step does not pay for those before it."""

import ctypes
from contextlib import suppress

_LARGE = 1 << 20
"""Bytes from which a table's column has a piece of memory of its own, which goes back as one."""
_FROM_WHERE_OF_ITS_OWN = -3
"""``M_MMAP_THRESHOLD`` of the C library of GNU; it grows by itself unless it is set."""


def give_back_what_is_freed() -> None:
    """Keep the C library from holding on to large pieces; others than GNU's hold on to none."""
    with suppress(AttributeError, TypeError, OSError):  # Windows and macOS have no such setting
        ctypes.CDLL(None).mallopt(_FROM_WHERE_OF_ITS_OWN, _LARGE)
