"""What the log comes to: the rows of the forms as they stand after an event.

One function carries a batch of entries out on rows, whether they are the store's own, on the way to
be written, or rows made from nothing by replaying the log.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.kept_json import kept_columns, kept_object
from trialkit.evidence.log.tables import KEY
from trialkit.protocol.tables.canonical import canonical

Key = tuple[str, str, str, str, int]
"""Form, subject, visit, repeat, copy."""
_READ = ("seq", "action", "item", "old", "new", "details")
_AT_A_TIME = 10_000
"""Entries of which Python has the texts at once."""


@dataclass(slots=True)
class StoredRow:
    """A row of a form while entries are carried out on it."""

    position: int
    """The event that added it."""
    seq: int
    """The last event that changed it."""
    cells: dict[str, str | None]
    """The text of each item that has one; None for one that was redacted."""

    @property
    def kept(self) -> tuple[int, str, int]:
        """Position, cells and last event, as the store keeps them."""
        return self.position, canonical(self.cells), self.seq


@dataclass(slots=True)
class FormsState:
    """Forms and rows, those that were looked at or all of a store."""

    rows: dict[Key, StoredRow] = field(default_factory=dict)
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The columns of each form that is open."""
    withheld: dict[str, frozenset[str]] = field(default_factory=dict)
    """Items whose texts tell an arm, by form: no message names such a text."""

    def carry_out(self, entries: pl.DataFrame) -> None:
        """Every entry in turn.

        Raises :class:`EvidenceError` for one that does not fit what is there: somebody else was
        there before, or the row is not.
        """
        for some in entries.iter_slices(_AT_A_TIME):
            keys = zip(*(some[name].to_list() for name in ("form", *KEY)), strict=True)
            said = (some[name].to_list() for name in _READ)
            for key, seq, action, item, old, new, details in zip(keys, *said, strict=True):
                match action:
                    case EventAction.FILLED | EventAction.CHANGED | EventAction.EMPTIED:
                        self._enter(key, seq, item, old, new)
                    case EventAction.ROW_ADDED:
                        self._add(key, seq)
                    case EventAction.ROW_REMOVED:
                        self._remove(key)
                    case EventAction.FORM_OPENED:
                        self._open(key[0], details)

    def _open(self, form: str, details: str) -> None:
        self.forms[form] = kept_columns(details, of=f"the opening of form {form!r}")
        more = kept_object(details, of=form).get("withheld") or ()
        self.withheld[form] = self.withheld.get(form, frozenset()) | set(map(str, more))

    def _add(self, key: Key, seq: int) -> None:
        if key[0] not in self.forms:
            raise EvidenceError(
                f"form {key[0]!r} is not open in this store; import its table first"
            )
        if key in self.rows:
            raise EvidenceError(f"{named(key)}: somebody added this row before; look at it again")
        self.rows[key] = StoredRow(position=seq, seq=seq, cells={})

    def _remove(self, key: Key) -> None:
        row = self._row(key)
        if row.cells:
            raise EvidenceError(
                f"{named(key)}: still holds {', '.join(row.cells)}; empty them first"
            )
        del self.rows[key]

    def _enter(self, key: Key, seq: int, item: str, old: str | None, new: str | None) -> None:
        row = self._row(key)
        held = row.cells.get(item, "")
        if old is not None and held is not None and held != old:
            is_told = item not in self.withheld.get(key[0], ())
            told = f" {held!r} now and not {old!r}" if is_told else ""
            raise EvidenceError(
                f"{named(key)}, {item}: holds{told or ' another text now'}; "
                "somebody changed it meanwhile, look at it again"
            )
        row.seq = seq
        if new == "":
            row.cells.pop(item, None)
        else:
            row.cells[item] = new

    def _row(self, key: Key) -> StoredRow:
        row = self.rows.get(key)
        if row is None:
            raise EvidenceError(f"{named(key)}: there is no such row; somebody may have removed it")
        return row


def named(key: Key) -> str:
    """A row in words: ``pain, LBP-001, week_6``."""
    form, subject, visit, repeat, copy = key
    which = f"row {copy + 1} of this key" if copy else ""
    return ", ".join(filter(None, (form, subject, visit, repeat and f"repeat {repeat}", which)))


def replayed(batches: Iterable[pl.DataFrame]) -> FormsState:
    """All rows as they stand after these events, made from nothing."""
    state = FormsState()
    for batch in batches:
        state.carry_out(batch)
    return state


def of_form(state: FormsState, form: str) -> Iterator[tuple[Key, StoredRow]]:
    """The rows of a form in the order in which they were added."""
    rows = ((key, row) for key, row in state.rows.items() if key[0] == form)
    return iter(sorted(rows, key=lambda each: each[1].position))
