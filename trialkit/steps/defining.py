"""The definitions of a trial as texts: what a store keeps of the rules by which data were entered."""

import re
from collections.abc import Mapping

from trialkit.disk.reading import read_file
from trialkit.disk.temporary import temporary_folder
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.contents.moments import definitions_at
from trialkit.evidence.copies.migrating import migration
from trialkit.evidence.database.opening import Store
from trialkit.protocol.loading import FILE
from trialkit.schemas.forms.forms import Schemas
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial

_FORM_FILE = re.compile(r"forms/[A-Za-z0-9_-]{1,100}\.toml")


def definition_files(trial: OpenedTrial) -> Mapping[str, str]:
    """The texts of the protocol and of every form, by their files."""
    names = (FILE, *(form.file for form in trial.schemas.forms))
    return {name: read_file(trial.folder / name).decode("utf-8") for name in names}


def schemas_in(files: Mapping[str, str]) -> Schemas:
    """The forms that definitions kept as texts say.

    Raises :class:`EvidenceError` for a name that is no file of definitions.
    """
    for name in files:
        if name != FILE and not _FORM_FILE.fullmatch(name):
            raise EvidenceError(
                f"the definitions of the store hold the file {name[:80]!r}, which is none; 'trialkit store "
                "verify' tells whether somebody changed them"
            )
    with temporary_folder() as place:
        place.write_all({name: text.encode("utf-8") for name, text in files.items()})
        return open_trial(place.path, step=TrialStep.VALIDATE).schemas


def refuse_unmigrated(store: Store, trial: OpenedTrial) -> None:
    """Raise :class:`EvidenceError` where the trial has newer forms by which data would mean something else."""
    before, files = definitions_at(store, None), definition_files(trial)
    if not before or before == files:
        return
    found = migration(store, schemas_in(before), trial.schemas, None)
    if found.unsaid:
        first = found.unsaid[0]
        raise EvidenceError(
            f"the forms are newer than those of the store, and leave open what becomes of data that are there "
            f"({first.place}, {first.what}: {first.why}); nothing was written. Take the store to them first: "
            f"trialkit store migrate {trial.folder}"
        )
