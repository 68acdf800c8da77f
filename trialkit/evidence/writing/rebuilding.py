"""The tables that the log comes to, made anew from it: what an earlier version of a store did not keep."""

from collections import deque

import sqlalchemy as sa

from trialkit.evidence.database.people_tables import (
    PERSON_GRANT,
    SEALED_ROW,
    SUBJECT_SITE,
    WITHHELD_ITEM,
)
from trialkit.evidence.database.tables_of_control import CONTROL
from trialkit.evidence.log.projection import FormsState
from trialkit.evidence.log.reading import events
from trialkit.evidence.people.keeping_people import PeopleState, write_people
from trialkit.evidence.standing.control import ControlState
from trialkit.evidence.standing.keeping_rows import write_seals


def rebuild(connection: sa.Connection) -> None:
    """Fill the tables of people, arms and control. What came in past the rules is for ``verify`` to tell.

    The rows of the forms stay as they are, but for what tells an arm, which is put apart.

    Raises :class:`~trialkit.errors.EvidenceError` for a log that does not say what it should.
    """
    for table in (SEALED_ROW, PERSON_GRANT, SUBJECT_SITE, WITHHELD_ITEM, *CONTROL):
        connection.execute(table.delete())
    people, forms, control = PeopleState(), FormsState(), ControlState()
    for batch in events(connection):
        people.carry_out(batch)
        forms.carry_out(batch)
        deque(control.replay(batch), maxlen=0)
    write_people(connection, people, PeopleState())
    write_seals(connection, forms)
    control.write(connection)
