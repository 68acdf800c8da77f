"""An import is written to ``data/``: each file whole or not at all, and nothing overwritten unasked."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace as with_
from io import StringIO
from pathlib import Path

import polars as pl

from trialkit.disk.content import Content
from trialkit.errors import DataFileError
from trialkit.files.whole_files import unless_moved, write_together
from trialkit.grammar import by_number
from trialkit.imports.taking_in.difference import (
    CellChange,
    CellDifference,
    FormDifference,
    ImportEffect,
)
from trialkit.imports.taking_in.incoming import keys, named
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.forms.identifying import for_display
from trialkit.store.changes.change_log import (
    FILE,
    Change,
    DataRow,
    Signature,
    change,
    removal,
    with_changes,
)

_LISTED = 10


def write_import(
    difference: CellDifference,
    data: DataFormat,
    *,
    signed: Signature,
    replace: bool = False,
    empty: bool = False,
    remove: bool = False,
) -> tuple[Path, ...]:
    """Write what an import changes, all of it or nothing, and return the files that were written.

    Raises :class:`DataFileError`, and writes nothing, as :func:`import_contents` does.
    """
    contents = import_contents(
        difference, data, signed=signed, replace=replace, empty=empty, remove=remove
    )
    return tuple(write_together(contents))


def import_contents(
    difference: CellDifference,
    data: DataFormat,
    *,
    signed: Signature,
    replace: bool = False,
    empty: bool = False,
    remove: bool = False,
) -> dict[Path, Content]:
    """The files that an import changes, to be written together.

    New rows are added and blank cells filled. With ``replace``, values take the place of others;
    with ``empty``, blanks take the place of values; with ``remove``, rows that the source no longer
    has are taken out. A form of which nothing changes keeps its file as it is, to the byte. What
    becomes of a row that was there is kept in ``changes.csv`` with the name, the time and the
    reason of who ``signed``; a new row is no change.

    Raises :class:`DataFileError` where values would be replaced and that was
    not asked for, where rows would be taken out because a source is empty, or where a data file
    was changed since it was compared.
    """
    refuse_unasked(difference, replace=replace)
    if remove:
        _refuse_an_empty_source(difference)
    effects = {ImportEffect.FILLED} | ({ImportEffect.CHANGED} if replace else set())
    effects |= {ImportEffect.EMPTIED} if empty else set()
    contents: dict[Path, Content] = {
        form.path: unless_moved(
            form.path,
            _csv_bytes(_after(form, effects, remove=remove), data),
            sha256=form.sha256,
            otherwise=f"{form.path}: was changed by somebody else while it was being compared, and "
            "nothing was written; import again",
        )
        for form in difference.forms
        if form.new_rows.height
        or not form.sha256
        or form.lacking
        or _taken(form, effects)
        or (remove and form.gone)
    }
    changes = [each for form in difference.forms for each in _changes(form, effects, signed)]
    if remove:
        changes += [each for form in difference.forms for each in _removals(form, signed)]
    for folder in {form.path.parent for form in difference.forms}:
        contents |= with_changes(folder, changes)
    return contents


def refuse_unasked(difference: CellDifference, *, replace: bool) -> None:
    """Refuse to overwrite values when that was not asked for.

    Raises :class:`DataFileError` that lists the first of the cells.
    """
    changed = difference.with_effect(ImportEffect.CHANGED)
    if replace or not changed:
        return
    forms = {form.form.id: form.form for form in difference.forms}
    listed = [
        f"{each.form_id}.{each.item}, {named(forms[each.form_id], each.key)}: "
        f"{_there(forms, each)} would become {_shown(forms, each, each.after)} "
        f"({each.place})"
        for each in changed[:_LISTED]
    ]
    more = len(changed) - _LISTED
    noun = by_number(len(changed), "value that is there would", "values that are there would")
    raise DataFileError(
        f"{difference.source}: {len(changed)} {noun} be overwritten, and nothing was written:\n  - "
        + "\n  - ".join(listed)
        + (f"\n  and {more} more" if more > 0 else "")
        + "\nCorrect the file, or pass --replace to take its values"
    )


def _there(forms: Mapping[str, Form], cell: CellChange) -> str:
    """What a cell holds; a blank one that would change was emptied on purpose."""
    if not cell.before.strip():
        return f"a blank, left on purpose as {FILE} says,"
    return _shown(forms, cell, cell.before)


def _shown(forms: Mapping[str, Form], cell: CellChange, text: str) -> str:
    return repr(for_display(forms[cell.form_id], cell.item, text))


def _taken(form: FormDifference, effects: Iterable[ImportEffect]) -> tuple[CellChange, ...]:
    return tuple(cell for cell in form.cells if cell.effect in effects)


def _refuse_an_empty_source(difference: CellDifference) -> None:
    """A file without any row has not lost its rows: it is another file, or an export that failed."""
    if difference.gone and not any(form.incoming for form in difference.forms):
        raise DataFileError(
            f"{difference.source}: has no row for any form, so none of the {difference.gone} rows that "
            "are there were taken out; export it again, or remove the rows by hand"
        )


def _after(
    form: FormDifference, effects: set[ImportEffect], *, remove: bool = False
) -> pl.DataFrame:
    """The data of a form once the import is written."""
    columns = {name: form.present[name].to_list() for name in form.present.columns}
    for cell in _taken(form, effects):
        columns[cell.item][cell.row] = cell.after
    schema = dict.fromkeys(columns, pl.String)
    after = pl.DataFrame(columns, schema=schema)
    if remove and form.gone:
        after = after.with_row_index("__row").filter(~pl.col("__row").is_in(form.gone))
        after = after.drop("__row")
    return pl.concat([after, form.new_rows])


def _changes(
    form: FormDifference, effects: Iterable[ImportEffect], signed: Signature
) -> Iterator[Change]:
    """What becomes of the cells that are there, as lines of ``changes.csv``."""
    for cell in _taken(form, effects):
        row = DataRow(form=form.form.id, **dict(zip(form.form.key, cell.key, strict=True)))
        yield change(
            row,
            cell.item,
            old=cell.before,
            new=cell.after,
            signed=with_(signed, reason=cell.reason or signed.reason),
            query_key=cell.query_key,
        )


def _removals(form: FormDifference, signed: Signature) -> Iterator[Change]:
    """What the rows held that are taken out, as lines of ``changes.csv``."""
    gone = form.present[list(form.gone)]
    items = [name for name in gone.columns if name not in form.form.key]
    for key, cells in zip(keys(gone, form.form).rows(), gone.select(items).rows(), strict=True):
        row = DataRow(form=form.form.id, **dict(zip(form.form.key, key, strict=True)))
        yield from removal(row, zip(items, cells, strict=True), signed=signed)


def _csv_bytes(table: pl.DataFrame, data: DataFormat) -> bytes:
    """The file as ``[data]`` of the protocol declares it; what was entered is not altered."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=data.delimiter, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows())
    try:
        return text.getvalue().encode(data.encoding)
    except UnicodeEncodeError as error:
        raise DataFileError(
            f"{error.object[error.start]!r} cannot be written with encoding = {data.encoding!r}, "
            "which [data] of protocol.toml declares, and nothing was written; declare utf-8, and "
            "save the data files as such"
        ) from None
