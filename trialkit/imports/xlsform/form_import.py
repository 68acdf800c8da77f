"""An XLSForm is compared with the forms of a trial, and written to ``forms/``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trialkit.errors import ProtocolError
from trialkit.imports.redcap.plain_text import plain
from trialkit.imports.taking_in.export_day import ExportDay, said_of_the_cut
from trialkit.imports.taking_in.incoming import LeftOut
from trialkit.imports.taking_in.planned_files import (
    PlannedFile,
    declared_format,
    forms_folder,
    planned_file,
)
from trialkit.imports.taking_in.protocol_skeleton import protocol_skeleton
from trialkit.imports.taking_in.taken_codes import Spelled, TakenCode, taken_codes
from trialkit.imports.xlsform.drafting import DraftedForms, draft_forms
from trialkit.imports.xlsform.odk_reading import read_survey
from trialkit.imports.xlsform.submission_tables import Submissions
from trialkit.imports.xlsform.submissions import day_of, filled_in_often
from trialkit.imports.xlsform.survey import Survey
from trialkit.protocol.loading import FILE
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.empty_table import empty_table
from trialkit.schemas.forms.form_text import form_toml
from trialkit.schemas.reading.loading import FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedForms:
    """What an import would write."""

    files: tuple[PlannedFile, ...]
    left_out: tuple[LeftOut, ...]
    drafted: DraftedForms
    undecided: tuple[TakenCode, ...] = ()
    """Missing codes of the trial that are answers of the survey, too."""
    on_the_cut: str = ""
    """What there is to say of the day of the submissions and the trial's data cut."""

    @property
    def are_there(self) -> bool:
        """Whether the trial has every form already."""
        forms = (file for file in self.files if file.path.parent.name == FOLDER)
        return all(file.before is not None for file in forms)


def prepare_forms(
    path: Path,
    trial: Path,
    *,
    subject: str = "",
    replace: bool = False,
    submissions: Submissions | None = None,
) -> PreparedForms:
    """The form files that an XLSForm gives; those that are there and differ are kept, or replaced.

    A form that a participant filled in more than once, as the ``submissions`` show, is repeating.
    What else a trial needs for data to be checked comes with them where it is not there: a protocol,
    and a table without rows for each form.

    Raises :class:`DataFileError` for a workbook that is no XLSForm.
    """
    folder = forms_folder(trial)
    survey = read_survey(path)
    data = _data_format(trial)
    undecided = taken_codes(_answers(survey), data)
    freed = data.freed(frozenset(each.code.code for each in undecided))
    drafted = draft_forms(survey, stem=path.stem, subject=subject, data=freed)
    if submissions is not None and filled_in_often(submissions, drafted):
        drafted = draft_forms(survey, stem=path.stem, subject=subject, data=freed, repeating=True)
    day = day_of(submissions) if submissions is not None else None
    new = not (trial / FILE).exists()
    files = []
    for form in drafted.forms:
        text = form_toml(
            form,
            origin=(f"From {survey.file}, by trialkit import xlsform.",),
            comments=drafted.comments[form.id],
        )
        files.append(planned_file(folder / f"{form.id}.toml", text, keeps=lambda _: not replace))
        table = trial / "data" / f"{form.id}.csv"
        if not table.exists() and not files[-1].kept:
            files.append(planned_file(table, empty_table(form, data), keeps=lambda _: True))
    if files and new:
        files.insert(0, _young_protocol(trial, undecided, day))
    return PreparedForms(
        files=tuple(files),
        left_out=drafted.left_out,
        drafted=drafted,
        undecided=undecided,
        on_the_cut=said_of_the_cut(day, data, new=new),
    )


def _young_protocol(
    trial: Path, undecided: Sequence[TakenCode], export: ExportDay | None
) -> PlannedFile:
    """The protocol of a trial of which the survey says nothing but what it asks."""
    text = protocol_skeleton(
        origin="A skeleton by trialkit import xlsform. Later imports do not touch this file.",
        trial=trial.resolve().name,
        undecided=tuple(each.proposed for each in undecided),
        export=export,
    )
    return planned_file(trial / FILE, text, keeps=lambda _: True)


def _answers(survey: Survey) -> Iterator[Spelled]:
    """The choices of every list that a question offers."""
    offered = {word for row in survey.rows for word in row["type"].split()}
    for name, rows in survey.choices.items():
        for row in rows if name in offered else ():
            label = plain(row["label"]) or row["name"]
            yield Spelled(code=row["name"], what=f"{label!r} of {name}")


def _data_format(trial: Path) -> DataFormat:
    """The trial's own missing codes, where it has a protocol."""
    if not (trial / FILE).is_file():
        return DataFormat()
    data, complaints = declared_format(trial)
    if data is None:
        raise ProtocolError(complaints.all())
    return data
