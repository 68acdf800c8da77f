"""Draws and imputed values are the same to the last bit in one process, in two, and on Dask with a worker killed."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from distributed import LocalCluster

from tests.analysis.imputation.conftest import SHORT, made_up
from tests.dask_workers import ON_A_CLUSTER, KillsOneWorker, workers
from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.drawing import BLOCK, imputation_draws
from trialkit.analysis.imputation.draws import Draws, join_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import ImputationModel, imputation_model
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.design.cluster import dask_cluster
from trialkit.design.executors import carry, local_processes

METHODS = ("approximate-bayes", "conditional-mean-bootstrap", "bootstrapped-maximum-likelihood")
Job = tuple[str, int, int]
"""How draws are made, how many there are in all, and where the part begins."""


@cache
def model() -> ImputationModel:
    frame, events = made_up(5, n=40)
    return imputation_model(frame, covariates=["base"], events=events, **SHORT)


def drawn(job: Job) -> tuple[Draws, np.ndarray]:
    """A part of the draws, and the values that they impute; the model is fitted where it is needed."""
    method, draws, start = job
    whole = draws + int(method.startswith("conditional-mean"))
    part = range(start, min(start + BLOCK, whole))
    found = imputation_draws(model(), method=method, draws=draws, seed=11, part=part)
    return found, impute(found).values(slice(0, found.n_draws))


def parts(method: str, blocks: int) -> list[Job]:
    """The jobs of so many blocks of draws, the last of them cut short."""
    return [(method, BLOCK * blocks - 9, BLOCK * block) for block in range(blocks)]


def same(found: list[tuple[Draws, np.ndarray]], expected: list[tuple[Draws, np.ndarray]]) -> None:
    """Draws, imputed values and what is pooled of them, to the last bit."""
    one, other = (join_draws([draws for draws, _ in each]) for each in (found, expected))
    for name in ("coefficients", "sigma", "numbers"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    values = [np.concatenate([each for _, each in side]) for side in (found, expected)]
    assert np.array_equal(*values)
    assert pooled(one) == pooled(other)


def pooled(draws: Draws) -> tuple[object, ...]:
    analyses = analyse_imputations(impute(draws), ImputedAncova(covariates=["base"], visits=[3]))
    return pool_imputations(analyses).effects


@pytest.mark.parametrize("method", METHODS)
def test_parts_from_last_to_first_are_the_whole(method: str) -> None:
    jobs = parts(method, 3)
    whole = imputation_draws(model(), method=method, draws=jobs[0][1], seed=11)
    values = impute(whole).values(slice(0, whole.n_draws))
    same(carry(drawn, jobs[::-1])[::-1], [(whole, values)])


@pytest.mark.slow
@pytest.mark.cluster
def test_two_processes_impute_what_one_imputes() -> None:
    with local_processes(2) as executor:
        for method in METHODS:
            jobs = parts(method, 4)
            same(carry(drawn, jobs, executor=executor), carry(drawn, jobs))


@pytest.fixture(scope="module")
def local() -> Iterator[LocalCluster]:
    with workers() as started:
        yield started


class TestDask:
    """With worker processes of a cluster, one of which is killed while it works."""

    pytestmark = ON_A_CLUSTER

    def test_a_cluster_imputes_what_one_process_imputes(self, local: LocalCluster) -> None:
        with dask_cluster(local.scheduler_address) as executor:
            for method in METHODS:
                jobs = parts(method, 4)
                same(carry(drawn, jobs, executor=executor), carry(drawn, jobs))

    def test_a_worker_that_is_killed_changes_nothing(self, local: LocalCluster) -> None:
        killing = KillsOneWorker(local.scheduler_address)
        jobs = parts("approximate-bayes", 40)
        with dask_cluster(local.scheduler_address) as executor:
            found = carry(drawn, jobs, executor=executor, progress=killing)
        assert killing.has_killed
        same(found, carry(drawn, jobs))
