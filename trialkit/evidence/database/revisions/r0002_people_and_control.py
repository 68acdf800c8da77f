"""What is held, asked and signed; people, sites and arms; and who may do what on a server.

What a revision does stays as it is: a later change of the tables is a revision of its own.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
TOLD = "tables of freezes, locks, queries, passphrases, roles, sites and arms, which are filled from the log; on a server, rights by account"
"""What it does, for whoever is asked whether to do it."""
REBUILDS = True
"""Whether it makes tables that are filled from the log."""


def upgrade(*, engine: str, carry_out: Callable[[tuple[str, ...]], None]) -> None:
    """Make it in a store of the revision before."""
    op.create_table(
        "hold",
        _key_number("seq"),
        _text("kind"),
        sa.Column("subject_id", sa.Text, nullable=False, index=True),
        _text("kept"),
    )
    op.create_table(
        "standing_query",
        sa.Column("query_key", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False, index=True),
        _number("seq"),
        _text("kept"),
    )
    op.create_table(
        "secret",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        _text("cost"),
        _number("seq"),
    )
    op.create_table(
        "person_grant",
        _key_number("seq"),
        *map(_text, ("person", "printed_name", "role", "form", "site")),
        *map(_number, ("arms", "is_open", "revoked")),
    )
    op.create_table(
        "subject_site",
        sa.Column("subject_id", sa.Text, primary_key=True),
        _text("site"),
        _number("seq"),
    )
    op.create_table(
        "withheld_item",
        sa.Column("form", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        _number("seq"),
    )
    op.create_table(
        "sealed_row",
        *(sa.Column(each, sa.Text, primary_key=True) for each in _KEY_TEXTS),
        _key_number("copy"),
        _text("cells"),
        sa.ForeignKeyConstraint(
            [*_KEY_TEXTS, "copy"], [f"form_row.{each}" for each in (*_KEY_TEXTS, "copy")]
        ),
    )
    if engine == "postgresql":
        carry_out(_POSTGRES)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _key_number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


_KEY_TEXTS = ("form", "subject_id", "visit", "repeat")
_POSTGRES = (
    """
    CREATE OR REPLACE FUNCTION event_is_next() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
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
    CREATE OR REPLACE FUNCTION content_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
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
    CREATE FUNCTION keeps_in_mind() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp AS $$
    DECLARE said jsonb := NEW.details::jsonb;
    BEGIN
      CASE NEW.action
      WHEN 'store begun' THEN
        INSERT INTO person_grant VALUES
          (NEW.seq, NEW.person, NEW.printed_name, 'data manager', '', '', 0,
           COALESCE((said->>'is_open')::bigint, 0), 0);
      WHEN 'granted' THEN
        INSERT INTO person_grant VALUES
          (NEW.seq, said->>'person', said->>'printed_name', said->>'role', NEW.form,
           said->>'site', (said->>'arms')::bigint, 0, 0);
      WHEN 'revoked' THEN
        UPDATE person_grant SET revoked = NEW.seq WHERE seq = NEW.about AND revoked = 0;
      WHEN 'placed at a site' THEN
        INSERT INTO subject_site VALUES (NEW.subject_id, said->>'site', NEW.seq)
          ON CONFLICT (subject_id) DO UPDATE SET site = EXCLUDED.site, seq = EXCLUDED.seq;
      WHEN 'form opened' THEN
        INSERT INTO withheld_item SELECT NEW.form, item, NEW.seq
          FROM jsonb_array_elements_text(said->'withheld') AS item ON CONFLICT DO NOTHING;
      END CASE;
      RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER event_is_kept_in_mind AFTER INSERT ON event
    FOR EACH ROW WHEN (NEW.action IN ('store begun', 'granted', 'revoked', 'placed at a site', 'form opened')) EXECUTE FUNCTION keeps_in_mind()
    """,
    """
    CREATE FUNCTION end_of_log(last_seen bigint) RETURNS TABLE (seq bigint, hash text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
      SELECT event.seq, event.hash FROM event
      WHERE last_seen IS NULL OR event.seq <= last_seen ORDER BY event.seq DESC LIMIT 1
    $$
    """,
    "CREATE TABLE role_right (role text, granted text, PRIMARY KEY (role, granted))",
    """
    INSERT INTO role_right VALUES ('coordinator', 'answer queries'),
      ('coordinator', 'change'),
      ('coordinator', 'enter'),
      ('coordinator', 'export'),
      ('coordinator', 'import'),
      ('coordinator', 'randomise'),
      ('coordinator', 'read'),
      ('coordinator', 'read the log'),
      ('investigator', 'answer queries'),
      ('investigator', 'change'),
      ('investigator', 'enter'),
      ('investigator', 'export'),
      ('investigator', 'import'),
      ('investigator', 'mark as reviewed'),
      ('investigator', 'randomise'),
      ('investigator', 'read'),
      ('investigator', 'read the log'),
      ('investigator', 'sign'),
      ('investigator', 'unblind one participant'),
      ('monitor', 'mark as reviewed'),
      ('monitor', 'query'),
      ('monitor', 'read'),
      ('monitor', 'read the log'),
      ('data manager', 'anchor'),
      ('data manager', 'answer queries'),
      ('data manager', 'back up'),
      ('data manager', 'change'),
      ('data manager', 'enter'),
      ('data manager', 'export'),
      ('data manager', 'grant and revoke rights'),
      ('data manager', 'import'),
      ('data manager', 'lock'),
      ('data manager', 'mark as reviewed'),
      ('data manager', 'publish definitions and open forms'),
      ('data manager', 'query'),
      ('data manager', 'read'),
      ('data manager', 'read the log'),
      ('data manager', 'redact'),
      ('data manager', 'say at which site a participant is'),
      ('data manager', 'unlock'),
      ('data manager', 'verify'),
      ('blinded statistician', 'export'),
      ('blinded statistician', 'read'),
      ('blinded statistician', 'read the log'),
      ('unblinded statistician', 'export'),
      ('unblinded statistician', 'read'),
      ('unblinded statistician', 'read arms'),
      ('unblinded statistician', 'read the log'),
      ('auditor', 'export'),
      ('auditor', 'read'),
      ('auditor', 'read the log'),
      ('auditor', 'verify')
    """,
    "CREATE TABLE action_right (action text PRIMARY KEY, needed text NOT NULL)",
    """
    INSERT INTO action_right VALUES ('definitions published', 'publish definitions and open forms'),
      ('form opened', 'publish definitions and open forms'),
      ('forms migrated', 'publish definitions and open forms'),
      ('row added', 'enter'),
      ('filled', 'enter'),
      ('changed', 'change'),
      ('emptied', 'change'),
      ('row removed', 'change'),
      ('redacted', 'redact'),
      ('anchored', 'anchor'),
      ('frozen', 'lock'),
      ('unfrozen', 'lock'),
      ('locked', 'lock'),
      ('unlocking asked for', 'unlock'),
      ('unlocked', 'unlock'),
      ('marked as reviewed', 'mark as reviewed'),
      ('mark withdrawn', 'mark as reviewed'),
      ('signed', 'sign'),
      ('queries at a data cut', 'query'),
      ('query drafted', 'query'),
      ('query opened', 'query'),
      ('query changed', 'query'),
      ('query revised', 'query'),
      ('query answered', 'answer queries'),
      ('query reopened', 'query'),
      ('query returned', 'query'),
      ('query resolved', 'query'),
      ('query commented', 'read'),
      ('answer applied', 'change'),
      ('query closed', 'query'),
      ('query cancelled', 'query'),
      ('entered again', 'enter'),
      ('adjudicated', 'change'),
      ('granted', 'grant and revoke rights'),
      ('revoked', 'grant and revoke rights'),
      ('placed at a site', 'say at which site a participant is'),
      ('slot used', 'randomise'),
      ('unblinded', 'unblind one participant')
    """,
    """
    CREATE FUNCTION acting() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
      SELECT CASE current_setting('role') WHEN 'none' THEN session_user::text
             ELSE current_setting('role') END
    $$
    """,
    """
    CREATE FUNCTION is_alone() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
      SELECT count(*) = 0 OR (count(*) = 1 AND bool_and(person = acting() OR is_open = 1)) FROM
        (SELECT person, is_open FROM person_grant LIMIT 2) AS first
    $$
    """,
    """
    CREATE FUNCTION may(wanted text, in_form text, at_site text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
      SELECT (is_alone() AND (wanted <> 'grant and revoke rights' OR NOT EXISTS (
        SELECT 1 FROM person_grant WHERE person <> acting()))) OR EXISTS (
        SELECT 1 FROM person_grant AS held
        WHERE held.person = acting() AND held.revoked = 0
          AND held.form IN ('', in_form) AND held.site IN ('', at_site)
          AND ((wanted = 'read arms' AND held.arms = 1) OR EXISTS (
            SELECT 1 FROM role_right
            WHERE role_right.role = held.role AND role_right.granted = wanted)))
    $$
    """,
    """
    CREATE FUNCTION may_of(wanted text, in_form text, subject text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
      SELECT may(wanted, in_form,
        COALESCE((SELECT site FROM subject_site WHERE subject_id = subject), ''))
    $$
    """,
    """
    CREATE FUNCTION is_at(which text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
      SELECT is_alone() OR EXISTS (
        SELECT 1 FROM person_grant
        WHERE person = acting() AND revoked = 0 AND (which IS NULL OR site IN ('', which)))
    $$
    """,
    """
    CREATE FUNCTION sees_any(subjects jsonb) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
      SELECT EXISTS (
        SELECT 1 FROM jsonb_array_elements_text(subjects) AS subject
        WHERE is_at(COALESCE((SELECT site FROM subject_site WHERE subject_id = subject), '')))
    $$
    """,
    """
    CREATE FUNCTION kept_secrets() RETURNS TABLE (person text, seq bigint, kept_sha256 text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
      SELECT secret.person, secret.seq,
        encode(sha256(secret.salt || secret.key || convert_to(secret.cost, 'UTF8')), 'hex')
      FROM secret WHERE may('verify', '', '')
    $$
    """,
    """
    CREATE FUNCTION event_is_permitted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER event_is_permitted BEFORE INSERT ON event
    FOR EACH ROW EXECUTE FUNCTION event_is_permitted()
    """,
    "ALTER TABLE event ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE content ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE form_row ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE sealed_row ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE form_table ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE definition ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE subject_site ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE secret ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE hold ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE standing_query ENABLE ROW LEVEL SECURITY",
    """
    CREATE POLICY seen ON event FOR SELECT USING (
        ((SELECT may('read', '', '')) OR may_of('read', form, subject_id)
          OR (subject_id = '' AND position('"subjects":["' in details) = 0 AND (SELECT is_at(NULL))))
        AND (form NOT IN (SELECT whole.form FROM withheld_item AS whole WHERE whole.item = '')
          OR may_of('read arms', form, subject_id))
    )
    """,
    "CREATE POLICY added ON event FOR INSERT WITH CHECK (person = acting())",
    """
    CREATE POLICY seen ON content FOR SELECT USING (
        (SELECT may('read', '', '') AND may('read arms', '', ''))
        OR EXISTS (
          SELECT 1 FROM event WHERE event.seq = content.seq
            AND (NOT EXISTS (SELECT 1 FROM withheld_item AS hidden
                             WHERE hidden.form = event.form AND hidden.item IN ('', event.item))
              OR may_of('read arms', event.form, event.subject_id)))
    )
    """,
    """
    CREATE POLICY added ON content FOR INSERT WITH CHECK (
      EXISTS (SELECT 1 FROM event WHERE event.seq = content.seq AND event.person = acting()))
    """,
    """
    CREATE POLICY redacted ON content FOR UPDATE USING (
        (SELECT may('read', '', '') AND may('read arms', '', ''))
        OR EXISTS (
          SELECT 1 FROM event WHERE event.seq = content.seq
            AND (NOT EXISTS (SELECT 1 FROM withheld_item AS hidden
                             WHERE hidden.form = event.form AND hidden.item IN ('', event.item))
              OR may_of('read arms', event.form, event.subject_id)))
    )
    """,
    """
    CREATE POLICY seen ON form_row FOR SELECT USING (
        ((SELECT may('read', '', '')) OR may_of('read', form, subject_id)
          )
        AND (form NOT IN (SELECT whole.form FROM withheld_item AS whole WHERE whole.item = '')
          OR may_of('read arms', form, subject_id))
    )
    """,
    """
    CREATE POLICY added ON form_row FOR INSERT WITH CHECK (may_of('enter', form, subject_id))
    """,
    "CREATE POLICY changed ON form_row FOR UPDATE USING (may_of('enter', form, subject_id))",
    "CREATE POLICY removed ON form_row FOR DELETE USING (may_of('enter', form, subject_id))",
    "CREATE POLICY arms ON sealed_row USING (may_of('read arms', form, subject_id))",
    "CREATE POLICY seen ON form_table FOR SELECT USING ((SELECT is_at(NULL)))",
    """
    CREATE POLICY written ON form_table USING ((SELECT may('publish definitions and open forms', '', '')))
    """,
    "CREATE POLICY seen ON definition FOR SELECT USING ((SELECT is_at(NULL)))",
    """
    CREATE POLICY written ON definition FOR INSERT WITH CHECK ((SELECT may('publish definitions and open forms', '', '')))
    """,
    "CREATE POLICY seen ON subject_site FOR SELECT USING (is_at(site))",
    """
    CREATE POLICY seen ON hold USING (
        (SELECT may('read', '', '')) OR (subject_id <> '' AND sees_any(jsonb_build_array(subject_id)))
        OR (subject_id = '' AND (jsonb_array_length(kept::jsonb->'subjects') = 0
          OR sees_any(kept::jsonb->'subjects')))
    )
    """,
    """
    CREATE POLICY seen ON standing_query USING (
        (SELECT may('read', '', ''))
        OR sees_any(jsonb_build_array(COALESCE(kept::jsonb->'query'->>'subject_id', '')))
    )
    """,
    "CREATE POLICY own ON secret USING (person = acting()) WITH CHECK (person = acting())",
    """
    REVOKE ALL ON event, content, form_row, sealed_row, form_table, definition, subject_site,
      secret, hold, standing_query, person_grant, subject_site, withheld_item, role_right, action_right
      FROM PUBLIC, {role}
    """,
    "GRANT SELECT, INSERT ON event, content, definition TO {role}",
    "GRANT UPDATE (old, old_salt, new, new_salt, reason, reason_salt) ON content TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON form_row, form_table, sealed_row TO {role}",
    "GRANT SELECT ON person_grant, subject_site, withheld_item TO {role}",
    "REVOKE ALL ON FUNCTION acting() FROM PUBLIC",
    "REVOKE ALL ON FUNCTION is_alone() FROM PUBLIC",
    "REVOKE ALL ON FUNCTION may(text, text, text) FROM PUBLIC",
    "REVOKE ALL ON FUNCTION may_of(text, text, text) FROM PUBLIC",
    "REVOKE ALL ON FUNCTION is_at(text) FROM PUBLIC",
    "REVOKE ALL ON FUNCTION end_of_log(bigint) FROM PUBLIC",
    "REVOKE ALL ON FUNCTION kept_secrets() FROM PUBLIC",
    "REVOKE ALL ON FUNCTION sees_any(jsonb) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION acting() TO {role}",
    "GRANT EXECUTE ON FUNCTION is_alone() TO {role}",
    "GRANT EXECUTE ON FUNCTION may(text, text, text) TO {role}",
    "GRANT EXECUTE ON FUNCTION may_of(text, text, text) TO {role}",
    "GRANT EXECUTE ON FUNCTION is_at(text) TO {role}",
    "GRANT EXECUTE ON FUNCTION end_of_log(bigint) TO {role}",
    "GRANT EXECUTE ON FUNCTION kept_secrets() TO {role}",
    "GRANT EXECUTE ON FUNCTION sees_any(jsonb) TO {role}",
    "REVOKE ALL ON hold, standing_query, secret FROM PUBLIC, {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON hold, standing_query TO {role}",
    "GRANT SELECT, INSERT, DELETE ON secret TO {role}",
)
