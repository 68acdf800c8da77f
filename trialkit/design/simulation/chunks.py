"""The work of a simulation in pieces: what each depends on, and what it found as sums that add up."""

from dataclasses import dataclass
from math import fsum

import numpy as np

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.design.simulation.courses import SimulatedCourse
from trialkit.design.simulation.kernels import PlannedKernel
from trialkit.design.simulation.simulated_tasks import SimulatedTask
from trialkit.errors import DesignError
from trialkit.planned.methods.kernel import Decisions

CHUNK = 2_000
_MOST_NUMBERS = 30_000_000
"""Values that one chunk may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One piece of the work: everything it depends on, and nothing else."""

    course: SimulatedCourse
    kernel: PlannedKernel
    sizes: tuple[int, ...]
    truth: tuple[float, ...]
    alpha: float
    replicates: int
    entropy: int
    stream: tuple[int, ...]
    """What is spawned from the entropy: the task and the number of the chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one chunk found, contrast by contrast, as sums that add up."""

    analysed: tuple[int, ...]
    rejected: tuple[int, ...]
    covered: tuple[int, ...]
    error: tuple[float, ...]
    squared_error: tuple[float, ...]
    squared_se: tuple[float, ...]
    omnibus_analysed: int
    omnibus_rejected: int


def chunks_of(
    task: SimulatedTask,
    sizes: tuple[int, ...],
    *,
    alpha: float,
    replicates: int,
    entropy: int,
    chunk: int,
) -> list[Chunk]:
    """The work on one analysis, so many replicates a chunk; raises :class:`DesignError` for too large ones."""
    held = min(chunk, replicates) * sum(sizes) * len(task.course.covariance)
    if held > _MOST_NUMBERS:
        raise DesignError(
            f"a chunk of {chunk} replicates would hold {held:,} values; give --chunk "
            f"{max(1, chunk * _MOST_NUMBERS // held)} or less"
        )
    return [
        Chunk(
            course=task.course,
            kernel=task.kernel,
            sizes=sizes,
            truth=task.truth,
            alpha=alpha,
            replicates=min(chunk, replicates - first),
            entropy=entropy,
            stream=(task.stream, first // chunk),
        )
        for first in range(0, replicates, chunk)
    ]


@one_thread()
def run_chunk(chunk: Chunk) -> Tally:
    """One chunk, anywhere: it depends on its argument alone."""
    seed = np.random.SeedSequence(chunk.entropy, spawn_key=chunk.stream)
    rng = np.random.Generator(np.random.PCG64DXSM(seed))
    drawn = chunk.course.draw(chunk.sizes, replicates=chunk.replicates, rng=rng)
    return _tally(chunk.kernel.decide(drawn, rng), chunk)


def _tally(found: Decisions, chunk: Chunk) -> Tally:
    usable = np.isfinite(found.estimate) & np.isfinite(found.se)
    truth = np.array(chunk.truth)
    error = np.where(usable, found.estimate - truth, 0.0)
    covered = usable & (found.conf_low <= truth) & (truth <= found.conf_high)
    omnibus = found.omnibus if found.omnibus is not None else np.array([])
    return Tally(
        analysed=_whole(usable),
        rejected=_whole(usable & (found.p_value <= chunk.alpha)),
        covered=_whole(covered),
        error=_sums(error),
        squared_error=_sums(np.square(error)),
        squared_se=_sums(np.where(usable, np.square(found.se), 0.0)),
        omnibus_analysed=int(np.isfinite(omnibus).sum()),
        omnibus_rejected=int((omnibus <= chunk.alpha).sum()),
    )


def _whole(each: np.ndarray) -> tuple[int, ...]:
    return tuple(int(count) for count in each.sum(axis=0))


def _sums(each: np.ndarray) -> tuple[float, ...]:
    return tuple(fsum(column) for column in each.T)
