"""The tables of a store, the same on SQLite and on PostgreSQL.

``event`` and ``content`` are the log. ``form_row`` and ``form_table`` are what it comes to, and can be
made from it again at any time.
"""

import sqlalchemy as sa

METADATA = sa.MetaData()
_SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""Of SQLite it is the number of the row itself, and no index beside it."""


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


EVENT = sa.Table(
    "event",
    METADATA,
    sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=False),
    _number("batch"),
    _text("at"),
    _text("zone"),
    _text("person"),
    _text("printed_name"),
    _text("role"),
    _text("site"),
    _text("door"),
    _text("definition"),
    _text("action"),
    _text("form"),
    _text("subject_id"),
    _text("visit"),
    _text("repeat"),
    _number("copy"),
    _text("item"),
    _text("missing_old"),
    _text("missing_new"),
    _number("about"),
    _text("details"),
    _text("old_sha256"),
    _text("new_sha256"),
    _text("reason_sha256"),
    _text("before"),
    _text("hash"),
)
"""One row an event. ``hash`` covers all the others; see :mod:`trialkit.evidence.log.hashing`."""
CONTENT = sa.Table(
    "content",
    METADATA,
    sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=False),
    sa.Column("old", sa.Text),
    sa.Column("old_salt", sa.LargeBinary),
    sa.Column("new", sa.Text),
    sa.Column("new_salt", sa.LargeBinary),
    sa.Column("reason", sa.Text),
    sa.Column("reason_salt", sa.LargeBinary),
)
"""The texts of an event, beside it, so that one can be redacted and the chain still holds."""
REDACTABLE = tuple(column.name for column in CONTENT.columns if column.name != "seq")
"""What may leave, and nothing else may change."""
FORM_TABLE = sa.Table(
    "form_table",
    METADATA,
    sa.Column("form", sa.Text, primary_key=True),
    _text("columns"),
    _number("seq"),
)
"""The forms that can be filled in, with the columns that they have (JSON)."""
FORM_ROW = sa.Table(
    "form_row",
    METADATA,
    sa.Column("form", sa.Text, primary_key=True),
    sa.Column("subject_id", sa.Text, primary_key=True),
    sa.Column("visit", sa.Text, primary_key=True),
    sa.Column("repeat", sa.Text, primary_key=True),
    sa.Column("copy", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("position"),
    _text("cells"),
    _number("seq"),
)
"""The rows of the forms as they stand: ``cells`` is JSON of the texts by item, ``position`` the event
that added the row, ``seq`` the last that changed it."""
DEFINITION = sa.Table(
    "definition",
    METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    _text("files"),
    _number("seq"),
)
"""Versions of protocol and forms: ``files`` is canonical JSON of their texts by file."""
LOG = (EVENT, CONTENT, DEFINITION)
"""What is only ever added to."""
PROJECTION = (FORM_TABLE, FORM_ROW)
KEY = ("subject_id", "visit", "repeat", "copy")
"""What tells the rows of a form apart."""
sa.Index("form_row_in_order", FORM_ROW.c.form, FORM_ROW.c.position)
