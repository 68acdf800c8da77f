"""The worlds, each made once a session and only when it is asked for."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE
from tests.planned.equal.cases import cases, few_cases
from tests.planned.equal.second_reading import SecondReading
from tests.planned.equal.worlds import (
    LATER,
    SCARRED,
    SCORES,
    TEMPLATE,
    World,
    edited,
    world_of,
)

WORLDS = ("scarred", "example")
"""The one with every method and every kind of gap, and the one that is shipped."""
FURTHER = ("scarred everywhere", "as written", "later baseline", "template")
"""The first of them has each analysis in every population, where "scarred" has it in one."""


def _made(name: str, folder: Path) -> World:
    match name:
        case "as written":
            return world_of(SecondReading(edited(folder, ())), cases(paired_events=False))
        case "scarred" | "scarred everywhere":
            trial = SecondReading(edited(folder, SCARRED), SCORES)
            everywhere = name == "scarred everywhere"
            return world_of(trial, cases(paired_events=False, everywhere=everywhere))
        case "later baseline":
            return world_of(SecondReading(edited(folder, LATER)), cases(paired_events=True))
        case "example":
            return world_of(SecondReading(EXAMPLE), few_cases("vas"))
        case _:
            return world_of(SecondReading(TEMPLATE), {})


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], World]:
    """A world by its name. A fixture with parameters would make it again at every turn to another."""
    return cache(lambda name: _made(name, tmp_path_factory.mktemp("world")))


@pytest.fixture(
    params=[*WORLDS, *(pytest.param(each, marks=pytest.mark.further) for each in FURTHER)]
)
def world(request: pytest.FixtureRequest, worlds: Callable[[str], World]) -> World:
    """Each of the worlds."""
    return worlds(request.param)
