"""A store as an earlier trialkit would have left it, made of one of today: its rows, in the older tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import sqlalchemy as sa

from tests.evidence.table_listings import by_scripts, empty_file
from tests.evidence.world import ANN, Kept, on_postgres, on_sqlite
from trialkit.evidence.database.opening import Store, postgres_store
from trialkit.evidence.database.people_tables import (
    PERSON_GRANT,
    SEALED_ROW,
    SUBJECT_SITE,
    WITHHELD_ITEM,
)
from trialkit.evidence.database.tables_of_control import CONTROL, SECRET
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.tables import CONTENT, DEFINITION, EVENT, FORM_ROW, FORM_TABLE, KEY
from trialkit.evidence.writing import beginning
from trialkit.protocol.tables.canonical import canonical

TABLES = {
    "0001": (EVENT, CONTENT, DEFINITION, FORM_TABLE, FORM_ROW),
    "0002": (
        EVENT, CONTENT, DEFINITION, FORM_TABLE, FORM_ROW, SEALED_ROW, SECRET, *CONTROL, PERSON_GRANT,
        SUBJECT_SITE, WITHHELD_ITEM,
    ),
}  # fmt: skip
FILLED_BY_THE_SERVER = (PERSON_GRANT, SUBJECT_SITE, WITHHELD_ITEM)


def aged(source: Store, target: Store, revision: str) -> None:
    """Fill the tables of a revision in an empty database with the rows of a store."""
    by_scripts(target, revision)
    with source.as_it_is() as given, target.altering() as taken:
        if target.is_served and revision != "0001":
            taken.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER event_is_permitted")
        for table in TABLES[revision]:
            rows = [dict(row._mapping) for row in given.execute(sa.select(table))]
            if table is FORM_ROW and revision == "0001":
                rows = _with_arms(given, rows)
            if rows and not (target.is_served and table in FILLED_BY_THE_SERVER):
                taken.execute(table.insert(), rows)
        if target.is_served and revision != "0001":
            taken.exec_driver_sql("ALTER TABLE event ENABLE TRIGGER event_is_permitted")


def _with_arms(given: sa.Connection, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The cells that are kept apart since, with the others."""
    names = ("form", *KEY)
    sealed = {
        tuple(row._mapping[name] for name in names): kept_object(row.cells, of="a row")
        for row in given.execute(sa.select(SEALED_ROW))
    }
    for row in rows:
        cells = kept_object(str(row["cells"]), of="a row")
        cells |= sealed.get(tuple(row[name] for name in names), {})
        row["cells"] = canonical(cells)
    return rows


@contextmanager
def old_store(
    history: Callable[[Kept], object], revision: str, made: Kept, target: Store
) -> Iterator[Store]:
    """A store of a revision with a history that today's code enters into another one."""
    with patch.object(beginning, "HEAD", "0001"):
        history(made)
    source = made.store if made.path else postgres_store(made.owner_url)
    made.opened.append(source)
    aged(source, target, revision)
    yield target


@contextmanager
def an_old_store(
    place: object, history: Callable[[Kept], object], revision: str
) -> Iterator[tuple[Kept, Kept]]:
    """The old store, and that of today with the same history; ``place`` is a folder or a server."""
    from pathlib import Path

    from tests.evidence.postgres_server import SERVICE, Server, new_database

    if isinstance(place, Path):
        made, target = on_sqlite(place), empty_file(place, "old.sqlite")
        old = Kept(store=target, path=place / "old.sqlite")
    else:
        assert isinstance(place, Server)
        made = on_postgres(place)
        name = f"old_{made.owner_url.rpartition('_')[2]}"
        owner = new_database(place, name)
        target = postgres_store(owner)
        old = Kept(
            store=postgres_store(place.url(SERVICE, name)).by(ANN.person),
            owner_url=owner,
            application_url=place.url(ANN.person, name),
            opened=[target],
        )
    try:
        with old_store(history, revision, made, target):
            yield old, made
    finally:
        for each in (made.store, *made.opened, old.store, *old.opened):
            each.close()
