"""What the log comes to beside the forms: what is held, and how queries stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.tables_of_control import HOLD, STANDING_QUERY
from trialkit.evidence.log.problems import Problem, Tampering
from trialkit.evidence.standing.holds import HoldsState
from trialkit.evidence.standing.query_states import QueriesState
from trialkit.evidence.standing.standing_holds import held, write_holds
from trialkit.evidence.standing.standing_queries import touched_queries, write_queries


@dataclass(slots=True)
class ControlState:
    """All that events are carried out on beside the rows of the forms."""

    holds: HoldsState = field(default_factory=HoldsState)
    holds_before: frozenset[int] = frozenset()
    queries: QueriesState = field(default_factory=QueriesState)
    queries_before: dict[str, int] = field(default_factory=dict)

    def carry_out(self, events: pl.DataFrame) -> None:
        """Every event in turn.

        Raises :class:`~trialkit.errors.EvidenceError` for what may not be.
        """
        self.holds.carry_out(events)
        for _, why in (*self.queries.refusals(events), *self.queries.words.left_over()):
            raise EvidenceError(why)

    def write(self, connection: sa.Connection) -> None:
        """Keep what became of it."""
        write_holds(connection, self.holds_before, self.holds)
        write_queries(connection, self.queries_before, self.queries)

    def replay(self, events: pl.DataFrame) -> Iterator[Problem]:
        """Carry out events of a log, and tell what the store would have refused."""
        try:
            for seq, why in (*self.holds.refusals(events), *self.queries.refusals(events)):
                yield _past_the_rules(seq, why)
        except EvidenceError as error:
            yield Problem(
                trace=Tampering.NOT_REPLAYED,
                told=f"locks and queries cannot be carried out from the log: {error}",
            )

    def left_over(self) -> Iterator[Problem]:
        """The same of what a log ends with."""
        for seq, why in self.queries.words.left_over():
            yield _past_the_rules(seq, why)

    def differing(self, connection: sa.Connection) -> Iterator[Problem]:
        """Where what the store keeps is not what the log comes to."""
        holds = {seq: hold.record for seq, hold in self.holds.holds.items()}
        yield from _differing(connection, HOLD, "the freeze or lock of event", holds)
        queries = {key: each.record for key, each in self.queries.queries.items()}
        yield from _differing(connection, STANDING_QUERY, "query", queries)


def _past_the_rules(seq: int, why: str) -> Problem:
    return Problem(
        trace=Tampering.RULES_BROKEN,
        seq=seq,
        told=f"event {seq} came in past the rules of the store: {why}",
    )


def _differing(
    connection: sa.Connection, table: sa.Table, what: str, wanted: Mapping[Any, dict[str, Any]]
) -> Iterator[Problem]:
    """The rows of a table, by its first column, that are not those of the log."""
    found = {row[0]: dict(row._mapping) for row in connection.execute(sa.select(table))}
    for key in sorted(wanted.keys() | found.keys()):
        if key not in found:
            said = "is missing from the store, and the log has it"
        elif key not in wanted:
            said = "stands in the store, and the log knows of no such thing (any more)"
        elif found[key] != wanted[key]:
            said = "is not as the log has it"
        else:
            continue
        yield Problem(trace=Tampering.PROJECTION, told=f"{what} {key} {said}")


def touched_control(connection: sa.Connection, events: pl.DataFrame) -> ControlState:
    """What these events could meet, as it stands."""
    holds = held(connection, events)
    queries = touched_queries(connection, events)
    return ControlState(
        holds=holds,
        holds_before=frozenset(holds.holds),
        queries=queries,
        queries_before={key: each.seq for key, each in queries.queries.items()},
    )
