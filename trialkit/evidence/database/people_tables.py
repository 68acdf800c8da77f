"""Who may do what, where participants are, and what tells an arm: tables that the log comes to.

A server makes them itself from each event, by a trigger, so that no account can write them; in a file
they are written with the event, and ``verify`` compares them with the log.
"""

import sqlalchemy as sa

from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.tables import KEY, METADATA
from trialkit.protocol.trial.roles import TrialRole

PERSON_GRANT = sa.Table(
    "person_grant",
    METADATA,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("printed_name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("arms", sa.BigInteger, nullable=False),
    sa.Column("is_open", sa.BigInteger, nullable=False),
    sa.Column("revoked", sa.BigInteger, nullable=False),
)
"""A row a grant, by the event that granted it; ``revoked`` is the one that ended it, or 0. ``is_open``
is of the first one: whether others act too, as long as nobody was granted anything."""
SUBJECT_SITE = sa.Table(
    "subject_site",
    METADATA,
    sa.Column("subject_id", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
WITHHELD_ITEM = sa.Table(
    "withheld_item",
    METADATA,
    sa.Column("form", sa.Text, primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
"""What tells an arm; an item that is ``""`` stands for a whole form. Nothing ever leaves it."""
SEALED_ROW = sa.Table(
    "sealed_row",
    METADATA,
    sa.Column("form", sa.Text, primary_key=True),
    sa.Column("subject_id", sa.Text, primary_key=True),
    sa.Column("visit", sa.Text, primary_key=True),
    sa.Column("repeat", sa.Text, primary_key=True),
    sa.Column("copy", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("cells", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(
        ["form", "subject_id", "visit", "repeat", "copy"],
        [f"form_row.{name}" for name in ("form", *KEY)],
    ),
)
"""The withheld items of a row, apart from the others: a right can be given for one and not for both."""

BEGINNER = TrialRole.DATA_MANAGER.value
"""The role of who begins a store, once anybody else has one."""
_KINDS = (
    EventAction.BEGAN,
    EventAction.GRANTED,
    EventAction.REVOKED,
    EventAction.PLACED,
    EventAction.FORM_OPENED,
)
ACTIONS = tuple(each.value for each in _KINDS)
"""The events that these tables are made from."""
_LISTED = ", ".join(f"'{each}'" for each in ACTIONS)

ON_POSTGRES = (
    f"""
    CREATE FUNCTION keeps_in_mind() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {{schema}}, pg_temp AS $$
    DECLARE said jsonb := NEW.details::jsonb;
    BEGIN
      CASE NEW.action
      WHEN '{EventAction.BEGAN}' THEN
        INSERT INTO person_grant VALUES
          (NEW.seq, NEW.person, NEW.printed_name, '{BEGINNER}', '', '', 0,
           COALESCE((said->>'is_open')::bigint, 0), 0);
      WHEN '{EventAction.GRANTED}' THEN
        INSERT INTO person_grant VALUES
          (NEW.seq, said->>'person', said->>'printed_name', said->>'role', NEW.form,
           said->>'site', (said->>'arms')::bigint, 0, 0);
      WHEN '{EventAction.REVOKED}' THEN
        UPDATE person_grant SET revoked = NEW.seq WHERE seq = NEW.about AND revoked = 0;
      WHEN '{EventAction.PLACED}' THEN
        INSERT INTO subject_site VALUES (NEW.subject_id, said->>'site', NEW.seq)
          ON CONFLICT (subject_id) DO UPDATE SET site = EXCLUDED.site, seq = EXCLUDED.seq;
      WHEN '{EventAction.FORM_OPENED}' THEN
        INSERT INTO withheld_item SELECT NEW.form, item, NEW.seq
          FROM jsonb_array_elements_text(said->'withheld') AS item ON CONFLICT DO NOTHING;
      END CASE;
      RETURN NULL;
    END $$
    """,
    f"""
    CREATE TRIGGER event_is_kept_in_mind AFTER INSERT ON event
    FOR EACH ROW WHEN (NEW.action IN ({_LISTED})) EXECUTE FUNCTION keeps_in_mind()
    """,
)
