"""Programs that are killed in the middle of a randomisation: a program of its own, since it forks.

``python -m tests.design.randomisation.killing FOLDER EVERY RANDOM`` kills each action at every
EVERYth place where it touches a file (before it, after it, and in the middle of what it writes), then
RANDOM times at a moment of chance, and prints how many were killed and what went wrong.
"""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from tests.design.randomisation.conftest import (
    Running,
    begin,
    blocks_plan,
    minimised_plan,
    moment,
)
from trialkit.design.randomisation.arms import arms_given
from trialkit.design.randomisation.audit import Action
from trialkit.design.randomisation.emergency import unblind
from trialkit.design.randomisation.keeping import allocate, correct, reveal, void
from trialkit.design.randomisation.record import Allocated
from trialkit.design.randomisation.trail_file import read_lines
from trialkit.design.randomisation.vault import Vault
from trialkit.design.randomisation.verifying import verify

TOUCHING = ("open", "write", "fsync", "ftruncate", "replace", "close")
"""Where the state of a file can change."""
N = {"site": "N"}
Show = Callable[[Allocated], None]
Act = Callable[[Running, Show], object]


def kill_at(point: int) -> None:
    """Die at a place where a file is touched: three places each, before, in the middle, after."""
    places = iter(range(10**6))

    def reached() -> bool:
        return next(places) == point

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def watched(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def touch(*given: Any, **more: Any) -> Any:
            if reached():
                die()
            if name == "write" and reached():
                real(given[0], given[1][: len(given[1]) // 2])
                die()
            done = real(*given, **more)
            if reached():
                die()
            return done

        return touch

    for name in TOUCHING:
        setattr(os, name, watched(name, getattr(os, name)))


def carried_out(running: Running, act: Act, begun: Callable[[], None]) -> tuple[bool, str]:
    """Whether the action came to its end in a process of its own, and what was shown."""
    reading, writing = os.pipe()
    write = os.write
    child = os.fork()
    if not child:
        begun()

        def show(given: Allocated) -> None:
            os.write(writing, f"{given.entry.subject} {given.arm}\n".encode())

        try:
            act(running, show)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent tells
            write(writing, f"failed {error!r}\n".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        shown = file.read()
    _, status = os.waitpid(child, 0)
    return not os.WIFSIGNALED(status), shown


def complete(shown: str) -> dict[str, str]:
    """The arms whose line was shown to its end."""
    lines = [line for line in shown.splitlines(keepends=True) if line.endswith("\n")]
    return dict(line.split(maxsplit=1) for line in (each.strip() for each in lines))


def wrong(running: Running, shown: str, before: int) -> Iterator[str]:
    """What an action that was killed left and may not."""
    arms = complete(shown)
    if "failed" in arms:
        yield arms["failed"]
        return
    reading = read_lines(running.trail)
    found = verify(running.record, vault=running.vault)
    yield from found.problems
    told = " ".join(found.warnings)
    recorded = {line.subject for line in reading.trail[before:]}
    if lost := set(arms) - recorded:
        yield f"{lost} was shown an arm, and no line says so"
    taken = {line.subject for line in reading.trail[before:] if line.action is Action.ALLOCATED}
    for subject in taken - set(arms):
        if f"{subject!r} has slot" not in told:
            yield f"{subject} has a slot that was not shown, and verify does not tell"
    yield from wrong_with_the_next(running, arms, taken)


def wrong_with_the_next(running: Running, shown: dict[str, str], taken: set[str]) -> Iterator[str]:
    """Whoever comes next is randomised, is told, and everybody has the arm that was shown."""
    revealed = (running.record / "revealed.json").exists() or any(
        line.action is Action.REVEALED for line in read_lines(running.trail).trail
    )
    if revealed:
        return
    levels = {"site": "S", "sex": "f"} if len(running.plan.factors) > 1 else N
    given = allocate(running.trial, running.vault, subject="next", levels=levels, moment=moment(90))
    told = " ".join(given.warnings)
    for subject in taken - set(shown):
        if f"{subject!r} has slot" not in told:
            yield f"{subject} has a slot that was not shown, and the next allocation does not tell"
    trail = read_lines(running.trail).trail
    arms = arms_given(running.plan, running.secrets.key, trail)
    if {**arms, **shown} != arms or arms["next"] != given.arm:
        yield f"shown {shown}, listed {arms}"
    for subject in arms:
        again = unblind(
            running.trial, running.vault, subject=subject, reason="harm", moment=moment(91)
        )
        if again.arm != arms[subject]:
            yield f"{subject} is unblinded with another arm"
    found = verify(running.record, vault=running.vault, entered=shown)
    yield from found.problems
    if any("has slot" in each for each in found.warnings):
        yield "somebody was unblinded and counts as unseen"


@dataclass(frozen=True)
class Scenario:
    """An action, and the state that it finds."""

    name: str
    running: Running
    act: Act

    def copy(self, folder: Path) -> Running:
        """The state in another folder."""
        home = self.running.trial.parent
        shutil.copytree(home, folder)
        return replace(
            self.running,
            trial=folder / "trial",
            vault=Vault(folder=folder / self.running.vault.folder.name),
        )


def allocating(running: Running, show: Show) -> None:
    levels = {factor.name: factor.levels[0] for factor in running.plan.factors}
    allocate(
        running.trial, running.vault, subject="new", levels=levels, moment=moment(20), show=show
    )


def allocating_late(running: Running, show: Show) -> None:
    """With a clock that stands before the last line."""
    allocate(running.trial, running.vault, subject="new", levels=N, moment=moment(-5), show=show)


def unblinding(running: Running, show: Show) -> None:
    show(unblind(running.trial, running.vault, subject="P1", reason="harm", moment=moment(20)))


def voiding(running: Running, show: Show) -> None:
    del show
    void(running.trial, running.vault, levels=N, reason="kit broken", moment=moment(20))


def correcting(running: Running, show: Show) -> None:
    del show
    act = (running.trial, running.vault)
    correct(*act, subject="P1", field="site", to="N", reason="typed", moment=moment(20))


def revealing(running: Running, show: Show) -> None:
    del show
    reveal(running.trial, running.vault, reason="locked", moment=moment(20))


def scenarios(folder: Path) -> Iterator[Scenario]:
    """Actions on a trail that is sound, torn, and left in the middle of an allocation."""
    for kind, plan in (("listed", blocks_plan()), ("minimised", minimised_plan())):
        for state in ("sound", "torn", "interrupted"):
            running = begin(folder / f"{kind} {state}", plan)
            for number in (1, 2, 3):
                levels = {factor.name: factor.levels[number % 2] for factor in plan.factors}
                given = allocate(
                    running.trial,
                    running.vault,
                    subject=f"P{number}",
                    levels=levels,
                    moment=moment(number),
                )
            if state == "torn":
                with running.trail.open("ab") as file:
                    file.write(b'{"action":"allocated","commitment":"","field":"","ha')
            if state == "interrupted":
                (running.record / "audit.lock").write_text(given.entry.hash)
            acts: tuple[Act, ...] = (allocating, unblinding)
            if kind == "listed":
                acts += (allocating_late, voiding, correcting, revealing)
            for act in acts:
                name = f"{act.__name__}, {kind}, {state}"
                yield Scenario(name=name, running=running, act=act)


@dataclass(frozen=True)
class Attempt:
    """A process that was to be killed."""

    name: str
    was_killed: bool
    """Not where the action came to its end first: it has no further place to be killed at."""
    problems: tuple[str, ...]


def systematic(folder: Path, every: int) -> Iterator[Attempt]:
    """Every action killed at every place, until it comes to its end."""
    for number, scenario in enumerate(scenarios(folder / "states")):
        before = len(read_lines(scenario.running.trail).trail)
        for point in count(number % every, every):
            running = scenario.copy(folder / "copy")
            ended, shown = carried_out(running, scenario.act, lambda at=point: kill_at(at))
            yield Attempt(
                name=f"{scenario.name}, at {point}",
                was_killed=not ended,
                problems=tuple(wrong(running, shown, before)),
            )
            shutil.rmtree(folder / "copy")
            if ended:
                break


def at_random(folder: Path, many: int) -> Iterator[Attempt]:
    """Many people randomised one after the other by a process that is killed at any moment."""
    chance = random.Random(12)
    state = begin(folder / "random", replace(blocks_plan(), slots=400))
    scenario = Scenario(name="random", running=state, act=_on_and_on)
    for number in range(many):
        running = scenario.copy(folder / "copy")
        delay = chance.uniform(0, 0.15)
        ended, shown = carried_out(running, _on_and_on, lambda at=delay: _killed_after(at))
        yield Attempt(
            name=f"random {number}, after {delay:.4f} s",
            was_killed=not ended,
            problems=tuple(wrong(running, shown, 1)),
        )
        shutil.rmtree(folder / "copy")


def _on_and_on(running: Running, show: Show) -> None:
    for number in range(10**6):
        allocate(
            running.trial,
            running.vault,
            subject=f"R{number}",
            levels={"site": "NS"[number % 2]},
            moment=moment(number),
            show=show,
        )


def _killed_after(delay: float) -> None:
    """A second process kills this one."""
    victim = os.getpid()
    if not os.fork():
        time.sleep(delay)
        os.kill(victim, signal.SIGKILL)
        os._exit(0)


def main(folder: str, every: str, random_kills: str) -> None:
    killed = 0
    for attempt in (
        *systematic(Path(folder), int(every)),
        *at_random(Path(folder), int(random_kills)),
    ):
        killed += attempt.was_killed
        for problem in attempt.problems:
            sys.stdout.write(f"{attempt.name}: {problem}\n")
    sys.stdout.write(f"{killed} killed\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
