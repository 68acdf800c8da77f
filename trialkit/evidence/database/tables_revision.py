"""Of which revision the tables of a store are: one row, which is looked at whenever it is used.

A store of another revision is neither read nor written: what an earlier one lacks would be taken for
empty, and what a newer one keeps would be passed by. It is taken to this revision by Alembic, which
keeps the row; see :mod:`trialkit.evidence.copies.migrating_tables`.
"""

import re

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from trialkit.errors import EvidenceError
from trialkit.evidence.log.tables import METADATA

HEAD = "0005"
"""The revision that this trialkit reads and writes; ``revisions/`` has all of them."""
MARK = sa.Table(
    "alembic_version",
    METADATA,
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic itself makes it, so that a new store and one that was migrated are the same."""
_MARK = re.compile(r"\d{4}")
_ASKED = sa.select(MARK.c.version_num).limit(2)
_NEITHER = "Nothing was read or written"


def mark_head(connection: sa.Connection) -> None:
    """Say of a new store that its tables are of this revision."""
    connection.execute(MARK.insert().values(version_num=HEAD))


def mark_of(connection: sa.Connection, place: str) -> str:
    """The revision that a store says it has; ``""`` for one from before any did.

    Raises :class:`EvidenceError` for what trialkit does not write there.
    """
    if not sa.inspect(connection).has_table(MARK.name):
        return ""
    marks = list(connection.execute(_ASKED).scalars())
    return read_mark(marks, place)


def read_mark(marks: list[str], place: str) -> str:
    """The one mark of these, which must be one."""
    if len(marks) == 1 and _MARK.fullmatch(str(marks[0])):
        return str(marks[0])
    found = ", ".join(repr(str(each)[:40]) for each in marks) or "nothing"
    raise EvidenceError(
        f"{place}: {MARK.name} says of which revision the tables are; found {found}, expected one number "
        "of four digits. Somebody changed it: restore a backup, or ask whoever looks after the store. "
        f"{_NEITHER}"
    )


def refuse_another_revision(connection: sa.Connection, place: str) -> None:
    """Raise :class:`EvidenceError` for a store that this trialkit neither reads nor writes."""
    try:
        marks = list(connection.execute(_ASKED).scalars())
    except DBAPIError:
        connection.rollback()
        if _is_a_store_without(connection):
            raise EvidenceError(_earlier(place, "")) from None
        raise
    if marks == [HEAD]:
        return
    mark = read_mark(marks, place)
    raise EvidenceError(_earlier(place, mark) if mark < HEAD else newer(place, mark))


def newer(place: str, mark: str) -> str:
    """What is said of a store that only a newer trialkit knows."""
    return (
        f"{place}: the store was made, or migrated, by a newer trialkit (its tables are of revision {mark}, "
        f"those of this one of {HEAD}); use that version. {_NEITHER}"
    )


def _earlier(place: str, mark: str) -> str:
    which = f"its tables are of revision {mark}" if mark else "its tables have no revision yet"
    return (
        f"{place}: the store was made by an earlier trialkit ({which}, those of this one are of {HEAD}); run "
        f"'trialkit store migrate TRIAL --tables'. {_NEITHER}"
    )


def _is_a_store_without(connection: sa.Connection) -> bool:
    """Whether it has a log and no mark, rather than being no store, or refused for another reason."""
    try:
        names = set(sa.inspect(connection).get_table_names())
    except DBAPIError:
        return False
    return "event" in names and MARK.name not in names
