"""The rows of the forms in the database: those that entries touch are read, and written as they became.

The items that tell an arm are kept apart from the others, in a table of their own: who may not read
arms changes a row without seeing them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from trialkit.evidence.database.people_tables import SEALED_ROW, WITHHELD_ITEM
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import of_actions
from trialkit.evidence.log.kept_json import kept_columns, kept_object
from trialkit.evidence.log.projection import FormsState, Key, StoredRow, named
from trialkit.evidence.log.reading import some_at_once
from trialkit.evidence.log.tables import FORM_ROW, FORM_TABLE, KEY
from trialkit.evidence.people.sight import withheld_of
from trialkit.protocol.tables.canonical import canonical

_KEPT = ("form", *KEY, "position", "cells", "seq")


def touched(connection: sa.Connection, of_data: pl.DataFrame) -> FormsState:
    """The forms and the participants' rows that the entries name, as far as they are there."""
    if of_data.is_empty():
        return FormsState()
    wanted: dict[str, list[str]] = {}
    for form, subject in dict.fromkeys(zip(of_data["form"], of_data["subject_id"], strict=True)):
        wanted.setdefault(form, []).append(subject)
    state = FormsState(forms=_opened(connection, list(wanted)), withheld=withheld_of(connection))
    for form, subjects in wanted.items():
        for some in some_at_once(subjects):
            _read_rows(connection, state, form, some)
    return state


def _opened(connection: sa.Connection, forms: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The columns of those of the forms that are open."""
    asked = sa.select(FORM_TABLE.c.form, FORM_TABLE.c.columns)
    return {
        form: kept_columns(columns, of=f"form {form!r}")
        for some in some_at_once(forms)
        for form, columns in connection.execute(asked.where(FORM_TABLE.c.form.in_(some)))
    }


def _read_rows(
    connection: sa.Connection, state: FormsState, form: str, subjects: Sequence[str]
) -> None:
    """The rows of a form of some participants, with what is kept apart where that may be read."""
    for table in (FORM_ROW, SEALED_ROW) if form in state.withheld else (FORM_ROW,):
        asked = sa.select(table).where(table.c.form == form, table.c.subject_id.in_(subjects))
        for each in connection.execute(asked):
            key = (each.form, each.subject_id, each.visit, each.repeat, each.copy)
            cells = kept_object(each.cells, of=named(key))
            if table is FORM_ROW:
                state.rows[key] = StoredRow(position=each.position, seq=each.seq, cells=cells)
            elif key in state.rows:
                state.rows[key].cells.update(cells)


def held_rows(
    connection: sa.Connection, where: Callable[[sa.Table], sa.ColumnElement[bool]]
) -> dict[Key, dict[str, str | None]]:
    """The cells of some rows, with what is kept apart; whoever shows them asks what may be seen."""
    found: dict[Key, dict[str, str | None]] = {}
    for table in (FORM_ROW, SEALED_ROW):
        for each in connection.execute(sa.select(table).where(where(table))):
            key = (each.form, each.subject_id, each.visit, each.repeat, each.copy)
            found.setdefault(key, {}).update(kept_object(each.cells, of=named(key)))
    return found


def project(
    connection: sa.Connection, state: FormsState, were: dict[Key, int], of_data: pl.DataFrame
) -> None:
    """Write what became of the rows and forms that the entries name."""
    _write_forms(connection, of_data)
    withheld = state.withheld
    gone = [key for key in were if key not in state.rows]
    fresh = [(key, row) for key, row in state.rows.items() if key not in were]
    changed = [
        (key, row) for key, row in state.rows.items() if key in were and were[key] != row.seq
    ]
    sealed = [key for key in (*gone, *(key for key, _ in changed)) if key[0] in withheld]
    if sealed:
        connection.execute(
            SEALED_ROW.delete().where(_is_row(SEALED_ROW)), [_bound(key) for key in sealed]
        )
    if gone:
        connection.execute(
            FORM_ROW.delete().where(_is_row(FORM_ROW)), [_bound(key) for key in gone]
        )
    if fresh:
        connection.execute(FORM_ROW.insert(), [_record(key, row, withheld) for key, row in fresh])
    if changed:
        new: dict[str, Any] = {
            name: sa.bindparam(f"b_{name}") for name in ("position", "cells", "seq")
        }
        connection.execute(
            FORM_ROW.update().where(_is_row(FORM_ROW)).values(new),
            [
                {f"b_{name}": value for name, value in _record(key, row, withheld).items()}
                for key, row in changed
            ],
        )
    _seal(connection, [*fresh, *changed], withheld)


def apart(
    cells: Mapping[str, str | None], withheld: frozenset[str]
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """The cells that everybody sees who sees the row, and those that tell an arm."""
    seen = {item: text for item, text in cells.items() if item not in withheld}
    sealed = {item: text for item, text in cells.items() if item in withheld}
    return seen, sealed


def write_seals(connection: sa.Connection, state: FormsState) -> None:
    """Put apart what tells an arm in all rows, of which none was before."""
    for key, row in state.rows.items():
        seen, sealed = apart(row.cells, state.withheld.get(key[0], frozenset()))
        if sealed:
            _put_apart(connection, key, seen, sealed)


def _seal(
    connection: sa.Connection,
    rows: Sequence[tuple[Key, StoredRow]],
    withheld: Mapping[str, frozenset[str]],
) -> None:
    """Keep what tells an arm of these rows in its own table."""
    sealed = [
        (key, apart(row.cells, withheld[key[0]])[1]) for key, row in rows if key[0] in withheld
    ]
    records = [
        dict(zip(("form", *KEY, "cells"), (*key, canonical(cells)), strict=True))
        for key, cells in sealed
        if cells
    ]
    if records:
        connection.execute(SEALED_ROW.insert(), records)


def _write_forms(connection: sa.Connection, of_data: pl.DataFrame) -> None:
    for each in of_actions(of_data, [EventAction.FORM_OPENED]).iter_rows(named=True):
        connection.execute(FORM_TABLE.delete().where(FORM_TABLE.c.form == each["form"]))
        connection.execute(
            FORM_TABLE.insert().values(form=each["form"], columns=each["details"], seq=each["seq"])
        )
        _seal_what_was_open(connection, each["form"], each["seq"])


def _seal_what_was_open(connection: sa.Connection, form: str, seq: int) -> None:
    """Take apart the rows of a form of which an item is withheld from this event on."""
    fresh = connection.execute(
        sa.select(WITHHELD_ITEM.c.item).where(
            WITHHELD_ITEM.c.form == form, WITHHELD_ITEM.c.seq == seq
        )
    ).scalars()
    items = frozenset(fresh)
    if not items:
        return
    for row in connection.execute(sa.select(FORM_ROW).where(FORM_ROW.c.form == form)).all():
        key = (row.form, row.subject_id, row.visit, row.repeat, row.copy)
        seen, sealed = apart(kept_object(row.cells, of=named(key)), items)
        if not sealed:
            continue
        before = connection.execute(
            sa.select(SEALED_ROW.c.cells).where(_is_row(SEALED_ROW)), _bound(key)
        ).scalar()
        if before is not None:
            sealed = {**kept_object(before, of=named(key)), **sealed}
            connection.execute(SEALED_ROW.delete().where(_is_row(SEALED_ROW)), _bound(key))
        _put_apart(connection, key, seen, sealed)


def _put_apart(
    connection: sa.Connection,
    key: Key,
    seen: Mapping[str, str | None],
    sealed: Mapping[str, str | None],
) -> None:
    """The cells of a row in both tables, of which the second has none of it yet."""
    connection.execute(
        FORM_ROW.update().where(_is_row(FORM_ROW)).values(cells=canonical(dict(seen))), _bound(key)
    )
    said = dict(zip(("form", *KEY), key, strict=True))
    connection.execute(SEALED_ROW.insert().values(**said, cells=canonical(dict(sealed))))


def _is_row(table: sa.Table) -> sa.ColumnElement[bool]:
    names = ("form", *KEY)
    return sa.and_(*(table.c[name] == sa.bindparam(f"b_{name}") for name in names))


def _bound(key: Key) -> dict[str, Any]:
    return {f"b_{name}": value for name, value in zip(("form", *KEY), key, strict=True)}


def _record(key: Key, row: StoredRow, withheld: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    seen, _ = apart(row.cells, withheld.get(key[0], frozenset()))
    return dict(zip(_KEPT, (*key, row.position, canonical(seen), row.seq), strict=True))
