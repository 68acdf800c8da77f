"""Whether tables, guards and rights are those that trialkit made, and of the revision that the log says.

What is missing is told, and what was put on the own tables. On a server, that somebody else may read a
table is not: its owner may say so, and row-level security holds for whoever it is. SQLite takes any kind
of value in any column: that numbers stand where numbers belong, and texts where texts do, is looked at.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from trialkit.evidence.database.table_listing import TableListing, listed, listing
from trialkit.evidence.database.tables_revision import HEAD
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.kept_json import kept_or_nothing
from trialkit.evidence.log.problems import Problem, Tampering
from trialkit.evidence.log.tables import EVENT, METADATA

_SHOWN = 90
"""Characters of a line that are shown."""


def table_problems(connection: sa.Connection) -> Iterator[Problem]:
    """Where the database is not what it should be."""
    expected, found = listed(HEAD, connection.dialect.name), listing(connection)
    for told in table_differences(expected, found):
        yield Problem(trace=Tampering.TABLES, told=told)
    said = revision_in_log(connection)
    if said and said != HEAD:
        yield Problem(
            trace=Tampering.TABLES,
            told=f"the store says that its tables are of revision {HEAD}, and its log that they are of {said}",
        )


def table_differences(expected: TableListing, found: TableListing) -> tuple[str, ...]:
    """In words, what is not as it was made."""
    # what an account is not allowed to look at is not missing: these rows are the server's own
    is_seen = any(line.startswith("row ") for line in found.lines)
    missing = [line for line in expected.missing(found) if is_seen or not line.startswith("row ")]
    return (
        *(f"{_told(line)}: is missing, or is another one" for line in missing),
        *(f"{_told(line)}: was not made by trialkit" for line in expected.strange(found)),
    )


def revision_in_log(connection: sa.Connection) -> str:
    """The revision that the log says the tables have; ``""`` of a log without events."""
    asked = (
        sa.select(EVENT.c.action, EVENT.c.details)
        .where(EVENT.c.action.in_([EventAction.BEGAN.value, EventAction.TABLES_MIGRATED.value]))
        .order_by(EVENT.c.seq.desc())
        .limit(1)
    )
    last = connection.execute(asked).one_or_none()
    if last is None:
        return ""
    name = "version" if last.action == EventAction.BEGAN else "to"
    said = kept_or_nothing(last.details).get(name)
    return f"{said:04d}" if isinstance(said, int) else str(said)


def _told(line: str) -> str:
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def kind_problems(connection: sa.Connection) -> Iterator[Problem]:
    """Each column that holds another kind of value than the store writes there; a server refuses such.

    Nothing else can be looked at where there is one.
    """
    if connection.dialect.name != "sqlite":
        return
    there = set(sa.inspect(connection).get_table_names())
    for table in METADATA.sorted_tables:
        if table.name in there:
            yield from _of_table(connection, table)


def _of_table(connection: sa.Connection, table: sa.Table) -> Iterator[Problem]:
    wrong = [sa.func.sum(_is_other(column)) for column in table.columns]
    counts = connection.execute(sa.select(*wrong)).one()
    for column, count in zip(table.columns, counts, strict=True):
        if count:
            yield Problem(
                trace=Tampering.EDITED,
                told=f"{table.name}.{column.name}: holds what is no {_kind(column)} (rows: {count:,}), which the "
                "store does not write: edited. Nothing else was looked at; restore a backup",
            )


def _is_other(column: "sa.Column[object]") -> sa.ColumnElement[int]:
    taken = [_kind(column), *(["null"] if column.nullable else [])]
    return sa.cast(sa.func.typeof(column).not_in(taken), sa.Integer)


def _kind(column: "sa.Column[object]") -> str:
    """As SQLite calls it."""
    if isinstance(column.type, sa.Integer):
        return "integer"
    return "blob" if isinstance(column.type, sa.LargeBinary) else "text"
