"""A store on either engine; PostgreSQL runs where ``-m postgres`` asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evidence.postgres_server import Server, server
from tests.evidence.world import Kept, close_all, on_engine


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """An empty store and the ways to it."""
    made = on_engine(request, tmp_path)
    yield made
    close_all(made)
