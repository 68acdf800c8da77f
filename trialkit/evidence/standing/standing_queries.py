"""The queries that stand, read from the table that the log comes to, and kept in it."""

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.tables_of_control import STANDING_QUERY
from trialkit.evidence.log.events import of_actions
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.reading import some_at_once
from trialkit.evidence.standing.query_events import QUERY_ACTIONS
from trialkit.evidence.standing.query_states import QueriesState, StandingQuery, read_record


def touched_queries(connection: sa.Connection, events: pl.DataFrame) -> QueriesState:
    """The queries that these events are about, as they stand."""
    about = of_actions(events, QUERY_ACTIONS)
    keys = sorted(
        {
            str(kept_object(details, of="a query").get("query_key", ""))
            for details in about["details"]
        }
    )
    state = QueriesState()
    for some in some_at_once(keys):
        found = standing(connection, STANDING_QUERY.c.query_key.in_(some))
        state.queries.update(found.queries)
    return state


def standing(
    connection: sa.Connection, where: sa.ColumnElement[bool] | None = None
) -> QueriesState:
    """The queries that the table has, without their texts."""
    asked = sa.select(STANDING_QUERY.c.query_key, STANDING_QUERY.c.seq, STANDING_QUERY.c.kept)
    found = connection.execute(asked if where is None else asked.where(where))
    return QueriesState(queries={key: _read(key, seq, kept) for key, seq, kept in found})


def write_queries(connection: sa.Connection, before: dict[str, int], state: QueriesState) -> None:
    """Keep what events made of the queries; ``before`` has the last event of each that was there."""
    moved = [key for key, each in state.queries.items() if before.get(key) != each.seq]
    known = [{"key": key} for key in moved if key in before]
    if known:
        is_it = STANDING_QUERY.c.query_key == sa.bindparam("key")
        connection.execute(STANDING_QUERY.delete().where(is_it), known)
    if moved:
        connection.execute(STANDING_QUERY.insert(), [state.queries[key].record for key in moved])


def _read(key: str, seq: int, kept: str) -> StandingQuery:
    try:
        return read_record(seq, kept_object(kept, of=f"query {key}"))
    except (KeyError, TypeError):
        raise EvidenceError(
            f"query {key}: is not as the store wrote it; 'verify' says what was changed"
        ) from None
