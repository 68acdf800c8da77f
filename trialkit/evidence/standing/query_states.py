"""How a query stands, in the words of ODM 2.0, and what may happen to one that stands so.

What a query comes to is told by :mod:`trialkit.checks.queries.queries`, for a history in a file and in
the log alike; here that is named, and what may not happen is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import polars as pl

from trialkit.checks.queries.queries import BY_HAND, Event, Queries, Query
from trialkit.checks.queries.queries import QueryState as FoundState
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import of_actions
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.standing.query_events import ACTION_OF, QUERY_ACTIONS, SAYING, event_of
from trialkit.protocol.tables.canonical import canonical


class OdmState(StrEnum):
    """The states of a query that ODM 2.0 names."""

    CANDIDATE = "Candidate"
    """Written down, and not asked yet."""
    OPEN = "Open"
    ANSWERED = "Answered"
    """Answered, and the finding is still there."""
    RESOLVED = "Resolved"
    """The data do not have the finding any more, or a soft one was confirmed."""
    CLOSED = "Closed"
    """A person closed it."""
    CANCELLED = "Cancelled"
    """It should not have been asked."""

    @property
    def is_over(self) -> bool:
        """Whether nobody has to do anything about it."""
        return self in (OdmState.RESOLVED, OdmState.CLOSED, OdmState.CANCELLED)


class QueryType(StrEnum):
    """Who raised a query, in ODM 2.0's words."""

    MANUAL = "Manual"
    SYSTEM = "System"


class QuerySource(StrEnum):
    """On whose behalf it was raised, in ODM 2.0's words."""

    SYSTEM = "System"
    DATA_MANAGEMENT = "Data Management"
    SITE_MONITOR = "Site Monitor"
    CODING = "Coding System"
    SAFETY = "Safety Reviewer"


_ASKED = (OdmState.OPEN, OdmState.ANSWERED, OdmState.RESOLVED, OdmState.CLOSED, OdmState.CANCELLED)
ALLOWED: Mapping[EventAction, tuple[OdmState | None, ...]] = {
    EventAction.QUERY_DRAFTED: (None,),
    EventAction.QUERY_OPENED: (None, OdmState.CANDIDATE),
    EventAction.QUERY_CHANGED: (
        OdmState.OPEN, OdmState.ANSWERED, OdmState.CLOSED, OdmState.CANCELLED,
    ),
    EventAction.QUERY_REVISED: _ASKED,
    EventAction.QUERY_ANSWERED: _ASKED,
    EventAction.QUERY_REOPENED: (OdmState.ANSWERED, OdmState.RESOLVED, OdmState.CLOSED),
    EventAction.QUERY_RETURNED: (OdmState.RESOLVED,),
    EventAction.QUERY_RESOLVED: _ASKED,
    EventAction.QUERY_COMMENTED: (OdmState.CANDIDATE, *_ASKED),
    EventAction.QUERY_APPLIED: (OdmState.ANSWERED, OdmState.RESOLVED),
    EventAction.QUERY_CLOSED: (OdmState.OPEN, OdmState.ANSWERED),
    EventAction.QUERY_CANCELLED: (OdmState.CANDIDATE, OdmState.OPEN, OdmState.ANSWERED),
}  # fmt: skip
"""By what may happen, how a query has to stand for it; None is a query that is not there yet. An answer
to a question that was asked before is kept, and changes nothing."""
_OF_NONE = (EventAction.QUERY_CUT, EventAction.QUERY_KEPT_APART)
"""What happens to no query: it is about all, or keeps the words of the event that follows."""
_TEXTS = ("value", "grounds", "message", "reason", "right_value", "dismissed_for", "comments")
"""What could hold an identifier: in the log alone, from which it can be redacted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingQuery:
    """A query as the log leaves it."""

    query: Query
    """What is known of it; its texts are blank where it was read from the table."""
    seq: int
    """The last event about it."""
    source: str = ""
    """On whose behalf it was raised; empty where a history from a file does not say."""
    target: str = "coordinator"
    """The role that is asked."""
    is_draft: bool = False
    is_cancelled: bool = False

    @property
    def state(self) -> OdmState:
        """In ODM's words."""
        if self.is_cancelled:
            return OdmState.CANCELLED
        if self.is_draft:
            return OdmState.CANDIDATE
        match self.query.state:
            case FoundState.OPEN:
                return OdmState.OPEN
            case FoundState.ANSWERED:
                return OdmState.ANSWERED
        by_hand = self.query.found and self.query.dismissed_by
        return OdmState.CLOSED if by_hand else OdmState.RESOLVED

    @property
    def type(self) -> QueryType:
        """Whether a person or a rule raised it."""
        return QueryType.MANUAL if self.query.rule_id == BY_HAND else QueryType.SYSTEM

    @property
    def waits_for(self) -> str:
        """The role that has to do something now; empty where nobody has."""
        if self.state is OdmState.OPEN:
            return self.target
        return "" if self.state.is_over else "data manager"

    def age(self, today: str) -> int | None:
        """Days since it was asked last; None once it is over, or where a day is not known."""
        return None if self.state.is_over else self.query.age(today)

    @property
    def record(self) -> dict[str, Any]:
        """As the store keeps it."""
        known = {name: value for name, value in asdict(self.query).items() if name not in _TEXTS}
        kept = {
            "query": known, "source": self.source, "target": self.target,
            "is_draft": self.is_draft, "is_cancelled": self.is_cancelled,
        }  # fmt: skip
        return {
            "query_key": self.query.query_key, "state": self.state.value, "seq": self.seq,
            "kept": canonical(kept),
        }  # fmt: skip


def read_record(seq: int, kept: Mapping[str, Any]) -> StandingQuery:
    """A query from what :attr:`StandingQuery.record` kept of it."""
    query = Query(**kept["query"], value="", grounds="", message="")
    rest = {name: kept[name] for name in ("source", "target", "is_draft", "is_cancelled")}
    return StandingQuery(query=query, seq=seq, **rest)


@dataclass(slots=True)
class WordsState:
    """What was kept apart of the line that is to follow, while the events of a log are read."""

    names: set[tuple[str, str]] = field(default_factory=set)
    """Of what was kept apart, by query and name: a name is given once."""
    awaited: tuple[int, tuple[object, ...]] | None = None
    """The event that keeps something apart, and what the next one has in common with it."""

    def refusals(self, row: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """Why what is kept apart is not of the line after it, if so."""
        if self.awaited is None and row["action"] != EventAction.QUERY_KEPT_APART:
            return
        said = kept_object(row["details"], of=f"the query of event {row['seq']}")
        name = (str(said.get("query_key", "")), str(said.get("asked", "")))
        shared = (row["batch"], row["person"], row["subject_id"], *name)
        if self.awaited is not None:
            seq, wanted = self.awaited
            self.awaited = None
            if (row["seq"], shared) != (seq + 1, wanted) or row["action"] not in _SAYING:
                yield seq, _NOT_FOLLOWED.format(seq=seq)
        if row["action"] == EventAction.QUERY_KEPT_APART:
            if name in self.names:
                yield (
                    row["seq"],
                    f"event {row['seq']} keeps apart what was kept before; nothing was written",
                )
            self.names.add(name)
            self.awaited = (row["seq"], shared)

    def left_over(self) -> Iterator[tuple[int, str]]:
        """The same at the end, where nothing follows any more."""
        if self.awaited is not None:
            yield self.awaited[0], _NOT_FOLLOWED.format(seq=self.awaited[0])
            self.awaited = None


_NOT_FOLLOWED = (
    "event {seq} keeps words of a query apart, and the line that they are of does not follow; nothing was "
    "written"
)
_SAYING = [EventAction.QUERY_DRAFTED.value, *(ACTION_OF[each].value for each in SAYING)]
"""What has the words of a finding."""


@dataclass(slots=True)
class QueriesState:
    """The queries that were looked at, or all of a store."""

    queries: dict[str, StandingQuery] = field(default_factory=dict)
    words: WordsState = field(default_factory=WordsState)

    def refusals(self, events: pl.DataFrame) -> Iterator[tuple[int, str]]:
        """What may not happen, and why; the events are carried out all the same.

        A history that comes from a file is taken as it is.
        """
        for row in of_actions(events, QUERY_ACTIONS).iter_rows(named=True):
            action = EventAction(row["action"])
            yield from self.words.refusals(row)
            if action in _OF_NONE:
                continue
            event, more = event_of(row)
            before = self.queries.get(event.query_key)
            if before is not None and _where(before.query) != _where(event):
                yield row["seq"], _elsewhere(event.query_key, before.query)
            state = None if before is None else before.state
            if state not in ALLOWED[action] and row["door"] != Door.IMPORT:
                stands = "is not there" if state is None else f"is {state.value}"
                why = f"query {event.query_key} {stands}, which does not go with: {action}"
                yield row["seq"], f"{why}; nothing was written"
            self.queries[event.query_key] = _after(before, row["seq"], action, event, more)


def _where(line: Event | Query) -> tuple[str, str]:
    return line.form, line.subject_id


def _elsewhere(query_key: str, query: Query) -> str:
    about = ", ".join(filter(None, _where(query)))
    return f"query {query_key} is about {about}, and the event is of another place; nothing was written"


def _after(
    before: StandingQuery | None,
    seq: int,
    action: EventAction,
    event: Event,
    more: Mapping[str, str],
) -> StandingQuery:
    known = None if before is None or before.is_draft else before.query
    if action is EventAction.QUERY_CANCELLED and before is not None and before.is_draft:
        query = before.query
    else:
        by_key = {} if known is None else {event.query_key: known}
        queries = Queries(by_key=MappingProxyType(by_key)).followed_by([event])
        query = queries.by_key[event.query_key]
    kept = before or StandingQuery(query=query, seq=seq)
    is_asked = action in (EventAction.QUERY_OPENED, EventAction.QUERY_DRAFTED)
    return StandingQuery(
        query=query,
        seq=seq,
        source=(more.get("source") or kept.source) if is_asked else kept.source,
        target=(more.get("target") or kept.target) if is_asked else kept.target,
        is_draft=action is EventAction.QUERY_DRAFTED
        or (kept.is_draft and action is EventAction.QUERY_COMMENTED),
        is_cancelled=action is EventAction.QUERY_CANCELLED
        or (kept.is_cancelled and action not in _UNDOING),
    )


_UNDOING = (
    EventAction.QUERY_OPENED,
    EventAction.QUERY_CHANGED,
    EventAction.QUERY_REOPENED,
    EventAction.QUERY_RESOLVED,
)
"""What makes a cancelled query another thing: its value changed, or the finding went."""
