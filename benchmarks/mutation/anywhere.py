"""Faults of any kind at any place: the operators of cosmic-ray."""

import random
from collections.abc import Iterator
from pathlib import Path

import cosmic_ray.plugins
from cosmic_ray.mutating import mutate_code

from mutation.fault import Fault, modules_of, source_of

LEFT_OUT = (
    "BitOr", "BitAnd", "BitXor", "LShift", "RShift", "FloorDiv", "Mod", "Pow", "_Is", "Is_",
    "AddNot", "Invert", "ExceptionReplacer", "RemoveDecorator", "VariableReplacer", "VariableInserter",
)  # fmt: skip
"""Faults that nobody makes (a shift of a float) or that fail on import would flatter the tests."""
PLACES = 8
"""Of an operator in a module, so many of its places can be drawn."""


def faults_anywhere(rooms: list[str], rng: random.Random) -> Iterator[Fault]:
    """Without end: a module in proportion to its lines, an operator, a place."""
    modules = modules_of(rooms)
    lines = [len(source_of(module).splitlines()) for module in modules]
    names = [
        name
        for name in cosmic_ray.plugins.operator_names()
        if not any(part in name for part in LEFT_OUT)
    ]
    while True:
        module = rng.choices(modules, lines)[0]
        fault = _fault(module, rng.choice(names), rng.randrange(PLACES))
        if fault is not None and fault.is_real():
            yield fault


def _fault(module: Path, name: str, place: int) -> Fault | None:
    text = mutate_code(source_of(module), cosmic_ray.plugins.get_operator(name)(), place)
    return None if text is None else Fault(module=module, kind=name.rsplit("/", 1)[-1], text=text)
