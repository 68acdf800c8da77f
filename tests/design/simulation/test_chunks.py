"""The pieces of a simulation: all replicates are in one, and each counts what its analysis found."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from tests.design.simulation.reference import assuming, planning
from trialkit.design.simulation.chunks import Chunk, chunks_of, run_chunk
from trialkit.design.simulation.simulated_tasks import simulated_tasks
from trialkit.errors import DesignError
from trialkit.planned.methods.kernel import Decisions
from trialkit.protocol.methods.ancova import Ancova


@pytest.fixture(scope="module")
def chunks() -> list[Chunk]:
    trial = planning(Ancova())
    assumptions = assuming(trial, participants=20, difference=1.0)
    (task,), _ = simulated_tasks(trial.protocol, trial.schemas, assumptions, ())
    return chunks_of(task, (10, 10), alpha=0.05, replicates=25, entropy=7, chunk=10)


def test_every_replicate_is_in_one_chunk(chunks: list[Chunk]) -> None:
    assert [each.replicates for each in chunks] == [10, 10, 5]
    assert [each.stream[-1] for each in chunks] == [0, 1, 2]


def test_a_chunk_depends_on_itself_alone(chunks: list[Chunk]) -> None:
    assert run_chunk(chunks[1]) == run_chunk(chunks[1])
    assert run_chunk(chunks[1]) != run_chunk(replace(chunks[1], stream=chunks[0].stream))


@dataclass(frozen=True)
class _Found:
    """A kernel that found something in three trials, and nothing in a fourth."""

    def decide(self, drawn: object, rng: np.random.Generator) -> Decisions:
        estimate = np.array([[1.0], [3.0], [0.0], [np.nan]])
        return Decisions(
            estimate=estimate,
            se=np.ones((4, 1)),
            p_value=np.array([[0.04], [0.001], [0.9], [0.01]]),
            conf_low=estimate - 1.5,
            conf_high=estimate + 1.5,
            omnibus=np.array([0.05, 0.06, np.nan, 0.5]),
        )


def test_a_trial_without_an_estimate_counts_nowhere(chunks: list[Chunk]) -> None:
    course = SimpleNamespace(draw=lambda sizes, *, replicates, rng: None)
    found = run_chunk(replace(chunks[0], course=course, kernel=_Found(), truth=(1.0,)))
    assert (found.analysed, found.rejected, found.covered) == ((3,), (2,), (2,))
    assert (found.error, found.squared_error, found.squared_se) == ((1.0,), (5.0,), (3.0,))
    assert (found.omnibus_analysed, found.omnibus_rejected) == (3, 1)


def test_a_chunk_that_memory_does_not_hold_is_refused_with_one_that_it_does(
    chunks: list[Chunk],
) -> None:
    trial = planning(Ancova())
    (task,), _ = simulated_tasks(
        trial.protocol, trial.schemas, assuming(trial, participants=20), ()
    )
    with pytest.raises(DesignError, match="give --chunk "):
        chunks_of(task, (10**4, 10**4), alpha=0.05, replicates=9999, entropy=7, chunk=9999)
