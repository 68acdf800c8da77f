"""What was there at a data cut: rows that happened after it, and people who came after it, go.

When a row happened is its own date, as far as that can be right: of a date that is known in part the
first day that it can be, so that what may have been there stays. A row without one happened

* at a visit: when the subject's other forms say that the visit was, else on the planned day, or on
  the day on which the subject left the study when that was before;
* without visits, on a form that is filled in as needed: on the first of the row's other dates;
* else when the subject came.

Nothing happened before the subject came, nor after the latest date of the data, and a form that is
expected of the randomised and belongs to no visit comes with the randomisation at the earliest.

A date that cannot be right dates nothing. A row whose date lies after the last day that the data can
know of stays, whatever the cut, and so does one of a visit before another that took place by the cut:
the checks judge them, and find the date.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.protocol.trial.visits import Visit
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Schemas
from trialkit.schemas.forms.partial_dates import first_and_last_days
from trialkit.schemas.items.kind import Nature
from trialkit.store.data_days import DataDays
from trialkit.store.due import last_planned, windows
from trialkit.store.snapshot import FormData, as_pandas

OWN_DATE = (
    Purpose.VISIT_DATE,
    Purpose.SESSION_DATE,
    Purpose.EVENT_START,
    Purpose.RANDOMISATION_DATE,
    Purpose.SCREENING_DATE,
    Purpose.END_DATE,
    Purpose.CONSENT_DATE,
)
"""What dates a row, the first that its form has, but for forms that have a date by their kind."""
_OF_KIND = {
    FormKind.SCREENING: Purpose.SCREENING_DATE,
    FormKind.RANDOMISATION: Purpose.RANDOMISATION_DATE,
    FormKind.END_OF_STUDY: Purpose.END_DATE,
}
_NEVER = pd.Series([], dtype="datetime64[us]")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Milestones:
    """What is known of each subject's days, by ``subject_id``."""

    came: pd.Series
    randomised: pd.Series
    left: pd.Series
    at_visit: pd.Series
    """By subject and visit."""
    latest: pd.Timestamp
    """The latest date of the data; no row is taken to have happened after it."""
    last: pd.Timestamp | None
    """The last day that the data can know of."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CutForms:
    """Each form's data on the two sides of the cut."""

    kept: Mapping[str, FormData]
    later: Mapping[str, pd.DataFrame]
    """The keys of the rows after the cut, of subjects who had come by then."""


def cut_at(forms: Mapping[str, FormData], schemas: Schemas, days: DataDays) -> CutForms:
    """The rows of each form that were there at the cut, and what came later.

    Rows that nothing dates stay.
    """
    cut, last = days.cut_moment, days.last_moment
    milestones = None if cut is None else _milestones(forms, schemas, last)
    if cut is None or milestones is None or milestones.latest <= cut:
        return CutForms(kept=forms, later={})
    came_later = milestones.came.index[milestones.came > cut]
    held = _last_held(milestones, cut, schemas.visits)
    kept, later = {}, {}
    for form in schemas.forms:
        data = forms[form.id]
        nobody_yet = data.values["subject_id"].isin(came_later)
        after = _happened(form, data, milestones, schemas.visits) > cut
        after &= ~_beyond(form, data, last) & ~_before_held(form, data, held, schemas.visits)
        gone = after | nobody_yet
        kept[form.id] = data.take(np.flatnonzero(~gone)) if gone.any() else data
        later[form.id] = data.values.loc[after & ~nobody_yet, list(form.key)]
    return CutForms(kept=kept, later=later)


def _beyond(form: Form, data: FormData, last: pd.Timestamp | None) -> pd.Series:
    """Which rows are dated after the last day that the data can know of."""
    if last is None:
        return pd.Series(data=False, index=data.values.index)
    return _stated_dates(form, data) > last


def _stated_dates(form: Form, data: FormData) -> pd.Series:
    """The dates of the rows as they were entered, right or not."""
    item = own_date(form)
    if item is None:
        return pd.Series(pd.NaT, index=data.values.index, dtype="datetime64[us]")
    if item.kind.nature is Nature.DAYS:
        return _earliest(data, item)
    return data.values[item.id]


def _last_held(milestones: _Milestones, cut: pd.Timestamp, visits: tuple[Visit, ...]) -> pd.Series:
    """By subject, the planned day of the last visit that took place by the cut.

    One that is dated before it could take place is no witness: its own date may be the wrong one.
    """
    dates = milestones.at_visit
    rows = dates.index.to_frame(index=False).assign(held=dates.to_numpy())
    rows = rows.assign(randomisation_date=_of(rows["subject_id"], milestones.randomised))
    right = (rows["held"] <= cut) & ~(rows["held"] < windows(rows, visits).opens)
    return last_planned(rows[right], visits)


def _before_held(
    form: Form, data: FormData, held: pd.Series, visits: tuple[Visit, ...]
) -> pd.Series:
    """Which rows are of a visit before one that took place, or of the randomisation before it."""
    witness = data.values["subject_id"].map(held).astype("float64")
    if form.visits:
        planned = data.values["visit"].map({each.code: each.target_day for each in visits})
        return planned.astype("float64") < witness
    if form.kind is FormKind.RANDOMISATION:
        return witness > 0
    return pd.Series(data=False, index=data.values.index)


def own_date(form: Form) -> Item | None:
    """The item that says when a row of the form happened."""
    purposes = (*([_OF_KIND[form.kind]] if form.kind in _OF_KIND else []), *OWN_DATE)
    items = (form.item_for(purpose) for purpose in purposes)
    return next((item for item in items if item is not None), None)


def _own_dates(form: Form, data: FormData, last: pd.Timestamp | None) -> pd.Series:
    """The dates of the rows that can be right, which are none after the last day."""
    days, item = _stated_dates(form, data), own_date(form)
    right = days if item is None else _possible(days, item)
    return right if last is None else right.where(right <= last)


def _earliest(data: FormData, item: Item) -> pd.Series:
    """The first day that each partial date can be, and that can be right."""
    first, last = (as_pandas(days) for days in first_and_last_days(data.typed[item.id]))
    if item.range.low is None:
        return first
    low = pd.Timestamp(item.range.low)
    return first.mask((first < low) & (last >= low), low)


def _possible(days: pd.Series, item: Item) -> pd.Series:
    """The dates, missing where they are out of the range that can be right."""
    if item.range.low is not None:
        days = days.where(days >= pd.Timestamp(item.range.low))
    if item.range.high is not None:
        days = days.where(days <= pd.Timestamp(item.range.high))
    return days


def _milestones(
    forms: Mapping[str, FormData], schemas: Schemas, last: pd.Timestamp | None
) -> _Milestones | None:
    """What the dates of the data tell; None where there are none."""
    dated = {
        form.id: forms[form.id]
        .values[list(form.key)]
        .assign(day=_own_dates(form, forms[form.id], last))
        for form in schemas.forms
    }
    anything = pd.concat([rows[["subject_id", "day"]] for rows in dated.values()])
    latest = anything["day"].max()
    if pd.isna(latest):
        return None
    first = anything.groupby("subject_id")["day"].min()
    at_visits = [rows for rows in dated.values() if "visit" in rows.columns]
    key = ["subject_id", "visit"]
    return _Milestones(
        came=_by_subject(FormKind.SCREENING, dated, schemas).combine_first(first),
        randomised=_by_subject(FormKind.RANDOMISATION, dated, schemas),
        left=_by_subject(FormKind.END_OF_STUDY, dated, schemas),
        at_visit=pd.concat(at_visits).groupby(key)["day"].max() if at_visits else _NEVER,
        latest=latest,
        last=last,
    )


def _by_subject(kind: FormKind, dated: Mapping[str, pd.DataFrame], schemas: Schemas) -> pd.Series:
    form = schemas.of_kind(kind)
    return _NEVER if form is None else dated[form.id].groupby("subject_id")["day"].min()


def _happened(
    form: Form, data: FormData, milestones: _Milestones, visits: tuple[Visit, ...]
) -> pd.Series:
    """When each row happened; missing where nothing says so."""
    subject = data.values["subject_id"]
    came = _of(subject, milestones.came)
    if form.visits:
        inherited = _at_visit(data, milestones, visits)
    elif form.expected is Expected.AS_NEEDED:
        inherited = _first_date(form, data)
    else:
        inherited = came
    happened = inherited.fillna(came).where(~(inherited < came), came)
    happened = happened.where(~(happened > milestones.latest), milestones.latest)
    happened = _own_dates(form, data, milestones.last).fillna(happened)
    if form.expected is Expected.RANDOMISED and not form.visits:
        randomised = _of(subject, milestones.randomised)
        happened = happened.where(~(happened < randomised), randomised)
    return happened


def _at_visit(data: FormData, milestones: _Milestones, visits: tuple[Visit, ...]) -> pd.Series:
    """The day of the visit by other forms, else as planned, or when the subject left before."""
    subject, visit = data.values["subject_id"], data.values["visit"]
    seen = _of(pd.MultiIndex.from_arrays([subject, visit]), milestones.at_visit)
    planned_on = {each.code: float(each.day) for each in visits if each.is_planned}
    days = visit.map(planned_on).astype("float64")
    planned = _of(subject, milestones.randomised) + pd.to_timedelta(days, unit="D")
    left = _of(subject, milestones.left)
    return seen.fillna(planned.where(~(left < planned), left))


def _first_date(form: Form, data: FormData) -> pd.Series:
    dates = [
        _possible(data.values[item.id], item)
        for item in form.items
        if item.kind.nature is Nature.DAY
    ]
    if not dates:
        return pd.Series(pd.NaT, index=data.values.index, dtype="datetime64[us]")
    return pd.concat(dates, axis="columns").min(axis="columns")


def _of(keys: pd.Series | pd.MultiIndex, known: pd.Series) -> pd.Series:
    """What is known of each key, under a plain index."""
    found = known.reindex(pd.Index(keys)) if len(known) else None
    days = [pd.NaT] * len(keys) if found is None else found.to_numpy()
    return pd.Series(days, index=range(len(keys)), dtype="datetime64[us]")
