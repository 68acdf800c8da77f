"""``trialkit simulate``: the trial rehearsed, and its planned analysis tried out."""

import json
import secrets
from argparse import Namespace
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from trialkit import __version__
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.mechanism_words import found_in_words, mechanism_in_words
from trialkit.cli.progress_bar import counting
from trialkit.cli.screen import Screen
from trialkit.design.cluster import dask_cluster
from trialkit.design.executors import local_processes
from trialkit.design.simulation.assumptions import (
    Assumptions,
    OutcomeAssumption,
    read_assumptions,
    with_participants,
)
from trialkit.design.simulation.characteristics import OperatingCharacteristics
from trialkit.design.simulation.chunks import CHUNK
from trialkit.design.simulation.operating import operating_characteristics
from trialkit.design.simulation.rehearsal import write_rehearsal
from trialkit.errors import DesignError, TrialStep
from trialkit.files.whole_files import output_folder, write_together
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial


def run(arguments: Namespace) -> ExitCode:
    """Write simulated data, or simulate the planned analysis, or both."""
    if arguments.write is None and arguments.replicates is None:
        raise DesignError("say what to do: --write DIR, --replicates N, or both")
    screen = Screen()
    trial = open_trial(arguments.trial, step=TrialStep.ANALYSE)
    assumptions = read_assumptions(
        trial.folder, trial.protocol, trial.schemas, path=arguments.assumptions
    )
    if arguments.participants is not None:
        assumptions = with_participants(assumptions, arguments.participants)
    entropy = secrets.randbits(64) if arguments.entropy is None else arguments.entropy
    _show(assumptions, trial, screen)
    if arguments.write is not None:
        with screen.working("Simulating data") as progress:
            written = write_rehearsal(
                trial.folder, arguments.write, assumptions, entropy=entropy, progress=progress
            )
        screen.say(f"{len(written)} files in {arguments.write}, entropy {entropy}.")
        screen.advise("Rehearse:  ", f"trialkit run {arguments.write}")
    if arguments.replicates is not None:
        _characterise(trial, assumptions, entropy, arguments, screen)
    return ExitCode.FINE


def _characterise(
    trial: OpenedTrial, assumptions: Assumptions, entropy: int, arguments: Namespace, screen: Screen
) -> None:
    out = output_folder(trial.folder, arguments.out)
    with _executor(arguments) as executor, counting("Simulating the analysis") as progress:
        found = operating_characteristics(
            trial.protocol,
            trial.schemas,
            assumptions,
            analyses=arguments.analysis,
            replicates=arguments.replicates,
            entropy=entropy,
            chunk=CHUNK if arguments.chunk is None else arguments.chunk,
            executor=executor,
            progress=progress,
        )
    screen.say_as_it_is(repr(found))
    for row in found.rows:
        if words := found_in_words(row):
            screen.say(f"{words}.")
    for each in found.left_out:
        by = f", mechanism {each.mechanism}" if each.mechanism else ""
        screen.say(f"Not simulated: {each.analysis_id}, {each.outcome}{by}: {each.reason}.")
    for path in write_together(_record(found, assumptions, trial, out)):
        screen.say_as_it_is(f"  {path}")


@contextmanager
def _executor(arguments: Namespace) -> Iterator[Executor | None]:
    if arguments.scheduler is not None:
        with dask_cluster(arguments.scheduler) as executor:
            yield executor
    elif arguments.workers is not None:
        with local_processes(arguments.workers) as executor:
            yield executor
    else:
        yield None


def _show(assumptions: Assumptions, trial: OpenedTrial, screen: Screen) -> None:
    conduct = assumptions.conduct
    screen.say(
        f"{conduct.participants} participants, dropout {conduct.dropout:g}, "
        f"missing {conduct.missing:g}"
    )
    for each in assumptions.outcomes:
        changes = ", ".join(f"{change.arm} {change.change:+g}" for change in each.changes)
        screen.say(
            f"{each.code}: {_distribution(each)}, correlation "
            f"{each.correlation:g}, change {changes or 'none'}"
            + (f" ({each.assumed})" if each.assumed else "")
        )
    for mechanism in assumptions.mechanisms:
        arms = trial.protocol.arm_codes
        screen.say(f"{mechanism_in_words(mechanism, arms, conduct.dropout)}.")


def _distribution(assumed: OutcomeAssumption) -> str:
    if assumed.levels:
        return f"levels {', '.join(f'{share:g}' for share in assumed.levels)} (changes are log odds ratios)"
    return f"baseline {assumed.start:g}, SD {assumed.sd:g}"


def _record(
    found: OperatingCharacteristics, assumptions: Assumptions, trial: OpenedTrial, out: Path
) -> dict[Path, bytes]:
    """The table, and all that is needed to make it again."""
    record = {
        "trial": trial.protocol.trial.id,
        "protocol_sha256": trial.protocol.source_sha256,
        "trialkit": __version__,
        "replicates": found.replicates,
        "chunk": found.chunk,
        "entropy": found.entropy,
        "sizes": dict(zip(trial.protocol.arm_codes, found.sizes, strict=True)),
        "assumptions": asdict(assumptions),
        "characteristics": [asdict(row) for row in found.rows],
        "not_simulated": [asdict(each) for each in found.left_out],
    }
    return {
        out / "simulation.csv": found.to_frame().to_csv(index=False).encode(),
        out / "simulation.json": (json.dumps(record, indent=1) + "\n").encode(),
    }
