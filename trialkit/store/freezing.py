"""A trial's data files become a Snapshot: read as text, parsed, and cut at a date."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from trialkit.errors import DataFileError
from trialkit.protocol.choices import suggestion
from trialkit.protocol.model import DataFormat
from trialkit.schemas.forms import Expected, Form, Item, ItemType, Schemas
from trialkit.schemas.parsing import ParsedColumn, parse_column
from trialkit.schemas.reading import RawTable, read_table
from trialkit.store.cutting import cut_at, latest_date
from trialkit.store.snapshot import FormData, Snapshot

FOLDER = "data"
_KEY_KINDS = {
    "subject_id": ItemType.TEXT,
    "visit": ItemType.TEXT,
    "repeat": ItemType.INTEGER,
}


def freeze(folder: Path, schemas: Schemas, *, cut: date | None = None) -> Snapshot:
    """The data of the trial in ``folder`` as they stand, read-only.

    With ``cut``, whatever happened after it is left out, as is everybody who was screened after it
    (:mod:`trialkit.store.cutting`). Without, the cut is the latest date of a row (of a visit, a
    session, the start of an event …) that is within its hard range.

    Raises :class:`DataFileError` for a file that is missing, unreadable or of no form.
    """
    _refuse_files_of_no_form(folder, schemas)
    forms = {form.id: _form_data(folder, form, schemas.data) for form in schemas.forms}
    if cut is None:
        return Snapshot(forms=forms, cut=latest_date(forms, schemas))
    moment = pd.Timestamp(cut)
    cut_forms = cut_at(forms, schemas, moment)
    return Snapshot(forms=cut_forms.kept, cut=moment, after_cut=cut_forms.later)


def _refuse_files_of_no_form(folder: Path, schemas: Schemas) -> None:
    known = [f"{form.id}.csv" for form in schemas.forms]
    for path in sorted((folder / FOLDER).glob("*")):
        if path.name not in known and not _is_no_data(path):
            raise DataFileError(f"{FOLDER}/{path.name}: " + _what_to_do_with(path, known))


def _is_no_data(path: Path) -> bool:
    """A file that a person or a program put there for itself: a readme, a lock, a thumbnail."""
    name = path.name.lower()
    return name.startswith((".", "~$")) or name in {"readme.md", "desktop.ini", "thumbs.db"}


def _what_to_do_with(path: Path, known: list[str]) -> str:
    if path.is_dir():
        return "is a folder, and nothing in it would be read; move it out of data/"
    expected = f"{path.stem}.csv"
    if expected in known and path.suffix.lower() != ".csv":
        return f"data are read from CSV files; save it as {expected}, and move this file away"
    near = suggestion(path.name, known) or "."
    advice = f"no form has this name, so nothing would be done with it{near} Rename the file"
    if path.suffix.lower() != ".csv":
        return advice + " or move it away"
    return advice + f", move it away, or write forms/{path.stem}.toml"


def _form_data(folder: Path, form: Form, data: DataFormat) -> FormData:
    path, file = folder / FOLDER / f"{form.id}.csv", f"{FOLDER}/{form.id}.csv"
    columns = [*form.key, *(item.id for item in form.items)]
    if not path.exists() and not path.is_symlink():
        header = data.delimiter.join(columns)
        needed = form.expected is Expected.AS_NEEDED
        whom = "as needed" if needed else f"of {form.expected.value}"
        raise DataFileError(
            f"{file}: does not exist; form {form.id!r} is expected {whom}, and without the file "
            "nobody knows whether there is nothing to enter or whether it was lost. Write the "
            f"header line alone if there is nothing to enter: {header}"
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DataFileError(f"{file}: leads out of the trial's folder; put the file itself there")
    return _parsed(read_table(path, file=file, columns=columns, data=data), form, data)


def _parsed(raw: RawTable, form: Form, data: DataFormat) -> FormData:
    values: dict[str, pd.Series] = {}
    codes: dict[str, pd.Series] = {}
    for key in form.key:
        stripped = raw.cells.select(
            pl.when(pl.col(key).str.strip_chars() != "").then(pl.col(key).str.strip_chars())
        )[key]
        if key == "repeat":
            parsed = parse_column(raw.cells[key], ItemType.INTEGER, data=data).values
            values[key] = _pandas(parsed, ItemType.INTEGER)
        else:
            values[key] = _pandas(stripped, ItemType.TEXT)
        codes[key] = pd.Series(np.full(raw.cells.height, None), dtype="object")
    for item in form.items:
        column = _parsed_item(raw, item, data)
        values[item.id] = _pandas(column.values, item.type, choices=_codes(item))
        codes[item.id] = pd.Series(column.codes.to_numpy(), dtype="object")
    text = {name: _pandas(raw.cells[name], ItemType.TEXT) for name in raw.cells.columns}
    return FormData(
        form_id=form.id,
        file=raw.file,
        sha256=raw.sha256,
        raw=pd.DataFrame(text, copy=False),
        values=pd.DataFrame(values, copy=False),
        codes=pd.DataFrame(codes, copy=False),
        line=pd.Series(raw.lines, dtype="int64"),
    )


def _parsed_item(raw: RawTable, item: Item, data: DataFormat) -> ParsedColumn:
    return parse_column(raw.cells[item.id], item.type, data=data, choices=_codes(item))


def _codes(item: Item) -> list[str]:
    return [choice.code for choice in item.choices]


def _pandas(values: pl.Series, kind: ItemType, *, choices: list[str] | None = None) -> pd.Series:
    """A parsed column as pandas holds it in :class:`FormData`."""
    match kind:
        case ItemType.INTEGER:
            missing = values.is_null().to_numpy()
            numbers = values.fill_null(0).to_numpy()
            return pd.Series(pd.arrays.IntegerArray(numbers.astype("int64"), missing))
        case ItemType.DECIMAL:
            return pd.Series(values.fill_null(np.nan).to_numpy(), dtype="float64")
        case ItemType.YES_NO:
            missing = values.is_null().to_numpy()
            truths = values.fill_null(value=False).to_numpy()
            return pd.Series(pd.arrays.BooleanArray(truths.astype(bool), missing))
        case ItemType.DATE:
            return pd.Series(values.cast(pl.Datetime("us")).to_numpy(), dtype="datetime64[us]")
        case ItemType.CHOICE:
            return pd.Series(
                pd.Categorical(values.to_numpy(), categories=choices or [], ordered=True)
            )
        case ItemType.TEXT | ItemType.TIME:
            return pd.Series(values.to_numpy(), dtype="str")
