"""Processes that randomise at the same moment: run as a program of its own, since it forks.

``python -m tests.design.randomisation.racing FOLDER ROUNDS PROCESSES EACH`` prints what went wrong,
a line each; nothing where nothing did.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.design.randomisation.conftest import Running, begin, blocks_plan
from trialkit.design.randomisation.arms import arms_given
from trialkit.design.randomisation.audit import Action
from trialkit.design.randomisation.keeping import allocate
from trialkit.design.randomisation.record import Moment
from trialkit.design.randomisation.trail_file import read_trail
from trialkit.design.randomisation.verifying import verify

STEP = timedelta(seconds=0.4)


def clock(process: int) -> Moment:
    """Every other process has a clock that is 0.4 s behind, as after a time synchronisation."""
    behind = STEP * (process % 2)
    return Moment(person=f"process {process}", now=lambda: datetime.now(UTC) - behind)


def worker(running: Running, process: int, each: int, out: int) -> None:
    """Randomise some people, and write down who was shown which arm."""
    for number in range(each):
        subject = f"P{process}-{number}"
        given = allocate(
            running.trial,
            running.vault,
            subject=subject,
            levels={"site": "NS"[number % 2]},
            moment=clock(process),
        )
        os.write(out, f"{subject} {given.arm}\n".encode())


def shown_by_all(running: Running, processes: int, each: int) -> dict[str, str]:
    """The arms that all processes together were shown."""
    reading, writing = os.pipe()
    children = []
    for process in range(processes):
        if child := os.fork():
            children.append(child)
            continue
        worker(running, process, each, writing)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        shown = dict(line.split() for line in file)
    for child in children:
        os.waitpid(child, 0)
    return shown


def wrong(running: Running, shown: dict[str, str], people: int) -> Iterator[str]:
    """What a round left that may not be."""
    trail = read_trail(running.trail)
    given = [line for line in trail if line.action is Action.ALLOCATED]
    slots = Counter((line.stratum["site"], line.slot) for line in given)
    arms = arms_given(running.plan, running.secrets.key, trail)
    if len(given) != people or len(shown) != people:
        yield f"{len(given)} lines and {len(shown)} arms shown of {people}"
    if any(count > 1 for count in slots.values()):
        yield f"a slot twice: {slots.most_common(1)}"
    for site in "NS":
        numbers = sorted(slot for at, slot in slots if at == site)
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"slots lost at {site}: {numbers}"
    if shown != arms:
        yield "another arm was shown than the list has"
    if [line.seq for line in trail] != list(range(1, len(trail) + 1)):
        yield "the order is not that of the numbers"
    if [line.time for line in trail] != sorted(line.time for line in trail):
        yield "a time goes back"
    found = verify(running.record, vault=running.vault, entered=shown)
    yield from found.problems
    yield from (each for each in found.warnings if "the clock stood" not in each)
    if any(line.clock for line in trail) != bool(found.warnings):
        yield "a clock that is behind is told where there is one"


def main(folder: str, rounds: str, processes: str, each: str) -> None:
    people = int(processes) * int(each)
    plan = replace(blocks_plan(), slots=people)
    for number in range(int(rounds)):
        running = begin(Path(folder) / str(number), plan, seed=f"round {number}")
        shown = shown_by_all(running, int(processes), int(each))
        for said in wrong(running, shown, people):
            sys.stdout.write(f"round {number}: {said}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
