"""The tables of the forms as they stood after an event, made from the log in little memory.

What :class:`~trialkit.evidence.log.projection.FormsState` keeps of a row so that it can be written, this
leaves out: a row is the list of its texts, and an event the few columns that change one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.kept_json import kept_columns
from trialkit.evidence.log.projection import named
from trialkit.evidence.log.tables import CONTENT, EVENT, KEY

_AT_A_TIME = 10_000
"""Events that are fetched at once."""
_OF_DATA = [each.value for each in EventAction if each.is_of_data]
_KEYS = ("subject_id", "visit", "repeat")
_RowKey = tuple[str, str, str, int]


@dataclass(slots=True)
class _Growing:
    """A form while events are carried out on it."""

    columns: tuple[str, ...] = ()
    """As the form was opened last."""
    places: dict[str, int] = field(default_factory=dict)
    """Of each item that ever had a text, where it stands in a row."""
    rows: dict[_RowKey, list[str]] = field(default_factory=dict)
    """In the order in which they were added; a row may end before the last place."""

    def carry_out(self, action: str, key: _RowKey, item: str, text: str) -> None:
        """One event; a text that was redacted is blank. Raises :class:`KeyError` where no row is."""
        if action == EventAction.ROW_ADDED:
            self.rows[key] = []
        elif action == EventAction.ROW_REMOVED:
            del self.rows[key]
        else:
            row = self.rows[key]
            place = self.places.setdefault(item, len(self.places))
            if len(row) <= place:
                row += [""] * (place + 1 - len(row))
            row[place] = text

    def table(self) -> pl.DataFrame:
        """The rows under the columns of the form."""
        of_keys = {
            name: pl.Series(name, [key[at] for key in self.rows], dtype=pl.String)
            for at, name in enumerate(_KEYS)
        }
        return pl.DataFrame(
            [of_keys[name] if name in of_keys else self._column(name) for name in self.columns]
        )

    def _column(self, item: str) -> pl.Series:
        place = self.places.get(item)
        texts = (
            "" if place is None or len(row) <= place else row[place] for row in self.rows.values()
        )
        return pl.Series(item, list(texts), dtype=pl.String)


def tables_replayed(connection: sa.Connection, until: int) -> Mapping[str, pl.DataFrame]:
    """All tables after the event ``until``; an empty cell, or a redacted one, is ``""``.

    Raises :class:`EvidenceError` for a log that cannot be carried out.
    """
    asked = (
        sa.select(
            EVENT.c.action,
            EVENT.c.form,
            *(EVENT.c[name] for name in KEY),
            EVENT.c.item,
            EVENT.c.details,
            CONTENT.c.new,
        )
        .outerjoin(CONTENT, CONTENT.c.seq == EVENT.c.seq)
        .where(EVENT.c.action.in_(_OF_DATA), EVENT.c.seq <= until)
        .order_by(EVENT.c.seq)
    )
    forms: dict[str, _Growing] = {}
    streamed = connection.execution_options(yield_per=_AT_A_TIME)
    with streamed.execute(asked) as found:  # a server's cursor is closed also where the log fails
        for action, form, *key, item, details, new in found:
            if action == EventAction.FORM_OPENED:
                columns = kept_columns(details, of=f"the opening of form {form!r}")
                forms.setdefault(form, _Growing()).columns = columns
                continue
            try:
                forms[form].carry_out(action, tuple(key), item, new or "")
            except KeyError:
                raise EvidenceError(
                    f"{named((form, *key))}: the log changes a row that it has not; 'verify' says what was "
                    "done to it"
                ) from None
    return {form: growing.table() for form, growing in forms.items()}
