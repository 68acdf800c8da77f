import hashlib

import pytest

from tests.evidence.world import cell, occasion, on_sqlite, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.copies.backing_up import back_up
from trialkit.evidence.database.opening import sqlite_store
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.problems import Tampering
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append


@pytest.fixture
def kept(tmp_path):
    made = on_sqlite(tmp_path)
    small_history(made.store)
    yield made
    made.store.close()


def test_copy_is_the_store_at_one_moment(kept, tmp_path):
    copy = tmp_path / "copy.sqlite"

    made = back_up(kept.store, copy)
    append(kept.store, entries([cell("P2", "vas", "31", "33")]), occasion(9))

    assert made.sha256 == hashlib.sha256(copy.read_bytes()).hexdigest()
    restored = sqlite_store(copy)
    assert verify(restored).head == made.head
    assert source_at(restored)[0].tables["pain"]["vas"].to_list() == ["75", "31"]
    restored.close()


def test_older_copy_that_is_put_back_is_found_by_an_anchor(kept, tmp_path):
    copy = tmp_path / "copy.sqlite"
    back_up(kept.store, copy)
    anchor = append(kept.store, entries([cell("P2", "vas", "31", "33")]), occasion(9))

    (problem,) = verify(sqlite_store(copy), anchors=[anchor]).problems

    assert problem.trace is Tampering.TRUNCATED


def test_copy_is_never_put_over_a_file(kept, tmp_path):
    taken = tmp_path / "copy.sqlite"
    taken.write_text("mine")

    with pytest.raises(EvidenceError, match="is there already"):
        back_up(kept.store, taken)

    assert taken.read_text() == "mine"


def test_store_that_does_not_hold_together_is_not_kept_as_a_copy(kept, tmp_path):
    kept.by_force("UPDATE event SET person = 'eve' WHERE seq = 3", guarded=False)

    with pytest.raises(EvidenceError, match="does not hold together"):
        back_up(kept.store, tmp_path / "copy.sqlite")

    assert not list(tmp_path.glob("*copy*"))
