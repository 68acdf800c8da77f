"""How many small faults do the tests notice?

    python benchmarks/mutants.py [--mutants 200] [--glue 40] [--seed 1] [--reach FOLDER]

Puts faults into the code at random, one at a time: 200 by the operators of cosmic-ray in
``analysis/``, ``planned/``, ``checks/``, ``datasets/`` and ``report/``, and 40 in the glue between
plan, estimator and page (an option ignored, columns swapped, a sign, a wrong arm, visit or
population, a note dropped). For each it runs, in a copy of the project, the tests that go through
the line, the quickest first, and then those that hold plan and page as a whole, until one fails.
What they all let pass survives and is printed with its place, for a person to judge: a fault that
changes nothing (an equivalent one) is no survivor.

Which test goes through which line is recorded first, by the whole suite under coverage; with
``--reach`` an earlier record is used, and with ``--after`` only what an earlier run did not notice
is tried again. The same seed gives the same faults on the same code.
Needs ``pip install cosmic-ray pytest-cov``; runs outside CI, about an hour on two cores.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from queue import SimpleQueue

from mutation.anywhere import faults_anywhere
from mutation.fault import ROOT, Fault, source_of
from mutation.glue import glue_faults
from mutation.reach import ALL_BUT_SLOW, WHOLE, Reach, record

ROOMS = ["analysis", "planned", "checks", "datasets", "report"]
SECONDS = 900
"""After so long a fault counts as noticed: it made something run for ever."""
NETS = [
    "tests/planned/test_options_are_felt.py", "tests/planned/test_plan_is_felt.py",
    "tests/planned/equal", "tests/report/printed", "tests/report/words/test_options_are_told.py",
]  # fmt: skip
"""What holds the line as a whole. Its fixtures are made once, so that coverage names one test of
them where all see the fault."""
TESTS = ("-m", "pytest", "-m", ALL_BUT_SLOW, "-x", "-q", "-p", "no:cacheprovider")
PASSED, NOTHING_COLLECTED = 0, 5


def drawn(mutants: int, glue: int, seed: int) -> list[Fault]:
    """The faults of a seed, none twice."""
    of_both = (
        (faults_anywhere(ROOMS, random.Random(seed)), mutants),
        (glue_faults(random.Random(seed)), glue),
    )
    return [fault for faults, count in of_both for fault in islice(_different(faults), count)]


def _different(faults: Iterator[Fault]) -> Iterator[Fault]:
    seen = set()
    for fault in faults:
        if fault not in seen:
            seen.add(fault)
            yield fault


def survives(fault: Fault, copy: Path, reach: Reach) -> bool:
    """Whether every test that goes through the line passes with the fault in it."""
    target = copy / fault.module
    target.write_text(fault.text, encoding="utf-8")
    try:
        return all(_pass(batch, copy) for batch in (*reach.batches(fault), NETS))
    finally:
        target.write_text(source_of(fault.module), encoding="utf-8")


def _pass(tests: list[str], copy: Path) -> bool:
    there = [each for each in tests if (copy / each.split("::")[0]).exists()]
    threads = {"OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
    paths = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(
            [sys.executable, *TESTS, *there],
            cwd=copy,
            env={**os.environ, **WHOLE, **threads, **paths},
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return not there or run.returncode in {PASSED, NOTHING_COLLECTED}


def survivors_of(path: Path, faults: list[Fault]) -> list[Fault]:
    """Of the faults those that an earlier run, whose output the file holds, did not notice."""
    told = path.read_text(encoding="utf-8")
    return [fault for fault in faults if f"noticed  {fault.said()}\n" not in told]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutants", type=int, default=200)
    parser.add_argument("--glue", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--reach", type=Path, help="a folder with an earlier record, or for one")
    parser.add_argument("--after", type=Path, help="the output of an earlier run: what it noticed")
    asked = parser.parse_args()
    drawn_faults = drawn(asked.mutants, asked.glue, asked.seed)
    faults = survivors_of(asked.after, drawn_faults) if asked.after else drawn_faults
    with tempfile.TemporaryDirectory() as made, ThreadPoolExecutor(asked.processes) as pool:
        folder = asked.reach or Path(made, "reach")
        if not (folder / "reach").exists():
            record(folder, processes=asked.processes)
        reach = Reach.of(folder)
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(asked.processes):
            left_out = shutil.ignore_patterns(".git", ".*_cache", "__pycache__", "output")
            copies.put(Path(shutil.copytree(ROOT, Path(made, str(number)), ignore=left_out)))

        def lived(fault: Fault) -> bool:
            copy = copies.get()
            alive = survives(fault, copy, reach)
            copies.put(copy)
            print("survived" if alive else "noticed ", fault.said(), flush=True)
            return alive

        left = sum(pool.map(lived, faults))
    whole = len(drawn_faults)
    print(f"\n{whole - left} of {whole} noticed ({100 * (1 - left / whole):.1f}%)")


if __name__ == "__main__":
    main()
