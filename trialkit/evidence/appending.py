"""The one way into a store: a batch of events, all or nothing, chained to what was there."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.actions import EventAction
from trialkit.evidence.control import touched_control
from trialkit.evidence.events import ENTRY, TEXTS, LogEnd, Occasion
from trialkit.evidence.gate import in_own_role, permit_entries
from trialkit.evidence.hashing import BEFORE, CHAINED, chain, digests, salts
from trialkit.evidence.keeping_people import keep_people
from trialkit.evidence.keeping_rows import project, touched
from trialkit.evidence.opening import Store, act_as
from trialkit.evidence.placing import with_places
from trialkit.evidence.reading import head_of
from trialkit.evidence.tables import CONTENT, EVENT

_WITHOUT_REASON = [each.value for each in EventAction if each.needs_reason]
_OF_DATA = [each.value for each in EventAction if each.is_of_data]
_SALTS = [f"{text}_salt" for text in TEXTS]


def append(store: Store, entries: pl.DataFrame, occasion: Occasion) -> LogEnd:
    """Write the entries as events of one batch, in their order, and what they come to.

    ``entries`` has the columns of :data:`~trialkit.evidence.events.ENTRY`. Returns the new end of the
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
    occasion = in_own_role(connection, occasion)
    entries = with_places(connection, entries, occasion.author.site)
    permit_entries(connection, entries, occasion)
    return append_past_the_gate(connection, entries, occasion)


def append_past_the_gate(
    connection: sa.Connection, entries: pl.DataFrame, occasion: Occasion
) -> LogEnd:
    """The same for who was let in by another right than those of the people of the store."""
    before = head_of(connection)
    events = _events(entries, occasion, before)
    of_data = events.filter(pl.col("action").is_in(_OF_DATA))
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
    silent = entries.filter(
        pl.col("action").is_in(_WITHOUT_REASON) & (pl.col("reason").str.strip_chars() == "")
    )
    if not silent.is_empty():
        first = silent.row(0, named=True)
        where = ", ".join(filter(None, (first["form"], first["subject_id"], first["item"])))
        raise EvidenceError(
            f"{where or first['action']}: {first['action']} needs a reason; say why, nothing was written"
        )


def _events(entries: pl.DataFrame, occasion: Occasion, before: LogEnd) -> pl.DataFrame:
    """The entries with all that an event says, and its hash."""
    author = occasion.author
    events = entries.with_columns(
        pl.int_range(before.seq + 1, before.seq + 1 + pl.len(), dtype=pl.Int64).alias("seq"),
        pl.lit(before.seq + 1, dtype=pl.Int64).alias("batch"),
        pl.lit(occasion.moment).alias("at"),
        pl.lit(author.zone).alias("zone"),
        pl.lit(author.person).alias("person"),
        pl.lit(author.printed_name).alias("printed_name"),
        pl.lit(author.role).alias("role"),
        pl.lit(author.site).alias("site"),
        pl.lit(occasion.door.value).alias("door"),
        pl.lit(occasion.definition).alias("definition"),
        *(column for text in TEXTS for column in _sealed(entries[text])),
    )
    hashes = chain(events.select(name for name in CHAINED if name != BEFORE), before.hash)
    return events.with_columns(
        pl.Series(BEFORE, [before.hash, *hashes[:-1]]), pl.Series("hash", hashes)
    )


def _sealed(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The salt and the digest of each text."""
    salt = salts(texts)
    return (
        pl.Series(f"{texts.name}_salt", salt, dtype=pl.Binary),
        pl.Series(f"{texts.name}_sha256", digests(texts, salt), dtype=pl.String),
    )


def _write(connection: sa.Connection, table: sa.Table, rows: pl.DataFrame) -> None:
    """Insert the rows of a frame that has the columns of the table, by the driver's own loop."""
    if rows.is_empty():
        return
    names = [column.name for column in table.columns]
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    marks = ", ".join([mark] * len(names))
    listed = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in names)
    values: Sequence[tuple[Any, ...]] = rows.select(names).rows()
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({listed}) VALUES ({marks})", list(values)
    )
