"""A Dask cluster on this machine for tests, and a worker of it that is killed while it works."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from distributed import LocalCluster

from trialkit.design.cluster import connected

ON_A_CLUSTER = [
    pytest.mark.slow,
    pytest.mark.cluster,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
"""The marks of tests that start workers."""


@contextmanager
def workers(number: int = 2) -> Iterator[LocalCluster]:
    """So many processes of one thread each."""
    with LocalCluster(
        n_workers=number,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
    ) as started:
        yield started


def worker_processes(address: str) -> set[int]:
    """The ids of the processes of a cluster."""
    with connected(address) as client:
        return set(client.run(os.getpid).values())


class KillsOneWorker:
    """A progress that kills one worker when a third of the work is done."""

    def __init__(self, address: str) -> None:
        self._victim = min(worker_processes(address))
        self.has_killed = False

    def __call__(self, done: int, of: int) -> None:
        if done >= of // 3 and not self.has_killed:
            os.kill(self._victim, signal.SIGKILL)
            self.has_killed = True
