"""An older commit and the present tree, in turn: the CPU time and the memory of processes.

Wall time says what else the machine does; user and system time of a process, the smallest of
several passes in which both trees take turns, says what the work costs.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
BASE = "8b1bcef"
"""The commit before knowledge moved into the nouns of the house."""
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
"""What a process finds: an installed package has its bytecode, and from the second pass a tree has."""
NOT_POSSIBLE = 77
"""The exit code of a work that its tree cannot do."""
TOLD = "CPU "
"""How a process begins the line that says what the work itself took, without the preparations."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work took."""

    cpu: float
    """Seconds of user and system time."""
    peak: float
    """Most memory at a time, in MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A state of the source, and what it needs beside the environment."""

    name: str
    path: Path
    libraries: tuple[Path, ...] = ()


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """The tree of a commit in a folder of its own, for the time being."""
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place) / "tree"
        git = ["git", "-C", str(HERE), "worktree"]
        subprocess.run(
            [*git, "add", "--quiet", "--detach", str(tree), revision], check=True, timeout=60
        )
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True, timeout=60)


def cost_of(script: Path, arguments: Sequence[object], tree: Tree) -> Cost | None:
    """What a script takes with this tree; None where the tree cannot do it.

    It is that of the whole process, or what its last line tells of the work alone.
    """
    paths = (str(tree.path), *map(str, tree.libraries))
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        process = subprocess.Popen(
            [sys.executable, str(script), *map(str, arguments)],
            cwd=tree.path,
            env={**ENVIRONMENT, "PYTHONPATH": os.pathsep.join(paths), "TREE": str(tree.path)},
            stdout=said,
            stderr=complained,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        complained.seek(0)
        if process.returncode == NOT_POSSIBLE:
            return None
        complaint = complained.read().decode()
        gone = [line for line in complaint.splitlines() if "ModuleNotFoundError" in line]
        if gone and tree.path != HERE:
            raise SystemExit(
                f"{tree.name} stands on a library that is not here ({gone[0].strip()}); "
                "install it with 'pip install --target DIR' and call with --base-libs DIR"
            )
        # a validation ends with 1 when it finds something, Python when it fails
        if process.returncode not in {0, 1} or "Traceback" in complaint:
            raise RuntimeError(
                f"{script.name} of {tree.path} ended with {process.returncode}: {complaint[-2000:]}"
            )
        told = [line for line in said.read().decode().splitlines() if line.startswith(TOLD)]
    cpu = float(told[-1].removeprefix(TOLD)) if told else usage.ru_utime + usage.ru_stime
    return Cost(cpu, usage.ru_maxrss / 1024)


def least(costs: Sequence[Cost | None]) -> Cost | None:
    """The smallest of what several passes took; None where one could not be done."""
    done = [each for each in costs if each is not None]
    if len(done) < len(costs) or not done:
        return None
    return Cost(min(each.cpu for each in done), max(each.peak for each in done))
