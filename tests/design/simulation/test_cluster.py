"""Real workers on Dask: two processes, one of them killed; and programs of their own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dask
import pytest
from distributed import Client, LocalCluster

from tests.conftest import ROOT
from tests.dask_workers import ON_A_CLUSTER, KillsOneWorker, worker_processes, workers
from tests.design.simulation.reference import assuming, planning
from trialkit.design import cluster as cluster_module
from trialkit.design.cluster import connected, dask_cluster
from trialkit.design.executors import carry
from trialkit.design.simulation.operating import operating_characteristics
from trialkit.errors import DesignError
from trialkit.protocol.methods.mixed_anova import MixedAnova

pytestmark = ON_A_CLUSTER


def characteristics(executor, *, replicates: int = 1_000, chunk: int = 37, progress=None):
    trial = planning(MixedAnova())
    more = {} if progress is None else {"progress": progress}
    return operating_characteristics(
        trial.protocol,
        trial.schemas,
        assuming(trial, participants=20, difference=1.0, dropout=0.2),
        replicates=replicates,
        entropy=7,
        chunk=chunk,
        executor=executor,
        **more,
    ).rows


@pytest.fixture(scope="module")
def local() -> Iterator[LocalCluster]:
    with workers() as started:
        yield started


def test_two_processes_give_what_one_after_the_other_gives(local: LocalCluster) -> None:
    pids = worker_processes(local.scheduler_address)
    assert len(pids) == 2
    assert os.getpid() not in pids
    with dask_cluster(local.scheduler_address) as executor:
        assert characteristics(executor) == characteristics(None)


def test_a_worker_that_is_killed_changes_nothing(local: LocalCluster) -> None:
    killing = KillsOneWorker(local.scheduler_address)
    with dask_cluster(local.scheduler_address) as executor:
        found = characteristics(executor, replicates=20_000, chunk=200, progress=killing)
    assert killing.has_killed
    assert found == characteristics(None, replicates=20_000, chunk=200)


def test_an_interruption_cancels_what_is_left_and_the_cluster_goes_on(
    local: LocalCluster,
) -> None:
    def interrupt(done: int, _of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with (
        pytest.raises(DesignError, match="interrupted after 3 of 1000 chunks"),
        dask_cluster(local.scheduler_address) as executor,
    ):
        characteristics(executor, replicates=100_000, chunk=100, progress=interrupt)
    with connected(local.scheduler_address) as client:
        deadline = time.monotonic() + 30
        while any(client.processing().values()) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not any(client.processing().values())


def fatal(_number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_a_chunk_that_kills_every_worker_is_explained() -> None:
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        workers(1) as started,
        pytest.raises(DesignError, match="the cluster gave a chunk up"),
        dask_cluster(started.scheduler_address) as executor,
    ):
        carry(fatal, [1, 2], executor=executor)


def test_a_worker_with_another_trialkit_is_refused(
    local: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "__version__", "another")
    with (
        pytest.raises(DesignError, match="2 workers have another trialkit"),
        dask_cluster(local.scheduler_address),
    ):
        pass


@pytest.mark.parametrize("refusals", [1, 9])
def test_a_greeting_that_came_with_news_of_others_is_asked_for_again(
    local: LocalCluster, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    left = [None] * refusals

    def greeted(address: str) -> Client:
        if left:
            left.pop()
            raise AssertionError
        return Client(address, set_as_default=False)

    monkeypatch.setattr(cluster_module, "_Client", greeted)
    with dask_cluster(local.scheduler_address) as executor:
        assert carry(abs, [-2, 3], executor=executor) == [2, 3]


def test_a_scheduler_that_never_greets_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_address: str) -> Client:
        raise AssertionError

    monkeypatch.setattr(cluster_module, "_Client", never)
    with pytest.raises(DesignError, match="too busy"), dask_cluster("tcp://127.0.0.1:9"):
        pass


def test_clients_come_in_while_another_one_cancels(local: LocalCluster) -> None:
    with connected(local.scheduler_address) as colleague:
        for _ in range(20):
            for future in colleague.map(time.sleep, [0.1] * 50, pure=False):
                future.cancel()
            with dask_cluster(local.scheduler_address) as executor:
                assert carry(abs, [-1], executor=executor) == [1]


def test_a_scheduler_that_is_not_there_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_CONNECT_SECONDS", 1)
    with (
        pytest.raises(DesignError, match="no scheduler answers"),
        dask_cluster("tcp://127.0.0.1:9"),
    ):
        pass


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_AVAILABLE", False)
    with pytest.raises(DesignError, match=r"trialkit\[dask\]"), dask_cluster("tcp://127.0.0.1:9"):
        pass


@contextmanager
def program(*arguments: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of its own, ended by its own id."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with log.open("wb") as written:
        started = subprocess.Popen(
            [sys.executable, "-m", *arguments], stdout=written, stderr=written, env=environment
        )
        try:
            yield started
        finally:
            os.kill(started.pid, signal.SIGTERM)
            started.wait(timeout=30)


def said(log: Path, pattern: str) -> str:
    """What a program has written, once it has."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.2)
    raise AssertionError(f"{pattern} did not come: {log.read_text(errors='replace')}")


def test_scheduler_and_workers_as_programs_of_their_own(tmp_path: Path) -> None:
    log = tmp_path / "scheduler.log"
    scheduler = (
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0",
    )  # fmt: skip
    with program(*scheduler, log=log):
        address = said(log, r"Scheduler at:\s+(tcp://127\.0\.0\.1:\d+)")
        worker = (
            "distributed.cli.dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1",
            "--dashboard-address", "127.0.0.1:0", "--local-directory", str(tmp_path),
        )  # fmt: skip
        logs = [tmp_path / f"worker{number}.log" for number in (1, 2)]
        with program(*worker, log=logs[0]), program(*worker, log=logs[1]):
            for each in logs:
                said(each, r"(Registered to)")
            with dask_cluster(address) as executor:
                assert characteristics(executor) == characteristics(None)
