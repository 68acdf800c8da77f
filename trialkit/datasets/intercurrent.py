"""Who had an intercurrent event, on which day, and from which visit on values lie after it.

A value lies after an event if the day of its visit does: its own day, or where that is not known the
one that is planned. What happened before randomisation is none. Of an event that happens again the
first counts. A day that is known in part, or not at all, is not guessed: from ``visit`` on values are
known to lie after the event, from ``maybe_from`` on they may.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from trialkit.datasets.asked_days import days_of, is_lacking
from trialkit.datasets.flags import is_no
from trialkit.datasets.model import nobody_had_any, of_nobody_unknown
from trialkit.datasets.picked_rows import is_picked
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import randomised
from trialkit.datasets.visit_dates import first_visit_dates
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.protocol import Protocol

_EVER, _NEVER = -np.inf, np.inf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Intercurrent:
    """``happened`` and ``unknown``: ``intercurrent`` and ``intercurrent_unknown`` of the Datasets."""

    happened: pd.DataFrame = field(default_factory=nobody_had_any)
    unknown: pd.DataFrame = field(default_factory=of_nobody_unknown)


def derive_intercurrent(
    sources: Sources, protocol: Protocol, subjects: pd.DataFrame
) -> Intercurrent:
    """The intercurrent events of the protocol that randomised participants had."""
    if not protocol.intercurrent_events:
        return Intercurrent()
    people = randomised(subjects)[["subject_id", "arm", "randomisation_date"]]
    course = _Course.of(people.reset_index(drop=True), sources, protocol)
    each = [_of_event(event, course, sources) for event in protocol.intercurrent_events]
    happened = pd.concat([own.happened for own in each], ignore_index=True)
    unknown = pd.concat([own.unknown for own in each], ignore_index=True)
    codes = [event.code for event in protocol.intercurrent_events]
    order = pd.CategoricalDtype(codes, ordered=True)
    visits = pd.CategoricalDtype(list(protocol.visit_codes), ordered=True)
    return Intercurrent(
        happened=happened.astype({"event": order, "visit": visits, "maybe_from": visits}),
        unknown=unknown.astype({"event": order}),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Course:
    """The randomised, and the days (people, visits) of their visits after baseline."""

    people: pd.DataFrame
    names: pd.Index
    visits: tuple[str, ...]
    days: np.ndarray
    """In days since 1970; NaN where nobody knows."""

    @classmethod
    def of(cls, people: pd.DataFrame, sources: Sources, protocol: Protocol) -> "_Course":
        """The course of these people, numbered from 0."""
        codes = protocol.visit_codes
        later = codes[codes.index(protocol.baseline.code) + 1 :]
        names = pd.Index(people["subject_id"])
        begun = _since_1970(people["randomisation_date"])
        planned = [protocol.visit(code).day for code in later]
        days = begun[:, None] + np.array(planned, dtype=float)[None, :]
        held = first_visit_dates(sources)
        person, place = (
            names.get_indexer(pd.Index(held["subject_id"])),
            pd.Index(later).get_indexer(pd.Index(held["visit"])),
        )
        known = (person >= 0) & (place >= 0)
        days[person[known], place[known]] = _since_1970(held["date"])[known]
        return cls(people=people, names=names, visits=later, days=days)

    def first_after(self, moment: np.ndarray, *, first: int, surely: bool) -> np.ndarray:
        """The place of each person's first visit after a day (people,); ``len(visits)`` for none.

        Those before the place ``first`` are passed over. A visit whose day nobody knows does not lie
        after it surely, and may.
        """
        with np.errstate(invalid="ignore"):
            after = self.days > moment[:, None] if surely else ~(self.days <= moment[:, None])
        after[:, :first] = False
        return np.where(after.any(axis=1), after.argmax(axis=1), len(self.visits))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Said:
    """What the rows of a form say: whose they are (K,), what they may mean, and whether that is said."""

    person: np.ndarray
    surely: np.ndarray
    """Whether they say that it happened; of others that is not known."""
    first: np.ndarray
    last: np.ndarray
    """Between which days since 1970, or of an answer at a visit, after which and by which visit."""

    def earliest(self, bound: np.ndarray, people: int, *, only: np.ndarray) -> np.ndarray:
        """The least of a bound for each person; infinite without any."""
        found = np.full(people, _NEVER)
        np.minimum.at(found, self.person[only], bound[only])
        return found


def _of_event(event: IntercurrentEventAsked, course: _Course, sources: Sources) -> Intercurrent:
    """The same of one event."""
    if not event.recorded_by:
        return Intercurrent()
    if event.date:
        said = _said_by_day(event, course, sources)
    else:
        said = _said_at_visits(event, course, sources)
    size = len(course.people)
    happened, told = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    happened[said.person[said.surely]] = told[said.person] = True
    by = said.earliest(said.last, size, only=said.surely)
    after = said.earliest(said.first, size, only=np.ones(len(said.person), dtype=bool))
    surely, maybe = _first_affected(event, course, by, after)
    known = (by == after) & np.isfinite(by) & bool(event.date)
    labels = np.array([*course.visits, None], dtype=object)
    people = course.people[["subject_id", "arm"]].assign(
        event=event.code,
        date=_days(np.where(known, by, np.nan)),
        visit=labels[surely],
        maybe_from=labels[np.where(maybe < surely, maybe, len(course.visits))],
    )
    return Intercurrent(
        happened=people[happened].reset_index(drop=True),
        unknown=people.loc[told & ~happened, ["subject_id", "arm", "event"]].reset_index(drop=True),
    )


def _first_affected(
    event: IntercurrentEventAsked, course: _Course, by: np.ndarray, after: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The place of each person's first visit that is surely affected, and that may be."""
    first = course.visits.index(event.from_visit) if event.from_visit in course.visits else 0
    if event.date:
        return (
            course.first_after(by, first=first, surely=True),
            course.first_after(after, first=first, surely=False),
        )
    none = len(course.visits)
    surely, maybe = (
        np.where(np.isfinite(each), np.maximum(np.nan_to_num(each, posinf=none), first), none)
        for each in (by, after)
    )
    return surely.astype(int), maybe.astype(int)


def _said_by_day(event: IntercurrentEventAsked, course: _Course, sources: Sources) -> _Said:
    """By the days that a form asks for; a row that is picked and has no day says that it happened."""
    form = sources.schemas.form(event.form)
    item = form.item(event.asked)
    data = sources.snapshot[form.id]
    begins, ends = (_since_1970(each) for each in days_of(form, item, sources))
    picked = is_picked(event.where, data.values)
    dated = ~np.isnan(begins)
    says = dated | is_lacking(form, item, sources).to_numpy()
    if event.where:
        says |= picked.fillna(value=False).to_numpy(dtype=bool)
    says &= ~is_no(picked).to_numpy()
    person = course.names.get_indexer(pd.Index(data.values["subject_id"]))
    begun = np.append(_since_1970(course.people["randomisation_date"]), np.nan)[person]
    with np.errstate(invalid="ignore"):
        before, may_be_before = dated & (ends < begun), dated & (begins < begun)
    rows = np.flatnonzero(says & (person >= 0) & ~before)
    return _Said(
        person=person[rows],
        surely=(picked.notna().to_numpy() & ~may_be_before)[rows],
        first=np.where(dated, begins, _EVER)[rows],
        last=np.where(dated, ends, _NEVER)[rows],
    )


def _said_at_visits(event: IntercurrentEventAsked, course: _Course, sources: Sources) -> _Said:
    """By the answers at visits after baseline: the first affected visit is the first that says so."""
    form = sources.schemas.form(event.form)
    values = sources.snapshot[form.id].values
    happened = is_picked(event.picks, values)
    lacking = is_lacking(form, form.item(event.asked), sources).to_numpy()
    yes = happened.fillna(value=False).to_numpy(dtype=bool)
    person = course.names.get_indexer(pd.Index(values["subject_id"]))
    place = pd.Index(course.visits).get_indexer(pd.Index(values["visit"]))
    rows = np.flatnonzero(
        (yes | (happened.isna().to_numpy() & lacking)) & (person >= 0) & (place >= 0)
    )
    return _Said(
        person=person[rows],
        surely=yes[rows],
        first=place[rows].astype(float),
        last=place[rows].astype(float),
    )


def _since_1970(days: pd.Series) -> np.ndarray:
    """Whole days; NaN where there is none."""
    whole = days.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(whole), np.nan, whole.astype("int64").astype(float))


def _days(since_1970: np.ndarray) -> pd.Series:
    """The days again, as dates."""
    unit = np.timedelta64("NaT", "D")
    days = np.where(np.isnan(since_1970), unit, np.nan_to_num(since_1970).astype("timedelta64[D]"))
    return pd.Series(np.datetime64("1970-01-01", "D") + days).astype("datetime64[us]")
