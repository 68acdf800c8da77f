import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.evidence.world import occasion, on_sqlite, opened, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.copies.backing_up import back_up
from trialkit.evidence.database import opening
from trialkit.evidence.database.network_disks import disk_of, refuse_network_disk
from trialkit.evidence.database.opening import make_sqlite_store, postgres_store, sqlite_store
from trialkit.evidence.database.tables_revision import refuse_another_revision
from trialkit.evidence.log.events import entries
from trialkit.evidence.writing.appending import append

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/trials /mnt/trials nfs4 rw 0 0
//server/share /mnt/our\\040share cifs rw 0 0
/dev/sdb1 /mnt/trials/local ext4 rw 0 0
"""


def test_store_is_begun_once(tmp_path):
    kept = on_sqlite(tmp_path)

    with pytest.raises(EvidenceError, match="is there already"):
        make_sqlite_store(kept.path)


def test_store_that_is_not_there_is_named(tmp_path):
    with pytest.raises(EvidenceError, match="no store stands here"):
        sqlite_store(tmp_path / "evidence.sqlite")


def test_writes_are_on_the_disk_when_they_are_acknowledged(tmp_path):
    kept = on_sqlite(tmp_path)

    with kept.store.reading() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "recursive_triggers")
        }

    assert asked == {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1}


def test_writer_who_waits_too_long_is_told_so_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 0.05)
    kept = on_sqlite(tmp_path)
    head = small_history(kept.store)
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(EvidenceError, match="somebody else has been writing"):
        append(kept.store, entries([opened()]), occasion(9))

    other.execute("ROLLBACK")
    other.close()
    assert append(kept.store, entries([opened()]), occasion(9)).seq == head.seq + 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ann/trial", "ext4"),
        ("/mnt/trials/back/evidence.sqlite", "nfs4"),
        ("/mnt/our share/evidence.sqlite", "cifs"),
        ("/mnt/trials/local/evidence.sqlite", "ext4"),
    ],
)
def test_kind_of_disk_is_that_of_the_nearest_mount(tmp_path, path, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)

    assert disk_of(Path(path), mounts) == kind
    if kind == "ext4":
        refuse_network_disk(Path(path), mounts)
    else:
        with pytest.raises(EvidenceError, match=f"network drive \\({kind}\\)"):
            refuse_network_disk(Path(path), mounts)


@pytest.mark.parametrize("url", ["mysql://ann@host/trial", "sqlite:///x.sqlite"])
def test_server_is_postgresql(url):
    with pytest.raises(EvidenceError, match="is PostgreSQL"):
        postgres_store(url)


def test_password_is_never_shown():
    assert "secret" not in postgres_store("postgresql://ann:secret@host/trial").place


def test_one_connection_serves_one_transaction_after_the_other(tmp_path):
    kept = on_sqlite(tmp_path)
    small_history(kept.store)

    with kept.store.reading() as connection:
        first = connection.connection.driver_connection
    with kept.store.writing() as connection:
        assert connection.connection.driver_connection is first


def test_what_is_written_after_another_file_took_the_name_is_in_that_file(tmp_path):
    kept = on_sqlite(tmp_path)
    head = small_history(kept.store)
    copy = tmp_path / "copy.sqlite"
    back_up(kept.store, copy)
    append(kept.store, entries([opened("later")]), occasion(9))
    kept.path.rename(tmp_path / "former.sqlite")
    for ending in ("-wal", "-shm"):
        Path(f"{kept.path}{ending}").rename(tmp_path / f"former.sqlite{ending}")
    copy.rename(kept.path)

    assert append(kept.store, entries([opened("another")]), occasion(9)).seq == head.seq + 1

    kept.store.close()
    with closing(sqlite3.connect(kept.path)) as raw:
        assert raw.execute("SELECT MAX(seq) FROM event").fetchone() == (head.seq + 1,)


def _cut(whole):
    return whole[: len(whole) // 2]


def _without_a_schema(whole):
    return whole[:200] + b"\xa5" * 3896 + whole[4096:]


def _empty(_):
    return b""


def _somebody_elses(_):
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute("CREATE TABLE invoice (paid INTEGER)")
        return made.serialize()


@pytest.mark.parametrize("damage", [_cut, _without_a_schema, _empty, _somebody_elses])
@pytest.mark.parametrize("way", ["reading", "writing", "as_it_is", "altering"])
def test_refused_file_stays_as_it_is_and_nothing_is_left_beside_it(tmp_path, damage, way):
    kept = on_sqlite(tmp_path)
    small_history(kept.store)
    kept.store.close()
    damaged = damage(kept.path.read_bytes())
    kept.path.write_bytes(damaged)
    before = sorted(tmp_path.iterdir())

    store = sqlite_store(kept.path)
    with suppress(EvidenceError), getattr(store, way)() as connection:
        refuse_another_revision(connection, "the store")
    store.close()

    assert sorted(tmp_path.iterdir()) == before
    assert kept.path.read_bytes() == damaged


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_last_events_of_a_store_that_was_moved_come_into_no_other(tmp_path, ending):
    place = tmp_path / "evidence.sqlite"
    Path(f"{place}{ending}").write_bytes(b"pages")

    with pytest.raises(EvidenceError, match=f"{ending}: holds the last events"):
        make_sqlite_store(place)

    assert not place.exists()


def test_store_that_is_taken_away_while_it_is_open_is_told_of_and_no_file_is_made(tmp_path):
    kept = on_sqlite(tmp_path)
    small_history(kept.store)
    kept.path.rename(tmp_path / "elsewhere")

    for _ in range(2):
        with pytest.raises(EvidenceError, match="was moved or taken away while it was open"):
            append(kept.store, entries([opened()]), occasion(9))

    assert not kept.path.exists()
    kept.store.close()
