"""What PostgreSQL refuses by itself: triggers for everybody, rights for the application.

The owner of the tables is not the account that enters data: that one may read and add, and nothing
else. Triggers refuse the owner too, who could take them away; then the chain tells. Their functions
look up tables by a path of their own, since a temporary table of the same name would come first.
"""

from trialkit.evidence.database.sqlite_guard import KEPT, NEXT, NO_REDACTION
from trialkit.evidence.database.tables_of_control import CONTROL, SECRET
from trialkit.evidence.log.tables import REDACTABLE

_CONTROL = ", ".join(table.name for table in CONTROL)

_LEAVES = " OR ".join(
    f"NOT (NEW.{name} IS NOT DISTINCT FROM OLD.{name} OR NEW.{name} IS NULL)" for name in REDACTABLE
)

_NOT_REDACTED = " OR ".join(
    f"""(NEW.{name} IS NULL AND OLD.{name} IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
             AND details::jsonb->>'text' = '{name.removesuffix("_salt")}'))"""
    for name in REDACTABLE
)
"""A text leaves with its salt, and none that no redaction names."""

STATEMENTS = (
    f"""
    CREATE FUNCTION event_is_next() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {{schema}}, pg_temp AS $$
    DECLARE last record;
    BEGIN
      SELECT seq, hash INTO last FROM event ORDER BY seq DESC LIMIT 1;
      IF NEW.seq <> COALESCE(last.seq, 0) + 1
         OR NEW.before <> COALESCE(last.hash, '{"0" * 64}') THEN
        RAISE EXCEPTION '{NEXT}';
      END IF;
      RETURN NEW;
    END $$
    """,
    f"""
    CREATE FUNCTION is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{KEPT}'; END $$
    """,
    f"""
    CREATE FUNCTION content_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {{schema}}, pg_temp AS $$
    BEGIN
      IF NEW.seq IS DISTINCT FROM OLD.seq
         OR {_LEAVES}
         OR {_NOT_REDACTED} THEN
        RAISE EXCEPTION '{NO_REDACTION}';
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
)
RIGHTS = (
    f"REVOKE ALL ON {_CONTROL}, {SECRET.name} FROM PUBLIC, {{role}}",
    f"GRANT SELECT, INSERT, DELETE ON {_CONTROL} TO {{role}}",
    f"GRANT SELECT, INSERT, DELETE ON {SECRET.name} TO {{role}}",
)
"""For the account of the application, of what ``postgres_rights`` does not speak of."""
APPENDING = "SELECT pg_advisory_xact_lock(hashtext('trialkit evidence'), 0)"
"""One after the other appends: two would come after the same event."""
