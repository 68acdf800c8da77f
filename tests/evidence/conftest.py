"""A store on either engine; PostgreSQL runs where ``-m postgres`` asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evidence.postgres_server import Server, server
from tests.evidence.world import Kept, on_postgres, on_sqlite


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """An empty store and the ways to it."""
    if request.param == "sqlite":
        made = on_sqlite(tmp_path)
    else:
        made = on_postgres(request.getfixturevalue("postgres"))
    yield made
    for store in (made.store, *made.opened):
        store.close()
