"""The tables of the forms as they stood at one moment of the log, as a source that can be frozen."""

from collections.abc import Mapping

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_replayed import tables_replayed
from trialkit.evidence.database.opening import Store
from trialkit.evidence.database.people_tables import SEALED_ROW
from trialkit.evidence.log.events import LogEnd
from trialkit.evidence.log.kept_json import kept_columns
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import EVENT, FORM_ROW, FORM_TABLE, KEY
from trialkit.evidence.people.gate import permit_somewhere
from trialkit.evidence.people.marks_apart import together
from trialkit.evidence.people.sight import sight_of, withheld_of
from trialkit.evidence.standing.withholding import seen_tables
from trialkit.store.sources.memory_source import MemorySource

_KEYS = ("subject_id", "visit", "repeat")
_AT_A_TIME = 5_000
"""Rows that are fetched at once."""


def source_at(
    store: Store, *, until: int | None = None, files: frozenset[str] = frozenset()
) -> tuple[MemorySource, LogEnd]:
    """All tables after the event ``until`` (now, if None), all at one moment, and which it is.

    Of a store that somebody opened, as this person may see them.

    Raises :class:`EvidenceError` for a moment that the log does not have.
    """
    seen, head = tables_at(store, until=until)
    return MemorySource(tables=together(seen), files=files), head


def tables_at(
    store: Store, *, until: int | None = None
) -> tuple[Mapping[str, pl.DataFrame], LogEnd]:
    """The same as the store keeps them: marks that tell an arm have a table of their own."""
    with store.reading() as connection:
        permit_somewhere(connection, store.person, Right.READ)
        head = head_of(connection)
        if until is None or until == head.seq:
            tables = _as_they_stand(connection)
        else:
            head = moment(connection, until)
            tables = tables_replayed(connection, until)
        seen = seen_tables(tables, sight_of(connection, store.person))
    return seen, head


def moment(connection: sa.Connection, seq: int) -> LogEnd:
    """The end of the log when this was its last event."""
    found = head_of(connection, seq)
    if not seq or found.seq != seq:
        raise EvidenceError(
            f"event {seq} is not in the log, which ends with {head_of(connection).seq}; name one of its "
            "events, or a date"
        )
    return found


def last_until(store: Store, at: str) -> int:
    """The last event that was written until a moment (``2026-03-31T23:59:59.999Z``)."""
    with store.reading() as connection:
        found = connection.execute(
            sa.select(sa.func.max(EVENT.c.seq)).where(EVENT.c.at <= at)
        ).scalar()
    if found is None:
        raise EvidenceError(f"the store was begun after {at}; name a later moment")
    return int(found)


def _as_they_stand(connection: sa.Connection) -> Mapping[str, pl.DataFrame]:
    opened = connection.execute(sa.select(FORM_TABLE.c.form, FORM_TABLE.c.columns)).all()
    withheld = withheld_of(connection)
    return {
        form: _table(
            connection,
            form,
            kept_columns(told, of=f"form {form!r}"),
            withheld.get(form, frozenset()),
        )
        for form, told in opened
    }


def _table(
    connection: sa.Connection, form: str, columns: tuple[str, ...], withheld: frozenset[str]
) -> pl.DataFrame:
    """A form's rows in the order in which they were added; an empty cell is ``""``."""
    keys = [name for name in _KEYS if name in columns]
    items = [name for name in columns if name not in _KEYS]
    of_row = sa.and_(*(FORM_ROW.c[name] == SEALED_ROW.c[name] for name in ("form", *KEY)))
    kept_apart = sa.func.coalesce(SEALED_ROW.c.cells, "{}") if withheld else sa.literal("{}")
    rows_of = FORM_ROW.outerjoin(SEALED_ROW, of_row) if withheld else FORM_ROW
    asked = (
        sa.select(*(FORM_ROW.c[name] for name in keys), FORM_ROW.c.cells, kept_apart)
        .select_from(rows_of)
        .where(FORM_ROW.c.form == form)
        .order_by(FORM_ROW.c.position)
    )
    schema = {**dict.fromkeys(keys, pl.String), "cells": pl.String, "sealed": pl.String}
    kinds = (
        ("cells", [name for name in items if name not in withheld]),
        ("sealed", [name for name in items if name in withheld]),
    )
    parts = [pl.DataFrame(schema=dict.fromkeys(columns, pl.String))]
    found = connection.execution_options(yield_per=_AT_A_TIME).execute(asked)
    for rows in found.partitions(_AT_A_TIME):
        frame = pl.DataFrame(list(map(tuple, rows)), schema=schema, orient="row")
        for kept, those in kinds:
            if those:
                frame = frame.hstack(_cells(frame[kept], those, form))
        parts.append(frame.select(pl.col(columns).fill_null("")))
    return pl.concat(parts, rechunk=True)


def _cells(kept: pl.Series, items: list[str], form: str) -> pl.DataFrame:
    """The texts in the JSON of each row."""
    try:
        decoded = kept.str.json_decode(pl.Struct(dict.fromkeys(items, pl.String)))
    except pl.exceptions.ComputeError:
        raise EvidenceError(
            f"form {form!r}: a row holds what the store did not write; 'verify' says what was changed"
        ) from None
    return decoded.struct.unnest()
