"""Queries: what a site was asked, what it answered, and what became of it.

A query is a hard or a soft finding that was put to a site. What happened to queries is a history of
events, to which lines are only ever added; how each query stands is what its events add up to.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from trialkit.schemas.forms.forms import Severity

ASKED = (Severity.HARD, Severity.SOFT)
"""The findings that become queries; a note never does."""


_FOLLOWING = 50
"""How many findings that follow from another are told apart in its mark."""


class QueryState(StrEnum):
    """How a query stands."""

    OPEN = "open"
    """Asked, and not answered for what the data hold now."""
    ANSWERED = "answered"
    """Answered, but the finding is still there and only the data (or the form) can end it."""
    CLOSED = "closed"
    """The finding is gone, or it is soft and was confirmed or found to be unresolvable."""


class QueryAnswer(StrEnum):
    """What a site says about a query."""

    CORRECTED = "corrected"
    """The value was wrong and is right in the data, or will be with the next of them."""
    CONFIRMED = "confirmed"
    """The value is right as it stands."""
    UNRESOLVABLE = "unresolvable"
    """Nobody can tell any more what is right."""


SETTLING = (QueryAnswer.CONFIRMED, QueryAnswer.UNRESOLVABLE)
"""The answers that close a soft query, and that have to give a reason."""


class Happening(StrEnum):
    """What can happen to a query."""

    CUT = "cut"
    """The data were validated at a new data cut, which is the note; a line about no query."""
    OPENED = "opened"
    CHANGED = "changed"
    """An open query's value changed, and the rule still fails."""
    REVISED = "revised"
    """The same value is judged more or less severely, or belongs to another site."""
    ANSWERED = "answered"
    REOPENED = "reopened"
    """The value changed after an answer, or came back, and the rule fails again."""
    RETURNED = "returned"
    """A settled finding was out of sight for a while and is there again, its value unchanged."""
    CLOSED = "closed"
    """The data no longer have the finding."""
    COMMENTED = "commented"
    """Somebody said something about it, which changes nothing."""
    APPLIED = "applied"
    """The right value of its answer was written into the data."""
    DISMISSED = "dismissed"
    """Somebody of the trial closed it by hand, for as long as the value stays what it is."""


class QueryOutcome(StrEnum):
    """Why the data no longer have a finding."""

    CHANGED = "data changed"
    UNCHANGED = "data unchanged"
    """The rule is another now, or nobody expects the form any more."""
    GONE = "row gone"
    FOLLOWS = "asked with its cause"
    """The finding is still there, and follows from another, which has the query."""


BY_HAND = "by_hand"
"""The rule of a query that a person raised."""
CLEARED = "(blank)"
"""The right value of a cell in which nothing should stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of the history. All text; what an event says nothing about is empty."""

    on: str
    """The day on which it happened: of the validation, or of the answer."""
    event: Happening
    query_key: str = ""
    asked: str = ""
    """The mark of what the data held when it was asked: see :func:`asked_mark`."""
    severity: str = ""
    site: str = ""
    subject_id: str = ""
    visit: str = ""
    repeat: str = ""
    form: str = ""
    item: str = ""
    label: str = ""
    rule_id: str = ""
    value: str = ""
    """What the data held; of an answer the right value that it gave, empty where it gave none."""
    missing_code: str = ""
    grounds: str = ""
    """What else the rule read, as ``form.item=value``."""
    message: str = ""
    answer: str = ""
    reason: str = ""
    """Why it was answered so, or closed by hand; the words of a comment."""
    answered_by: str = ""
    """Who answered, commented, applied the right value, or closed it by hand."""
    note: str = ""


def asked_mark(*, value: str, missing_code: str, grounds: str) -> str:
    """A short mark of what the data held: another value, or another ground, gives another mark.

    It begins with a letter, so that no spreadsheet takes it for a number.
    """
    held = f"{value}\x1f{missing_code}\x1f{grounds}"
    return "v" + hashlib.sha256(held.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def mark_with(mark: str, following: Iterable[str]) -> str:
    """The mark of a finding from which others follow, which were asked with it."""
    each = sorted({hashlib.sha256(other.encode()).hexdigest()[:6] for other in following})
    if len(each) > _FOLLOWING:
        each = [hashlib.sha256("".join(each).encode()).hexdigest()[:12]]
    return ".".join((mark, *each))


def head_of_mark(mark: str) -> str:
    """The mark without what follows from the finding."""
    return mark.split(".", 1)[0]


def holds_for(asked: str, now: str) -> bool:
    """Whether what was asked is still so: the same is held, and nothing more follows from it."""
    (before, *followed), (held, *follow) = asked.split("."), now.split(".")
    return before == held and set(follow) <= set(followed)


_PLACE = (
    "query_key", "asked", "severity", "site", "subject_id", "visit", "repeat", "form", "item",
    "label", "rule_id",
)  # fmt: skip
"""What an event has from its query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query as its events leave it."""

    query_key: str
    asked: str
    severity: str
    site: str
    subject_id: str
    visit: str
    repeat: str
    form: str
    item: str
    label: str
    rule_id: str
    value: str
    missing_code: str
    grounds: str
    message: str
    opened_on: str
    """When it was asked for the first time."""
    asked_on: str
    """When it was asked last."""
    found: bool = True
    """Whether the data have the finding."""
    outcome: str = ""
    """Why they no longer have it."""
    answer: str = ""
    reason: str = ""
    answered_by: str = ""
    answered_on: str = ""
    right_value: str = ""
    """What the answer says should stand there, as the data would hold it."""
    applied_on: str = ""
    """When the right value was written into the data."""
    dismissed_by: str = ""
    dismissed_for: str = ""
    """Who closed it by hand, and why."""
    closed_on: str = ""
    comments: tuple[str, ...] = ()
    """What people said about it, each with their name."""
    turns: int = 1
    """How often it was asked, answered or settled so far: a list knows which turn it was made at."""

    @property
    def turn(self) -> str:
        """The mark of how it stands, for a list that is sent; a list of an earlier turn is older."""
        return f"t{self.turns}"

    @property
    def state(self) -> QueryState:
        """What the finding and the answer come to: only the data close a hard query."""
        if not self.found:
            return QueryState.CLOSED
        if not self.answer and not self.dismissed_by:
            return QueryState.OPEN
        return QueryState.CLOSED if self.is_settled else QueryState.ANSWERED

    @property
    def is_settled(self) -> bool:
        """Whether an answer ends it, for as long as the value stays what it is."""
        is_answered = self.answer in SETTLING or bool(self.dismissed_by)
        return self.severity == Severity.SOFT and is_answered

    @property
    def resolution(self) -> str:
        """What closed it: an answer, or the data; empty while it is not closed."""
        if self.state is not QueryState.CLOSED:
            return ""
        if not self.found:
            return self.outcome
        return Happening.DISMISSED if self.dismissed_by else self.answer

    def happens(self, event: Happening, *, on: str) -> "Event":
        """An event about what the query is about, to be filled in by whoever tells it."""
        place = {name: getattr(self, name) for name in _PLACE}
        return Event(on=on, event=event, **place)

    def age(self, today: str) -> int | None:
        """Days since it was asked last; None where a date is not known."""
        return days_between(self.asked_on, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """All queries of a trial, and what happened to them."""

    history: tuple[Event, ...] = ()
    by_key: Mapping[str, Query] = field(default_factory=lambda: MappingProxyType({}))
    cut: str = ""
    """The data cut of the last validation that was recorded."""

    @property
    def sorted(self) -> tuple[Query, ...]:
        """The queries by site, subject, form and place: the same order in every run."""
        return tuple(sorted(self.by_key.values(), key=_place))

    def ever_asked(self) -> dict[str, set[str]]:
        """By key, the marks of everything that was ever asked under it."""
        marks: dict[str, set[str]] = {}
        for event in self.history:
            if event.event in ASKING:
                marks.setdefault(event.query_key, set()).add(event.asked)
        return marks

    def followed_by(self, events: Iterable[Event]) -> "Queries":
        """These queries after some more events."""
        events = tuple(events)
        by_key, cut = dict(self.by_key), self.cut
        for event in events:
            if event.event is Happening.CUT:
                cut = event.note or event.on  # of old, the cut was the day itself
                continue
            by_key[event.query_key] = _after(by_key.get(event.query_key), event)
        return Queries(
            history=self.history + events,
            by_key=MappingProxyType(by_key),
            cut=cut,
        )


ASKING = (Happening.OPENED, Happening.CHANGED, Happening.REOPENED)
"""What asks a question, for the first time or anew: it has the mark of what the data held."""


def as_date(text: str) -> date | None:
    """A day of the history; None where none was written."""
    return date.fromisoformat(text) if text else None


def days_between(earlier: str, later: str) -> int | None:
    """Days from one day of the history to another, and not less than none; None without both."""
    first, last = as_date(earlier), as_date(later)
    return None if first is None or last is None else max(0, (last - first).days)


def _place(query: Query) -> tuple[str, ...]:
    return (
        query.site, query.subject_id, query.form, query.visit, query.repeat.zfill(9), query.item,
        query.rule_id, query.query_key,
    )  # fmt: skip


def _after(query: Query | None, event: Event) -> Query:
    """A query after one more event. The first event of a query opens it."""
    if query is None or event.event in ASKING:
        return _asked(event, opened_on=event.on if query is None else query.opened_on, before=query)
    after = _told(query, event)
    return after if event.event in _QUIET else replace(after, turns=query.turns + 1)


_QUIET = (Happening.COMMENTED, Happening.REVISED, Happening.RETURNED)
"""What leaves a query as it stands for whoever is to answer it."""


def _told(query: Query, event: Event) -> Query:
    """A query after an event that does not ask it anew."""
    match event.event:
        case Happening.COMMENTED:
            said = f"{event.answered_by}: {event.reason}"
            return replace(query, comments=(*query.comments, said))
        case Happening.ANSWERED if event.asked == query.asked:
            after = replace(
                query,
                answer=event.answer,
                reason=event.reason,
                answered_by=event.answered_by,
                answered_on=event.on,
                right_value=event.value,
                applied_on="",
            )
        case Happening.APPLIED:
            after = replace(query, applied_on=event.on or Happening.APPLIED)
        case Happening.DISMISSED if event.asked == query.asked:
            after = replace(query, dismissed_by=event.answered_by, dismissed_for=event.reason)
        case Happening.CLOSED:
            after = replace(query, found=False, outcome=event.note, closed_on=event.on)
        case Happening.RETURNED | Happening.REVISED:
            after = replace(query, found=True, outcome="", severity=event.severity, site=event.site)
        case _:  # an answer about a value that has changed since is history, and settles nothing
            return query
    return _with_end(after, event.on)


def _with_end(query: Query, on: str) -> Query:
    """The query, closed on this day if that is how it stands now."""
    closed = query.state is QueryState.CLOSED
    return replace(query, closed_on=(query.closed_on or on) if closed else "")


def _asked(event: Event, *, opened_on: str, before: Query | None) -> Query:
    """A query as it is asked, or asked anew: of earlier answers only the history tells."""
    goes_on = before is not None and event.event is Happening.CHANGED
    return Query(
        query_key=event.query_key,
        asked=event.asked,
        severity=event.severity,
        site=event.site,
        subject_id=event.subject_id,
        visit=event.visit,
        repeat=event.repeat,
        form=event.form,
        item=event.item,
        label=event.label,
        rule_id=event.rule_id,
        value=event.value,
        missing_code=event.missing_code,
        grounds=event.grounds,
        message=event.message,
        opened_on=opened_on,
        asked_on=before.asked_on if goes_on and before is not None else event.on,
        comments=before.comments if before else (),
        turns=before.turns + 1 if before else 1,
    )
