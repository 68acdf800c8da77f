"""A trial's data files become a Snapshot: read as text, parsed, and cut at a date."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl

from trialkit.errors import DataFileError
from trialkit.files.csv_reading import RawTable, read_table
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Expected, Form, ItemType, Schemas
from trialkit.schemas.forms.not_done import NOT_DONE, not_done_form
from trialkit.schemas.values.parsing import parse_column, parse_item
from trialkit.store.attachments import attached_files
from trialkit.store.calculating import with_calculations
from trialkit.store.cutting import cut_at, latest_date
from trialkit.store.not_done import taken, with_not_done
from trialkit.store.snapshot import FormData, NotDone, Snapshot

FOLDER = "data"


def freeze(folder: Path, schemas: Schemas, *, cut: date | None = None) -> Snapshot:
    """The data of the trial in ``folder`` as they stand, read-only.

    With ``cut``, whatever happened after it is left out, as is everybody who was screened after it
    (:mod:`trialkit.store.cutting`). Without, the cut is the latest date of a row (of a visit, a
    session, the start of an event …) that is within its hard range.

    Raises :class:`DataFileError` for a file that is missing, unreadable or of no form.
    """
    _refuse_files_of_no_form(folder, schemas)
    forms = {form.id: _form_data(folder, form, schemas.data) for form in schemas.forms}
    marks = _marks(folder, forms, schemas)
    if marks is not None:
        forms = with_not_done(forms, marks, schemas)
    files = attached_files(folder, schemas)
    if cut is None:
        latest = latest_date(forms, schemas)
        forms = with_calculations(forms, schemas)
        return Snapshot(forms=forms, cut=latest, files=files, not_done=marks)
    moment = pd.Timestamp(cut)
    cut_forms = cut_at(forms, schemas, moment)
    return Snapshot(
        forms=with_calculations(cut_forms.kept, schemas),
        cut=moment,
        after_cut=cut_forms.later,
        files=files,
        not_done=marks,
    )


def _refuse_files_of_no_form(folder: Path, schemas: Schemas) -> None:
    known = [*(f"{form.id}.csv" for form in schemas.forms), f"{NOT_DONE}.csv"]
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
        header = data.delimiter.join(form.entered)
        needed = form.expected is Expected.AS_NEEDED
        whom = "as needed" if needed else f"of {form.expected.value}"
        raise DataFileError(
            f"{file}: does not exist; form {form.id!r} is expected {whom}, and without the file "
            "nobody knows whether there is nothing to enter or whether it was lost. Write the "
            f"header line alone if there is nothing to enter: {header}"
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DataFileError(f"{file}: leads out of the trial's folder; put the file itself there")
    calculated = [item.id for item in form.items if item.type is ItemType.CALCULATED]
    raw = read_table(path, file=file, columns=columns, data=data, optional=calculated)
    return parsed(raw, form, data)


def _marks(folder: Path, forms: Mapping[str, FormData], schemas: Schemas) -> NotDone | None:
    """What was marked as not done, where the trial has a file of marks."""
    path = folder / FOLDER / f"{NOT_DONE}.csv"
    if not path.exists() and not path.is_symlink():
        return None
    return taken(_form_data(folder, not_done_form(schemas), schemas.data), forms, schemas)


def parsed(raw: RawTable, form: Form, data: DataFormat) -> FormData:
    """The text of a form's table as values and missing codes; nothing is calculated yet."""
    typed: dict[str, pl.Series] = {}
    coded: dict[str, pl.Series] = {}
    codes = pl.Enum([code.code for code in data.all_missing_codes])
    for key in form.key:
        typed[key] = _key(raw.cells[key], data)
        coded[key] = pl.repeat(None, raw.cells.height, dtype=codes, eager=True)
    for item in form.items:
        column = parse_item(raw.cells[item.id], item, data=data)
        typed[item.id] = column.values
        if item.type is ItemType.CHOICE:
            typed[item.id] = column.values.cast(pl.Enum(item.codes))
        coded[item.id] = column.codes.cast(codes)
    return FormData(
        form_id=form.id,
        file=raw.file,
        sha256=raw.sha256,
        entered=raw.cells,
        typed=pl.DataFrame(typed),
        coded=pl.DataFrame(coded),
        lines=raw.lines,
    )


def _key(cells: pl.Series, data: DataFormat) -> pl.Series:
    """A key column: a number for ``repeat``, else text without the space around it."""
    if cells.name == "repeat":
        return parse_column(cells, ItemType.INTEGER, data=data).values
    stripped = pl.col(cells.name).str.strip_chars()
    key = pl.DataFrame(cells).select(pl.when(stripped != "").then(stripped))
    return key.to_series().alias(cells.name)
