"""The form of a file, compared with what is in the trial's folder, and written to ``forms/``."""

import re
from dataclasses import dataclass
from pathlib import Path

from trialkit.errors import DataFileError, ProtocolError
from trialkit.imports.redcap.item_names import form_name
from trialkit.imports.statistical.drafting import DraftedTable, draft_form
from trialkit.imports.statistical.from_statistical import SUBJECT, namesake
from trialkit.imports.statistical.stat_file import StatFile
from trialkit.imports.taking_in.planned_files import (
    PlannedFile,
    declared_format,
    forms_folder,
    planned_file,
)
from trialkit.imports.taking_in.taken_codes import TakenCode, taken_codes
from trialkit.protocol.loading import FILE
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.form_text import form_toml

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedForm:
    """What an import would write for a file that has no form yet."""

    file: PlannedFile
    drafted: DraftedTable
    undecided: tuple[TakenCode, ...]


def prepare_form(source: StatFile, trial: Path, form_id: str, *, subject: str) -> PreparedForm:
    """The form that a file gives.

    Raises :class:`DataFileError` where nothing names the participant, or the form cannot be named so.
    """
    if not _NAME.fullmatch(form_id) or form_name(form_id) != form_id:
        raise DataFileError(
            f"--form: found {form_id!r}; expected small letters, digits and _, such as {'quality'!r}"
        )
    names = list(source.cells.columns)
    named = subject or namesake(SUBJECT, names)
    if named not in names:
        raise DataFileError(
            f"{source.file}: has no variable {named or SUBJECT!r} that names the participant; say which "
            f"does by --subject, one of {', '.join(names[:20])}"
        )
    people = source.cells[named]
    people = people.filter(people.str.strip_chars() != "")
    drafted = draft_form(source, form_id, subject=named, repeating=people.n_unique() < len(people))
    text = form_toml(
        drafted.form,
        origin=(f"From {source.file}, by trialkit import statfile.",),
        comments={
            item.id: (f"Variable: {variable.name}",)
            for item, variable in zip(drafted.form.items, drafted.variables, strict=True)
        },
    )
    path = forms_folder(trial) / f"{form_id}.toml"
    return PreparedForm(
        file=planned_file(path, text, keeps=lambda _: True),
        drafted=drafted,
        undecided=taken_codes(drafted.answers, _data_format(trial)),
    )


def _data_format(trial: Path) -> DataFormat:
    """The trial's own missing codes, where it has a protocol."""
    if not (trial / FILE).is_file():
        return DataFormat()
    data, complaints = declared_format(trial)
    if data is None:
        raise ProtocolError(complaints.all())
    return data
