"""Time at risk: of each randomised participant from when until when, and what ended it.

Whatever comes first ends it: the event, a competing event, a day of ``censored_at``, the end of the
study, the horizon, the data cut. Of what lies on one day the event comes before a competing event,
and that before the end of follow-up; of several such ends the one that stands first in this list is
the reason. Days are whole: what happens on the day of the origin has a time of 0. What lies before the
origin is no event of the time at risk, nor what comes after its end; both are counted. Of a form
with one row a participant, a day before the origin says that the participant was never at risk.

A day that decides and is not known is not guessed: the participant's time at risk is unknown. Of a
day that is known in part it decides whether any of the days that it may be would change the answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.datasets.asked_days import (
    NO_DAYS_ASKED,
    AskedDays,
    Happened,
    asked_days,
    days_of,
)
from trialkit.datasets.flags import is_no, is_yes
from trialkit.datasets.measurements import NOT_YET_DUE
from trialkit.datasets.model import nobody_at_risk, nothing_happened
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import randomised
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.at_risk import RANDOMISATION, DateAsked, TimeAtRisk
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.at_risk import AtRiskStatus
from trialkit.schemas.forms.forms import Expected

AT_CUT = "followed until the data cut"
AT_HORIZON = "followed until the end of the planned time"
COMPLETED = "completed the study"
ENDED = "end of the study"
LEFT = "left the study, reason not recorded"
LAST_KNOWN = "last known to be without the event"
BEFORE = "before the origin: "
"""How a reason begins of what happened before the participant could be at risk."""
NOT_KNOWN = "day not known: "
"""How a reason begins of a day that decides and is not known."""
NO_ORIGIN = "no "
"""How a reason begins of who has no day that time could count from."""
NO_TIME = "followed for less than a day"
NOBODY_LOOKED = "not known to be without the event on any day"
NO_END = "no day until which anybody looked"

_HALF_A_DAY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimesAtRisk:
    """``at_risk`` and ``event_log``, with columns as in Datasets."""

    at_risk: pd.DataFrame
    event_log: pd.DataFrame


def derive_times_at_risk(
    sources: Sources, protocol: Protocol, subjects: pd.DataFrame
) -> TimesAtRisk:
    """The time at risk of every randomised participant, for every outcome that has any."""
    people = randomised(subjects).reset_index(drop=True)
    each = [
        times_of(outcome, outcome.kind.summary, outcome.risk, sources, people)
        for outcome in protocol.outcomes
        if outcome.risk is not None
    ]
    if not each:
        return TimesAtRisk(at_risk=nobody_at_risk(), event_log=nothing_happened())
    order = [outcome.code for outcome in protocol.outcomes]
    frames = {
        name: pd.concat([getattr(one, name) for one in each], ignore_index=True)
        for name in ("at_risk", "event_log")
    }
    return TimesAtRisk(
        **{
            name: frame.assign(
                outcome=pd.Categorical(frame["outcome"], categories=order, ordered=True)
            )
            for name, frame in frames.items()
        }
    )


def times_of(
    outcome: Outcome, summary: Summary, risk: TimeAtRisk, sources: Sources, people: pd.DataFrame
) -> TimesAtRisk:
    """The same of one outcome; ``people`` are the randomised, numbered from 0."""
    days, no_origin = _origins(risk, sources, people)
    follow = _Following(
        sources=sources, people=people, names=pd.Index(people["subject_id"]), origin=days
    )
    events = Happened(days=NO_DAYS_ASKED, absent=np.zeros(len(people), dtype=bool), once=False)
    if summary in {Summary.TIME, Summary.RECURRENCE}:
        events = follow.happened(
            DateAsked(date=f"{outcome.form}.{outcome.item}", where=outcome.where)
        )
    once = summary is Summary.TIME
    candidates = [
        _Candidate(AtRiskStatus.EVENT, outcome.code, outcome.label, events, ends=once),
        *(
            _Candidate(AtRiskStatus.COMPETING, each.code, each.label, follow.happened(each))
            for each in risk.competing
        ),
    ]
    seen = [each.happened for each in candidates]
    candidates += follow.ends(risk, seen)
    decided = _first_of(candidates, len(people))
    decided = decided.but(AtRiskStatus.UNKNOWN, follow.unseen(risk, seen), of=decided.is_end)
    if not once:
        decided = decided.but(AtRiskStatus.NEVER_AT_RISK, np.where(decided.day == 0, NO_TIME, ""))
    for status, reason in (*no_origin.items(), (AtRiskStatus.UNKNOWN, follow.to_come())):
        decided = decided.but(status, reason)
    return _stated(outcome, risk, people, events, decided, once=once)


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """Something that may end the time at risk; of what lies on one day the earlier in the list does."""

    status: AtRiskStatus
    cause: str
    reason: object
    """Why, in words: one text, or one for each participant."""
    happened: Happened
    ends: bool = True
    """Whether it ends the time at risk; an event that can happen again does not."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Decided:
    """By participant: the days at risk, how they ended, by what and why."""

    day: np.ndarray
    status: np.ndarray
    cause: np.ndarray
    reason: np.ndarray

    @property
    def is_end(self) -> np.ndarray:
        """Whose time at risk ended without an event of any kind."""
        return np.asarray(self.status == AtRiskStatus.CENSORED)

    def but(
        self, status: AtRiskStatus, reason: np.ndarray, *, of: np.ndarray | None = None
    ) -> "_Decided":
        """The same, but with this status where there is a reason for it."""
        given = (reason != "") if of is None else (reason != "") & of
        return _Decided(
            day=np.where(given, np.nan, self.day),
            status=np.where(given, status, self.status),
            cause=np.where(given, "", self.cause),
            reason=np.where(given, reason, self.reason),
        )


def _first_of(candidates: Sequence[_Candidate], people: int) -> _Decided:
    """Which of them comes first, where no day that may be earlier is unknown."""
    first = np.stack(
        [each.happened.first if each.ends else np.full(people, np.inf) for each in candidates]
    )
    place = np.argmin(first, axis=0)  # the first of several on one day
    day = first.min(axis=0)
    everyone = np.arange(people)
    reasons = np.stack(
        [np.broadcast_to(np.asarray(each.reason, object), people) for each in candidates]
    )
    status = np.array([each.status for each in candidates], dtype=object)[place]
    cause = np.array([each.cause for each in candidates], dtype=object)[place]
    happened = np.isin(status, [AtRiskStatus.EVENT, AtRiskStatus.COMPETING])
    found = _Decided(
        day=day,
        status=status,
        cause=cause,
        reason=np.where(happened, "", reasons[place, everyone]),
    )
    found = found.but(AtRiskStatus.UNKNOWN, np.where(np.isinf(day), NO_END, ""))
    maybe = np.stack([each.happened.maybe for each in candidates])
    order = np.arange(len(candidates))[:, None]
    matters = (maybe < day) | ((maybe == day) & np.isfinite(day) & (order < place))
    which = np.argmax(matters, axis=0)
    unsaid = NOT_KNOWN + reasons[which, everyone]
    found = found.but(AtRiskStatus.UNKNOWN, np.where(matters.any(axis=0), unsaid, ""))
    gone = np.stack([each.happened.before for each in candidates])
    which = np.argmax(gone, axis=0)
    too_early = BEFORE + reasons[which, everyone]
    return found.but(AtRiskStatus.NEVER_AT_RISK, np.where(gone.any(axis=0), too_early, ""))


def _stated(
    outcome: Outcome,
    risk: TimeAtRisk,
    people: pd.DataFrame,
    events: Happened,
    decided: _Decided,
    *,
    once: bool,
) -> TimesAtRisk:
    """The frames: time in the outcome's unit, and the events that count."""
    size = len(people)
    day = np.append(decided.day, np.nan)
    known = events.days[events.days.is_known]
    inside = (known.first >= 0) & (known.first <= day[known.person])
    log = known[inside]
    counted = log.count(size).astype(float)
    counted = np.minimum(counted, 1.0) if once else counted
    has_time = ~np.isnan(decided.day)
    had = decided.status == AtRiskStatus.EVENT
    later = events.days[events.days.first > day[events.days.person]]
    status = decided.status if once else np.where(has_time, AtRiskStatus.FOLLOWED, decided.status)
    frame = people[["subject_id", "arm"]].assign(
        outcome=outcome.code,
        time=decided.day / risk.unit.days,
        status=_texts(status),
        cause=_texts(decided.cause),
        reason=_texts(decided.reason),
        events=np.where(has_time, had if once else counted, 0.0),
        before=events.days[events.days.last < 0].count(size).astype(float),
        after=np.where(had & once, 0, later.count(size)).astype(float),
    )
    rows = log.person if not once else log.person[:0]
    happened = np.where(log.first == 0, _HALF_A_DAY, log.first)[: len(rows)] / risk.unit.days
    listed = people.loc[rows, ["subject_id", "arm"]].reset_index(drop=True)
    in_time = listed.assign(outcome=outcome.code, time=happened).sort_values(
        ["subject_id", "time"], kind="stable", ignore_index=True
    )
    return TimesAtRisk(at_risk=frame, event_log=in_time)


def _texts(values: np.ndarray) -> pd.Series:
    return pd.Series([str(each) or None for each in values], dtype="str")


def _origins(
    risk: TimeAtRisk, sources: Sources, people: pd.DataFrame
) -> tuple[pd.Series, dict[AtRiskStatus, np.ndarray]]:
    """The day of each participant that time counts from, and why there is none: by status, reasons."""
    nothing = np.full(len(people), "", dtype=object)
    if risk.origin == RANDOMISATION:
        days = people["randomisation_date"]
        why = np.where(days.isna(), f"{NOT_KNOWN}randomisation", nothing)
        return days, {AtRiskStatus.UNKNOWN: why}
    asked = DateAsked(date=risk.origin)
    form = sources.schemas.form(asked.form)
    item = form.item(asked.item)
    first, last = days_of(form, item, sources)
    rows = pd.DataFrame({"subject_id": sources.snapshot[form.id].values["subject_id"]})
    rows = rows.assign(first=first, last=last).dropna()
    found = rows.groupby("subject_id")[["first", "last"]].min().reindex(people["subject_id"])
    found = found.reset_index(drop=True)
    known = found["first"] == found["last"]
    vague = found["first"].notna() & ~known
    return found["first"].where(known), {
        AtRiskStatus.UNKNOWN: np.where(vague, f"{NOT_KNOWN}{item.label}", nothing),
        AtRiskStatus.NEVER_AT_RISK: np.where(
            found["first"].isna(), f"{NO_ORIGIN}{item.label}", nothing
        ),
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Following:
    """What every question about days needs: the participants, and the day of each one's origin."""

    sources: Sources
    people: pd.DataFrame
    names: pd.Index
    origin: pd.Series

    def happened(self, asked: DateAsked) -> Happened:
        """When something happened to each, and of whom the row that would say so is not there."""
        form = self.sources.schemas.form(asked.form)
        once, absent = len(form.key) == 1, np.zeros(len(self.people), dtype=bool)
        if once and form.expected is not Expected.AS_NEEDED:
            there = self.people["subject_id"].isin(
                self.sources.snapshot[form.id].values["subject_id"]
            )
            later = self.people["subject_id"].isin(
                self.sources.snapshot.later(form.id)["subject_id"]
            )
            over = self.people["end_date"].notna() | self.people["completed"].notna()
            absent = (over & ~there & ~later).to_numpy()
        days = asked_days(asked, self.sources, self.names, self.origin)
        return Happened(days=days, absent=absent, once=once)

    def ends(self, risk: TimeAtRisk, seen: Sequence[Happened]) -> Iterator[_Candidate]:
        """What ends the follow-up without an event, in the order in which reasons count."""
        for each in risk.censored_at:
            yield _Candidate(AtRiskStatus.CENSORED, "", each.reason, self.happened(each))
        if risk.last_known:
            yield _end(LAST_KNOWN, self._last_known(risk, seen))
        yield _end(self._why_ended(), self._since_origin(self.people["end_date"]))
        if risk.horizon is not None:
            yield _end(AT_HORIZON, np.full(len(self.people), risk.horizon * risk.unit.days))
        cut = self.sources.snapshot.cut
        if cut is not None:
            yield _end(AT_CUT, self._since_origin(pd.Series(cut, index=self.people.index)))

    def unseen(self, risk: TimeAtRisk, seen: Sequence[Happened]) -> np.ndarray:
        """Why nobody knows until when there was no event; blank of whom that is known."""
        left = self.people["end_date"].isna() & self.people["completed"].notna()
        reason = np.where(left, f"{NOT_KNOWN}{ENDED}", "").astype(object)
        if risk.last_known:
            nobody = np.isnan(self._last_known(risk, seen))
            reason = np.where(nobody, NOBODY_LOOKED, reason)
        return reason

    def to_come(self) -> np.ndarray:
        """Of whom the origin lies after the data cut; blank of the others."""
        if self.sources.snapshot.cut is None:
            return np.full(len(self.people), "", dtype=object)
        return np.where(self.origin > self.sources.snapshot.cut, NOT_YET_DUE, "")

    def _last_known(self, risk: TimeAtRisk, seen: Sequence[Happened]) -> np.ndarray:
        """The last day on which each was seen: by the item, or since something happened then."""
        size = len(self.people)
        days = [self.happened(DateAsked(date=risk.last_known)).days, *(each.days for each in seen)]
        last = np.full(size, -np.inf)
        for each in days:
            last = np.maximum(last, each[each.is_known].latest(size))
        return np.where(last < 0, np.nan, last)

    def _since_origin(self, days: pd.Series) -> np.ndarray:
        return np.asarray((days - self.origin).dt.days.to_numpy(dtype=float, na_value=np.nan))

    def _why_ended(self) -> np.ndarray:
        completed = self.people["completed"]
        gone = self.people["end_reason"].astype("object").fillna(LEFT)
        why = pd.Series(ENDED, index=self.people.index, dtype="object")
        why = why.mask(is_yes(completed), COMPLETED).mask(is_no(completed), gone)
        return np.asarray(why.to_numpy(), dtype=object)


def _end(reason: object, day: np.ndarray) -> _Candidate:
    """An end of the follow-up that all know the day of to whom it comes; NaN to whom not."""
    who = np.flatnonzero(~np.isnan(day))
    days = AskedDays(person=who, first=day[who], last=day[who])
    once = Happened(days=days, absent=np.zeros(len(day), dtype=bool), once=True)
    return _Candidate(AtRiskStatus.CENSORED, "", reason, once)
