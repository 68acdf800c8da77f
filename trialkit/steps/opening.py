"""A trial's folder becomes its protocol and its forms."""

from pathlib import Path

from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.loading import form_schemas
from trialkit.steps.stages import OpenedTrial


def open_trial(folder: Path) -> OpenedTrial:
    """The protocol and the forms of the trial in ``folder``."""
    protocol = load_protocol(folder)
    return OpenedTrial(folder=folder, protocol=protocol, schemas=form_schemas(folder, protocol))
