"""On a server, rights are asked for once a statement, by functions that keep their plans.

What a revision does stays as it is: a later change of the tables is a revision of its own.
"""

from collections.abc import Callable

revision = "0004"
down_revision = "0003"
TOLD = "on a server, rights by account are asked for once a statement, and stay as they are"
"""What it does, for whoever is asked whether to do it."""
REBUILDS = False
"""Whether it makes tables that are filled from the log."""


def upgrade(*, engine: str, carry_out: Callable[[tuple[str, ...]], None]) -> None:
    """Make it in a store of the revision before."""
    if engine == "postgresql":
        carry_out(_POSTGRES)


_POSTGRES = (
    """
    CREATE OR REPLACE FUNCTION acting() RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
    BEGIN
      RETURN CASE current_setting('role') WHEN 'none' THEN session_user::text
             ELSE current_setting('role') END;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION is_alone() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN (SELECT count(*) = 0 OR (count(*) = 1 AND bool_and(person = actor OR is_open = 1)) FROM
        (SELECT person, is_open FROM person_grant LIMIT 2) AS first);
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION may(wanted text, in_form text, at_site text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN EXISTS (
        SELECT 1 FROM person_grant AS held
        WHERE held.person = actor AND held.revoked = 0
          AND held.form IN ('', in_form) AND held.site IN ('', at_site)
          AND ((wanted = 'read arms' AND held.arms = 1) OR EXISTS (
            SELECT 1 FROM role_right
            WHERE role_right.role = held.role AND role_right.granted = wanted)))
      OR (is_alone() AND (wanted <> 'grant and revoke rights' OR NOT EXISTS (
        SELECT 1 FROM person_grant WHERE person <> actor)));
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION may_of(wanted text, in_form text, subject text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    BEGIN
      RETURN may(wanted, in_form,
        COALESCE((SELECT site FROM subject_site WHERE subject_id = subject), ''));
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION is_at(which text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN is_alone() OR EXISTS (
        SELECT 1 FROM person_grant
        WHERE person = actor AND revoked = 0 AND (which IS NULL OR site IN ('', which)));
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION sees_any(subjects jsonb) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    BEGIN
      RETURN EXISTS (
        SELECT 1 FROM jsonb_array_elements_text(subjects) AS subject
        WHERE is_at(COALESCE((SELECT site FROM subject_site WHERE subject_id = subject), '')));
    END $$
    """,
    """
    CREATE FUNCTION sites_where(wanted text) RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN QUERY SELECT held.site FROM person_grant AS held
        WHERE held.person = actor AND held.revoked = 0 AND held.form = ''
          AND ((wanted = 'read arms' AND held.arms = 1) OR EXISTS (
            SELECT 1 FROM role_right
            WHERE role_right.role = held.role AND role_right.granted = wanted));
    END $$
    """,
    """
    CREATE FUNCTION own_sites() RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN QUERY SELECT site FROM person_grant WHERE person = actor AND revoked = 0;
    END $$
    """,
    """
    CREATE FUNCTION is_own(which bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    BEGIN
      RETURN EXISTS (SELECT 1 FROM event WHERE seq = which AND person = acting());
    END $$
    """,
    """
    CREATE FUNCTION is_by_form() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    DECLARE actor text := acting();
    BEGIN
      RETURN EXISTS (
        SELECT 1 FROM person_grant WHERE person = actor AND revoked = 0 AND form <> '');
    END $$
    """,
    "REVOKE ALL ON FUNCTION sites_where(text) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION sites_where(text) TO {role}",
    "REVOKE ALL ON FUNCTION own_sites() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION own_sites() TO {role}",
    "REVOKE ALL ON FUNCTION is_by_form() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION is_by_form() TO {role}",
    "REVOKE ALL ON FUNCTION is_own(bigint) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION is_own(bigint) TO {role}",
    "DROP POLICY seen ON event",
    """
    CREATE POLICY seen ON event FOR SELECT USING (
      (((SELECT may('read', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = event.subject_id
                   AND placed.site IN (SELECT sites_where('read')))
      OR ((SELECT is_by_form()) AND may_of('read', event.form, event.subject_id))) OR (subject_id = '' AND position('"subjects":["' in details) = 0 AND (SELECT is_at(NULL))))
      AND (form NOT IN (SELECT whole.form FROM withheld_item AS whole WHERE whole.item = '')
        OR ((SELECT may('read arms', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = event.subject_id
                   AND placed.site IN (SELECT sites_where('read arms')))
      OR ((SELECT is_by_form()) AND may_of('read arms', event.form, event.subject_id))))
    )
    """,
    "DROP POLICY seen ON content",
    """
    CREATE POLICY seen ON content FOR SELECT USING (
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
    )
    """,
    "DROP POLICY added ON content",
    "CREATE POLICY added ON content FOR INSERT WITH CHECK (is_own(seq))",
    "DROP POLICY redacted ON content",
    """
    CREATE POLICY redacted ON content FOR UPDATE USING (
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
    )
    """,
    "DROP POLICY seen ON form_row",
    """
    CREATE POLICY seen ON form_row FOR SELECT USING (
      (((SELECT may('read', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = form_row.subject_id
                   AND placed.site IN (SELECT sites_where('read')))
      OR ((SELECT is_by_form()) AND may_of('read', form_row.form, form_row.subject_id))) )
      AND (form NOT IN (SELECT whole.form FROM withheld_item AS whole WHERE whole.item = '')
        OR ((SELECT may('read arms', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = form_row.subject_id
                   AND placed.site IN (SELECT sites_where('read arms')))
      OR ((SELECT is_by_form()) AND may_of('read arms', form_row.form, form_row.subject_id))))
    )
    """,
    "DROP POLICY arms ON sealed_row",
    """
    CREATE POLICY arms ON sealed_row USING (((SELECT may('read arms', '', ''))
      OR EXISTS (SELECT 1 FROM subject_site AS placed
                 WHERE placed.subject_id = sealed_row.subject_id
                   AND placed.site IN (SELECT sites_where('read arms')))
      OR ((SELECT is_by_form()) AND may_of('read arms', sealed_row.form, sealed_row.subject_id))))
    """,
    "DROP POLICY seen ON subject_site",
    """
    CREATE POLICY seen ON subject_site FOR SELECT USING (
      (SELECT is_at('')) OR site IN (SELECT own_sites()))
    """,
)
