"""An XLSForm is compared with the forms of a trial, and written to ``forms/``."""

from dataclasses import dataclass
from pathlib import Path

from trialkit.errors import DataFileError, ProtocolError
from trialkit.files.whole_files import write_whole
from trialkit.imports.taking_in.incoming import LeftOut
from trialkit.imports.xlsform.drafting import draft_forms
from trialkit.imports.xlsform.survey import read_survey
from trialkit.protocol.loading import FILE
from trialkit.protocol.tables.definitions import Complaints, load_toml, read_table
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.form_text import form_toml
from trialkit.schemas.reading.loading import FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFile:
    """A form file as it is, and as the XLSForm gives it."""

    path: Path
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedForms:
    """What an import would write."""

    files: tuple[FormFile, ...]
    left_out: tuple[LeftOut, ...]


def prepare_forms(path: Path, trial: Path, *, subject: str = "") -> PreparedForms:
    """The form files that an XLSForm gives, beside what is there.

    Raises :class:`DataFileError` for a workbook that is no XLSForm.
    """
    folder = trial / FOLDER
    if not folder.resolve().is_relative_to(trial.resolve()):
        raise DataFileError(
            f"{folder}: leads out of the trial's folder; put the folder itself there"
        )
    survey = read_survey(path)
    drafted = draft_forms(survey, stem=path.stem, subject=subject, data=_data_format(trial))
    files = []
    for form in drafted.forms:
        place = folder / f"{form.id}.toml"
        before = place.read_text(encoding="utf-8", errors="replace") if place.is_file() else None
        text = form_toml(
            form,
            origin=(f"From {survey.file}, by trialkit import xlsform.",),
            comments=drafted.comments[form.id],
        )
        files.append(FormFile(path=place, before=before, after=text))
    return PreparedForms(files=tuple(files), left_out=drafted.left_out)


def write_forms(prepared: PreparedForms, *, replace: bool) -> tuple[Path, ...]:
    """Write the forms that are new, and with ``replace`` those that differ."""
    written = []
    for file in prepared.files:
        if file.before is None or (replace and file.before != file.after):
            write_whole(file.path, file.after.encode())
            written.append(file.path)
    return tuple(written)


def _data_format(trial: Path) -> DataFormat:
    """The trial's own missing codes, where it has a protocol."""
    if not (trial / FILE).is_file():
        return DataFormat()
    complaints = Complaints(FILE)
    raw, _ = load_toml(trial / FILE, file=FILE)
    data = read_table(DataFormat, raw.get("data", {}), table="data", complaints=complaints)
    if data is None:
        raise ProtocolError(complaints.all())
    return data
