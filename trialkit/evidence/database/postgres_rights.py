"""Who may see and write what on a server, asked by the database itself of every account.

Everything rests on the account that acts: the login, or the one that it became by ``SET ROLE``, which
PostgreSQL grants to members alone. No setting that a client may write decides anything. The account
of the application owns nothing, and the accounts of people are its members.
"""

from trialkit.evidence.database.people_tables import ON_POSTGRES
from trialkit.evidence.database.tables_revision import MARK
from trialkit.evidence.log.actions import NEEDING_REASON, OF_WHOMEVER, Door, EventAction
from trialkit.evidence.log.rights import NEEDED, OF_ANYBODY, RIGHTS_OF, Right
from trialkit.evidence.log.tables import REDACTABLE

ANOTHER = "an event is written by the account of the person whom it names"
REFUSED = "this account may not do that"
ELSEWHERE = "an event is of the participant and the form of what it is about"
SILENT = "this needs a reason"
UNTOLD = "what stands is what an event of the log made, by the account that writes it"
_ROLES = ", ".join(
    f"('{role.value}', '{right.value}')" for role, rights in RIGHTS_OF.items() for right in sorted(rights)
)  # fmt: skip
_ACTIONS = ", ".join(f"('{action.value}', '{right.value}')" for action, right in NEEDED.items())
_DATA = ", ".join(f"'{action.value}'" for action in EventAction if action.is_of_data)
_OF_A_QUERY = ", ".join(f"'{action.value}'" for action in EventAction if action.is_of_a_query)
_WITH_REASON = ", ".join(f"'{action}'" for action in NEEDING_REASON)
_OF_OTHERS = ", ".join(f"'{action}'" for action in OF_WHOMEVER)
_PLACES = f"'{EventAction.FROZEN}', '{EventAction.LOCKED}'"
_LIFTS = f"'{EventAction.UNFROZEN}', '{EventAction.UNLOCKED}'"
_OWN = ", ".join(f"'{action.value}'" for action in sorted(OF_ANYBODY))
_DEFINER = "STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp"

# plpgsql keeps the plans of what it asks for the session; a function in SQL, which cannot be put into the
# asking query because of its rights, is planned anew each time, with all that it calls.
_FUNCTIONS = (
    """
    CREATE TABLE role_right (role text, granted text, PRIMARY KEY (role, granted))
    """,
    f"INSERT INTO role_right VALUES {_ROLES}",
    "CREATE TABLE action_right (action text PRIMARY KEY, needed text NOT NULL)",
    f"INSERT INTO action_right VALUES {_ACTIONS}",
    """
    CREATE FUNCTION acting() RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
    BEGIN
      RETURN CASE current_setting('role') WHEN 'none' THEN session_user::text
             ELSE current_setting('role') END;
    END $$
    """,
    f"""
    CREATE FUNCTION is_alone() RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN (SELECT count(*) = 0 OR (count(*) = 1 AND bool_and(person = actor OR is_open = 1)) FROM
        (SELECT person, is_open FROM person_grant LIMIT 2) AS first);
    END $$
    """,
    f"""
    CREATE FUNCTION may(wanted text, in_form text, at_site text) RETURNS boolean
    LANGUAGE plpgsql {_DEFINER} AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN EXISTS (
        SELECT 1 FROM person_grant AS held
        WHERE held.person = actor AND held.revoked = 0
          AND held.form IN ('', in_form) AND held.site IN ('', at_site)
          AND ((wanted = '{Right.READ_ARMS}' AND held.arms = 1) OR EXISTS (
            SELECT 1 FROM role_right
            WHERE role_right.role = held.role AND role_right.granted = wanted)))
      OR (is_alone() AND (wanted <> '{Right.GRANT}' OR NOT EXISTS (
        SELECT 1 FROM person_grant WHERE person <> actor)));
    END $$
    """,
    f"""
    CREATE FUNCTION may_of(wanted text, in_form text, subject text) RETURNS boolean
    LANGUAGE plpgsql {_DEFINER} AS $$
    BEGIN
      RETURN may(wanted, in_form,
        COALESCE((SELECT site FROM subject_site WHERE subject_id = subject), ''));
    END $$
    """,
    f"""
    CREATE FUNCTION sites_where(wanted text) RETURNS SETOF text LANGUAGE plpgsql {_DEFINER} AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN QUERY SELECT held.site FROM person_grant AS held
        WHERE held.person = actor AND held.revoked = 0 AND held.form = ''
          AND ((wanted = '{Right.READ_ARMS}' AND held.arms = 1) OR EXISTS (
            SELECT 1 FROM role_right
            WHERE role_right.role = held.role AND role_right.granted = wanted));
    END $$
    """,
    f"""
    CREATE FUNCTION own_sites() RETURNS SETOF text LANGUAGE plpgsql {_DEFINER} AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN QUERY SELECT site FROM person_grant WHERE person = actor AND revoked = 0;
    END $$
    """,
    f"""
    CREATE FUNCTION is_own(which bigint) RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
    BEGIN
      RETURN EXISTS (SELECT 1 FROM event WHERE seq = which AND person = acting());
    END $$
    """,
    f"""
    CREATE FUNCTION is_by_form() RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN EXISTS (
        SELECT 1 FROM person_grant WHERE person = actor AND revoked = 0 AND form <> '');
    END $$
    """,
    f"""
    CREATE FUNCTION is_at(which text) RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN is_alone() OR EXISTS (
        SELECT 1 FROM person_grant
        WHERE person = actor AND revoked = 0 AND (which IS NULL OR site IN ('', which)));
    END $$
    """,
    f"""
    CREATE FUNCTION sees_any(subjects jsonb) RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
    BEGIN
      RETURN EXISTS (
        SELECT 1 FROM jsonb_array_elements_text(subjects) AS subject
        WHERE is_at(COALESCE((SELECT site FROM subject_site WHERE subject_id = subject), '')));
    END $$
    """,
    f"""
    CREATE FUNCTION kept_secrets() RETURNS TABLE (person text, seq bigint, kept_sha256 text)
    LANGUAGE sql {_DEFINER} AS $$
      SELECT secret.person, secret.seq,
        encode(sha256(secret.salt || secret.key || convert_to(secret.cost, 'UTF8')), 'hex')
      FROM secret WHERE may('{Right.VERIFY}', '', '')
    $$
    """,
    f"""
    CREATE FUNCTION event_is_permitted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {{schema}}, pg_temp AS $$
    DECLARE
      said jsonb;
      held person_grant%ROWTYPE;
      wanted text;
      here text;
    BEGIN
      IF NEW.person <> acting() THEN RAISE EXCEPTION '{ANOTHER}'; END IF;
      IF NOT EXISTS (SELECT 1 FROM person_grant) THEN RETURN NEW; END IF;
      IF NEW.action = '{EventAction.BEGAN}' THEN RAISE EXCEPTION '{REFUSED}'; END IF;
      IF NOT is_alone() AND (
        NOT EXISTS (SELECT 1 FROM person_grant WHERE person = NEW.person AND revoked = 0
                    AND role = NEW.role)
        OR NOT EXISTS (SELECT 1 FROM person_grant WHERE person = NEW.person AND revoked = 0
                       AND site IN ('', NEW.site)))
      THEN RAISE EXCEPTION '{REFUSED}'; END IF;
      SELECT site INTO here FROM subject_site WHERE subject_id = NEW.subject_id;
      IF NEW.about > 0 AND NEW.action NOT IN ({_OF_OTHERS})
         AND NOT (NEW.action = '{EventAction.REDACTED}' AND NEW.subject_id = '' AND NEW.form = '')
         AND EXISTS (
           SELECT 1 FROM event AS earlier WHERE earlier.seq = NEW.about
             AND (earlier.subject_id <> NEW.subject_id OR earlier.form <> NEW.form))
      THEN RAISE EXCEPTION '{ELSEWHERE}'; END IF;
      IF NEW.action IN ({_OF_A_QUERY}) THEN
        said := NEW.details::jsonb;
        IF EXISTS (
          SELECT 1 FROM standing_query AS asked WHERE asked.query_key = said->>'query_key'
            AND (asked.kept::jsonb->'query'->>'subject_id' <> NEW.subject_id
              OR (NEW.action <> '{EventAction.QUERY_KEPT_APART}'
                AND asked.kept::jsonb->'query'->>'form' <> NEW.form)))
        THEN RAISE EXCEPTION '{ELSEWHERE}'; END IF;
      END IF;
      IF NEW.action = '{EventAction.QUERY_KEPT_APART}' AND NOT EXISTS (
        SELECT 1 FROM withheld_item WHERE form = NEW.form AND item IN ('', NEW.item))
      THEN RAISE EXCEPTION '{REFUSED}'; END IF;
      IF NEW.action = '{EventAction.GRANTED}' THEN
        said := NEW.details::jsonb;
        IF lower(said->>'person') = lower(NEW.person)
           OR NOT may('{Right.GRANT}', NEW.form, said->>'site')
        THEN RAISE EXCEPTION '{REFUSED}'; END IF;
      ELSIF NEW.action = '{EventAction.REVOKED}' THEN
        SELECT * INTO held FROM person_grant WHERE seq = NEW.about AND revoked = 0;
        IF held.seq IS NULL OR NOT may('{Right.GRANT}', held.form, held.site)
           OR NOT EXISTS (
             SELECT 1 FROM person_grant AS other JOIN role_right USING (role)
             WHERE other.revoked = 0 AND other.seq <> held.seq AND granted = '{Right.GRANT}'
               AND other.form = '' AND other.site = '')
        THEN RAISE EXCEPTION '{REFUSED}'; END IF;
      ELSIF NEW.action = '{EventAction.PLACED}' THEN
        said := NEW.details::jsonb;
        IF NOT (
          (here IS NULL AND may('{Right.ENTER}', '', said->>'site')
           AND NOT EXISTS (SELECT 1 FROM form_row WHERE subject_id = NEW.subject_id))
          OR (may('{Right.PLACE}', '', COALESCE(here, '')) AND may('{Right.PLACE}', '', said->>'site')))
        THEN RAISE EXCEPTION '{REFUSED}'; END IF;
      ELSIF NEW.action NOT IN ({_OWN}) THEN
        SELECT needed INTO wanted FROM action_right WHERE action = NEW.action;
        IF NOT may(COALESCE(wanted, ''), NEW.form, COALESCE(here, ''))
           OR (NEW.door = '{Door.IMPORT}' AND NEW.action IN ({_DATA})
               AND NOT may('{Right.IMPORT}', NEW.form, COALESCE(here, '')))
           OR (EXISTS (SELECT 1 FROM withheld_item
                       WHERE form = NEW.form AND item IN ('', NEW.item))
               AND NOT may('{Right.READ_ARMS}', NEW.form, COALESCE(here, '')))
        THEN RAISE EXCEPTION '{REFUSED}'; END IF;
      END IF;
      IF NEW.action IN ({_WITH_REASON}) AND NEW.reason_sha256 = ''
      THEN RAISE EXCEPTION '{SILENT}'; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER event_is_permitted BEFORE INSERT ON event
    FOR EACH ROW EXECUTE FUNCTION event_is_permitted()
    """,
    f"""
    CREATE FUNCTION is_owner() RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
    BEGIN
      RETURN (SELECT pg_get_userbyid(relowner) = acting() FROM pg_class
              WHERE oid = 'event'::regclass);
    END $$
    """,
    f"""
    CREATE FUNCTION hold_is_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {{schema}}, pg_temp AS $$
    BEGIN
      IF is_owner() THEN RETURN COALESCE(NEW, OLD); END IF;
      IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq AND person = acting()
                       AND action IN ({_PLACES}) AND subject_id = NEW.subject_id)
        THEN RAISE EXCEPTION '{UNTOLD}'; END IF;
        RETURN NEW;
      END IF;
      IF NOT EXISTS (SELECT 1 FROM event WHERE about = OLD.seq AND person = acting()
                     AND action IN ({_LIFTS}))
      THEN RAISE EXCEPTION '{UNTOLD}'; END IF;
      RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER hold_is_told BEFORE INSERT OR DELETE ON hold
    FOR EACH ROW EXECUTE FUNCTION hold_is_told()
    """,
    f"""
    CREATE FUNCTION query_is_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {{schema}}, pg_temp AS $$
    BEGIN
      IF is_owner() THEN RETURN COALESCE(NEW, OLD); END IF;
      IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq AND person = acting()
                       AND action IN ({_OF_A_QUERY})
                       AND details::jsonb->>'query_key' = NEW.query_key)
        THEN RAISE EXCEPTION '{UNTOLD}'; END IF;
      ELSIF NOT EXISTS (SELECT 1 FROM standing_query WHERE query_key = OLD.query_key)
      THEN RAISE EXCEPTION '{UNTOLD}'; END IF;
      RETURN COALESCE(NEW, OLD);
    END $$
    """,
    """
    CREATE TRIGGER query_is_told BEFORE INSERT ON standing_query
    FOR EACH ROW EXECUTE FUNCTION query_is_told()
    """,
    """
    CREATE CONSTRAINT TRIGGER query_stays AFTER DELETE ON standing_query
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION query_is_told()
    """,
)


def _may_in_each(right: Right, table: str) -> str:
    """What ``may_of`` says of each row, by the sites of the account, which are asked for once.

    Only where a grant is for one form is it asked itself.
    """
    return f"""((SELECT may('{right}', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = {table}.subject_id
                   AND placed.site IN (SELECT sites_where('{right}')))
      OR ((SELECT is_by_form()) AND may_of('{right}', {table}.form, {table}.subject_id)))"""


def _seen(table: str, general: str = "") -> str:
    """Which rows are seen; ``general`` is what more is seen of those that are about nobody."""
    return f"""
      ({_may_in_each(Right.READ, table)} {general})
      AND (form NOT IN (SELECT whole.form FROM withheld_item AS whole WHERE whole.item = '')
        OR {_may_in_each(Right.READ_ARMS, table)})
    """


_WRITES = f"may_of('{Right.ENTER}', form, subject_id)"
_ARMS = _may_in_each(Right.READ_ARMS, "sealed_row")
_DEFINES = f"(SELECT may('{Right.DEFINE}', '', ''))"
_NAMES_NOBODY = """subject_id = '' AND position('"subjects":["' in details) = 0"""
"""A lock of a site lists its participants."""
_SEEN_EVENT = _seen("event", f"OR ({_NAMES_NOBODY} AND (SELECT is_at(NULL)))")
_TEXT = f"""
    (SELECT may('{Right.READ}', '', '') AND may('{Right.READ_ARMS}', '', ''))
    OR EXISTS (
      SELECT 1 FROM event WHERE event.seq = content.seq
        AND (NOT EXISTS (SELECT 1 FROM withheld_item AS hidden
                         WHERE hidden.form = event.form AND hidden.item IN ('', event.item))
          OR {_may_in_each(Right.READ_ARMS, "event")}))
"""
_REDACTS = f"""EXISTS (
      SELECT 1 FROM event WHERE event.seq = content.seq AND {_may_in_each(Right.REDACT, "event")})"""
_HELD = f"""
    ((SELECT may('read', '', '')) OR (subject_id <> '' AND sees_any(jsonb_build_array(subject_id)))
      OR (subject_id = '' AND (jsonb_array_length(kept::jsonb->'subjects') = 0
        OR sees_any(kept::jsonb->'subjects'))))
    AND (COALESCE(kept::jsonb->'place'->>'form', '') NOT IN (
        SELECT whole.form FROM withheld_item AS whole WHERE whole.item = '')
      OR may_of('{Right.READ_ARMS}', kept::jsonb->'place'->>'form', subject_id))
"""
_ASKED_OF = f"""
    ((SELECT may('read', '', ''))
      OR sees_any(jsonb_build_array(COALESCE(kept::jsonb->'query'->>'subject_id', ''))))
    AND (COALESCE(kept::jsonb->'query'->>'form', '') NOT IN (
        SELECT whole.form FROM withheld_item AS whole WHERE whole.item = '')
      OR may_of('{Right.READ_ARMS}', kept::jsonb->'query'->>'form',
        COALESCE(kept::jsonb->'query'->>'subject_id', '')))
"""
_POLICIES = (
    f"CREATE POLICY seen ON event FOR SELECT USING ({_SEEN_EVENT})",
    "CREATE POLICY added ON event FOR INSERT WITH CHECK (person = acting())",
    f"CREATE POLICY seen ON content FOR SELECT USING ({_TEXT})",
    "CREATE POLICY added ON content FOR INSERT WITH CHECK (is_own(seq))",
    f"CREATE POLICY redacted ON content FOR UPDATE USING (({_TEXT}) AND {_REDACTS})",
    f"CREATE POLICY seen ON form_row FOR SELECT USING ({_seen('form_row')})",
    f"CREATE POLICY added ON form_row FOR INSERT WITH CHECK ({_WRITES})",
    f"CREATE POLICY changed ON form_row FOR UPDATE USING ({_WRITES})",
    f"CREATE POLICY removed ON form_row FOR DELETE USING ({_WRITES})",
    f"CREATE POLICY seen ON sealed_row FOR SELECT USING ({_ARMS})",
    f"CREATE POLICY added ON sealed_row FOR INSERT WITH CHECK ({_ARMS} AND {_WRITES})",
    f"CREATE POLICY changed ON sealed_row FOR UPDATE USING ({_ARMS} AND {_WRITES})",
    f"CREATE POLICY removed ON sealed_row FOR DELETE USING ({_ARMS} AND {_WRITES})",
    "CREATE POLICY seen ON form_table FOR SELECT USING ((SELECT is_at(NULL)))",
    f"CREATE POLICY written ON form_table USING ({_DEFINES})",
    "CREATE POLICY seen ON definition FOR SELECT USING ((SELECT is_at(NULL)))",
    f"CREATE POLICY written ON definition FOR INSERT WITH CHECK ({_DEFINES})",
    """
    CREATE POLICY seen ON subject_site FOR SELECT USING (
      (SELECT is_at('')) OR site IN (SELECT own_sites()))
    """,
    f"CREATE POLICY seen ON hold USING ({_HELD})",
    f"CREATE POLICY seen ON standing_query USING ({_ASKED_OF})",
    "CREATE POLICY own ON secret USING (person = acting()) WITH CHECK (person = acting())",
)
_GUARDED = (
    "event",
    "content",
    "form_row",
    "sealed_row",
    "form_table",
    "definition",
    "subject_site",
    "secret",
    "hold",
    "standing_query",
)
_MADE = "person_grant, subject_site, withheld_item"
_ASKED = (
    "acting()", "is_alone()", "may(text, text, text)", "may_of(text, text, text)", "is_at(text)",
    "sites_where(text)", "own_sites()", "is_by_form()", "is_own(bigint)",
    "end_of_log(bigint)", "kept_secrets()", "sees_any(jsonb)", "is_owner()",
)  # fmt: skip

_GRANTS = (
    f"REVOKE ALL ON {', '.join(_GUARDED)}, {_MADE}, role_right, action_right FROM PUBLIC, {{role}}",
    "GRANT SELECT, INSERT ON event, content, definition TO {role}",
    f"GRANT UPDATE ({', '.join(REDACTABLE)}) ON content TO {{role}}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON form_row, form_table, sealed_row TO {role}",
    f"GRANT SELECT ON {_MADE} TO {{role}}",
    f"REVOKE ALL ON {MARK.name} FROM PUBLIC, {{role}}",
    f"GRANT SELECT ON {MARK.name} TO {{role}}",
    *(f"REVOKE ALL ON FUNCTION {each} FROM PUBLIC" for each in _ASKED),
    *(f"GRANT EXECUTE ON FUNCTION {each} TO {{role}}" for each in _ASKED),
)

MADE = (
    *ON_POSTGRES,
    f"""
    CREATE FUNCTION end_of_log(last_seen bigint) RETURNS TABLE (seq bigint, hash text)
    LANGUAGE sql {_DEFINER} AS $$
      SELECT event.seq, event.hash FROM event
      WHERE last_seen IS NULL OR event.seq <= last_seen ORDER BY event.seq DESC LIMIT 1
    $$
    """,
)
"""What is there before the first event, which its beginner does not write by an own account."""
STATEMENTS = (
    *_FUNCTIONS,
    *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in _GUARDED),
    *_POLICIES,
    *_GRANTS,
)
"""``{schema}`` and ``{role}`` are quoted by who fills them in."""
