"""How many threads the linear algebra of numpy and scipy takes: one.

The matrices of a trial are small: a second thread costs more than it does, many times more where
the processors have other work too, and the number of threads changes the last digits. So whoever
computes holds it to one, whatever ``OMP_NUM_THREADS`` and the like say, and gives it back after.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import scipy.linalg  # noqa: F401  (scipy's own library is loaded with it, numpy's with numpy)
from threadpoolctl import LibController, ThreadpoolController

_LOCK = threading.Lock()
_FOUND: list[int] = []
_holders = 0


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread, for a block or, as ``@one_thread()``, for a function.

    The libraries know one number for the whole process: the first to enter lowers it, and the last
    to leave, in whichever thread, puts back what the first one found.
    """
    global _holders  # noqa: PLW0603  (one number for the process, as the libraries have it)
    with _LOCK:
        if not _holders:
            _FOUND[:] = [library.num_threads for library in _libraries()]
            _set([1] * len(_FOUND))
        _holders += 1
    try:
        yield
    finally:
        with _LOCK:
            _holders -= 1
            if not _holders:
                _set(_FOUND)


def _set(numbers: list[int]) -> None:
    """Each library's number of threads, whichever thread asks.

    From 3.8 on threadpoolctl heeds the thread that came first alone, and no other in silence.
    """
    for library, number in zip(_libraries(), numbers, strict=True):
        release = getattr(library, "clear_controlling_thread", None)
        if release is None:
            library.set_num_threads(number)
            continue
        release(force=True)
        library.set_num_threads(number)
        release(force=True)


@cache
def _libraries() -> tuple[LibController, ...]:
    """The libraries of linear algebra; to look for them anew takes longer than many a model."""
    return tuple(ThreadpoolController().select(user_api="blas").lib_controllers)
