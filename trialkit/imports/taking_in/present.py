"""The rows that a trial's data files hold now, as text, for an import to be compared with."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from trialkit.errors import DataFileError
from trialkit.files.csv_reading import read_table
from trialkit.imports.taking_in.incoming import keys, named
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form
from trialkit.store.sources.folder_source import FOLDER, data_file


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Present:
    """The text of a form's data file as it stands."""

    cells: pl.DataFrame
    sha256: str
    """Of the file; empty where there is none."""
    lacking: tuple[str, ...] = ()
    """The items that the form has and the file not yet; their cells are blank."""


def present_rows(folder: Path, form: Form, data: DataFormat, *, new_items: bool = False) -> Present:
    """The rows of a form's data file as it stands; nothing where there is no file.

    With ``new_items`` the form may have items that the file does not have yet.
    Raises :class:`DataFileError` for a file that cannot be read, or in which a key is there twice.
    """
    path = data_file(folder, form)
    file = f"{FOLDER}/{path.name}"
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DataFileError(f"{file}: leads out of the trial's folder; put the file itself there")
    if not path.exists():
        return Present(cells=pl.DataFrame(schema=dict.fromkeys(form.entered, pl.String)), sha256="")
    columns = [*form.key, *(item.id for item in form.items)]
    never_asked = [name for name in columns if name not in form.entered]
    optional = [name for name in columns if name not in form.key] if new_items else never_asked
    raw = read_table(path, file=file, columns=columns, data=data, optional=optional)
    twice = keys(raw.cells, form).with_row_index("row").filter(pl.struct(form.key).is_duplicated())
    if twice.height:
        _, *key = twice.row(0)
        lines = [str(raw.lines[row]) for row, *each in twice.rows() if each == key]
        raise DataFileError(
            f"{file}: {named(form, key)} is there {len(lines)} times (lines {', '.join(lines[:8])}),"
            " so nobody can tell which row an import is about; remove all but one, then import"
        )
    calculated = [name for name in never_asked if (raw.cells[name] != "").any()]
    kept = [name for name in columns if name in form.entered or name in calculated]
    lacking = tuple(name for name in raw.left_out if name in form.entered)
    return Present(cells=raw.cells.select(kept), sha256=raw.sha256, lacking=lacking)
