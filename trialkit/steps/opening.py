"""A trial's folder becomes its protocol and its forms, as far as a step needs them."""

from pathlib import Path

from trialkit.errors import Complaint, ProtocolError, TrialStep, refuse
from trialkit.protocol.loading import read_protocol
from trialkit.report.citing.checking import citation_complaints
from trialkit.schemas.reading.loading import read_forms
from trialkit.steps.data_door import OWN_DOOR, DataDoor
from trialkit.steps.kept_definitions import definitions_of
from trialkit.steps.stages import OpenedTrial


def open_trial(
    folder: Path, *, step: TrialStep = TrialStep.REPORT, door: DataDoor = OWN_DOOR
) -> OpenedTrial:
    """The protocol and the forms of the trial in ``folder``, for a step and those before it.

    ``door`` is by which its data will come, where a call says it. Where it names a moment of a log,
    protocol and forms are those that were in force then.

    Raises :class:`ProtocolError` with everything that stops the step. What only later ones would
    complain of is kept with the trial.
    """
    with definitions_of(folder, door) as (place, named):
        read = read_protocol(place)
        protocol = read.up_to(step)
        forms = read_forms(
            place, protocol, plan_is_read=not _stops(read.complaints, TrialStep.ANALYSE)
        )
    schemas = forms.up_to(step)
    cited = citation_complaints(folder)
    refuse(cited, step)
    return OpenedTrial(
        folder=folder,
        protocol=protocol,
        schemas=schemas,
        later=(*read.complaints, *forms.complaints, *cited),
        door=named,
        by_definitions_then=place != folder,
    )


def complaints_of(folder: Path) -> tuple[Complaint, ...]:
    """Everything that any step would complain of in the definitions of a trial.

    Forms are read once data can be checked by the protocol, and held against the plan of the
    analyses once that is right in itself. Raises :class:`ProtocolError` where there is no trial.
    """
    read = read_protocol(folder)
    if read.read is None:
        return read.complaints
    is_read = not _stops(read.complaints, TrialStep.ANALYSE)
    try:
        forms = read_forms(folder, read.read, plan_is_read=is_read)
    except ProtocolError as error:
        no_form = Complaint(file="forms/", table="", key="", found="no form", expected=str(error))
        return (*read.complaints, no_form)
    return (*read.complaints, *forms.complaints, *citation_complaints(folder))


def _stops(complaints: tuple[Complaint, ...], step: TrialStep) -> bool:
    return any(step.covers(each.step) for each in complaints)
