"""Secrets that were refused: each is an event, and after several in a row the account waits."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import Occasion, entries
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.secret_kinds import SigningSecret
from trialkit.evidence.writing.appending import append_to
from trialkit.protocol.tables.canonical import canonical

TRIES = 5
"""Wrong ones in a row, after which the account waits."""
WAIT = timedelta(minutes=15)
_ENDS = (EventAction.SIGNED, EventAction.PASSPHRASE_SET)
"""What only the right one comes to."""


def keep_refused(connection: sa.Connection, occasion: Occasion, *, of: SigningSecret) -> None:
    """Write that whoever acts gave another secret than the own one."""
    said = {"action": EventAction.PASSPHRASE_REFUSED, "details": canonical({"by": of})}
    append_to(connection, entries([said]), occasion)


def refuse_too_many(connection: sa.Connection, occasion: Occasion) -> None:
    """Raise :class:`EvidenceError` where this account was refused again and again just now."""
    tried = connection.execute(
        sa.select(EVENT.c.action, EVENT.c.at)
        .where(
            EVENT.c.person == occasion.author.person,
            EVENT.c.action.in_([*_ENDS, EventAction.PASSPHRASE_REFUSED]),
        )
        .order_by(EVENT.c.seq.desc())
        .limit(TRIES)
    ).all()
    if len(tried) < TRIES or any(each.action in _ENDS for each in tried):
        return
    over = datetime.fromisoformat(tried[0].at) + WAIT
    if occasion.at < over:
        raise EvidenceError(
            f"{occasion.author.person}: {TRIES} wrong ones in a row; try again after {over:%H:%M} UTC"
        )
