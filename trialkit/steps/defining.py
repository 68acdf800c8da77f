"""The definitions of a trial as texts: what a store keeps of the rules by which data were entered."""

from collections.abc import Mapping

from trialkit.disk.reading import read_file
from trialkit.protocol.loading import FILE
from trialkit.steps.stages import OpenedTrial


def definition_files(trial: OpenedTrial) -> Mapping[str, str]:
    """The texts of the protocol and of every form, by their files."""
    names = (FILE, *(form.file for form in trial.schemas.forms))
    return {name: read_file(trial.folder / name).decode("utf-8") for name in names}
