"""What happened to participants: adverse events and other care, one row each."""

import pandas as pd

from trialkit.datasets.asking import shown_in_rows
from trialkit.datasets.collected import FACTS
from trialkit.datasets.flags import is_no
from trialkit.datasets.sources import Sources, labels_of
from trialkit.datasets.subjects import arm_treated, randomised
from trialkit.schemas.forms.forms import Form, FormKind, Purpose
from trialkit.schemas.forms.partial_dates import first_and_last_days
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.values.spelling import one_spelling
from trialkit.store.snapshot import as_pandas

_FLAGS = {
    "serious": Purpose.EVENT_SERIOUS,
    "related": Purpose.EVENT_RELATED,
    "led_to_withdrawal": Purpose.EVENT_LED_TO_WITHDRAWAL,
}


def derive_adverse_events(sources: Sources, subjects: pd.DataFrame) -> pd.DataFrame:
    """The events of randomised participants, by the arm they received; columns as in Datasets.

    ``before_randomisation`` marks events that began before the day of randomisation: they are
    kept, but no arm can have caused them. It is missing where an event may have begun on either side.
    """
    form = sources.schemas.of_kind(FormKind.ADVERSE_EVENTS)
    events = rows_of(sources, form)
    events["term"] = terms_of(sources, form, Purpose.EVENT_TERM, events.index)
    events["event_class"] = terms_of(sources, form, Purpose.EVENT_CLASS, events.index)
    events["severity"] = terms_of(sources, form, Purpose.EVENT_SEVERITY, events.index)
    for name, purpose in _FLAGS.items():
        events[name] = _column(sources, form, purpose, events.index).astype("boolean")
    events["start_earliest"], events["start_latest"] = _first_days(sources, form, events.index)
    events["not_asked"] = _not_asked(sources, form, events.index)
    people = randomised(subjects)
    people = people[["subject_id", "randomisation_date"]].assign(arm=arm_treated(people))
    joined = events.merge(people, on="subject_id", how="inner", validate="many_to_one")
    return joined.assign(before_randomisation=_before(joined))[
        [
            "subject_id",
            "arm",
            "term",
            "severity",
            *_FLAGS,
            "event_class",
            "start_earliest",
            "start_latest",
            "before_randomisation",
            "not_asked",
        ]
    ]


def _not_asked(sources: Sources, form: Form | None, index: pd.Index) -> pd.Series:
    """Of each event the facts that its form did not ask: it is known that their item was not shown."""
    left_out = {
        fact: is_no(shown_in_rows(item, form, sources)).to_list()
        for fact, purpose in FACTS.items()
        if form is not None and (item := form.item_for(purpose)) is not None and item.shown_when
    }
    facts = [
        frozenset(fact for fact, rows in left_out.items() if rows[place])
        for place in range(len(index))
    ]
    return pd.Series(facts, index=index, dtype="object")


def _first_days(
    sources: Sources, form: Form | None, index: pd.Index
) -> tuple[pd.Series, pd.Series]:
    """The earliest and the latest day on which each event can have begun."""
    item = None if form is None else form.item_for(Purpose.EVENT_START)
    if form is not None and item is not None and item.kind.nature is Nature.DAYS:
        earliest, latest = first_and_last_days(sources.snapshot[form.id].typed[item.id])
        return as_pandas(earliest), as_pandas(latest)
    days = pd.to_datetime(_column(sources, form, Purpose.EVENT_START, index))
    return days, days


def _before(events: pd.DataFrame) -> pd.Series:
    """Whether every possible first day, or none of them, lies before that of randomisation."""
    randomised_on = events["randomisation_date"]
    before = pd.Series(pd.NA, index=events.index, dtype="boolean")
    return before.mask(events["start_latest"] < randomised_on, other=True).mask(
        events["start_earliest"] >= randomised_on, other=False
    )


def derive_concomitant(sources: Sources, subjects: pd.DataFrame) -> pd.DataFrame:
    """Other care that randomised participants had: ``subject_id``, ``arm``, ``term``."""
    form = sources.schemas.of_kind(FormKind.CONCOMITANT_CARE)
    care = rows_of(sources, form)
    care["term"] = terms_of(sources, form, Purpose.TREATMENT_TERM, care.index)
    people = randomised(subjects)[["subject_id", "arm"]]
    return care.merge(people, on="subject_id", how="inner", validate="many_to_one")[
        ["subject_id", "arm", "term"]
    ]


def terms_of(sources: Sources, form: Form | None, purpose: Purpose, index: pd.Index) -> pd.Series:
    """The item with this purpose, as it is counted.

    What the form lists is an ordered category in its order, so that none is left out; what people
    typed has one spelling a meaning.
    """
    texts = text_of(sources, form, purpose, index)
    item = None if form is None else form.item_for(purpose)
    if item is None or not item.choices:
        return one_spelling(texts)
    order = [choice.label for choice in item.choices]
    return texts.astype(pd.CategoricalDtype(order, ordered=True))


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
