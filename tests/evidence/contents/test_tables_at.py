"""What a store comes to at any moment is what the folder held then."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.evidence.world import (
    COLUMNS,
    cell,
    every_event,
    occasion,
    on_sqlite,
    opened,
    row,
    small_history,
)
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import last_until, source_at
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append

SUBJECTS = ("P1", "P2", "P3")
STEP = st.tuples(
    st.sampled_from(SUBJECTS),
    st.sampled_from(("vas", "note", "remove")),
    st.sampled_from(("", "1", "2", 'a\n"b"\\', " ä")),
)


def said(model: dict[str, dict[str, str]], subject: str, item: str, text: str):
    """The entries of one step, carried out on the plain model too."""
    if item == "remove":
        held = model.pop(subject, None)
        if held is None:
            return []
        emptied = [cell(subject, name, old, "") for name, old in held.items()]
        return [*emptied, {**row(subject), "action": EventAction.ROW_REMOVED, "reason": "twice"}]
    made = [] if subject in model else [row(subject)]
    held = model.setdefault(subject, {})
    old = held.get(item, "")
    if old == text:
        return made
    held.pop(item, None)
    if text:
        held[item] = text
    return [*made, cell(subject, item, old, text)]


def as_rows(model: dict[str, dict[str, str]]) -> list[tuple[str, ...]]:
    return [
        (each, "week_0", held.get("vas", ""), held.get("note", "")) for each, held in model.items()
    ]


@given(steps=st.lists(STEP, max_size=12))
@settings(max_examples=examples(30))
def test_every_moment_is_the_folder_as_it_stood(steps, tmp_path_factory):
    kept = on_sqlite(tmp_path_factory.mktemp("store"))
    append(kept.store, entries([opened()]), occasion())
    model: dict[str, dict[str, str]] = {}
    stood = [(1, [])]
    for minute, step in enumerate(steps, start=1):
        if batch := said(model, *step):
            head = append(kept.store, entries(batch), occasion(minute))
            stood.append((head.seq, as_rows(model)))

    for seq, rows in stood:
        assert source_at(kept.store, until=seq)[0].tables["pain"].rows() == rows
    assert source_at(kept.store)[0].tables["pain"].rows() == stood[-1][1]
    assert verify(kept.store).holds
    kept.store.close()


def test_moment_has_the_hash_of_its_event(kept):
    small_history(kept.store)

    _, head = source_at(kept.store, until=6)

    assert head.hash == every_event(kept.store)["hash"][5]


def test_moment_that_the_log_does_not_have_is_refused(kept):
    small_history(kept.store)

    with pytest.raises(EvidenceError, match="event 9 is not in the log, which ends with 8"):
        source_at(kept.store, until=9)


def test_day_is_its_last_event(kept):
    small_history(kept.store)

    assert last_until(kept.store, "2026-03-02T08:02:59.999Z") == 4
    with pytest.raises(EvidenceError, match="was begun after"):
        last_until(kept.store, "2026-03-01T23:59:59.999Z")


def test_table_has_its_columns_in_their_order_even_without_a_row(kept):
    append(kept.store, entries([opened()]), occasion())

    table = source_at(kept.store)[0].tables["pain"]

    assert table.equals(pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String)))
