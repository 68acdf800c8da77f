"""Whether the forms, the grants and the places that the database keeps are what the log comes to."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.people_tables import ACTIONS, SEALED_ROW
from trialkit.evidence.log.kept_json import kept_or_nothing
from trialkit.evidence.log.problems import Problem, Tampering
from trialkit.evidence.log.projection import FormsState, Key, named
from trialkit.evidence.log.reading import events
from trialkit.evidence.log.tables import EVENT, FORM_ROW, FORM_TABLE, KEY
from trialkit.evidence.people.keeping_people import people_differences
from trialkit.evidence.people.sight import Sight
from trialkit.evidence.standing.keeping_rows import apart
from trialkit.protocol.tables.canonical import canonical


def row_problems(connection: sa.Connection, state: FormsState, sight: Sight) -> Iterator[Problem]:
    """Where the rows of the forms are not what the log comes to."""
    found = _kept_rows(connection, FORM_ROW)
    sealed = _kept_rows(connection, SEALED_ROW)
    for key in sorted(found.keys() | state.rows.keys() | sealed.keys()):
        told = [_differs(key, found.get(key), state, sight)]
        if not told[0] and not (_is_served(connection) and sight.hides_some(key[0], key[1])):
            told = [_seal_differs(key, sealed.get(key), state, sight)]
        for problem in filter(None, told):
            yield Problem(trace=Tampering.PROJECTION, told=f"{named(key)}: {problem}")
    opened = connection.execute(sa.select(FORM_TABLE.c.form, FORM_TABLE.c.columns)).all()
    if {form: kept_or_nothing(told).get("columns") for form, told in opened} != {
        form: list(columns) for form, columns in state.forms.items()
    }:
        yield Problem(
            trace=Tampering.PROJECTION,
            told="the forms that are open are not those that the log opened",
        )


def people_problems(connection: sa.Connection) -> Iterator[Problem]:
    """Where grants, places and what is withheld are not what the log comes to."""
    of_people = list(events(connection, EVENT.c.action.in_(ACTIONS)))
    try:
        for told in people_differences(connection, of_people):
            yield Problem(trace=Tampering.PROJECTION, told=told)
    except EvidenceError as error:
        yield Problem(trace=Tampering.NOT_REPLAYED, told=f"who may do what is not known: {error}")


def _is_served(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _kept_rows(connection: sa.Connection, table: sa.Table) -> dict[Key, tuple[Any, ...]]:
    names = [column.name for column in table.columns if column.name not in ("form", *KEY)]
    asked = sa.select(*(table.c[name] for name in ("form", *KEY, *names)))
    return {tuple(row[:5]): tuple(row[5:]) for row in connection.execute(asked)}


def _differs(key: Key, found: tuple[Any, ...] | None, state: FormsState, sight: Sight) -> str:
    row = state.rows.get(key)
    if row is None:
        return "stands in the form, and the log knows of no such row"
    if found is None:
        return "is missing from the form, and the log has it"
    cells, _ = apart(row.cells, sight.withheld.get(key[0], frozenset()))
    if found == (row.position, canonical(cells), row.seq):
        return ""
    return _which(kept_or_nothing(str(found[1])), cells)


def _seal_differs(key: Key, found: tuple[Any, ...] | None, state: FormsState, sight: Sight) -> str:
    row = state.rows.get(key)
    _, cells = apart({} if row is None else row.cells, sight.withheld.get(key[0], frozenset()))
    held = "{}" if found is None else str(found[0])
    return "" if held == canonical(cells) else _which(kept_or_nothing(held), cells)


def _which(held: dict[str, Any], cells: dict[str, str | None]) -> str:
    """The items alone, since a text may tell what whoever reads this may not know."""
    items = [item for item in sorted({*held, *cells}) if held.get(item) != cells.get(item)]
    what = f"in {', '.join(items)}" if items else "in its place or last event"
    return f"is not as the log has it {what}"
