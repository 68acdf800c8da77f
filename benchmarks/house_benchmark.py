"""The command line's CPU time, an older commit and the present tree side by side, in turn.

Run ``python benchmarks/house_benchmark.py [--base REV] [--passes N] [--trial DIR]``. The older commit
is checked out for the time being; each pass runs every command once with either tree, so that what
else the machine does weighs on both. User and system time of the processes are added up; ratios of
the medians are printed and never asserted.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parents[1]
BASE = "8b1bcef"
"""The commit before knowledge moved into the nouns of the house."""
COMMANDS = ("validate", "run")
PASSES = 5
_CALL = "import sys; from trialkit.cli.main import main; sys.exit(main())"


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


def cpu_seconds(tree: Path, command: str, trial: Path, out: Path) -> float:
    """User and system time of one command of a tree, its own processes included."""
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-c", _CALL, command, str(trial), "--out", str(out)],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode not in {0, 1}:
        raise RuntimeError(
            f"trialkit {command} of {tree} ended with {done.returncode}: {done.stderr}"
        )
    after = os.times()
    spent = after.children_user - before.children_user
    return spent + after.children_system - before.children_system


def compare(base: Path, *, trial: str, passes: int) -> None:
    """Print each command's CPU time in both trees, and their ratio."""
    with tempfile.TemporaryDirectory() as place:
        for command in COMMANDS:
            spent: dict[str, list[float]] = {"base": [], "now": []}
            for number in range(passes + 1):  # the first pass fills the caches
                for name, tree in (("base", base), ("now", HERE)):
                    out = Path(place) / f"{command}-{name}-{number}"
                    seconds = cpu_seconds(tree, command, tree / trial, out)
                    spent[name] += [seconds] if number else []
            was, now = median(spent["base"]), median(spent["now"])
            print(f"{command:>9}: {was:6.2f} s before, {now:6.2f} s now, ratio {now / was:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=BASE, metavar="REV")
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--trial", default="example_trial", metavar="DIR")
    given = parser.parse_args()
    with checked_out(given.base) as older:
        compare(older, trial=given.trial, passes=given.passes)
