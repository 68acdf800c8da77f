"""The worlds, each made once a session and only when it is asked for."""

import pytest

from tests.planned.equal.cases import cases
from tests.planned.equal.second_reading import SecondReading
from tests.planned.equal.worlds import LATER, SCARRED, SCORES, World, edited, world_of

EDITS = {"as written": (), "scarred": SCARRED, "later baseline": LATER}


@pytest.fixture(scope="session", params=EDITS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Each of the worlds."""
    name = request.param
    folder = edited(tmp_path_factory.mktemp("world"), EDITS[name])
    trial = SecondReading(folder, SCORES if name == "scarred" else None)
    return world_of(trial, cases(paired_events=name == "later baseline"))
