"""The log and what it comes to, as frames."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.log.events import LogEnd
from trialkit.evidence.log.tables import CONTENT, EVENT, REDACTABLE

_Named = TypeVar("_Named")
_ASKED_AT_ONCE = 200
"""Participants, or queries, that one statement asks for: a driver takes so many values and no more."""
_AT_A_TIME = 50_000
"""Events that are held in memory at once."""
EVENTS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    **{
        column.name: pl.Int64 if isinstance(column.type, sa.BigInteger) else pl.String
        for column in EVENT.columns
    },
    **{
        column.name: pl.Binary if isinstance(column.type, sa.LargeBinary) else pl.String
        for column in CONTENT.columns
        if column.name != "seq"
    },
}
"""The columns of an event with its texts, which are null where they were redacted."""


def some_at_once(names: Sequence[_Named]) -> Iterator[Sequence[_Named]]:
    """The names, or numbers, in parts that one statement can ask for."""
    for start in range(0, len(names), _ASKED_AT_ONCE):
        yield names[start : start + _ASKED_AT_ONCE]


def head_of(connection: sa.Connection, until: int | None = None) -> LogEnd:
    """The last event, after which the next one comes; or the last one until another.

    On a server it is told to everybody, who may not see the event itself.
    """
    if connection.dialect.name == "postgresql":
        asked = sa.select(sa.func.end_of_log(until).table_valued("seq", "hash"))
    else:
        asked = sa.select(EVENT.c.seq, EVENT.c.hash).order_by(EVENT.c.seq.desc()).limit(1)
        asked = asked if until is None else asked.where(EVENT.c.seq <= until)
    last = connection.execute(asked).one_or_none()
    return LogEnd() if last is None else LogEnd(seq=last.seq, hash=last.hash)


def events(
    connection: sa.Connection, *where: sa.ColumnElement[bool], until: int | None = None
) -> Iterator[pl.DataFrame]:
    """The events in their order, some at a time, with what stands beside them.

    ``where`` picks some, ``until`` is the last sequence that is looked at.
    """
    asked = (
        sa.select(EVENT, *(CONTENT.c[name] for name in REDACTABLE))
        .outerjoin(CONTENT, CONTENT.c.seq == EVENT.c.seq)
        .where(*where)
        .order_by(EVENT.c.seq)
    )
    if until is not None:
        asked = asked.where(EVENT.c.seq <= until)
    found = connection.execute(asked, execution_options={"yield_per": _AT_A_TIME})
    for rows in found.partitions(_AT_A_TIME):
        yield _frame(rows)


def _frame(rows: Sequence[sa.Row[tuple[object, ...]]]) -> pl.DataFrame:
    try:
        return pl.DataFrame(list(map(tuple, rows)), schema=EVENTS, orient="row")
    except (pl.exceptions.PolarsError, TypeError, OverflowError):  # SQLite takes any kind anywhere
        first, last = rows[0].seq, rows[-1].seq
        raise EvidenceError(
            f"events {first} to {last}: one holds what the store did not write; 'verify' says what was changed"
        ) from None
