"""Harmed files, very many, of every kind that trialkit reads: what it makes of them, and what it takes.

Run ``python -m benchmarks.fuzzing [--inputs N] [--minutes M] [--kind KIND] [--commanded N] [--seed S]``
in the checkout. Sound files of every kind are harmed (``tests/any_file/harming.py``) and read by what reads
that kind, in a process of its own with 4 GB; some are also used, and a few given to whole commands.
Told are, by kind, how many were read, used and commanded, how many were refused in words, and every
fault: an exception that is none of trialkit's own, exit code 3, more than ten seconds of CPU time, more than a
gigabyte above the sound file, a file written or a program started outside the folder, a process that
died. A harmed file that found a fault is kept in ``--keep``.
"""

import argparse
import contextlib
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic, process_time
from typing import Any

from tests.any_file.doors import DOORS, Door, opened_by_command
from tests.any_file.harming import harmed
from tests.any_file.world import made_world
from trialkit.errors import TrialkitError

SECONDS = 10
MOST_MEMORY = 4 * 10**9
MOST_MORE = 10**9
USED = 25
"""One of so many is used; how many are given to a command is an option."""


@dataclass(kw_only=True)
class Tally:
    """What came of the harmed files of a kind."""

    read: int = 0
    used: int = 0
    commanded: int = 0
    refused: int = 0
    slowest: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def inputs(self) -> int:
        return self.read + self.used + self.commanded


class TooLongError(BaseException):
    """Ten seconds of CPU time have passed; no reader can take it for a fault of the file."""


def _too_long(*_: object) -> None:
    raise TooLongError


class WrongExitError(Exception):
    """A command ended with something else than 0, 1 or 2."""


class Guard:
    """Tells of writing outside the world, of programs and of the network, wherever it happens."""

    def __init__(self, world: Path) -> None:
        self.world = str(world)
        self.told: list[str] = []
        self.watching = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.watching:
            return
        if event == "open":
            path, mode, flags = arguments
            writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) if flags else "w" in str(mode)
            if writes and isinstance(path, str | bytes):
                self._place(os.fsdecode(path), event)
        elif event in {"os.rename", "os.remove", "os.mkdir", "os.symlink", "os.link", "os.rmdir"}:
            if not any(isinstance(each, int) and each >= 0 for each in arguments[-2:]):
                self._place(os.fsdecode(arguments[0]), event)
        elif event in {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}:
            self.told.append(f"{event} {str(arguments[0])[:60]}")
        elif event in {"socket.connect", "socket.getaddrinfo"}:
            self.told.append(event)

    def _place(self, path: str, event: str) -> None:
        inside = str(Path(path).absolute()).startswith(
            (self.world, tempfile.gettempdir(), "/dev/null")
        )
        if not inside and "/fontlist" not in path and "__pycache__" not in path:
            self.told.append(f"{event} outside: {path[:80]}")


def campaign(
    kind: str, *, inputs: int, minutes: float, commanded: int, seed: int, keep: Path
) -> None:
    """Harm and read the files of one kind; the tally is printed as JSON, line by line."""
    home = Path(tempfile.mkdtemp(prefix="fuzz-"))
    sound = keep / "sound"
    if not sound.exists():
        made_world(keep / "making").rename(sound)
    world = home / "world"
    shutil.copytree(sound, world)
    door = next(each for each in DOORS if each.kind == kind)
    place = world / door.place
    content = place.read_bytes()
    others = [path.read_bytes() for path in sorted(world.glob(door.alike or door.place))]
    guard = Guard(home)
    signal.signal(signal.SIGPROF, _too_long)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    door.read(world)
    if door.use:
        door.use(world)
    tally = Tally()
    begun = monotonic()
    for number in range(inputs):
        if monotonic() - begun > 60 * minutes:
            break
        made = harmed(content, Random(f"{seed} {kind} {number}"), others)
        (keep / f"{_named(kind)}-at-work").write_bytes(made)
        place.write_bytes(made)
        if door.commands and number % commanded == commanded - 1:
            tally.commanded += 1
            fault = _of_one(partial(_commanded, door, world, number // commanded), tally, guard)
            shutil.rmtree(world)
            shutil.copytree(sound, world)
        elif door.use and number % USED == USED - 1:
            tally.used += 1
            fault = _of_one(partial(door.use, world), tally, guard)
        else:
            tally.read += 1
            fault = _of_one(partial(door.read, world), tally, guard)
        if fault:
            if not tally.faults[fault]:
                (keep / f"{_named(kind)}-{len(tally.faults)}").write_bytes(made)
            tally.faults[fault] += 1
        if fault or number % 100 == 99:
            _tell(tally)
    _tell(tally)
    shutil.rmtree(home)


def _named(kind: str) -> str:
    return "".join(each if each.isalnum() else "_" for each in kind)


def _tell(tally: Tally) -> None:
    sys.__stdout__.write(json.dumps(asdict(tally) | {"faults": dict(tally.faults)}) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


def _commanded(door: Door, world: Path, number: int) -> None:
    code = opened_by_command(door, world, number)
    if code not in {0, 1, 2}:
        raise WrongExitError


def _of_one(reading: Any, tally: Tally, guard: Guard) -> str:
    """The fault that one harmed file found; empty for none."""
    before, begun = _memory(), process_time()
    fault = ""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    guard.watching = True
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            reading()
    except TrialkitError as error:
        tally.refused += 1
        if not str(error).strip():
            fault = "refused without a word"
        elif len(str(error)) > 200_000:
            fault = f"refused in {len(str(error)) // 100_000}00,000 letters"
    except TooLongError as error:
        fault = f"more than {SECONDS} s {_where(error)}"
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        fault = f"{type(error).__name__} {_where(error)}"
    finally:
        guard.watching = False
        signal.setitimer(signal.ITIMER_PROF, 0)
    tally.slowest = max(tally.slowest, process_time() - begun)
    if guard.told:
        fault = fault or guard.told[0]
        guard.told.clear()
    if _memory() - before > MOST_MORE:
        fault = fault or f"{(_memory() - before) / 1e9:.1f} GB of memory"
    return fault


def _where(error: BaseException) -> str:
    steps = [
        each for each in traceback.extract_tb(error.__traceback__) if "trialkit/" in each.filename
    ]
    last = steps[-1] if steps else None
    return f"at {last.filename.rpartition('trialkit/')[2]}:{last.lineno}" if last else "at no place"


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def campaigns(options: argparse.Namespace) -> Iterator[tuple[str, Tally]]:
    """The tally of every kind; a process that dies is a fault, and the next one goes on."""
    for door in DOORS:
        if options.kind and options.kind not in door.kind:
            continue
        total, seed = Tally(), options.seed
        begun = monotonic()
        while total.inputs < options.inputs and monotonic() - begun < 60 * options.minutes:
            left = options.minutes - (monotonic() - begun) / 60
            arguments = ["--only", door.kind, "--inputs", str(options.inputs - total.inputs)]
            arguments += ["--minutes", str(left), "--seed", str(seed), "--keep", str(options.keep)]
            arguments += ["--commanded", str(options.commanded)]
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.fuzzing", *arguments],
                capture_output=True,
                text=True,
                check=False,
            )
            lines = done.stdout.splitlines()
            if lines:
                _add(total, json.loads(lines[-1]))
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["?"])[-1]
                total.faults[f"the process died ({done.returncode}): {last[:150]}"] += 1
                work = options.keep / f"{_named(door.kind)}-at-work"
                if work.exists():
                    shutil.copy(work, options.keep / f"{_named(door.kind)}-died-{seed}")
                if not lines:
                    break
            seed += 1_000_000
        yield door.kind, total


def _add(total: Tally, raw: dict[str, Any]) -> None:
    total.read += raw["read"]
    total.used += raw["used"]
    total.commanded += raw["commanded"]
    total.refused += raw["refused"]
    total.slowest = max(total.slowest, raw["slowest"])
    total.faults.update(raw["faults"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=7000, help="of each kind")
    parser.add_argument("--minutes", type=float, default=5.0, help="for each kind, at most")
    parser.add_argument("--kind", default="", help="the kinds with this in their name")
    parser.add_argument(
        "--commanded", type=int, default=400, metavar="N", help="one of N is given to a command"
    )
    parser.add_argument("--only", default="", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzzing")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    if options.only:
        campaign(options.only, inputs=options.inputs, minutes=options.minutes, commanded=options.commanded, seed=options.seed, keep=options.keep)  # fmt: skip
        return
    whole = Tally()
    print(
        f"{'kind':32} {'read':>7} {'used':>6} {'commands':>8} {'refused':>8} {'slowest':>8}  faults"
    )
    for kind, tally in campaigns(options):
        print(
            f"{kind:32} {tally.read:7} {tally.used:6} {tally.commanded:8} {tally.refused:8} "
            f"{tally.slowest:7.2f}s  {sum(tally.faults.values())}",
            *(f"    {count} x {fault}" for fault, count in tally.faults.most_common()),
            sep="\n",
            flush=True,
        )
        _add(whole, asdict(tally) | {"faults": dict(tally.faults)})
    print(
        f"{whole.inputs} inputs, {sum(whole.faults.values())} faults, slowest {whole.slowest:.2f} s"
    )


if __name__ == "__main__":
    main()
