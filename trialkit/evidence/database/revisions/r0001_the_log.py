"""The log, the definitions and the rows of the forms, and that the log is only added to.

What a revision does stays as it is: a later change of the tables is a revision of its own.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
TOLD = "the log, the definitions and the rows of the forms"
"""What it does, for whoever is asked whether to do it."""
REBUILDS = False
"""Whether it makes tables that are filled from the log."""

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade(*, engine: str, carry_out: Callable[[tuple[str, ...]], None]) -> None:
    """Make it in an empty database."""
    op.create_table(
        "event",
        sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=False),
        _number("batch"),
        *map(_text, ("at", "zone", "person", "printed_name", "role", "site", "door")),
        *map(_text, ("definition", "action", "form", "subject_id", "visit", "repeat")),
        _number("copy"),
        *map(_text, ("item", "missing_old", "missing_new")),
        _number("about"),
        *map(_text, ("details", "old_sha256", "new_sha256", "reason_sha256", "before", "hash")),
    )
    op.create_table(
        "content",
        sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=False),
        sa.Column("old", sa.Text),
        sa.Column("old_salt", sa.LargeBinary),
        sa.Column("new", sa.Text),
        sa.Column("new_salt", sa.LargeBinary),
        sa.Column("reason", sa.Text),
        sa.Column("reason_salt", sa.LargeBinary),
    )
    op.create_table(
        "form_table",
        sa.Column("form", sa.Text, primary_key=True),
        _text("columns"),
        _number("seq"),
    )
    op.create_table(
        "form_row",
        *(sa.Column(each, sa.Text, primary_key=True) for each in _KEY_TEXTS),
        sa.Column("copy", sa.BigInteger, primary_key=True, autoincrement=False),
        _number("position"),
        _text("cells"),
        _number("seq"),
    )
    op.create_index("form_row_in_order", "form_row", ["form", "position"])
    op.create_table(
        "definition",
        sa.Column("sha256", sa.Text, primary_key=True),
        _text("files"),
        _number("seq"),
    )
    carry_out(_SQLITE if engine == "sqlite" else _POSTGRES)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


_KEY_TEXTS = ("form", "subject_id", "visit", "repeat")
_SQLITE = (
    """
    CREATE TRIGGER event_is_next BEFORE INSERT ON event
    WHEN NEW.seq <> COALESCE((SELECT MAX(seq) FROM event), 0) + 1
      OR NEW.before <> COALESCE(
           (SELECT hash FROM event ORDER BY seq DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')
    BEGIN SELECT RAISE(ABORT, 'the log is only added to, one event after the other'); END
    """,
    """
    CREATE TRIGGER event_is_kept BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the log is only added to: nothing in it is changed or deleted'); END
    """,
    """
    CREATE TRIGGER event_stays BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the log is only added to: nothing in it is changed or deleted'); END
    """,
    """
    CREATE TRIGGER content_is_of_an_event BEFORE INSERT ON content
    WHEN EXISTS (SELECT 1 FROM content WHERE seq = NEW.seq)
      OR NOT EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the log is only added to, one event after the other'); END
    """,
    """
    CREATE TRIGGER content_stays BEFORE DELETE ON content
    BEGIN SELECT RAISE(ABORT, 'the log is only added to: nothing in it is changed or deleted'); END
    """,
    """
    CREATE TRIGGER content_is_kept BEFORE UPDATE ON content
    WHEN NEW.seq IS NOT OLD.seq

        OR NOT (NEW.old IS OLD.old OR NEW.old IS NULL)
        OR NOT (NEW.old_salt IS OLD.old_salt OR NEW.old_salt IS NULL)
        OR NOT (NEW.new IS OLD.new OR NEW.new IS NULL)
        OR NOT (NEW.new_salt IS OLD.new_salt OR NEW.new_salt IS NULL)
        OR NOT (NEW.reason IS OLD.reason OR NEW.reason IS NULL)
        OR NOT (NEW.reason_salt IS OLD.reason_salt OR NEW.reason_salt IS NULL)
      OR NOT EXISTS (SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq)
    BEGIN SELECT RAISE(ABORT, 'a text leaves the log only by an event that redacts it'); END
    """,
    """
    CREATE TRIGGER definition_is_kept BEFORE UPDATE ON definition
    BEGIN SELECT RAISE(ABORT, 'the log is only added to: nothing in it is changed or deleted'); END
    """,
    """
    CREATE TRIGGER definition_stays BEFORE DELETE ON definition
    BEGIN SELECT RAISE(ABORT, 'the log is only added to: nothing in it is changed or deleted'); END
    """,
    """
    CREATE TRIGGER definition_is_new BEFORE INSERT ON definition
    WHEN NEW.sha256 IN (SELECT sha256 FROM definition)
    BEGIN SELECT RAISE(ABORT, 'the log is only added to, one event after the other'); END
    """,
)
_POSTGRES = (
    """
    CREATE FUNCTION event_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE last record;
    BEGIN
      SELECT seq, hash INTO last FROM event ORDER BY seq DESC LIMIT 1;
      IF NEW.seq <> COALESCE(last.seq, 0) + 1
         OR NEW.before <> COALESCE(last.hash, '0000000000000000000000000000000000000000000000000000000000000000') THEN
        RAISE EXCEPTION 'the log is only added to, one event after the other';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the log is only added to: nothing in it is changed or deleted'; END $$
    """,
    """
    CREATE FUNCTION content_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.seq IS DISTINCT FROM OLD.seq

           OR NOT (NEW.old IS NOT DISTINCT FROM OLD.old OR NEW.old IS NULL)
           OR NOT (NEW.old_salt IS NOT DISTINCT FROM OLD.old_salt OR NEW.old_salt IS NULL)
           OR NOT (NEW.new IS NOT DISTINCT FROM OLD.new OR NEW.new IS NULL)
           OR NOT (NEW.new_salt IS NOT DISTINCT FROM OLD.new_salt OR NEW.new_salt IS NULL)
           OR NOT (NEW.reason IS NOT DISTINCT FROM OLD.reason OR NEW.reason IS NULL)
           OR NOT (NEW.reason_salt IS NOT DISTINCT FROM OLD.reason_salt OR NEW.reason_salt IS NULL)
         OR NOT EXISTS (SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq) THEN
        RAISE EXCEPTION 'a text leaves the log only by an event that redacts it';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER event_is_next BEFORE INSERT ON event
    FOR EACH ROW EXECUTE FUNCTION event_is_next()
    """,
    """
    CREATE TRIGGER content_is_kept BEFORE UPDATE ON content
    FOR EACH ROW EXECUTE FUNCTION content_is_kept()
    """,
    """
    CREATE TRIGGER event_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION is_kept()
    """,
    """
    CREATE TRIGGER content_stays BEFORE DELETE OR TRUNCATE ON content
    FOR EACH STATEMENT EXECUTE FUNCTION is_kept()
    """,
    """
    CREATE TRIGGER definition_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON definition
    FOR EACH STATEMENT EXECUTE FUNCTION is_kept()
    """,
    "REVOKE ALL ON event, content, definition, form_row, form_table FROM PUBLIC, {role}",
    "GRANT SELECT, INSERT ON event, content, definition TO {role}",
    "GRANT UPDATE (old, old_salt, new, new_salt, reason, reason_salt) ON content TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON form_row, form_table TO {role}",
)
