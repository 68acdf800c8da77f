"""A store carried from one engine to the other: its log and what it comes to, row by row as they are.

The chain is the same then, to the hash. Passphrases stay behind: a server shows nobody those of others,
and a copy in a file would let whoever has it guess at all of them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.database.people_tables import (
    PERSON_GRANT,
    SEALED_ROW,
    SUBJECT_SITE,
    WITHHELD_ITEM,
)
from trialkit.evidence.database.tables_of_control import CONTROL
from trialkit.evidence.log.engine_refusals import told
from trialkit.evidence.log.tables import LOG, PROJECTION
from trialkit.evidence.writing.appending import insert_rows

ROWS_AT_A_TIME = 5_000
"""Rows that are held in memory at once."""
_MADE_BY_A_SERVER = (PERSON_GRANT, SUBJECT_SITE, WITHHELD_ITEM)
"""By a trigger of its own, from each event."""


def carry_to_file(source: Store, read: sa.Connection, target: sa.Connection) -> None:
    """Everything that one look at a store sees, into an empty one in a file."""
    _carry(source, read, target, (*LOG, *PROJECTION, SEALED_ROW, *CONTROL, *_MADE_BY_A_SERVER))


def carry_to_server(source: Store, read: sa.Connection, target: sa.Connection) -> None:
    """The same into an empty one on a server, which makes the tables of people itself."""
    _carry(source, read, target, (*LOG, *PROJECTION, SEALED_ROW, *CONTROL))


def accounts_lacking(connection: sa.Connection, application: str) -> tuple[str, ...]:
    """Who has a role in a store and no account on its server, or none with the rights to enter."""
    found = connection.execute(
        sa.text(
            "SELECT DISTINCT person FROM person_grant WHERE revoked = 0 AND NOT EXISTS "
            "(SELECT 1 FROM pg_roles WHERE rolname = person AND pg_has_role(oid, :group, 'MEMBER')) "
            "ORDER BY person"
        ),
        {"group": application},
    )
    return tuple(found.scalars())


def _carry(
    source: Store, read: sa.Connection, target: sa.Connection, tables: Sequence[sa.Table]
) -> None:
    for table in tables:
        names = [column.name for column in table.columns]
        for rows in _parts(source, read, table):
            insert_rows(target, table, names, rows)


def _parts(source: Store, read: sa.Connection, table: sa.Table) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a table in their order, some at a time."""
    asked = sa.select(table).order_by(*table.primary_key.columns)
    try:
        found = read.execute(asked, execution_options={"yield_per": ROWS_AT_A_TIME})
        for rows in found.partitions(ROWS_AT_A_TIME):
            yield [tuple(row) for row in rows]
    except DBAPIError as error:
        raise EvidenceError(f"{source.place}: {told(error.orig, source.file)}") from None
