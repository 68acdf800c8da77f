"""The command line's CPU time, an older commit and the present tree side by side, in turn.

Run ``python benchmarks/house_benchmark.py [--base REV] [--passes N] [--trial DIR]``. The older commit
is checked out for the time being; each pass runs every command once with either tree, so that what
else the machine does weighs on both. User and system time of the processes are added up; ratios of
the medians are printed and never asserted.
"""

import argparse
import tempfile
from pathlib import Path
from statistics import median

from two_trees import BASE, HERE, Tree, checked_out, cost_of

COMMANDS = ("validate", "run")
PASSES = 5
_COMMAND = Path(__file__).parent / "works" / "command.py"


def compare(base: Path, *, trial: str, passes: int) -> None:
    """Print each command's CPU time in both trees, and their ratio."""
    with tempfile.TemporaryDirectory() as place:
        for command in COMMANDS:
            spent: dict[str, list[float]] = {"base": [], "now": []}
            for number in range(passes + 1):  # the first pass fills the caches
                for name, tree in (("base", base), ("now", HERE)):
                    out = Path(place) / f"{command}-{name}-{number}"
                    call = (command, tree / trial, "--out", out)
                    cost = cost_of(_COMMAND, call, Tree(name=name, path=tree))
                    spent[name] += [cost.cpu] if cost and number else []
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
