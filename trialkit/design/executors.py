"""Chunks of work carried by any executor, with the same result whichever it is.

A chunk depends on its own arguments only. Its results are put in the order of the chunks, and the
linear algebra of a chunk runs on one thread, whose number would change the last digits.
"""

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.errors import DesignError

Job = TypeVar("Job")
Done = TypeVar("Done")

Counting = Callable[[int, int], None]
"""Called with how many chunks are done, and of how many."""


def uncounted(_done: int, _of: int) -> None:
    """Progress that nobody watches."""


def carry(
    work: Callable[[Job], Done],
    jobs: Sequence[Job],
    *,
    executor: Executor | None = None,
    progress: Counting = uncounted,
) -> list[Done]:
    """``work`` done for every job, in the order of the jobs.

    ``executor`` is anything with the interface of ``concurrent.futures.Executor``; without one the
    jobs are done here, one after the other. Ctrl-C cancels what has not begun.

    Raises :class:`DesignError` that says how far it came, when it was interrupted or when a local
    worker process died; an error of the work itself comes through as it is.
    """
    progress(0, len(jobs))
    finished: list[Done] = []
    with one_thread():
        try:
            with _in_order(work, jobs, executor) as results:
                for done in results:
                    finished.append(done)
                    progress(len(finished), len(jobs))
        except KeyboardInterrupt:
            raise DesignError(
                f"interrupted after {len(finished)} of {len(jobs)} chunks; nothing was written"
            ) from None
        except BrokenProcessPool:
            raise DesignError(
                f"a worker process died (killed, or out of memory) after {len(finished)} of "
                f"{len(jobs)} chunks, and local processes cannot go on without it; nothing was "
                "written. Run again with fewer --workers, or with --scheduler, which does the "
                "chunks of a lost worker again"
            ) from None
    return finished


@contextmanager
def _in_order(
    work: Callable[[Job], Done], jobs: Sequence[Job], executor: Executor | None
) -> Iterator[Iterator[Done]]:
    """The results as they come, in the order of the jobs; what has not begun is cancelled at the end.

    All jobs are handed over at once: a cluster to which they go one by one may still be taking some
    in when they are cancelled, and would do those for nobody.
    """
    results = map(work, jobs) if executor is None else executor.map(work, jobs)
    try:
        yield results
    finally:
        if isinstance(results, Generator):
            results.close()


@contextmanager
def local_processes(workers: int) -> Iterator[Executor]:
    """``workers`` processes of this machine, which leave Ctrl-C to the one that started them."""
    if workers < 1:
        raise DesignError(f"workers must be 1 or more, got {workers}")
    pool = _Processes(
        max_workers=workers, mp_context=get_context("spawn"), initializer=_leave_interrupts
    )
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Processes(ProcessPoolExecutor):
    """Processes that are started with interrupts held back, so that none meets one half awake."""

    def submit(self, fn: Callable[..., Done], /, *args: object, **kwargs: object) -> Future[Done]:
        with _interrupts_held():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C comes after, not within; a process that is started within never has it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
