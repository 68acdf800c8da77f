"""The same chunks on any executor: equal results, in order, and an honest end when it breaks."""

import os
import signal
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import pytest

from tests.design.simulation.reference import assuming, planning
from trialkit.design.executors import carry, local_processes
from trialkit.design.simulation.operating import operating_characteristics
from trialkit.errors import DesignError
from trialkit.protocol.methods.mixed_anova import MixedAnova


def square(number: int) -> int:
    return number * number


def broken(number: int) -> int:
    if number == 3:
        raise DesignError("chunk 3 cannot be done")
    return number


def dying(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def interrupted(number: int) -> int:
    if number == 4:
        raise KeyboardInterrupt
    return number


class Backwards(Executor):
    """An executor that does the last job first."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future, object]] = []

    def submit(self, work, /, *arguments, **more):
        future: Future = Future()
        self.waiting.insert(0, (future, lambda: work(*arguments, **more)))
        if len(self.waiting) == 10:
            for each, job in self.waiting:
                each.set_result(job())
        return future


def characteristics(executor: Executor | None, chunk: int, replicates: int = 130):
    trial = planning(MixedAnova())
    return operating_characteristics(
        trial.protocol,
        trial.schemas,
        assuming(trial, participants=20, difference=1.0, dropout=0.2),
        replicates=replicates,
        entropy=7,
        chunk=chunk,
        executor=executor,
    ).rows


def test_results_are_in_the_order_of_the_jobs_whatever_comes_first() -> None:
    jobs = list(range(10))
    assert carry(square, jobs, executor=Backwards()) == [each * each for each in jobs]


@pytest.mark.parametrize("chunk", [7, 1000])
def test_threads_give_what_one_after_the_other_gives(chunk: int) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert characteristics(executor, chunk) == characteristics(None, chunk)


@pytest.mark.slow
@pytest.mark.cluster
def test_processes_give_what_one_after_the_other_gives() -> None:
    with local_processes(2) as executor:
        for chunk in (1, 7, 1000):
            assert characteristics(executor, chunk, 40) == characteristics(None, chunk, 40)


def test_an_error_of_a_chunk_comes_through_as_it_is() -> None:
    with ThreadPoolExecutor(2) as executor, pytest.raises(DesignError, match="chunk 3"):
        carry(broken, list(range(10)), executor=executor)


@pytest.mark.parametrize("threads", [0, 1])
def test_an_interruption_says_how_far_it_came(threads: int) -> None:
    with (
        ThreadPoolExecutor(1) as pool,
        pytest.raises(DesignError, match=r"interrupted after 4 of 10 chunks"),
    ):
        carry(interrupted, list(range(10)), executor=pool if threads else None)


@pytest.mark.slow
@pytest.mark.cluster
def test_a_local_worker_that_is_killed_is_explained() -> None:
    with (
        local_processes(1) as executor,
        pytest.raises(DesignError, match=r"a worker process died .* of 10 chunks"),
    ):
        carry(dying, list(range(10)), executor=executor)


def test_no_workers_are_refused() -> None:
    with pytest.raises(DesignError, match="1 or more"), local_processes(0):
        pass
