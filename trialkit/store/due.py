"""When a visit takes place and a form should be there: before that, nobody has left it out.

A visit is due once its window is over at the data cut, once its subject has been at a later one, and
once the subject has an end date, which nothing can follow; not when that lies before the window
opens. Without a cut, and where the randomisation has no date, everything is due. In a trial that does not
randomise windows are counted from another day (:mod:`trialkit.store.reference_days`); of whom it is
not known everything is due, and so is a visit that has no planned day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import polars as pl

from trialkit.protocol.trial.visits import Visit
from trialkit.schemas.forms.forms import Form, FormKind, Purpose, Schemas
from trialkit.store.reference_days import counted_from, is_counted_otherwise
from trialkit.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Windows:
    """When a visit of each row may take place; missing without a date of randomisation, or a plan."""

    opens: pd.Series
    target: pd.Series
    closes: pd.Series


def windows(rows: pd.DataFrame, visits: Sequence[Visit]) -> Windows:
    """The windows of rows with ``visit`` and ``randomisation_date``, around the planned day."""
    planned = [each for each in visits if each.is_planned]
    days = {each.code: each.day for each in planned}
    first = {each.code: each.opens for each in planned}
    last = {each.code: each.closes for each in planned}
    opens, target, closes = (
        rows["randomisation_date"]
        + pd.to_timedelta(rows["visit"].map(each).astype("float64"), unit="D")
        for each in (first, days, last)
    )
    return Windows(opens=opens, target=target, closes=closes)


def last_planned(held: pd.DataFrame, visits: Sequence[Visit]) -> pd.Series:
    """By subject, the planned day of the last visit of these rows of ``subject_id`` and ``visit``."""
    planned = held["visit"].map({each.code: each.target_day for each in visits})
    return planned.astype("float64").groupby(held["subject_id"]).max()


def last_attended(snapshot: Snapshot, schemas: Schemas) -> pd.Series:
    """By subject, the planned day of the last visit at which anything was answered."""
    return last_planned(visits_attended(snapshot, schemas), schemas.visits)


def visits_attended(snapshot: Snapshot, schemas: Schemas) -> pd.DataFrame:
    """``subject_id`` and ``visit`` of every visit at which anything was answered, once each."""
    held = [_answered(form, snapshot) for form in schemas.forms if form.visits]
    keys = pl.concat(held) if held else pl.DataFrame(schema=_KEYS)
    known = keys.drop_nulls().unique(maintain_order=True)
    return pd.DataFrame({name: pd.Series(known[name].to_list(), dtype="str") for name in _KEYS})


_KEYS = {"subject_id": pl.String, "visit": pl.String}


def _answered(form: Form, snapshot: Snapshot) -> pl.DataFrame:
    """Subject and visit of the rows that hold a value: reasons for its absence are no visit."""
    typed = snapshot[form.id].typed
    values = [pl.col(item.id).is_not_null() for item in form.asked]
    there = pl.any_horizontal(values) if values else pl.lit(value=True)
    return typed.filter(there).select(list(_KEYS))


def is_dated(schemas: Schemas) -> bool:
    """Whether the trial asks for the date of randomisation, without which no window can be told."""
    form = schemas.of_kind(FormKind.RANDOMISATION)
    return form is not None and form.item_for(Purpose.RANDOMISATION_DATE) is not None


def visits_due(rows: pd.DataFrame, snapshot: Snapshot, schemas: Schemas) -> pd.Series:
    """Whether the visit of each row is due.

    Rows have ``subject_id``, ``visit``, ``randomisation_date`` and ``end_date``.
    """
    rows = counted_from(rows, snapshot, schemas)
    window = windows(rows, schemas.visits)
    ended = rows["end_date"].notna() & window.closes.notna()
    due = ended | has_passed(window.closes, snapshot, schemas) | _overtaken(rows, snapshot, schemas)
    return due & ~(rows["end_date"] < window.opens)


def has_passed(closes: pd.Series, snapshot: Snapshot, schemas: Schemas) -> pd.Series:
    """Whether each window was over at the data cut; all are without a cut or without dates."""
    if snapshot.cut is None or not (is_dated(schemas) or is_counted_otherwise(schemas)):
        return pd.Series(data=True, index=closes.index)
    unknown = closes.isna() if is_counted_otherwise(schemas) else False
    return (closes <= snapshot.cut) | unknown


def randomised_on_no_day(snapshot: Snapshot, schemas: Schemas) -> frozenset[str]:
    """Who is randomised, and of whom the day is asked and not known: nobody can say what is to come."""
    form = schemas.of_kind(FormKind.RANDOMISATION)
    item = None if form is None else form.item_for(Purpose.RANDOMISATION_DATE)
    if form is None or item is None:
        return frozenset()
    values = snapshot[form.id].values
    return frozenset(values.loc[values[item.id].isna(), "subject_id"].dropna())


def _overtaken(rows: pd.DataFrame, snapshot: Snapshot, schemas: Schemas) -> pd.Series:
    """Whether the subject of each row has been at a later visit."""
    planned = rows["visit"].map({each.code: each.target_day for each in schemas.visits})
    attended = rows["subject_id"].map(last_attended(snapshot, schemas)).astype("float64")
    return planned.astype("float64") < attended


def is_due(form: Form, people: pd.DataFrame, snapshot: Snapshot, schemas: Schemas) -> pd.Series:
    """Of whom a form without visits should be there at the data cut.

    ``people`` have ``subject_id`` and ``randomisation_date``. It is due as soon as the subject is there; the end of study once the last visit's window has
    passed.
    """
    if form.kind is not FormKind.END_OF_STUDY:
        return pd.Series(data=True, index=people.index)
    randomised_on = counted_from(people, snapshot, schemas)["randomisation_date"]
    last = [visit for visit in schemas.visits if visit.is_planned][-1:]
    closes = [randomised_on + pd.Timedelta(days=visit.closes) for visit in last]
    never = pd.Series(pd.NaT, index=randomised_on.index, dtype="datetime64[us]")
    return has_passed(closes[0] if closes else never, snapshot, schemas)
