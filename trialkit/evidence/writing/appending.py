"""The one way into a store: a batch of events, all or nothing, chained to what was there."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store, act_as
from trialkit.evidence.log.actions import NEEDING_REASON, EventAction
from trialkit.evidence.log.events import ENTRY, TEXTS, LogEnd, Occasion, of_actions
from trialkit.evidence.log.hashing import BEFORE, chain, digests, salts
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.log.tables import CONTENT, EVENT
from trialkit.evidence.people.gate import in_own_role, permit_entries
from trialkit.evidence.people.keeping_people import keep_people
from trialkit.evidence.people.people import people_of
from trialkit.evidence.people.placing import with_places
from trialkit.evidence.standing.control import touched_control
from trialkit.evidence.standing.keeping_rows import project, touched

_OF_DATA = [each.value for each in EventAction if each.is_of_data]
_SALTS = [f"{text}_salt" for text in TEXTS]
_AT_A_TIME = 10_000
"""Events that are handed to the driver at once."""


def append(store: Store, entries: pl.DataFrame, occasion: Occasion) -> LogEnd:
    """Write the entries as events of one batch, in their order, and what they come to.

    ``entries`` has the columns of :data:`~trialkit.evidence.log.events.ENTRY`. Returns the new end of the
    log, which whoever entered something may write down.

    Raises :class:`EvidenceError`, with nothing written, for a change without a reason, one of a text
    that is not there any more, and whatever the database refuses.
    """
    with store.by(occasion.author.person).writing() as connection:
        return append_to(connection, entries, occasion)


def append_to(connection: sa.Connection, entries: pl.DataFrame, occasion: Occasion) -> LogEnd:
    """The same within a transaction of the caller's, which nobody else can be in."""
    _refuse(entries)
    if entries.is_empty():
        return head_of(connection)
    act_as(connection, occasion.author.person)
    people = people_of(connection)
    occasion = in_own_role(people, occasion)
    entries = with_places(connection, people, entries, occasion.author.site)
    permit_entries(connection, people, entries, occasion)
    return append_past_the_gate(connection, entries, occasion)


def append_past_the_gate(
    connection: sa.Connection, entries: pl.DataFrame, occasion: Occasion
) -> LogEnd:
    """The same for who was let in by another right than those of the people of the store."""
    before = head_of(connection)
    events = _events(entries, occasion, before)
    of_data = of_actions(events, _OF_DATA)
    control = touched_control(connection, events)
    control.carry_out(events)
    state = touched(connection, of_data)
    were = {key: row.seq for key, row in state.rows.items()}
    state.carry_out(of_data)
    _write(connection, EVENT, events)
    _write(connection, CONTENT, events.filter(pl.any_horizontal(pl.col(_SALTS).is_not_null())))
    keep_people(connection, events)
    project(connection, state, were, of_data)
    control.write(connection)
    return LogEnd(seq=events["seq"][-1], hash=events["hash"][-1])


def _refuse(entries: pl.DataFrame) -> None:
    if entries.columns != list(ENTRY):
        raise RuntimeError(f"entries have the columns {entries.columns}, expected {list(ENTRY)}")
    changes = of_actions(entries, NEEDING_REASON)
    silent = (row for row, reason in enumerate(changes["reason"]) if not reason.strip())
    if (row := next(silent, None)) is not None:
        first = changes.row(row, named=True)
        where = ", ".join(filter(None, (first["form"], first["subject_id"], first["item"])))
        raise EvidenceError(
            f"{where}{': ' if where else ''}{EventAction(first['action']).deed} needs a reason; say why, nothing was "
            "written"
        )


def _events(entries: pl.DataFrame, occasion: Occasion, before: LogEnd) -> pl.DataFrame:
    """The entries with all that an event says, and its hash."""
    author, count = occasion.author, entries.height
    common = {
        "at": occasion.moment, "zone": author.zone, "person": author.person,
        "printed_name": author.printed_name, "role": author.role, "site": author.site,
        "door": occasion.door.value, "definition": occasion.definition,
    }  # fmt: skip
    events = entries.hstack(
        [
            pl.Series("seq", range(before.seq + 1, before.seq + 1 + count), dtype=pl.Int64),
            _repeated("batch", before.seq + 1, count),
            *(_repeated(name, value, count) for name, value in common.items()),
            *(column for text in TEXTS for column in _sealed(entries[text])),
        ]
    )
    hashes = chain(events, before.hash)
    before_each = pl.Series(BEFORE, [before.hash, *hashes[:-1]])
    return events.hstack([before_each, pl.Series("hash", hashes)])


def _repeated(name: str, value: str | int, count: int) -> pl.Series:
    return pl.Series(name, [value]).new_from_index(0, count)


def _sealed(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The salt and the digest of each text."""
    if not (texts != "").any():
        nothing = pl.Series(f"{texts.name}_salt", [None], dtype=pl.Binary)
        return nothing.new_from_index(0, len(texts)), _repeated(
            f"{texts.name}_sha256", "", len(texts)
        )
    salt = salts(texts)
    return (
        pl.Series(f"{texts.name}_salt", salt, dtype=pl.Binary),
        pl.Series(f"{texts.name}_sha256", digests(texts, salt), dtype=pl.String),
    )


def _write(connection: sa.Connection, table: sa.Table, rows: pl.DataFrame) -> None:
    """Insert the rows of a frame that has the columns of the table."""
    names = [column.name for column in table.columns]
    for some in rows.iter_slices(_AT_A_TIME):
        values = list(zip(*(some[name].to_list() for name in names), strict=True))
        insert_rows(connection, table, names, values)


def insert_rows(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """Insert rows that have these columns, by the driver's own loop."""
    if not rows:
        return
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    marks = ", ".join([mark] * len(names))
    listed = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in names)
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({listed}) VALUES ({marks})", rows)
