"""A trial's folder as a source: ``data/<form>.csv``, ``data/not_done.csv`` and ``files/``."""

from dataclasses import dataclass
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.files.csv_reading import RawTable, read_table
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Expected, Form, Schemas
from trialkit.schemas.forms.not_done import NOT_DONE
from trialkit.store.changes.change_log import FILE as CHANGES_FILE
from trialkit.store.sources.attachments import attached_files

FOLDER = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSource:
    """The files of a trial's folder; a row is known by the line on which it begins."""

    folder: Path

    def refuse_strangers(self, schemas: Schemas) -> None:
        """Raise :class:`DataFileError` for a file in ``data/`` of no form."""
        known = [*(f"{form.id}.csv" for form in schemas.forms), f"{NOT_DONE}.csv"]
        for path in sorted((self.folder / FOLDER).glob("*")):
            if path.name not in (*known, CHANGES_FILE) and not _is_no_data(path):
                raise DataFileError(f"{FOLDER}/{path.name}: " + _what_to_do_with(path, known))

    def table(self, form: Form, data: DataFormat) -> RawTable:
        """The file of a form; :class:`DataFileError` where it is missing or cannot be read."""
        return _table(self.folder, form, data)

    def marks(self, form: Form, data: DataFormat) -> RawTable | None:
        """The file of marks, where the trial has one."""
        path = data_file(self.folder, form)
        there = path.exists() or path.is_symlink()
        return self.table(form, data) if there else None

    def attached(self, schemas: Schemas) -> frozenset[str]:
        """The files below ``files/``."""
        return attached_files(self.folder, schemas)


def data_file(folder: Path, form: Form) -> Path:
    """Where the data of a form stand."""
    return folder / FOLDER / f"{form.id}.csv"


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


def _table(folder: Path, form: Form, data: DataFormat) -> RawTable:
    path, file = data_file(folder, form), f"{FOLDER}/{form.id}.csv"
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
    calculated = [item.id for item in form.calculated]
    return read_table(path, file=file, columns=columns, data=data, optional=calculated)
