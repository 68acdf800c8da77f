"""What people do with a query of the log beside asking, answering, commenting and closing it.

Those stand in :mod:`trialkit.checks.queries`; here one is asked again, taken back, or its answer entered.
"""

from dataclasses import dataclass, replace

import sqlalchemy as sa

from trialkit.checks.queries.by_hand import applied, the_query
from trialkit.checks.queries.queries import CLEARED, Happening, Queries, Query, QueryAnswer
from trialkit.checks.queries.reconciling import kept_text
from trialkit.checks.queries.right_values import why_no_value_fits
from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import Door, EventAction, change_of
from trialkit.evidence.log.events import Occasion, entries
from trialkit.evidence.log.reading import events
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.sight import WITHHELD
from trialkit.evidence.queries.query_log import read_to_go_on
from trialkit.evidence.standing.keeping_rows import held_rows
from trialkit.evidence.standing.query_events import CANCELLED, event_of
from trialkit.evidence.writing.appending import append_to
from trialkit.files.spreadsheets import as_entered, harmless
from trialkit.schemas.forms.forms import Schemas, Severity
from trialkit.schemas.forms.identifying import for_display_of


def reopened(queries: Queries, named: str, reason: str, *, by: str, on: str) -> Queries:
    """The queries after a person asked one again that was answered or over; the log says who and why."""
    query = the_query(queries, named)
    return queries.followed_by(
        [
            replace(
                query.happens(Happening.REOPENED, on=on),
                value=query.value,
                missing_code=query.missing_code,
                grounds=query.grounds,
                message=query.message,
                reason=_words(reason, "why it is asked again"),
                answered_by=harmless(by),
            )
        ]
    )


def cancelled(queries: Queries, named: str, reason: str, *, by: str, on: str) -> Queries:
    """The queries after a person took one back that should not have been asked.

    Raises :class:`EvidenceError` for a hard one, which only the data or another rule end.
    """
    query = the_query(queries, named)
    if query.severity != Severity.SOFT:
        raise EvidenceError(
            f"{query.query_key}: is hard, which says that the value cannot be right; correct the data, "
            "or change the rule in the form"
        )
    return queries.followed_by(
        [
            replace(
                query.happens(Happening.DISMISSED, on=on),
                reason=_words(reason, "why it is taken back"),
                answered_by=harmless(by),
                note=CANCELLED,
            )
        ]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedAnswer:
    """The right value of an answer, as it was entered."""

    query: Query
    """As it stood before."""
    before: str
    after: str
    """What the cell held, and holds; ``""`` for nothing."""
    event: int | None
    """The event that changed the cell; None where it held the right value already."""


def apply_answer(
    store: Store, named: str, schemas: Schemas, occasion: Occasion, *, by: str, on: str
) -> AppliedAnswer:
    """Enter the right value that the answer of a query gave, by the door of queries, in one batch.

    Raises :class:`EvidenceError` where there is none to enter, where the data hold another value by now
    than was asked about, and under a lock.
    """
    through = replace(occasion, door=Door.QUERY)
    with store.by(occasion.author.person).writing() as connection:
        queries, lines = read_to_go_on(connection, store.person)
        query = the_query(queries, named)
        _refuse_nothing_to_apply(query, schemas)
        after = applied(queries, [query], by=by, on=on).history[-1]
        entered = _entry(connection, query, schemas)
        said = [*([entered] if entered else []), *lines.entries(after)]
        head = append_to(connection, entries(said), through)
    right = "" if query.right_value == CLEARED else as_entered(query.right_value)
    return AppliedAnswer(
        query=query,
        before=str(entered["old"]) if entered else right,
        after=right,
        event=head.seq - len(said) + 1 if entered else None,
    )


def _refuse_nothing_to_apply(query: Query, schemas: Schemas) -> None:
    if query.answer != QueryAnswer.CORRECTED or not query.right_value or query.applied_on:
        raise EvidenceError(f"{query.query_key}: no answer to it has a right value that waits")
    if why := why_no_value_fits(query, schemas):
        raise EvidenceError(f"{query.query_key}: {why}")


def _entry(connection: sa.Connection, query: Query, schemas: Schemas) -> dict[str, object] | None:
    """The cell that the right value changes; None where it holds that already."""
    row, now = _cell(connection, query)
    right = "" if query.right_value == CLEARED else as_entered(query.right_value)
    if now == right:
        return None
    if query.message == WITHHELD:
        raise EvidenceError(
            f"{query.query_key}: what it asks is withheld from you, so that nobody can tell whether the data "
            "still hold it; somebody who reads arms applies the answer"
        )
    shown = for_display_of(schemas, query.form, query.item, now.strip())
    if kept_text(shown) != (query.missing_code or query.value):
        raise EvidenceError(
            f"{query.query_key}: the data hold {shown!r} by now, which is not what was asked about; ask "
            "again, or correct it by hand"
        )
    return {
        **row, "item": query.item, "action": change_of(now, right), "old": now, "new": right,
        "about": _answered_by(connection, query.query_key),
        "reason": f"answer to query {query.query_key}" + (f": {query.reason}" if query.reason else ""),
    }  # fmt: skip


def _cell(connection: sa.Connection, query: Query) -> tuple[dict[str, object], str]:
    """The row that a query is about, and what its cell holds."""
    names = ("form", "subject_id", "visit", "repeat")
    found = held_rows(
        connection,
        lambda table: sa.and_(
            table.c.copy == 0, *(table.c[name] == getattr(query, name) for name in names)
        ),
    )
    if not found:
        raise EvidenceError(f"{query.query_key}: its row is not in the store any more")
    row: dict[str, object] = {name: getattr(query, name) for name in names}
    (cells,) = found.values()
    held = cells.get(query.item, "")
    if held is None:
        raise EvidenceError(f"{query.query_key}: its value was redacted; correct it by hand")
    return row, str(held)


def _answered_by(connection: sa.Connection, query_key: str) -> int:
    """The event of the last answer to a query."""
    last = 0
    for batch in events(connection, EVENT.c.action == EventAction.QUERY_ANSWERED):
        for row in batch.iter_rows(named=True):
            if event_of(row)[0].query_key == query_key:
                last = row["seq"]
    return last


def _words(text: str, what: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise EvidenceError(f"it is not said {what}; give the reason")
    return harmless(words)
