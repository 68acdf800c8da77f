"""What happened to participants: adverse events and other care, one row each."""

import pandas as pd

from trialkit.datasets.sources import Sources, labels_of
from trialkit.datasets.subjects import randomised
from trialkit.schemas.forms.forms import Form, FormKind, Purpose

_EVENT_TEXTS = {"term": Purpose.EVENT_TERM, "severity": Purpose.EVENT_SEVERITY}
_EVENT_FLAGS = {
    "serious": Purpose.EVENT_SERIOUS,
    "related": Purpose.EVENT_RELATED,
    "led_to_withdrawal": Purpose.EVENT_LED_TO_WITHDRAWAL,
}


def derive_adverse_events(sources: Sources, subjects: pd.DataFrame) -> pd.DataFrame:
    """The events of randomised participants, by the arm they received; columns as in Datasets.

    ``before_randomisation`` marks events that began before the day of randomisation: they are
    kept, but no arm can have caused them.
    """
    form = sources.schemas.of_kind(FormKind.ADVERSE_EVENTS)
    events = rows_of(sources, form)
    for name, purpose in _EVENT_TEXTS.items():
        events[name] = text_of(sources, form, purpose, events.index)
    events["severity"] = _in_form_order(events["severity"], form)
    for name, purpose in _EVENT_FLAGS.items():
        events[name] = _column(sources, form, purpose, events.index).astype("boolean")
    events["start_date"] = pd.to_datetime(_column(sources, form, Purpose.EVENT_START, events.index))
    people = randomised(subjects)[
        ["subject_id", "arm", "arm_received", "randomisation_date"]
    ].assign(arm=lambda frame: frame["arm_received"].fillna(frame["arm"]))
    joined = events.merge(people, on="subject_id", how="inner", validate="many_to_one")
    before = (joined["start_date"] < joined["randomisation_date"]).astype(bool)
    return joined.assign(before_randomisation=before)[
        [
            "subject_id",
            "arm",
            *_EVENT_TEXTS,
            *_EVENT_FLAGS,
            "start_date",
            "before_randomisation",
        ]
    ]


def derive_concomitant(sources: Sources, subjects: pd.DataFrame) -> pd.DataFrame:
    """Other care that randomised participants had: ``subject_id``, ``arm``, ``term``."""
    form = sources.schemas.of_kind(FormKind.CONCOMITANT_CARE)
    care = rows_of(sources, form)
    care["term"] = text_of(sources, form, Purpose.TREATMENT_TERM, care.index)
    people = randomised(subjects)[["subject_id", "arm"]]
    return care.merge(people, on="subject_id", how="inner", validate="many_to_one")[
        ["subject_id", "arm", "term"]
    ]


def _in_form_order(severity: pd.Series, form: Form | None) -> pd.Series:
    """Severities as an ordered category where the form lists them, so that none is left out."""
    item = None if form is None else form.item_for(Purpose.EVENT_SEVERITY)
    if item is None or not item.choices:
        return severity
    order = [choice.label for choice in item.choices]
    return severity.astype(pd.CategoricalDtype(order, ordered=True))


def rows_of(sources: Sources, form: Form | None) -> pd.DataFrame:
    """The subjects of a form's rows; no row where the trial has no such form."""
    if form is None:
        return pd.DataFrame({"subject_id": pd.Series([], dtype="str")})
    return sources.snapshot[form.id].values[["subject_id"]].copy()


def _column(sources: Sources, form: Form | None, purpose: Purpose, index: pd.Index) -> pd.Series:
    found = None if form is None else sources.column(form, purpose)
    return pd.Series(pd.NA, index=index, dtype="object") if found is None else found


def text_of(sources: Sources, form: Form | None, purpose: Purpose, index: pd.Index) -> pd.Series:
    """The item with this purpose as text, codes by their labels; missing where there is none."""
    found = _column(sources, form, purpose, index)
    return found.astype("str") if form is None else labels_of(found, form, purpose)
