"""The queries of a store: read from its log, and written into it, line by line of their history."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from trialkit.checks.queries.queries import Event, Happening, Queries, Query
from trialkit.checks.queries.two_histories import TwoHistories
from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.reading import events, head_of
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.gate import permit_somewhere
from trialkit.evidence.people.sight import Sight, sight_of
from trialkit.evidence.queries.queries_of_marks import queries_of_marks
from trialkit.evidence.queries.seen_queries import QueryLines
from trialkit.evidence.standing.query_events import CANCELLED, QUERY_ACTIONS, entry_of, event_of
from trialkit.evidence.standing.query_states import OdmState, StandingQuery
from trialkit.evidence.standing.standing_queries import standing
from trialkit.evidence.writing.appending import append_to

_NOT_ASKED = (EventAction.QUERY_DRAFTED,)
_OF_DRAFTS = [EventAction.QUERY_DRAFTED.value, EventAction.QUERY_KEPT_APART.value]


def queries_of(store: Store, *, until: int | None = None) -> Queries:
    """The queries with their whole history, as a file of them would tell it; drafts were never asked.

    ``until`` is the last event that is looked at, None for now.
    """
    with store.reading() as connection:
        permit_somewhere(connection, store.person, Right.READ)
        return read_queries(connection, sight_of(connection, store.person), until=until)


def read_queries(connection: sa.Connection, sight: Sight, *, until: int | None = None) -> Queries:
    """The same within a transaction of the caller's, of what is seen."""
    return Queries().followed_by(_history(connection, _lines(connection, sight), until=until))


def read_to_go_on(connection: sa.Connection, person: str) -> tuple[Queries, QueryLines]:
    """The same for who writes on: what is written is kept with the marks that the log has."""
    lines = _lines(connection, sight_of(connection, person))
    return Queries().followed_by(_history(connection, lines)), lines


def _history(
    connection: sa.Connection, lines: QueryLines, *, until: int | None = None
) -> Iterator[Event]:
    asked: set[str] = set()
    for batch in events(connection, EVENT.c.action.in_(QUERY_ACTIONS), until=until):
        for row in batch.iter_rows(named=True):
            if row["action"] in _NOT_ASKED or not lines.sight.sees_about(
                row["form"], row["subject_id"]
            ):
                continue
            if (event := lines.read(row)) is None:
                continue
            if row["action"] == EventAction.QUERY_OPENED:
                asked.add(event.query_key)
            if event.query_key in asked or row["action"] == EventAction.QUERY_CUT:
                yield event


def standing_queries(store: Store) -> tuple[StandingQuery, ...]:
    """Every query as it stands, drafts among them, with its texts, by site and place."""
    with store.reading() as connection:
        permit_somewhere(connection, store.person, Right.READ)
        sight = sight_of(connection, store.person)
        lines = _lines(connection, sight)
        asked = Queries().followed_by(_history(connection, lines)).by_key
        told = {**_drafted(connection, sight), **asked}
        found = standing(connection)
    seen = (
        (lines.marks.told_as.get(key, key), each)
        for key, each in found.queries.items()
        if sight.sees_about(each.query.form, each.query.subject_id)
    )
    whole = (replace(each, query=told.get(key, each.query)) for key, each in seen)
    return tuple(sorted(whole, key=_place))


def _lines(connection: sa.Connection, sight: Sight) -> QueryLines:
    """The lines of a store's history, of which none is read yet."""
    return QueryLines(sight=sight, marks=queries_of_marks(connection, sight))


def _drafted(connection: sa.Connection, sight: Sight) -> Mapping[str, Query]:
    """The queries that were drafted, as they would be asked."""
    read = (event for event, _ in _drafts(connection, QueryLines(sight=sight)))
    return Queries().followed_by(read).by_key


def _drafts(
    connection: sa.Connection, lines: QueryLines
) -> Iterator[tuple[Event, Mapping[str, Any]]]:
    """The drafts as they are seen, each with its event."""
    for batch in events(connection, EVENT.c.action.in_(_OF_DRAFTS)):
        for row in batch.iter_rows(named=True):
            if (event := lines.read(row)) is not None:
                yield event, row


def import_history(store: Store, queries: Queries, occasion: Occasion) -> LogEnd:
    """Take the history of a file into the log; what the log has of it already stays.

    Raises :class:`EvidenceError` where each has lines that the other has not.
    """
    with store.by(occasion.author.person).writing() as connection:
        before, lines = read_to_go_on(connection, store.person)
        both = TwoHistories(file=queries, log=before)
        if both.have_parted:
            raise EvidenceError(both.way_on if _sees_all(lines.sight) else _SEES_A_PART)
        return _append(connection, lines, both.only_in_file, occasion)


def _sees_all(sight: Sight) -> bool:
    """Whether every line of the queries is seen, with its words."""
    return sight.is_of_whole_log and sight.sees_all_arms


_SEES_A_PART = (
    "queries/history.csv is not what you see of the log, of which lines, or words of them, are withheld from "
    "you; nothing was written. Somebody does it who reads every site and form, and arms"
)


def record(
    store: Store,
    queries: Queries,
    *,
    before: Queries,
    occasion: Occasion,
    more: Mapping[str, str] | None = None,
) -> LogEnd:
    """Write what is new since ``before``; ``more`` (source, target) is said of what is opened.

    Raises :class:`EvidenceError` where the log has changed since ``before`` was read, and for what may
    not happen to a query that stands as it does.
    """
    with store.by(occasion.author.person).writing() as connection:
        there, lines = read_to_go_on(connection, store.person)
        known = there.history
        if known != before.history:
            raise EvidenceError(
                "the queries have changed while this command ran, so nothing was written; run it again"
            )
        return _append(connection, lines, queries.history[len(known) :], occasion, more)


def draft(
    store: Store, event: Event, occasion: Occasion, more: Mapping[str, str] | None = None
) -> LogEnd:
    """Write a query down that is not asked yet: the event that would open it."""
    with store.by(occasion.author.person).writing() as connection:
        lines = QueryLines(sight=sight_of(connection, store.person))
        said = lines.entries(event, action=EventAction.QUERY_DRAFTED, more=more)
        return append_to(connection, entries(said), occasion)


def ask_drafted(store: Store, query_key: str, occasion: Occasion, *, on: str) -> LogEnd:
    """Ask what was drafted, with the words that it was drafted with."""
    with store.by(occasion.author.person).writing() as connection:
        lines = QueryLines(sight=sight_of(connection, store.person))
        drafts = [
            (event, event_of(row)[1])
            for event, row in _drafts(connection, lines)
            if event.query_key == query_key
        ]
        if not drafts:
            raise EvidenceError(f"query {query_key}: was never drafted in this store")
        event, more = drafts[0]
        said = lines.entries(replace(event, on=on), more=more)
        return append_to(connection, entries(said), occasion)


def cancel_draft(
    store: Store, query_key: str, occasion: Occasion, *, reason: str, on: str
) -> LogEnd:
    """Take back a query that was never asked."""
    with store.by(occasion.author.person).writing() as connection:
        found = standing(connection).queries.get(query_key)
        if found is None or found.state is not OdmState.CANDIDATE:
            raise EvidenceError(f"query {query_key}: is no draft")
        event = Event(
            on=on, event=Happening.DISMISSED, query_key=query_key, reason=reason, note=CANCELLED,
            subject_id=found.query.subject_id, form=found.query.form, item=found.query.item,
            visit=found.query.visit, repeat=found.query.repeat,
        )  # fmt: skip
        return append_to(connection, entries([entry_of(event)]), occasion)


def _append(
    connection: sa.Connection,
    lines: QueryLines,
    news: Iterable[Event],
    occasion: Occasion,
    more: Mapping[str, str] | None = None,
) -> LogEnd:
    said = [entry for line in news for entry in lines.entries(line, more=more)]
    return append_to(connection, entries(said), occasion) if said else head_of(connection)


def _place(each: StandingQuery) -> tuple[str, ...]:
    query = each.query
    return (query.site, query.subject_id, query.form, query.visit, query.repeat.zfill(9),
            query.item, query.query_key)  # fmt: skip
