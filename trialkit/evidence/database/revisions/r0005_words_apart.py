"""What tells an arm of a question is kept apart from it, and the database refuses more by itself.

A text leaves the log only by a redaction of that text, and by who may redact; an event is of the
participant and the form of what it is about; what stands of freezes, locks and queries is what an event
made of the account that writes it; sealed cells are written by who enters.

What a revision does stays as it is: a later change of the tables is a revision of its own.
"""

from collections.abc import Callable

revision = "0005"
down_revision = "0004"
TOLD = (
    "of questions that are asked from now on, what tells an arm is kept apart; a server refuses what is "
    "about another participant, and a text leaves the log by a redaction of that text alone"
)
"""What it does, for whoever is asked whether to do it."""
REBUILDS = False
"""Whether it makes tables that are filled from the log."""


def upgrade(*, engine: str, carry_out: Callable[[tuple[str, ...]], None]) -> None:
    """Make it in a store of the revision before."""
    carry_out(_POSTGRES if engine == "postgresql" else _SQLITE)


_SQLITE = (
    "DROP TRIGGER content_is_kept",
    """
    CREATE TRIGGER content_is_kept BEFORE UPDATE ON content
    WHEN NEW.seq IS NOT OLD.seq
      OR NOT (NEW.old IS OLD.old OR NEW.old IS NULL) OR NOT (NEW.old_salt IS OLD.old_salt OR NEW.old_salt IS NULL) OR NOT (NEW.new IS OLD.new OR NEW.new IS NULL) OR NOT (NEW.new_salt IS OLD.new_salt OR NEW.new_salt IS NULL) OR NOT (NEW.reason IS OLD.reason OR NEW.reason IS NULL) OR NOT (NEW.reason_salt IS OLD.reason_salt OR NEW.reason_salt IS NULL)
      OR (NEW.old IS NULL AND OLD.old IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
          AND instr(details, '"text":"old"') > 0)) OR (NEW.old_salt IS NULL AND OLD.old_salt IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
          AND instr(details, '"text":"old"') > 0)) OR (NEW.new IS NULL AND OLD.new IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
          AND instr(details, '"text":"new"') > 0)) OR (NEW.new_salt IS NULL AND OLD.new_salt IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
          AND instr(details, '"text":"new"') > 0)) OR (NEW.reason IS NULL AND OLD.reason IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
          AND instr(details, '"text":"reason"') > 0)) OR (NEW.reason_salt IS NULL AND OLD.reason_salt IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
          AND instr(details, '"text":"reason"') > 0))
    BEGIN SELECT RAISE(ABORT, 'a text leaves the log only by an event that redacts it'); END
    """,
)
_POSTGRES = (
    "INSERT INTO action_right VALUES ('query kept apart', 'query')",
    """
    CREATE OR REPLACE FUNCTION content_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    BEGIN
      IF NEW.seq IS DISTINCT FROM OLD.seq
         OR NOT (NEW.old IS NOT DISTINCT FROM OLD.old OR NEW.old IS NULL) OR NOT (NEW.old_salt IS NOT DISTINCT FROM OLD.old_salt OR NEW.old_salt IS NULL) OR NOT (NEW.new IS NOT DISTINCT FROM OLD.new OR NEW.new IS NULL) OR NOT (NEW.new_salt IS NOT DISTINCT FROM OLD.new_salt OR NEW.new_salt IS NULL) OR NOT (NEW.reason IS NOT DISTINCT FROM OLD.reason OR NEW.reason IS NULL) OR NOT (NEW.reason_salt IS NOT DISTINCT FROM OLD.reason_salt OR NEW.reason_salt IS NULL)
         OR (NEW.old IS NULL AND OLD.old IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
             AND details::jsonb->>'text' = 'old')) OR (NEW.old_salt IS NULL AND OLD.old_salt IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
             AND details::jsonb->>'text' = 'old')) OR (NEW.new IS NULL AND OLD.new IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
             AND details::jsonb->>'text' = 'new')) OR (NEW.new_salt IS NULL AND OLD.new_salt IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
             AND details::jsonb->>'text' = 'new')) OR (NEW.reason IS NULL AND OLD.reason IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
             AND details::jsonb->>'text' = 'reason')) OR (NEW.reason_salt IS NULL AND OLD.reason_salt IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM event WHERE action = 'redacted' AND about = OLD.seq
             AND details::jsonb->>'text' = 'reason')) THEN
        RAISE EXCEPTION 'a text leaves the log only by an event that redacts it';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION event_is_permitted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    DECLARE
      said jsonb;
      held person_grant%ROWTYPE;
      wanted text;
      here text;
    BEGIN
      IF NEW.person <> acting() THEN RAISE EXCEPTION 'an event is written by the account of the person whom it names'; END IF;
      IF NOT EXISTS (SELECT 1 FROM person_grant) THEN RETURN NEW; END IF;
      IF NEW.action = 'store begun' THEN RAISE EXCEPTION 'this account may not do that'; END IF;
      IF NOT is_alone() AND (
        NOT EXISTS (SELECT 1 FROM person_grant WHERE person = NEW.person AND revoked = 0
                    AND role = NEW.role)
        OR NOT EXISTS (SELECT 1 FROM person_grant WHERE person = NEW.person AND revoked = 0
                       AND site IN ('', NEW.site)))
      THEN RAISE EXCEPTION 'this account may not do that'; END IF;
      SELECT site INTO here FROM subject_site WHERE subject_id = NEW.subject_id;
      IF NEW.about > 0 AND NEW.action NOT IN ('revoked', 'anchored')
         AND NOT (NEW.action = 'redacted' AND NEW.subject_id = '' AND NEW.form = '')
         AND EXISTS (
           SELECT 1 FROM event AS earlier WHERE earlier.seq = NEW.about
             AND (earlier.subject_id <> NEW.subject_id OR earlier.form <> NEW.form))
      THEN RAISE EXCEPTION 'an event is of the participant and the form of what it is about'; END IF;
      IF NEW.action IN ('queries at a data cut', 'query kept apart', 'query drafted', 'query opened', 'query changed', 'query revised', 'query answered', 'query reopened', 'query returned', 'query resolved', 'query commented', 'answer applied', 'query closed', 'query cancelled') THEN
        said := NEW.details::jsonb;
        IF EXISTS (
          SELECT 1 FROM standing_query AS asked WHERE asked.query_key = said->>'query_key'
            AND (asked.kept::jsonb->'query'->>'subject_id' <> NEW.subject_id
              OR (NEW.action <> 'query kept apart'
                AND asked.kept::jsonb->'query'->>'form' <> NEW.form)))
        THEN RAISE EXCEPTION 'an event is of the participant and the form of what it is about'; END IF;
      END IF;
      IF NEW.action = 'query kept apart' AND NOT EXISTS (
        SELECT 1 FROM withheld_item WHERE form = NEW.form AND item IN ('', NEW.item))
      THEN RAISE EXCEPTION 'this account may not do that'; END IF;
      IF NEW.action = 'granted' THEN
        said := NEW.details::jsonb;
        IF lower(said->>'person') = lower(NEW.person)
           OR NOT may('grant and revoke rights', NEW.form, said->>'site')
        THEN RAISE EXCEPTION 'this account may not do that'; END IF;
      ELSIF NEW.action = 'revoked' THEN
        SELECT * INTO held FROM person_grant WHERE seq = NEW.about AND revoked = 0;
        IF held.seq IS NULL OR NOT may('grant and revoke rights', held.form, held.site)
           OR NOT EXISTS (
             SELECT 1 FROM person_grant AS other JOIN role_right USING (role)
             WHERE other.revoked = 0 AND other.seq <> held.seq AND granted = 'grant and revoke rights'
               AND other.form = '' AND other.site = '')
        THEN RAISE EXCEPTION 'this account may not do that'; END IF;
      ELSIF NEW.action = 'placed at a site' THEN
        said := NEW.details::jsonb;
        IF NOT (
          (here IS NULL AND may('enter', '', said->>'site')
           AND NOT EXISTS (SELECT 1 FROM form_row WHERE subject_id = NEW.subject_id))
          OR (may('say at which site a participant is', '', COALESCE(here, '')) AND may('say at which site a participant is', '', said->>'site')))
        THEN RAISE EXCEPTION 'this account may not do that'; END IF;
      ELSIF NEW.action NOT IN ('passphrase refused', 'passphrase set') THEN
        SELECT needed INTO wanted FROM action_right WHERE action = NEW.action;
        IF NOT may(COALESCE(wanted, ''), NEW.form, COALESCE(here, ''))
           OR (NEW.door = 'import' AND NEW.action IN ('form opened', 'row added', 'filled', 'changed', 'emptied', 'row removed')
               AND NOT may('import', NEW.form, COALESCE(here, '')))
           OR (EXISTS (SELECT 1 FROM withheld_item
                       WHERE form = NEW.form AND item IN ('', NEW.item))
               AND NOT may('read arms', NEW.form, COALESCE(here, '')))
        THEN RAISE EXCEPTION 'this account may not do that'; END IF;
      END IF;
      IF NEW.action IN ('changed', 'emptied', 'row removed', 'redacted', 'unfrozen', 'unlocking asked for', 'mark withdrawn', 'query cancelled', 'adjudicated', 'revoked', 'unblinded') AND NEW.reason_sha256 = ''
      THEN RAISE EXCEPTION 'this needs a reason'; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION is_owner() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    BEGIN
      RETURN (SELECT pg_get_userbyid(relowner) = acting() FROM pg_class
              WHERE oid = 'event'::regclass);
    END $$
    """,
    """
    CREATE FUNCTION hold_is_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    BEGIN
      IF is_owner() THEN RETURN COALESCE(NEW, OLD); END IF;
      IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq AND person = acting()
                       AND action IN ('frozen', 'locked') AND subject_id = NEW.subject_id)
        THEN RAISE EXCEPTION 'what stands is what an event of the log made, by the account that writes it'; END IF;
        RETURN NEW;
      END IF;
      IF NOT EXISTS (SELECT 1 FROM event WHERE about = OLD.seq AND person = acting()
                     AND action IN ('unfrozen', 'unlocked'))
      THEN RAISE EXCEPTION 'what stands is what an event of the log made, by the account that writes it'; END IF;
      RETURN OLD;
    END $$
    """,
    """
    CREATE FUNCTION query_is_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    BEGIN
      IF is_owner() THEN RETURN COALESCE(NEW, OLD); END IF;
      IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq AND person = acting()
                       AND action IN ('queries at a data cut', 'query kept apart', 'query drafted', 'query opened', 'query changed', 'query revised', 'query answered', 'query reopened', 'query returned', 'query resolved', 'query commented', 'answer applied', 'query closed', 'query cancelled')
                       AND details::jsonb->>'query_key' = NEW.query_key)
        THEN RAISE EXCEPTION 'what stands is what an event of the log made, by the account that writes it'; END IF;
      ELSIF NOT EXISTS (SELECT 1 FROM standing_query WHERE query_key = OLD.query_key)
      THEN RAISE EXCEPTION 'what stands is what an event of the log made, by the account that writes it'; END IF;
      RETURN COALESCE(NEW, OLD);
    END $$
    """,
    """
    CREATE TRIGGER hold_is_told BEFORE INSERT OR DELETE ON hold
    FOR EACH ROW EXECUTE FUNCTION hold_is_told()
    """,
    """
    CREATE TRIGGER query_is_told BEFORE INSERT ON standing_query
    FOR EACH ROW EXECUTE FUNCTION query_is_told()
    """,
    """
    CREATE CONSTRAINT TRIGGER query_stays AFTER DELETE ON standing_query
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION query_is_told()
    """,
    "REVOKE ALL ON FUNCTION is_owner() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION is_owner() TO {role}",
    "REVOKE UPDATE ON hold, standing_query FROM {role}",
    "DROP POLICY redacted ON content",
    """CREATE POLICY redacted ON content FOR UPDATE USING ((
    (SELECT may('read', '', '') AND may('read arms', '', ''))
    OR EXISTS (
      SELECT 1 FROM event WHERE event.seq = content.seq
        AND (NOT EXISTS (SELECT 1 FROM withheld_item AS hidden
                         WHERE hidden.form = event.form AND hidden.item IN ('', event.item))
          OR ((SELECT may('read arms', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = event.subject_id
                   AND placed.site IN (SELECT sites_where('read arms')))
      OR ((SELECT is_by_form()) AND may_of('read arms', event.form, event.subject_id)))))
) AND EXISTS (
      SELECT 1 FROM event WHERE event.seq = content.seq AND ((SELECT may('redact', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = event.subject_id
                   AND placed.site IN (SELECT sites_where('redact')))
      OR ((SELECT is_by_form()) AND may_of('redact', event.form, event.subject_id)))))
    """,
    "DROP POLICY arms ON sealed_row",
    """CREATE POLICY seen ON sealed_row FOR SELECT USING (((SELECT may('read arms', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = sealed_row.subject_id
                   AND placed.site IN (SELECT sites_where('read arms')))
      OR ((SELECT is_by_form()) AND may_of('read arms', sealed_row.form, sealed_row.subject_id))))
    """,
    """CREATE POLICY added ON sealed_row FOR INSERT WITH CHECK (((SELECT may('read arms', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = sealed_row.subject_id
                   AND placed.site IN (SELECT sites_where('read arms')))
      OR ((SELECT is_by_form()) AND may_of('read arms', sealed_row.form, sealed_row.subject_id))) AND may_of('enter', form, subject_id))
    """,
    """CREATE POLICY changed ON sealed_row FOR UPDATE USING (((SELECT may('read arms', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = sealed_row.subject_id
                   AND placed.site IN (SELECT sites_where('read arms')))
      OR ((SELECT is_by_form()) AND may_of('read arms', sealed_row.form, sealed_row.subject_id))) AND may_of('enter', form, subject_id))
    """,
    """CREATE POLICY removed ON sealed_row FOR DELETE USING (((SELECT may('read arms', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = sealed_row.subject_id
                   AND placed.site IN (SELECT sites_where('read arms')))
      OR ((SELECT is_by_form()) AND may_of('read arms', sealed_row.form, sealed_row.subject_id))) AND may_of('enter', form, subject_id))
    """,
    "DROP POLICY seen ON hold",
    """CREATE POLICY seen ON hold USING (
    ((SELECT may('read', '', '')) OR (subject_id <> '' AND sees_any(jsonb_build_array(subject_id)))
      OR (subject_id = '' AND (jsonb_array_length(kept::jsonb->'subjects') = 0
        OR sees_any(kept::jsonb->'subjects'))))
    AND (COALESCE(kept::jsonb->'place'->>'form', '') NOT IN (
        SELECT whole.form FROM withheld_item AS whole WHERE whole.item = '')
      OR may_of('read arms', kept::jsonb->'place'->>'form', subject_id))
)
    """,
    "DROP POLICY seen ON standing_query",
    """CREATE POLICY seen ON standing_query USING (
    ((SELECT may('read', '', ''))
      OR sees_any(jsonb_build_array(COALESCE(kept::jsonb->'query'->>'subject_id', ''))))
    AND (COALESCE(kept::jsonb->'query'->>'form', '') NOT IN (
        SELECT whole.form FROM withheld_item AS whole WHERE whole.item = '')
      OR may_of('read arms', kept::jsonb->'query'->>'form',
        COALESCE(kept::jsonb->'query'->>'subject_id', '')))
)
    """,
)
