"""What SQLite refuses by itself: triggers that hold whatever a connection sets.

``INSERT OR REPLACE`` fires no trigger of deletion unless a connection asks for it, so that the usual
two triggers let it overwrite a row; here an insertion must be the next one, and none can replace.
"""

from trialkit.evidence.log.tables import REDACTABLE

NEXT = "the log is only added to, one event after the other"
KEPT = "the log is only added to: nothing in it is changed or deleted"
_LEAVES = " OR ".join(
    f"NOT (NEW.{name} IS OLD.{name} OR NEW.{name} IS NULL)" for name in REDACTABLE
)
NO_REDACTION = "a text leaves the log only by an event that redacts it"
_NOT_REDACTED = " OR ".join(
    f"""(NEW.{name} IS NULL AND OLD.{name} IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
          AND instr(details, '"text":"{name.removesuffix("_salt")}"') > 0))"""
    for name in REDACTABLE
)
"""A text leaves with its salt, and none that no redaction names; triggers of a file may call no function
of JSON, and ``details`` is canonical."""

STATEMENTS = (
    f"""
    CREATE TRIGGER event_is_next BEFORE INSERT ON event
    WHEN NEW.seq <> COALESCE((SELECT MAX(seq) FROM event), 0) + 1
      OR NEW.before <> COALESCE(
           (SELECT hash FROM event ORDER BY seq DESC LIMIT 1), '{"0" * 64}')
    BEGIN SELECT RAISE(ABORT, '{NEXT}'); END
    """,
    f"""
    CREATE TRIGGER event_is_kept BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,
    f"""
    CREATE TRIGGER event_stays BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,
    f"""
    CREATE TRIGGER content_is_of_an_event BEFORE INSERT ON content
    WHEN EXISTS (SELECT 1 FROM content WHERE seq = NEW.seq)
      OR NOT EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, '{NEXT}'); END
    """,
    f"""
    CREATE TRIGGER content_stays BEFORE DELETE ON content
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,
    f"""
    CREATE TRIGGER content_is_kept BEFORE UPDATE ON content
    WHEN NEW.seq IS NOT OLD.seq
      OR {_LEAVES}
      OR {_NOT_REDACTED}
    BEGIN SELECT RAISE(ABORT, '{NO_REDACTION}'); END
    """,
    f"""
    CREATE TRIGGER definition_is_kept BEFORE UPDATE ON definition
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,
    f"""
    CREATE TRIGGER definition_stays BEFORE DELETE ON definition
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,
    f"""
    CREATE TRIGGER definition_is_new BEFORE INSERT ON definition
    WHEN NEW.sha256 IN (SELECT sha256 FROM definition)
    BEGIN SELECT RAISE(ABORT, '{NEXT}'); END
    """,
)
