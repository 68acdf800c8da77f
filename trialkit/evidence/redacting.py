"""An identifier that somebody entered by accident leaves the log: its digest stays, and who took it out.

The text goes from the event that brought it, from the next event of the same cell, which names it as
the text before, and from the form. The chain holds, since it covers the digest and never the text.
"""

from typing import Any

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.actions import EventAction
from trialkit.evidence.appending import append_to
from trialkit.evidence.events import LogEnd, Occasion, entries
from trialkit.evidence.kept_json import kept_object
from trialkit.evidence.opening import Store
from trialkit.evidence.people_tables import SEALED_ROW
from trialkit.evidence.tables import CONTENT, EVENT, FORM_ROW, KEY
from trialkit.protocol.tables.canonical import canonical

_CELL = ("form", *KEY, "item")
_OF_CELLS = (EventAction.FILLED, EventAction.CHANGED, EventAction.EMPTIED)


def redact(store: Store, seq: int, occasion: Occasion, *, reason: str, text: str = "new") -> LogEnd:
    """Take the ``new`` text of an event, or its ``reason``, out of the store.

    Raises :class:`EvidenceError` for an event that is not there, or has no such text any more.
    """
    if text not in ("new", "reason"):
        raise EvidenceError(
            f"text is {text!r}; what can be redacted of an event is 'new' or 'reason'. The text that it "
            "replaced is redacted where it was entered"
        )
    with store.by(occasion.author.person).writing() as connection:
        _refuse_unless_there(connection, seq, text)
        places = [(seq, text)]
        cell = _cell_of(connection, seq) if text == "new" else None
        if cell is not None and (following := _next_of_cell(connection, seq, cell)) is not None:
            places.append((following, "old"))
            cell = None
        head = append_to(
            connection,
            entries(
                [
                    {
                        "action": EventAction.REDACTED,
                        "about": place,
                        "details": canonical({"text": part}),
                        "reason": reason,
                        **(cell or {}),
                    }
                    for place, part in places
                ]
            ),
            occasion,
        )
        for place, part in places:
            gone = {part: None, f"{part}_salt": None}
            connection.execute(CONTENT.update().where(CONTENT.c.seq == place).values(gone))
        if cell is not None:
            _blank(connection, cell)
    store.forget()
    return head


def _refuse_unless_there(connection: sa.Connection, seq: int, text: str) -> None:
    held = connection.execute(sa.select(CONTENT.c[text]).where(CONTENT.c.seq == seq)).one_or_none()
    if held is None or not held[0]:
        raise EvidenceError(
            f"event {seq} has no {text} text (any more), so that nothing can be redacted; "
            "'trialkit store log' shows which event brought it"
        )


def _cell_of(connection: sa.Connection, seq: int) -> dict[str, Any] | None:
    """The cell that an event filled or changed; None for an event of another kind."""
    found = connection.execute(
        sa.select(*(EVENT.c[name] for name in _CELL)).where(
            EVENT.c.seq == seq, EVENT.c.action.in_(_OF_CELLS)
        )
    ).one_or_none()
    return None if found is None else dict(found._mapping)


def _next_of_cell(connection: sa.Connection, seq: int, cell: dict[str, Any]) -> int | None:
    """The next event of the same cell, which names the text as the one before."""
    same = (EVENT.c[name] == value for name, value in cell.items())
    found = connection.execute(
        sa.select(sa.func.min(EVENT.c.seq)).where(
            EVENT.c.seq > seq, EVENT.c.action.in_(_OF_CELLS), *same
        )
    )
    return found.scalar()


def _blank(connection: sa.Connection, cell: dict[str, Any]) -> None:
    """The cell that held the text, which is still there, is blank from now on.

    The event that redacts it names the cell: for whoever looked at it, the cell has changed.
    """
    names = ("form", *KEY)
    for table in (FORM_ROW, SEALED_ROW):
        is_row = sa.and_(*(table.c[name] == cell[name] for name in names))
        written = connection.execute(sa.select(table.c.cells).where(is_row)).scalar()
        where = ", ".join(str(cell[name]) for name in names)
        held = kept_object(written, of=where) if written is not None else {}
        if cell["item"] in held:
            blanked = {**held, cell["item"]: None}
            connection.execute(table.update().where(is_row).values(cells=canonical(blanked)))
