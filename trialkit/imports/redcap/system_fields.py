"""The fields that REDCap has without being asked: a form's status, a survey's time, the group."""

from collections.abc import Mapping
from dataclasses import dataclass

from trialkit.imports.redcap.dictionary import Dictionary, Field, FieldType

DAG = "redcap_data_access_group"
EVENT = "redcap_event_name"
INSTRUMENT = "redcap_repeat_instrument"
INSTANCE = "redcap_repeat_instance"
SURVEY = "redcap_survey_identifier"
SYSTEM = (EVENT, INSTRUMENT, INSTANCE, DAG, SURVEY)
"""The columns of an export that are no fields of the dictionary."""
UNVERIFIED, COMPLETE = "1", "2"
"""The states of a form that somebody set; 0 may mean that nobody ever opened it."""

NOT_COMPLETED = "[not completed]"
"""What stands in the place of the time of a survey that was begun only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What exports have beside the fields of the dictionary."""

    timestamps: frozenset[str] = frozenset()
    """The forms that are surveys, with a time at which each was completed."""
    groups: bool = False
    """Whether records belong to data access groups."""


def status_field(form: str) -> str:
    """The field that says whether a form is incomplete, unverified or complete."""
    return f"{form}_complete"


def time_field(form: str) -> str:
    """The field that says when a survey was completed."""
    return f"{form}_timestamp"


def with_system_fields(
    dictionary: Dictionary, extras: Extras, *, first: str
) -> Mapping[str, tuple[Field, ...]]:
    """The fields of each form but the record's name, with those that REDCap adds.

    ``first`` is the form that says to which group a participant belongs.
    """
    fields = {}
    for form in dictionary.forms:
        group = extras.groups and form == first
        own = [field for field in dictionary.of(form) if field.name != dictionary.record_id]
        before = [_added(form, DAG, "Data access group in REDCap")] if group else []
        time = _added(
            form,
            time_field(form),
            "When the survey was completed",
            validation="datetime_seconds_ymd",
        )
        status = _added(
            form,
            status_field(form),
            "Status of the form in REDCap",
            kind=FieldType.RADIO,
            choices="0, Incomplete | 1, Unverified | 2, Complete",
        )
        after = [time, status] if form in extras.timestamps else [status]
        fields[form] = (*before, *own, *after)
    return fields


def _added(
    form: str,
    name: str,
    label: str,
    *,
    kind: FieldType = FieldType.TEXT,
    choices: str = "",
    validation: str = "",
) -> Field:
    return Field(
        row=0, name=name, form=form, section="", kind=kind, label=label, choices=choices, note="",
        validation=validation, low="", high="", identifier=False, branching="", required=False,
        matrix="", ranking=False, annotation="",
    )  # fmt: skip
