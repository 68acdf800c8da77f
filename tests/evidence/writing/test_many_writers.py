"""Several write at once: on a server all of it comes in, one after the other; on a file who waits is told."""

import multiprocessing
import sqlite3
import time

import polars as pl
import pytest

from tests.evidence.killed_writer import write_some
from tests.evidence.world import every_event, occasion, opened, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin

WRITERS, BATCHES, ROWS = 8, 50, 25
"""Each row is two events: 20,000 in all."""


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("kept", ["postgres"], indirect=True)
def test_eight_writers_leave_no_gap_no_duplicate_and_a_whole_chain(kept):
    begin(kept.store, trial="ISRCTN00000000", occasion=occasion(0, door=Door.STORE))
    append(kept.store, entries([opened()]), occasion(1))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.evidence.killed_writer"])
    writers = [
        context.Process(target=write_some, args=(kept.application_url, number, BATCHES, ROWS))
        for number in range(WRITERS)
    ]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert [each.exitcode for each in writers] == [0] * WRITERS
    found = every_event(kept.store).filter(pl.col("form") == "pain")
    written = found.filter(pl.col("action") != EventAction.FORM_OPENED)
    assert written.height == WRITERS * BATCHES * ROWS * 2 == 20_000
    sequence = every_event(kept.store)["seq"].to_list()
    assert sequence == list(range(1, len(sequence) + 1))
    rows = written.filter(pl.col("action") == EventAction.ROW_ADDED)
    assert rows["subject_id"].n_unique() == rows.height == WRITERS * BATCHES * ROWS
    batches = written.group_by("batch").agg(pl.len(), (pl.col("seq").max() - pl.col("seq").min()))
    assert set(batches["len"]) == {2 * ROWS}
    assert set(batches["seq"]) == {2 * ROWS - 1}, "a batch is whole, and nobody is within it"
    assert verify(kept.store).problems == ()


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["sqlite"], indirect=True)
def test_two_writers_on_a_file_wait_for_each_other(kept):
    begin(kept.store, trial="ISRCTN00000000", occasion=occasion(0, door=Door.STORE))
    append(kept.store, entries([opened()]), occasion(1))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.evidence.killed_writer"])
    writers = [
        context.Process(target=write_some, args=(str(kept.path), number, 20, 5))
        for number in range(2)
    ]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert [each.exitcode for each in writers] == [0, 0]
    assert every_event(kept.store).filter(pl.col("action") == EventAction.FILLED).height == 200
    assert verify(kept.store).problems == ()


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["sqlite"], indirect=True)
def test_who_waits_too_long_on_a_file_is_told_and_nothing_is_written(kept):
    small_history(kept.store)
    before = every_event(kept.store).height
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(EvidenceError, match="somebody else has been writing"):
        append(kept.store, entries([opened("walk")]), occasion(9))
    assert time.monotonic() - started > 5
    other.execute("ROLLBACK")
    other.close()
    assert every_event(kept.store).height == before
