"""The days that an item of a form asks for, as intervals: a day may be known in part, or not at all."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.datasets.asking import shown_in_rows
from trialkit.datasets.flags import is_no
from trialkit.datasets.picked_rows import is_picked
from trialkit.datasets.sources import Sources
from trialkit.protocol.trial.at_risk import DateAsked
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.forms.partial_dates import first_and_last_days
from trialkit.schemas.items.kind import Nature
from trialkit.store.snapshot import as_pandas


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AskedDays:
    """One entry a row that says something: whose it is (K,), and between which days it lies (K,).

    Days count from the person's origin; of a day that nobody knows they are −∞ and ∞.
    """

    person: np.ndarray
    first: np.ndarray
    last: np.ndarray

    @property
    def is_known(self) -> np.ndarray:
        """Of which entries the day is known."""
        return np.asarray(self.first == self.last)

    def __getitem__(self, rows: np.ndarray) -> "AskedDays":
        return AskedDays(person=self.person[rows], first=self.first[rows], last=self.last[rows])

    def earliest(self, people: int) -> np.ndarray:
        """The first day of each person (people,), ∞ without any."""
        found = np.full(people, np.inf)
        np.minimum.at(found, self.person, self.first)
        return found

    def latest(self, people: int) -> np.ndarray:
        """The last day of each person (people,), −∞ without any."""
        found = np.full(people, -np.inf)
        np.maximum.at(found, self.person, self.last)
        return found

    def count(self, people: int) -> np.ndarray:
        """How many entries each person has (people,)."""
        return np.bincount(self.person, minlength=people)


NO_DAYS_ASKED = AskedDays(person=np.array([], dtype=np.intp), first=np.array([]), last=np.array([]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Happened:
    """When something happened to each participant, as far as that is known."""

    days: AskedDays
    absent: np.ndarray
    """Of whom (people,) the one row that would say so is not there, though it should be."""
    once: bool
    """Whether its form has one row a participant, so that a day before the origin is the only one."""

    @property
    def first(self) -> np.ndarray:
        """The first known day of each (people,) from the origin on; ∞ without one."""
        known = self.days[self.days.is_known & (self.days.first >= 0)]
        return known.earliest(len(self.absent))

    @property
    def maybe(self) -> np.ndarray:
        """The first day (people,) on which it may have happened on a day that is not known; else ∞."""
        vague = self.days[~self.days.is_known & (self.days.last >= 0)]
        first = np.maximum(vague.earliest(len(self.absent)), 0.0)
        return np.where(self.absent, 0.0, first)

    @property
    def before(self) -> np.ndarray:
        """To whom (people,) it happened before the origin, and so not after."""
        return self.once & (self.days[self.days.last < 0].count(len(self.absent)) > 0)


def asked_days(
    asked: DateAsked, sources: Sources, people: pd.Index, origin: pd.Series
) -> AskedDays:
    """The days of these ``people``, whose ``origin`` are days in the same order.

    A row without a day says that the day is not known where somebody was to enter it; where it was
    not to be entered, or an item that may stay blank is blank, it says nothing.
    """
    form = sources.schemas.form(asked.form)
    item = form.item(asked.item)
    first, last = days_of(form, item, sources)
    data = sources.snapshot[form.id]
    picked = is_picked(asked.where, data.values)
    says = (first.notna() | is_lacking(form, item, sources)) & ~is_no(picked)
    vague = picked.isna() & says  # a row that does not say of what it is may be of it
    person = people.get_indexer(pd.Index(data.values["subject_id"]))
    begun = origin.notna().to_numpy()
    rows = np.flatnonzero(says.to_numpy() & (person >= 0) & np.append(begun, False)[person])
    begins = origin.to_numpy().astype("datetime64[D]")[person[rows]]
    early, late = (
        _since(days.to_numpy(), rows, begins, unknown=unknown)
        for days, unknown in ((first, -np.inf), (last, np.inf))
    )
    unsaid = vague.to_numpy()[rows]
    return AskedDays(
        person=person[rows],
        first=np.where(unsaid, -np.inf, early),
        last=np.where(unsaid, np.inf, late),
    )


def days_of(form: Form, item: Item, sources: Sources) -> tuple[pd.Series, pd.Series]:
    """The first and the last day that each row of a form can mean by an item."""
    data = sources.snapshot[form.id]
    if item.kind.nature is Nature.DAYS:
        first, last = first_and_last_days(data.typed[item.id])
        return as_pandas(first), as_pandas(last)
    days = pd.to_datetime(data.values[item.id]).dt.normalize()
    return days, days


def _since(days: np.ndarray, rows: np.ndarray, begins: np.ndarray, *, unknown: float) -> np.ndarray:
    """Whole days since the origin, ``unknown`` where there is no day."""
    since = days[rows].astype("datetime64[D]") - begins
    return np.asarray(np.where(np.isnat(since), unknown, since.astype("int64").astype(float)))


def is_lacking(form: Form, item: Item, sources: Sources) -> pd.Series:
    """Of which rows there is no day, though one was to be entered or is said to be missing."""
    data = sources.snapshot[form.id]
    empty = data.values[item.id].isna()
    coded = data.codes[item.id]
    said = empty & (coded.notna() | (data.raw[item.id].str.strip() != ""))
    applies = {code.code for code in sources.schemas.data.all_missing_codes if code.not_applicable}
    must = bool(form.repeating or item.shown_when or item.required)
    blank = empty & ~said & must & ~is_no(shown_in_rows(item, form, sources))
    return (said & ~coded.isin(applies)) | blank
