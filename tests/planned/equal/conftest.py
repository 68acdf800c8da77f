"""The worlds, each made once a session and only when it is asked for."""

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

WORLDS = ("as written", "scarred", "later baseline", "example", "template")


@pytest.fixture(scope="session", params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Each of the worlds."""
    folder = tmp_path_factory.mktemp("world")
    match request.param:
        case "as written":
            return world_of(SecondReading(edited(folder, ())), cases(paired_events=False))
        case "scarred":
            trial = SecondReading(edited(folder, SCARRED), SCORES)
            return world_of(trial, cases(paired_events=False))
        case "later baseline":
            return world_of(SecondReading(edited(folder, LATER)), cases(paired_events=True))
        case "example":
            return world_of(SecondReading(EXAMPLE), few_cases("vas"))
        case _:
            return world_of(SecondReading(TEMPLATE), {})
