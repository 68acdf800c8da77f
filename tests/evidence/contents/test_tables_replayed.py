"""Tables replayed in little memory are those of the rows that the store keeps, at every event."""

import polars as pl
import pytest

from tests.evidence.world import COLUMNS, cell, every_event, occasion, opened, row, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.contents.tables_replayed import tables_replayed
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.projection import of_form, replayed
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.redacting import redact


def tables(store, until):
    with store.reading() as connection:
        return tables_replayed(connection, until)


def by_rows(store, until):
    """The second route: the rows that are carried out to be written."""
    state = replayed([every_event(store).filter(pl.col("seq") <= until)])
    return {
        form: [
            tuple(
                {"subject_id": key[1], "visit": key[2], **row.cells}.get(name) or "" for name in of
            )
            for key, row in of_form(state, form)
        ]
        for form, of in state.forms.items()
    }


def grown(store):
    """A row that went and came again, a column that came later, a text that was redacted."""
    small_history(store)
    append(
        store,
        entries(
            [
                cell("P2", "vas", "31", ""),
                cell("P2", "note", "sat down", ""),
                row("P2") | {"action": EventAction.ROW_REMOVED, "reason": "error"},
                row("P2"),
                cell("P2", "vas", "", "12"),
                opened(columns=(*COLUMNS, "late")),
                cell("P1", "late", "", "Smith"),
            ]
        ),
        occasion(5),
    )
    return redact(store, 15, occasion(6), reason="a name")


def test_every_event_is_what_the_rows_come_to(kept):
    head = grown(kept.store)
    for until in range(1, head.seq + 1):
        found = {form: table.rows() for form, table in tables(kept.store, until).items()}
        assert found == by_rows(kept.store, until), until


def test_the_last_event_is_what_stands_in_the_forms(kept):
    head = grown(kept.store)
    now = source_at(kept.store)[0].tables
    assert tables(kept.store, head.seq)["pain"].equals(now["pain"])
    assert now["pain"]["late"].to_list() == ["", ""]


def test_a_log_that_changes_a_row_which_it_has_not_is_told(kept):
    head = small_history(kept.store)
    kept.by_force("UPDATE event SET subject_id = 'P9' WHERE seq = 3", guarded=False)
    with pytest.raises(EvidenceError, match=r"pain, P1, week_0: the log changes a row"):
        tables(kept.store, head.seq)
