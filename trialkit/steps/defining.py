"""The definitions of a trial as texts: what a store keeps of the rules by which data were entered."""

from collections.abc import Mapping

from trialkit.disk.reading import read_file
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.contents.moments import definitions_at
from trialkit.evidence.copies.migrating import migration
from trialkit.evidence.database.opening import Store
from trialkit.protocol.loading import FILE
from trialkit.schemas.forms.forms import Schemas
from trialkit.steps.kept_definitions import laid_out
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial


def definition_files(trial: OpenedTrial) -> Mapping[str, str]:
    """The texts of the protocol and of every form, by their files."""
    names = (FILE, *(form.file for form in trial.schemas.forms))
    return {name: read_file(trial.folder / name).decode("utf-8") for name in names}


def schemas_in(files: Mapping[str, str]) -> Schemas:
    """The forms that definitions kept as texts say.

    Raises :class:`EvidenceError` for a name that is no file of definitions.
    """
    with laid_out(files) as place:
        return open_trial(place, step=TrialStep.VALIDATE).schemas


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
