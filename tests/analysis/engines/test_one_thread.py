"""One thread while somebody computes, and what was found when nobody does any more."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from trialkit.analysis.engines.one_thread import one_thread


def threads() -> set[int]:
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def three() -> Iterator[None]:
    with threadpool_limits(limits=3, user_api="blas"):
        if threads() != {3}:
            pytest.skip("a library of linear algebra without threads")
        yield


def test_a_block_has_one_and_gives_back_what_was() -> None:
    with one_thread():
        assert threads() == {1}
        with one_thread():
            assert threads() == {1}
        assert threads() == {1}
    assert threads() == {3}


def test_an_error_gives_it_back_too() -> None:
    @one_thread()
    def broken() -> None:
        assert threads() == {1}
        raise ValueError("it broke")

    for _ in range(2):
        with pytest.raises(ValueError, match="it broke"):
            broken()
        assert threads() == {3}


def test_who_leaves_first_takes_nothing_from_who_still_computes() -> None:
    inside, leave = threading.Event(), threading.Event()

    def other() -> None:
        with one_thread():
            inside.set()
            leave.wait(10)

    worker = threading.Thread(target=other)
    with one_thread():
        worker.start()
        assert inside.wait(10)
    assert threads() == {1}
    leave.set()
    worker.join(10)
    assert threads() == {3}


def test_many_at_once_leave_it_as_it_was() -> None:
    seen: list[set[int]] = []

    def work() -> None:
        for _ in range(50):
            with one_thread():
                np.linalg.inv(np.eye(3))
        with one_thread():
            seen.append(threads())

    workers = [threading.Thread(target=work) for _ in range(8)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(30)
    assert seen == [{1}] * 8
    assert threads() == {3}


MODEL = """
import sys
import numpy as np, pandas as pd
from threadpoolctl import threadpool_info
from trialkit.analysis import mmrm
rng = np.random.default_rng(3)
n, m = 200, 6
frame = pd.DataFrame({
    "id": np.repeat(np.arange(n), m), "visit": np.tile(np.arange(m), n),
    "arm": np.repeat(np.array(["C", "E"])[np.arange(n) % 2], m), "y": rng.normal(size=n * m),
})
fit = mmrm(frame, outcome="y", subject="id", visit="visit", arm="arm", reference="C")
threads = {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}
sys.stdout.write(f"{threads}|{fit.contrasts()['p_value'].tolist()}")
"""


@pytest.mark.slow
def test_a_model_is_the_same_to_the_last_digit_whatever_the_user_set() -> None:
    found = []
    for count in ("1", "2"):
        setting = {"OMP_NUM_THREADS": count, "OPENBLAS_NUM_THREADS": count}
        done = subprocess.run(
            [sys.executable, "-c", MODEL],
            env={**os.environ, **setting},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        threads_then, numbers = done.stdout.split("|")
        assert threads_then in {f"{{{count}}}", "{1}"}  # a machine may have one processor
        found.append(numbers)
    assert len(set(found)) == 1
