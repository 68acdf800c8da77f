"""An identifier that somebody entered by accident leaves the log: its digest stays, and who took it out.

The text goes from the event that brought it, from the next event of the same cell, which names it as
the text before, and from the form. The chain holds, since it covers the digest and never the text.
"""

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.actions import EventAction
from trialkit.evidence.appending import append_to
from trialkit.evidence.events import LogEnd, Occasion, entries
from trialkit.evidence.kept_json import kept_object
from trialkit.evidence.opening import Store
from trialkit.evidence.tables import CONTENT, EVENT, FORM_ROW, KEY
from trialkit.protocol.tables.canonical import canonical

_CELL = ("form", *KEY, "item")


def redact(store: Store, seq: int, occasion: Occasion, *, reason: str, text: str = "new") -> LogEnd:
    """Take the ``new`` text of an event, or its ``reason``, out of the store.

    Raises :class:`EvidenceError` for an event that is not there, or has no such text any more.
    """
    if text not in ("new", "reason"):
        raise EvidenceError(
            f"text is {text!r}; what can be redacted of an event is 'new' or 'reason'. The text that it "
            "replaced is redacted where it was entered"
        )
    with store.writing() as connection:
        _refuse_unless_there(connection, seq, text)
        places = [(seq, text)]
        if text == "new" and (following := _next_of_cell(connection, seq)) is not None:
            places.append((following, "old"))
        head = append_to(
            connection,
            entries(
                [
                    {
                        "action": EventAction.REDACTED,
                        "about": place,
                        "details": canonical({"text": part}),
                        "reason": reason,
                    }
                    for place, part in places
                ]
            ),
            occasion,
        )
        for place, part in places:
            gone = {part: None, f"{part}_salt": None}
            connection.execute(CONTENT.update().where(CONTENT.c.seq == place).values(gone))
        if text == "new" and len(places) == 1:
            _blank(connection, seq)
    store.forget()
    return head


def _refuse_unless_there(connection: sa.Connection, seq: int, text: str) -> None:
    held = connection.execute(sa.select(CONTENT.c[text]).where(CONTENT.c.seq == seq)).one_or_none()
    if held is None or not held[0]:
        raise EvidenceError(
            f"event {seq} has no {text} text (any more), so that nothing can be redacted; "
            "'trialkit store log' shows which event brought it"
        )


def _next_of_cell(connection: sa.Connection, seq: int) -> int | None:
    """The next event of the same cell, which names the text as the one before."""
    cell = connection.execute(
        sa.select(*(EVENT.c[name] for name in _CELL)).where(EVENT.c.seq == seq)
    ).one()
    same = (EVENT.c[name] == value for name, value in zip(_CELL, cell, strict=True))
    found = connection.execute(sa.select(sa.func.min(EVENT.c.seq)).where(EVENT.c.seq > seq, *same))
    return found.scalar()


def _blank(connection: sa.Connection, seq: int) -> None:
    """The cell that held the text, which is still there, is blank from now on."""
    *key, item = connection.execute(
        sa.select(*(EVENT.c[name] for name in _CELL)).where(EVENT.c.seq == seq)
    ).one()
    names = ("form", *KEY)
    is_row = sa.and_(*(FORM_ROW.c[name] == value for name, value in zip(names, key, strict=True)))
    written = connection.execute(sa.select(FORM_ROW.c.cells).where(is_row)).scalar()
    if written is not None:
        cells = {**kept_object(written, of=", ".join(map(str, key))), item: None}
        connection.execute(FORM_ROW.update().where(is_row).values(cells=canonical(cells)))
