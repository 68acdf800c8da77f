"""A moment of the log as people name it: the number of an event, or a day."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import last_until
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.tables import DEFINITION, EVENT

Moment = date | int
"""The end of a day in UTC, or the event that is the last one."""


def last_event(store: Store, moment: Moment | None) -> int | None:
    """The number of the last event at a moment; None for the moment that is now.

    Raises :class:`EvidenceError` for a day before the store was begun.
    """
    if isinstance(moment, date):
        return last_until(store, f"{moment.isoformat()}T23:59:59.999Z")
    return moment


def definitions_at(store: Store, until: int | None) -> Mapping[str, str]:
    """The protocol and the forms that were in force after an event, by their files; {} for none."""
    with store.reading() as connection:
        sha256 = in_force(connection, until)
        if sha256 is None:
            return {}
        files = connection.execute(
            sa.select(DEFINITION.c.files).where(DEFINITION.c.sha256 == sha256)
        ).scalar()
    if files is None:
        raise EvidenceError(
            "the definitions that the log names are not kept any more; 'verify' says what was changed"
        )
    kept = kept_object(files, of="a version of the definitions")
    return {str(name): str(text) for name, text in kept.items()}


def in_force(connection: sa.Connection, until: int | None) -> str | None:
    """The SHA-256 of the definitions that held after an event, None for now; None where none did."""
    published = sa.select(EVENT.c.details).where(EVENT.c.action == EventAction.DEFINED)
    if until is not None:
        published = published.where(EVENT.c.seq <= until)
    details = connection.execute(published.order_by(EVENT.c.seq.desc()).limit(1)).scalar()
    if details is None:
        return None
    return str(kept_object(details, of="a version of the definitions").get("sha256"))
