"""How many small faults do the tests notice?

    python benchmarks/mutants.py --mutants 200 --seed 1 [--rooms analysis checks report]

Takes mutants at random from the rooms named, each a place in the code where one operator of
cosmic-ray applies, and runs the tests of the mutated module in a copy of the project: first the
test file that mirrors it, then the tests that import it, then those that import a module which
does. A mutant that all of them let pass survives and is printed with its place.
Needs ``pip install cosmic-ray``; runs outside CI.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cosmic_ray.plugins
from cosmic_ray.mutating import mutate_code

ROOT = Path(__file__).parents[1]
SECONDS = 240
"""After so long a mutant counts as noticed: it made something run for ever."""
PASSED, NOTHING_COLLECTED = 0, 5
LEFT_OUT = (
    "BitOr", "BitAnd", "BitXor", "LShift", "RShift", "FloorDiv", "Mod", "Pow", "_Is", "Is_",
    "AddNot", "ExceptionReplacer", "RemoveDecorator", "VariableReplacer", "VariableInserter",
)  # fmt: skip
"""Faults that nobody makes (a shift of a float) or that fail on import would flatter the tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One operator, applied at its n-th place in a module."""

    module: Path
    operator: str
    occurrence: int

    def text(self) -> str | None:
        """The module with the fault in it; None where there is no such place."""
        operator = cosmic_ray.plugins.get_operator(self.operator)()
        source = (ROOT / self.module).read_text(encoding="utf-8")
        mutated: str | None = mutate_code(source, operator, self.occurrence)
        return None if mutated == source else mutated

    def place(self) -> str:
        """The first line that differs, with its number."""
        before = (ROOT / self.module).read_text(encoding="utf-8").splitlines()
        after = (self.text() or "").splitlines()
        for number, (old, new) in enumerate(zip(before, after, strict=False), start=1):
            if old != new:
                return f"{self.module}:{number}\n  - {old.strip()}\n  + {new.strip()}"
        return str(self.module)


def operators() -> list[str]:
    """The operators of cosmic-ray that make faults a person could make."""
    names = cosmic_ray.plugins.operator_names()
    return [name for name in names if not any(part in name for part in LEFT_OUT)]


def drawn(rooms: list[str], count: int, seed: int) -> Iterator[Mutant]:
    """Mutants at random: a module in proportion to its lines, an operator, a place."""
    rng = random.Random(seed)
    modules = [
        path.relative_to(ROOT)
        for room in rooms
        for path in sorted((ROOT / "trialkit" / room).rglob("*.py"))
        if path.name != "__init__.py"
    ]
    lines = [len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in modules]
    names, seen = operators(), set()
    while len(seen) < count:
        module = rng.choices(modules, lines)[0]
        mutant = Mutant(module=module, operator=rng.choice(names), occurrence=rng.randrange(8))
        if mutant not in seen and mutant.text() is not None and not in_words(mutant):
            seen.add(mutant)
            yield mutant


def in_words(mutant: Mutant) -> bool:
    """Whether the fault is in a docstring or leaves the syntax tree as it was."""
    before = ast.dump(ast.parse((ROOT / mutant.module).read_text(encoding="utf-8")))
    try:
        return ast.dump(ast.parse(mutant.text() or "")) == before
    except SyntaxError:
        return True


def importers() -> dict[str, set[str]]:
    """Who imports each module, among the package's modules and the tests."""
    found: dict[str, set[str]] = {}
    paths = [*(ROOT / "trialkit").rglob("*.py"), *(ROOT / "tests").rglob("test_*.py")]
    for path in paths:
        name = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("trialkit"):
                targets = [
                    node.module or "",
                    *(f"{node.module}.{each.name}" for each in node.names),
                ]
                for target in targets:
                    found.setdefault(target.replace(".", "/") + ".py", set()).add(name)
    return found


def stages(module: Path, used_by: dict[str, set[str]]) -> Iterator[list[str]]:
    """The tests of a module, nearest first: its own, its importers', theirs."""
    own = Path("tests", *module.parts[1:-1], f"test_{module.name}")
    seen: set[str] = set()
    near, wave = {str(own)}, {str(module)}
    for _ in range(4):
        wave = {user for each in wave for user in used_by.get(each, ())}
        near |= {each for each in wave if each.startswith("tests/")}
        near |= {
            str(Path("tests", *Path(each).parts[1:-1], f"test_{Path(each).name}"))
            for each in wave
            if each.startswith("trialkit/")
        }
        tests = sorted(each for each in near - seen if (ROOT / each).is_file())
        seen |= near
        if tests:
            yield tests


def survives(mutant: Mutant, copy: Path, used_by: dict[str, set[str]]) -> bool:
    """Whether every stage of the tests passes with the fault in the code."""
    target = copy / mutant.module
    source = target.read_text(encoding="utf-8")
    target.write_text(mutant.text() or source, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        for tests in stages(mutant.module, used_by):
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
            run = subprocess.run(
                command,
                cwd=copy,
                env=environment,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
            if run.returncode not in {PASSED, NOTHING_COLLECTED}:
                return False
    except subprocess.TimeoutExpired:
        return False
    finally:
        target.write_text(source, encoding="utf-8")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutants", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", nargs="+", default=["analysis", "checks", "report"])
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    used_by = importers()
    mutants = list(drawn(asked.rooms, asked.mutants, asked.seed))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(asked.processes) as pool:
        copies = [Path(folder, str(number)) for number in range(asked.processes)]
        for copy in copies:
            left_out = shutil.ignore_patterns(".git", ".*_cache", "__pycache__", "output")
            shutil.copytree(ROOT, copy, ignore=left_out)
        shares = [mutants[number :: asked.processes] for number in range(asked.processes)]

        def work(number: int) -> list[Mutant]:
            left = []
            for mutant in shares[number]:
                alive = survives(mutant, copies[number], used_by)
                print("survived" if alive else "noticed ", mutant.place(), flush=True)
                left += [mutant] if alive else []
            return left

        left = [each for part in pool.map(work, range(asked.processes)) for each in part]
    noticed = len(mutants) - len(left)
    print(f"\n{noticed} of {len(mutants)} noticed ({100 * noticed / len(mutants):.1f}%)")


if __name__ == "__main__":
    main()
