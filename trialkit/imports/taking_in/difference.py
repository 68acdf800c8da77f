"""What an import would change: new rows, filled, changed and emptied cells, one by one.

Cells are compared by what they mean to their item: ``2.50`` and ``2.5``, or ``yes`` and ``1``, are
the same answer, and importing a file twice changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import polars as pl

from trialkit.imports.taking_in.emptied_before import EmptiedCells, emptied_cells
from trialkit.imports.taking_in.incoming import (
    Incoming,
    IncomingTable,
    as_cells,
    check_incoming,
    keys,
)
from trialkit.imports.taking_in.present import Present, present_rows
from trialkit.imports.taking_in.subjects import known_subjects, refuse_strangers
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.values.parsing import parse_item
from trialkit.store.changes.change_log import read_changes
from trialkit.store.sources.folder_source import FOLDER, data_file


class ImportEffect(StrEnum):
    """What an import would do to a cell that is there."""

    FILLED = "filled"
    """A blank cell gets a value: done without asking."""
    CHANGED = "changed"
    """Another value takes the place of one, or the old one comes back into a cell that was emptied on
    purpose: done only when it is asked for."""
    EMPTIED = "emptied"
    """The file has a blank where there is a value: done only when it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """One cell that would not stay as it is."""

    form_id: str
    row: int
    """The row of the data file, counted from 0 below its header."""
    key: tuple[str, ...]
    item: str
    before: str
    after: str
    effect: ImportEffect
    place: str
    """Where the incoming cell stands."""
    reason: str = ""
    """Why it changes, where that is known of the cell alone."""
    query_key: str = ""
    """The query whose answer changes it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FormDifference:
    """What an import would change in the data of one form."""

    form: Form
    path: Path
    sha256: str
    """Of the data file that was compared; empty where there is none yet."""
    present: pl.DataFrame
    new_rows: pl.DataFrame
    """Rows to add, with all columns of the form."""
    new_places: tuple[str, ...]
    cells: tuple[CellChange, ...]
    unchanged: int
    """How many incoming rows say what is there already."""
    incoming: int
    """How many incoming rows there are."""
    lacking: tuple[str, ...] = ()
    """The items that the form has and its data file not yet."""
    gone: tuple[int, ...] = ()
    """The rows of the data file, counted from 0, that a source of all rows no longer has."""

    @property
    def gone_keys(self) -> tuple[tuple[str, ...], ...]:
        """The keys of the rows that the source no longer has."""
        return tuple(keys(self.present[list(self.gone)], self.form).rows())

    def with_effect(self, effect: ImportEffect) -> tuple[CellChange, ...]:
        """The cells with this effect."""
        return tuple(each for each in self.cells if each.effect is effect)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellDifference:
    """What an import would change in a trial's data."""

    source: str
    forms: tuple[FormDifference, ...]

    def with_effect(self, effect: ImportEffect) -> tuple[CellChange, ...]:
        """The cells of all forms with this effect."""
        return tuple(cell for form in self.forms for cell in form.with_effect(effect))

    @property
    def gone(self) -> int:
        """How many rows that are there the source no longer has."""
        return sum(len(form.gone) for form in self.forms)

    @property
    def new_rows(self) -> int:
        """How many rows would be added."""
        return sum(form.new_rows.height for form in self.forms)


def difference(
    folder: Path,
    schemas: Schemas,
    incoming: Incoming,
    *,
    new_items: bool = False,
    new_subjects: bool = False,
) -> CellDifference:
    """What ``incoming`` would change in the data of the trial in ``folder``.

    With ``new_items`` a form may have items that its data file does not have yet; with
    ``new_subjects`` those who look like another are other people.
    Raises :class:`DataFileError` for keys that are blank or there twice, in the file or in
    ``data/``, for subjects that look like others, and for a data file that cannot be read.
    """
    check_incoming(incoming, schemas)
    there = {
        table.form_id: present_rows(
            folder, schemas.form(table.form_id), schemas.data, new_items=new_items
        )
        for table in incoming.tables
    }
    changes = read_changes(folder / FOLDER)
    if not new_subjects:
        refuse_strangers(incoming, known_subjects(folder, schemas, there))
    return CellDifference(
        source=incoming.source,
        forms=tuple(
            _form_difference(
                table,
                schemas.form(table.form_id),
                there[table.form_id],
                path=data_file(folder, schemas.form(table.form_id)),
                data=schemas.data,
                whole=table.form_id in incoming.whole,
                emptied=emptied_cells(changes, schemas.form(table.form_id)),
            )
            for table in incoming.tables
        ),
    )


def _form_difference(
    table: IncomingTable,
    form: Form,
    there: Present,
    *,
    path: Path,
    data: DataFormat,
    whole: bool,
    emptied: EmptiedCells,
) -> FormDifference:
    present = there.cells
    table = replace(table, cells=as_cells(table.cells))
    matched = _matched(present, table, form)
    new = matched.filter(pl.col("present").is_null())["incoming"]
    old = matched.filter(pl.col("present").is_not_null())
    changes = [
        change
        for item in form.items
        if item.id in table.cells.columns and item.id in present.columns
        for change in _changes(present, table, form, item.id, rows=old, data=data)
    ]
    touched = {change.row for change in changes}
    return FormDifference(
        form=form,
        path=path,
        sha256=there.sha256,
        present=present,
        new_rows=_whole_rows(table.cells[new], present.columns),
        new_places=tuple(table.places[row] for row in new),
        cells=tuple(
            _back_again(each, emptied, form, data)
            for each in sorted(changes, key=lambda each: each.row)
        ),
        unchanged=old.height - len(touched),
        incoming=table.cells.height,
        lacking=there.lacking,
        gone=_gone(present, old) if whole else (),
    )


def _back_again(
    cell: CellChange, emptied: EmptiedCells, form: Form, data: DataFormat
) -> CellChange:
    """A change of a value where a file would bring back the one that somebody took away."""
    taken_away = emptied.get((cell.key, cell.item))
    if taken_away is None or cell.effect is not ImportEffect.FILLED:
        return cell
    old, new = pl.Series([taken_away]), pl.Series([cell.after])
    is_old = same_answers(old, new, form, cell.item, data).item()
    return replace(cell, effect=ImportEffect.CHANGED) if is_old else cell


def _gone(present: pl.DataFrame, matched: pl.DataFrame) -> tuple[int, ...]:
    """The rows that are there and in no row of the source."""
    rows = pl.Series(range(present.height), dtype=pl.UInt32)
    return tuple(rows.filter(~rows.is_in(matched["present"].to_list())).to_list())


def _matched(present: pl.DataFrame, table: IncomingTable, form: Form) -> pl.DataFrame:
    """For each incoming row its number and that of the present row with the same key, or null."""
    there = keys(present, form).with_row_index("present")
    comes = keys(table.cells, form).with_row_index("incoming")
    return comes.join(there, on=list(form.key), how="left", maintain_order="left")


def _changes(
    present: pl.DataFrame,
    table: IncomingTable,
    form: Form,
    item_id: str,
    *,
    rows: pl.DataFrame,
    data: DataFormat,
) -> list[CellChange]:
    """The cells of an item that say something else than what is there."""
    before = present[item_id][rows["present"]]
    after = table.cells[item_id][rows["incoming"]]
    differs = ~same_answers(before, after, form, item_id, data) & after.is_not_null()
    return [
        CellChange(
            form_id=form.id,
            row=row,
            key=keys(present[row], form).row(0),
            item=item_id,
            before=old,
            after=new,
            effect=effect_of(old, new),
            place=table.places[source],
        )
        for old, new, row, source in zip(
            before.filter(differs).to_list(),
            after.filter(differs).to_list(),
            rows["present"].filter(differs).to_list(),
            rows["incoming"].filter(differs).to_list(),
            strict=True,
        )
    ]


def same_answers(
    before: pl.Series, after: pl.Series, form: Form, item_id: str, data: DataFormat
) -> pl.Series:
    """Which cells say the same: the same text, or the same value of the item."""
    same = before.str.strip_chars() == after.str.strip_chars()
    if same.all():
        return same
    item = form.item(item_id)
    one = parse_item(before, item, data=data).values
    other = parse_item(after, item, data=data).values
    return same | (one == other).fill_null(value=False)


def effect_of(before: str, after: str) -> ImportEffect:
    """What becomes of a cell that holds another text."""
    if not before.strip():
        return ImportEffect.FILLED
    return ImportEffect.CHANGED if after.strip() else ImportEffect.EMPTIED


def _whole_rows(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Rows with every column of the form; what the file does not have is blank."""
    return rows.select(
        pl.col(name).fill_null("") if name in rows.columns else pl.lit("").alias(name)
        for name in columns
    )
