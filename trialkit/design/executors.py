"""Chunks of work carried by any executor, with the same result whichever it is.

A chunk depends on its own arguments only. Its results are put in the order of the chunks, and the
linear algebra of a chunk runs on one thread, whose number would change the last digits.
"""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from threadpoolctl import threadpool_limits

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
    finished: dict[int, Done] = {}
    with threadpool_limits(limits=1):
        try:
            if executor is None:
                for number, job in enumerate(jobs):
                    finished[number] = work(job)
                    progress(len(finished), len(jobs))
            else:
                for number, done in _completed(work, jobs, executor):
                    finished[number] = done
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
    return [finished[number] for number in range(len(jobs))]


def one_thread() -> None:
    """Hold linear algebra to one thread, in whichever process a chunk is done; ``carry`` undoes it."""
    threadpool_limits(limits=1)


def _completed(
    work: Callable[[Job], Done], jobs: Sequence[Job], executor: Executor
) -> Iterator[tuple[int, Done]]:
    """Each job's number and result, as they come; those not begun are cancelled on any error."""
    numbers: dict[Future[Done], int] = {}
    try:
        for number, job in enumerate(jobs):
            numbers[executor.submit(work, job)] = number
        for future in as_completed(numbers):
            yield numbers[future], future.result()
    finally:
        for future in numbers:
            future.cancel()


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
