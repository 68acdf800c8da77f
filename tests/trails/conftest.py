"""Trials whose results are followed."""

import pytest

from tests.conftest import few_at_once
from tests.trails.follower import Follower


@pytest.fixture(scope="module", params=few_at_once(["three_arms", "example"], 1))
def followed(request: pytest.FixtureRequest) -> Follower:
    return Follower(request.getfixturevalue(request.param))
