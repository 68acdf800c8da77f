"""What an engine refuses is told in the words of every other file."""

import errno
import resource
import sqlite3

import pytest

from tests.evidence.world import occasion, on_sqlite, opened, small_history
from trialkit.disk.refusals import REASONS
from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import sqlite_store
from trialkit.evidence.log.engine_refusals import told
from trialkit.evidence.log.events import entries
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append


def refused(said):
    return sqlite3.OperationalError(said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("database is locked", "somebody else has been writing for 10 seconds"),
        ("database or disk is full", REASONS[errno.ENOSPC]),
        ("file is not a database", "is no store of trialkit"),
        ("no such table: event", "is no store of trialkit"),
        ("database disk image is malformed", "restore a backup"),
        ("disk I/O error", REASONS[errno.EIO]),
        ("something new", "refused: something new"),
    ],
)
def test_sqlite_is_told_in_words_that_say_what_to_do(tmp_path, said, expected):
    assert expected in told(refused(said), tmp_path / "evidence.sqlite")


def test_a_server_speaks_for_itself():
    assert told(refused("FATAL: no\nmore"), None) == "the server says: FATAL: no"


def test_a_folder_that_is_not_there_is_why_nothing_can_be_opened(tmp_path):
    said = told(refused("unable to open database file"), tmp_path / "no" / "evidence.sqlite")
    assert REASONS[errno.ENOENT] in said


def test_a_limit_on_the_size_of_files_leaves_the_store_whole(tmp_path):
    kept = on_sqlite(tmp_path)
    head = small_history(kept.store)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    many = entries([opened(f"form_{number}") for number in range(2000)])
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        with pytest.raises(EvidenceError, match="cannot be written: its disk, or a limit"):
            append(kept.store, many, occasion(9))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    found = verify(sqlite_store(kept.path), [head])

    assert found.holds
    assert found.head == head
