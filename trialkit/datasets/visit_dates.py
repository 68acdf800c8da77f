"""On which day each participant was at a visit, by what a form asks."""

import pandas as pd

from trialkit.datasets.sources import Sources
from trialkit.schemas.forms.forms import Form, Purpose


def visit_dates(sources: Sources) -> pd.DataFrame:
    """``subject_id``, ``visit``, ``date`` of each row of every form that asks for the day of its visit."""
    asked = [_of_form(sources, form) for form in sources.schemas.forms if form.visits]
    found = [each for each in asked if each is not None]
    if not found:
        columns = {"subject_id": "str", "visit": "str", "date": "datetime64[us]"}
        return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in columns.items()})
    return pd.concat(found, ignore_index=True)


def _of_form(sources: Sources, form: Form) -> pd.DataFrame | None:
    """The same of one form; None where it asks for no such day."""
    dates = sources.column(form, Purpose.VISIT_DATE)
    if dates is None:
        return None
    keys = sources.snapshot[form.id].values[["subject_id", "visit"]].astype("str")
    return keys.assign(date=pd.to_datetime(dates))


def first_visit_dates(sources: Sources) -> pd.DataFrame:
    """``subject_id``, ``visit``, ``date`` of every visit of which a day is known: the first of several."""
    known = visit_dates(sources).dropna(subset=["subject_id", "visit", "date"])
    return known.groupby(["subject_id", "visit"], as_index=False, sort=False)[["date"]].min()
