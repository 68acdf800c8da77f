"""An identifier that somebody entered by accident leaves the log: its digest stays, and who took it out.

The text goes from the event that brought it, from those of the same cell that name it as the text
before (the next change, a second entry, a decision between two), and from the form. The chain holds, since it covers the digest and never the text.
"""

from typing import Any

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.database.people_tables import SEALED_ROW
from trialkit.evidence.log.actions import OF_CELLS, EventAction
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.tables import CONTENT, EVENT, FORM_ROW, KEY
from trialkit.evidence.writing.appending import append_to
from trialkit.protocol.tables.canonical import canonical

_CELL = ("form", *KEY, "item")
_BESIDE = (EventAction.ENTERED_AGAIN, EventAction.ADJUDICATED)
"""What says what stood in a cell, and changes none."""


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
        taken_out = _text_of(connection, seq, text)
        places = [(seq, text)]
        cell = _cell_of(connection, seq) if text == "new" else None
        if cell is not None:
            named, is_replaced = _named_later(connection, seq, cell, taken_out)
            places += named
            cell = None if is_replaced else cell
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


def _text_of(connection: sa.Connection, seq: int, text: str) -> str:
    """What is taken out; refused where there is nothing."""
    held = connection.execute(sa.select(CONTENT.c[text]).where(CONTENT.c.seq == seq)).one_or_none()
    if held is None or not held[0]:
        raise EvidenceError(
            f"event {seq} has no {text} text (any more), so that nothing can be redacted; "
            "'trialkit store log' shows which event brought it"
        )
    return str(held[0])


def _cell_of(connection: sa.Connection, seq: int) -> dict[str, Any] | None:
    """The cell that an event filled or changed; None for an event of another kind."""
    found = connection.execute(
        sa.select(*(EVENT.c[name] for name in _CELL)).where(
            EVENT.c.seq == seq, EVENT.c.action.in_(OF_CELLS)
        )
    ).one_or_none()
    return None if found is None else dict(found._mapping)


def _named_later(
    connection: sa.Connection, seq: int, cell: dict[str, Any], text: str
) -> tuple[list[tuple[int, str]], bool]:
    """Where later events of the cell name the text that stood there, and whether it stands no more."""
    same = (EVENT.c[name] == value for name, value in cell.items())
    later = connection.execute(
        sa.select(EVENT.c.seq, EVENT.c.action, CONTENT.c.old, CONTENT.c.new)
        .join(CONTENT, CONTENT.c.seq == EVENT.c.seq)
        .where(EVENT.c.seq > seq, EVENT.c.action.in_([*OF_CELLS, *_BESIDE]), *same)
        .order_by(EVENT.c.seq)
    ).all()
    changes = [each.seq for each in later if each.action in OF_CELLS]
    named = []
    for each in later:
        if each.seq in changes[1:]:
            break
        if each.old == text:
            named.append((each.seq, "old"))
        if each.action == EventAction.ADJUDICATED and each.new == text:
            named.append((each.seq, "new"))
    return named, bool(changes)


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
