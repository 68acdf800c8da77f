"""The files that an import of forms makes, each beside the one that is there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trialkit.disk.reading import read_file
from trialkit.errors import DataFileError
from trialkit.files.whole_files import write_together
from trialkit.protocol.loading import FILE
from trialkit.protocol.tables.definitions import Complaints, load_toml, read_table
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.reading.loading import FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file that an import makes, beside what is there."""

    path: Path
    before: str | None
    after: str
    kept: bool
    """Whether a file that is there stays as it is, though it differs."""

    @property
    def is_written(self) -> bool:
        """Whether writing changes anything."""
        return not self.kept and self.before != self.after


def planned_file(path: Path, text: str, *, keeps: Callable[[str], bool]) -> PlannedFile:
    """The file with this text; ``keeps`` says of a text that is there whether it stays.

    Raises :class:`DataFileError` for a file that is there and is no text.
    """
    try:
        before = read_file(path).decode() if path.exists() else None
    except UnicodeDecodeError:
        raise DataFileError(f"{path}: cannot be read as UTF-8 text; move it away") from None
    kept = before is not None and before != text and keeps(before)
    return PlannedFile(path=path, before=before, after=text, kept=kept)


def write_planned(files: tuple[PlannedFile, ...]) -> tuple[Path, ...]:
    """Write what changes anything, all of it or nothing, and return those files."""
    return tuple(write_together(planned_contents(files)))


def planned_contents(files: tuple[PlannedFile, ...]) -> dict[Path, bytes]:
    """The files that change anything, to be written together."""
    return {file.path: file.after.encode() for file in files if file.is_written}


def forms_folder(trial: Path) -> Path:
    """The folder of a trial's forms. Raises :class:`DataFileError` where it leads elsewhere."""
    folder = trial / FOLDER
    if not folder.resolve().is_relative_to(trial.resolve()):
        raise DataFileError(
            f"{folder}: leads out of the trial's folder; put the folder itself there"
        )
    return folder


def declared_format(trial: Path) -> tuple[DataFormat | None, Complaints]:
    """How a trial's protocol says that data are written, and what is wrong with what it says."""
    complaints = Complaints(FILE)
    raw, _ = load_toml(trial / FILE, file=FILE)
    data = read_table(DataFormat, raw.get("data", {}), table="data", complaints=complaints)
    return data, complaints
