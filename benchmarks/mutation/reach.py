"""Which tests run a line, and how long each takes: from one run of the suite under coverage."""

import ast
import os
import subprocess
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from xml.etree import ElementTree

from coverage import CoverageData

from mutation.fault import ROOT, Fault, source_of

QUICK_SECONDS = 8.0
"""Tests that take no longer together are run at once before the others are even collected."""
ALL_SECONDS = 60.0
"""What a fault's tests may take, each alone; the slowest, whole runs of a trial, come last."""
ALL_BUT_SLOW = "not slow and not install and not cluster and not browser"
WHOLE = {"HYPOTHESIS_PROFILE": "whole"}
"""A fault has every case of a table against it, and a property with all its examples."""
SETTINGS = "[run]\nsource = trialkit\nparallel = True\ndata_file = {data}\n"


def record(folder: Path, *, processes: int, tests: tuple[str, ...] = ()) -> None:
    """Run all tests but the slow ones, or some files, and add what each test reaches to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "coverage.ini"
    settings.write_text(SETTINGS.format(data=folder / "reach"), encoding="utf-8")
    number = len(list(folder.glob("times*.xml")))
    command = [
        sys.executable, "-m", "pytest", "-m", ALL_BUT_SLOW, "-q", "-n", str(processes),
        "-p", "no:cacheprovider",
        "--cov=trialkit", f"--cov-config={settings}", "--cov-context=test", "--cov-report=",
        "--cov-append", f"--junitxml={folder / f'times{number}.xml'}", *tests,
    ]  # fmt: skip
    environment = {**os.environ, **WHOLE, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if run.returncode:
        sys.exit("the tests fail without any fault in the code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a run of the suite went through."""

    data: CoverageData
    seconds: dict[str, float]
    """Of a test function, the time of all its cases."""

    @classmethod
    def of(cls, folder: Path) -> "Reach":
        """Of what ``record`` wrote."""
        data = CoverageData(str(folder / "reach"))
        data.read()
        seconds: dict[str, float] = {}
        for path in folder.glob("times*.xml"):
            for case in ElementTree.parse(path).iter("testcase"):
                file = case.get("classname", "").replace(".", "/") + ".py"
                name = f"{file}::{_function(case.get('name', ''))}"
                seconds[name] = seconds.get(name, 0.0) + float(case.get("time", 0))
        return cls(data=data, seconds=seconds)

    def batches(self, fault: Fault) -> list[list[str]]:
        """The test functions that run the statement of a fault: its mirror's, quick ones, the rest.

        A line that runs at import, a constant or a class's field, is reached by whoever uses it;
        there all tests that run anything of the module count. What a fixture runs is seen by every
        test of its file.
        """
        measured = self.data.measured_files()
        name = next((each for each in measured if each.endswith(f"/{fault.module}")), None)
        if name is None:
            return []
        by_line = self.data.contexts_by_lineno(name)
        wanted = set(_statement_lines(fault))
        found = {each for line in wanted for each in by_line.get(line, ())}
        if found <= {""}:
            found = {each for contexts in by_line.values() for each in contexts}
        tests = {_function(each.split("|")[0]) for each in found if each}
        files = {each.split("::")[0] for each in found if each.endswith("|setup")}
        tests |= {test for test in self.seconds if test.split("::")[0] in files}
        mirror = str(Path("tests", *fault.module.parts[1:-1], f"test_{fault.module.name}"))
        quickest = sorted(tests, key=lambda test: (self.seconds.get(test, 0.0), test))
        near = [test for test in quickest if test.startswith(f"{mirror}::")]
        others = [test for test in quickest if not test.startswith(f"{mirror}::")]
        upto = list(accumulate(self.seconds.get(test, 0.0) for test in others))
        quick, all_in_time = bisect_right(upto, QUICK_SECONDS), bisect_right(upto, ALL_SECONDS)
        return [batch for batch in (near, others[:quick], others[quick:all_in_time]) if batch]


def _function(name: str) -> str:
    return name.split("[", 1)[0]


def _statement_lines(fault: Fault) -> Iterator[int]:
    """The lines of the innermost statements in which the fault stands, without their bodies."""
    tree = ast.parse(source_of(fault.module))
    for number in fault.lines():
        holders = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.stmt) and node.lineno <= number <= (node.end_lineno or 0)
        ]
        if holders:
            node = max(holders, key=lambda each: each.lineno)
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            yield from range(node.lineno, max(last, node.lineno) + 1)
