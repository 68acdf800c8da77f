"""Operating characteristics: what the planned analysis would find, again and again."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from math import fsum, sqrt

from trialkit.design.executors import Counting, carry, uncounted
from trialkit.design.simulation.assumptions import Assumptions
from trialkit.design.simulation.characteristics import (
    OperatingCharacteristic,
    OperatingCharacteristics,
)
from trialkit.design.simulation.chunks import CHUNK, Tally, chunks_of, run_chunk
from trialkit.design.simulation.courses import arm_sizes
from trialkit.design.simulation.mechanisms import LeavingDependsOn
from trialkit.design.simulation.simulated_tasks import SimulatedTask, simulated_tasks, terms_of
from trialkit.errors import DesignError
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas


def operating_characteristics(
    protocol: Protocol,
    schemas: Schemas,
    assumptions: Assumptions,
    *,
    analyses: Sequence[str] = (),
    replicates: int = 10_000,
    entropy: int,
    chunk: int = CHUNK,
    executor: Executor | None = None,
    progress: Counting = uncounted,
) -> OperatingCharacteristics:
    """What the planned analyses would find in ``replicates`` trials of each scenario.

    Estimand
        The probability of p ≤ alpha, the bias of the estimate, and the coverage of its interval,
        each with its Monte Carlo standard error, if the assumptions were true.

    Reference
        Morris TP, White IR, Crowther MJ. Stat Med 2019;38:2074-2102.

    Checked against
        ``tests/reference/simulation/power.json`` (exact power)

    ``analyses`` are ids of the plan; without any, the primary ones are simulated. The result is the
    same, bit for bit, for every executor; ``chunk`` and ``entropy`` are part of the record, since
    another chunk size draws other numbers.

    Raises :class:`DesignError` where an analysis that was asked for has no kernel.
    """
    if replicates < 1 or chunk < 1 or entropy < 0:
        raise DesignError("replicates and chunk must be 1 or more, entropy 0 or more")
    sizes = arm_sizes(protocol, assumptions.conduct.participants)
    tasks, left_out = simulated_tasks(protocol, schemas, assumptions, tuple(analyses))
    jobs = [
        job
        for task in tasks
        for job in chunks_of(
            task,
            sizes,
            alpha=protocol.plan.alpha,
            replicates=replicates,
            entropy=entropy,
            chunk=chunk,
        )
    ]
    tallies = carry(run_chunk, jobs, executor=executor, progress=progress)
    each = len(jobs) // len(tasks)
    rows = [
        row
        for number, task in enumerate(tasks)
        for row in _summarised(
            task, tallies[number * each : (number + 1) * each], replicates, protocol
        )
    ]
    return OperatingCharacteristics(
        rows=tuple(rows),
        left_out=left_out,
        participants=assumptions.conduct.participants,
        sizes=sizes,
        replicates=replicates,
        chunk=chunk,
        entropy=entropy,
    )


def _summarised(
    task: SimulatedTask, tallies: Sequence[Tally], replicates: int, protocol: Protocol
) -> list[OperatingCharacteristic]:
    rows = []
    omnibus = sum(tally.omnibus_analysed for tally in tallies)
    if omnibus:
        share = sum(tally.omnibus_rejected for tally in tallies) / omnibus
        rows.append(_row(task, "group:visit", replicates, omnibus, share))
    for at, term in enumerate(terms_of(task, protocol)):
        analysed = sum(tally.analysed[at] for tally in tallies)
        if not analysed:
            raise DesignError(
                f"analysis {task.analysis.id!r} could not be carried out in any data set of "
                f"scenario {task.scenario.name!r}; are there enough participants?"
            )
        rows.append(_contrast(task, term, at, tallies, replicates=replicates, analysed=analysed))
    return rows


def _contrast(
    task: SimulatedTask,
    term: str,
    at: int,
    tallies: Sequence[Tally],
    *,
    replicates: int,
    analysed: int,
) -> OperatingCharacteristic:
    bias = fsum(tally.error[at] for tally in tallies) / analysed
    squared = fsum(tally.squared_error[at] for tally in tallies)
    variance = max(0.0, squared - analysed * bias**2) / max(1, analysed - 1)
    coverage = sum(tally.covered[at] for tally in tallies) / analysed
    row = _row(
        task, term, replicates, analysed, sum(tally.rejected[at] for tally in tallies) / analysed
    )
    return replace(
        row,
        truth=task.truth[at],
        bias=bias,
        bias_mcse=sqrt(variance / analysed),
        empirical_se=sqrt(variance),
        mean_se=sqrt(fsum(tally.squared_se[at] for tally in tallies) / analysed),
        coverage=coverage,
        coverage_mcse=_mcse(coverage, analysed),
    )


def _row(
    task: SimulatedTask, term: str, replicates: int, analysed: int, share: float
) -> OperatingCharacteristic:
    return OperatingCharacteristic(
        scenario=task.scenario.name,
        effect=task.scenario.effect,
        mechanism=task.mechanism.name if task.mechanism else LeavingDependsOn.NOTHING.value,
        analysis_id=task.analysis.id,
        outcome=task.outcome.code,
        method=task.analysis.specification.method.value,
        term=term,
        replicates=replicates,
        analysed=analysed,
        rejected=share,
        rejected_mcse=_mcse(share, analysed),
        strategy=task.strategy,
    )


def _mcse(share: float, n: int) -> float:
    return sqrt(share * (1 - share) / n)
