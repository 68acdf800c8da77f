"""The rows that a trial's data files hold now, as text, for an import to be compared with."""

from pathlib import Path

import polars as pl

from trialkit.capture.incoming import keys, named
from trialkit.errors import DataFileError
from trialkit.protocol.model import DataFormat
from trialkit.schemas.forms import Form
from trialkit.schemas.reading import read_table
from trialkit.store.freezing import FOLDER


def data_file(folder: Path, form: Form) -> Path:
    """Where the data of a form stand."""
    return folder / FOLDER / f"{form.id}.csv"


def present_rows(folder: Path, form: Form, data: DataFormat) -> tuple[pl.DataFrame, str]:
    """The text of a form's data file as it stands and its SHA-256; nothing where there is no file.

    Raises :class:`DataFileError` for a file that cannot be read, or in which a key is there twice.
    """
    path = data_file(folder, form)
    file = f"{FOLDER}/{path.name}"
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DataFileError(f"{file}: leads out of the trial's folder; put the file itself there")
    if not path.exists():
        return pl.DataFrame(schema=dict.fromkeys(form.entered, pl.String)), ""
    columns = [*form.key, *(item.id for item in form.items)]
    optional = [name for name in columns if name not in form.entered]
    raw = read_table(path, file=file, columns=columns, data=data, optional=optional)
    twice = keys(raw.cells, form).with_row_index("row").filter(pl.struct(form.key).is_duplicated())
    if twice.height:
        _, *key = twice.row(0)
        lines = [str(raw.lines[row]) for row, *each in twice.rows() if each == key]
        raise DataFileError(
            f"{file}: {named(form, key)} is there {len(lines)} times (line {', '.join(lines[:8])}),"
            " so nobody can tell which row an import is about; remove all but one, then import"
        )
    calculated = [name for name in optional if (raw.cells[name] != "").any()]
    kept = [name for name in columns if name in form.entered or name in calculated]
    return raw.cells.select(kept), raw.sha256
