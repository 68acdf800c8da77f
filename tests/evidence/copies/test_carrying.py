"""A server's store goes into a file, and a file's onto a server, with the same chain and the same rows."""

import itertools
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from tests.evidence.postgres_server import ENTERING, OWNER, new_database
from tests.evidence.standing.test_signatures import APPROVAL, CHEAP, SECRET
from tests.evidence.verifying.test_verifying_kinds import OF_ANOTHER_KIND
from tests.evidence.world import cell, occasion, on_postgres, on_sqlite, small_history
from tests.evidence.world_of_people import BEN, FAY, by, entered, with_arms
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.exporting import exported
from trialkit.evidence.copies import carrying
from trialkit.evidence.copies.backing_up import back_up, restore
from trialkit.evidence.database.addressing import StoreAddress
from trialkit.evidence.database.opening import postgres_store, sqlite_store
from trialkit.evidence.database.tables_of_control import SECRET as TABLE_OF_SECRETS
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.tables import METADATA
from trialkit.evidence.signing.passphrases import has_passphrase, set_passphrase
from trialkit.evidence.signing.signing_a_reach import sign
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.holding import hold
from trialkit.evidence.writing.redacting import redact
from trialkit.protocol.trial.data_format import DataFormat

pytestmark = pytest.mark.postgres
_NUMBERS = itertools.count()
AS_CSV = DataFormat()
CARRIED = [table for table in METADATA.sorted_tables if table is not TABLE_OF_SECRETS]


@pytest.fixture
def served(postgres):
    made = on_postgres(postgres)
    yield made
    for store in (made.store, *made.opened):
        store.close()


@pytest.fixture
def empty(postgres, tmp_path):
    """The address of an empty database of the owner's."""
    url = new_database(postgres, f"restored_{next(_NUMBERS)}")
    return StoreAddress(folder=tmp_path, said=url)


def rows_of(store):
    """Every row of every table but the secrets, as the owner of the store reads them."""
    with store.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in CARRIED
        }


def owners(url):
    return postgres_store(url)


def busy_history(store):
    """What fills every table that the log comes to, and takes a text out again."""
    small_history(store)
    set_passphrase(store, SECRET, occasion(5), cost=CHEAP)
    sign(store, Reach(subject_id="P1"), APPROVAL, occasion(6), secret=SECRET)
    hold(store, Reach(subject_id="P1"), HoldKind.FREEZE, occasion(7), reason="looked at")
    return redact(store, 7, occasion(8), reason="a name")


def test_server_file_server_is_the_same_store(served, postgres, empty, tmp_path):
    with_arms(served.store, lambda subject: {"N1": "A"}.get(subject, "B"))
    fay = served.store.by("fay")
    copy = tmp_path / "copy.sqlite"

    made = back_up(fay, copy)
    restored = restore(copy, empty, application=ENTERING)

    assert copy.stat().st_mode & 0o777 == 0o600
    first, filed, again = owners(served.owner_url), sqlite_store(copy), owners(empty.url)
    assert rows_of(first) == rows_of(filed) == rows_of(again)
    assert made.head == restored.head == verify(fay).head == verify(filed).head
    assert verify(filed).holds
    assert (restored.problems, restored.lacking) == ((), ())
    assert exported(fay, AS_CSV) == exported(filed, AS_CSV) != ({}, made.head)
    for store in (first, again):
        store.close()
    _roles_hold(postgres, empty)


def _roles_hold(postgres, address):
    """On the server that the copy came to: guards, rights and sites are those of a store begun there."""
    ben = postgres_store(address.url.replace(f"//{OWNER}@", "//ben@")).by("ben")
    fay = postgres_store(address.url.replace(f"//{OWNER}@", "//fay@")).by("fay")
    append(ben, entries(entered("N3", "44")), by(BEN, 20))
    with pytest.raises(EvidenceError, match="may not do that"):
        append(ben, entries(entered("S1", "44")), by(BEN, 21))
    assert verify(fay).holds
    with psycopg.connect(address.url.replace(f"//{OWNER}@", "//ben@")) as connection:
        seen = connection.execute("SELECT DISTINCT subject_id FROM form_row").fetchall()
        assert ("S1",) not in seen
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE event SET person = 'x'")
    with psycopg.connect(address.url) as connection, pytest.raises(psycopg.Error, match="added to"):
        connection.execute("DELETE FROM event")
    ben.close()
    fay.close()


def test_file_server_file_is_the_same_store(postgres, empty, tmp_path):
    kept = on_sqlite(tmp_path)
    head = busy_history(kept.store)

    restored = restore(kept.path, empty, application=ENTERING)
    served = postgres_store(empty.url.replace(f"//{OWNER}@", "//ann@")).by("ann")
    made = back_up(served, tmp_path / "copy.sqlite")

    filed = sqlite_store(tmp_path / "copy.sqlite")
    assert restored.head == made.head == head
    assert rows_of(kept.store) == rows_of(filed)
    assert exported(kept.store, AS_CSV) == exported(served, AS_CSV) != ({}, head)
    assert restored.left_out == made.left_out == ("ann",)
    for store in (served, filed):
        assert not has_passphrase(store, "ann")
        set_passphrase(store, SECRET, occasion(9), cost=CHEAP)
        sign(store, Reach(subject_id="P2"), APPROVAL, occasion(10), secret=SECRET)
        assert verify(store).holds
    served.close()


@pytest.mark.parametrize("even_so", [False, True])
@pytest.mark.parametrize(("statement", "column"), OF_ANOTHER_KIND.items())
def test_value_of_another_kind_comes_to_no_server_and_is_named(
    empty, tmp_path, statement, column, even_so
):
    kept = on_sqlite(tmp_path)
    small_history(kept.store)
    assert kept.by_force(statement, guarded=False) == ""
    said = f"{column}: holds what is no "

    if even_so:
        with pytest.raises(EvidenceError, match=f"to a server, even so, .*{said}"):
            restore(kept.path, empty, application=ENTERING, even_so=True)
    else:
        (problem,) = restore(kept.path, empty, application=ENTERING).problems
        assert problem.told.startswith(said)

    with psycopg.connect(empty.url) as connection:
        assert connection.execute("SELECT to_regclass('event')").fetchone() == (None,)
    (same,) = restore(
        kept.path, StoreAddress(folder=tmp_path / "again", said=str(tmp_path / "again.sqlite"))
    ).problems
    assert same.told.startswith(said)


def test_accounts_that_the_server_lacks_are_told(served, empty, tmp_path):
    kept = on_sqlite(tmp_path)
    gus = replace(FAY, person="gus", printed_name="Gus Ray")
    from trialkit.evidence.writing.beginning import begin

    begin(kept.store, trial="T", occasion=by(gus))

    assert restore(kept.path, empty, application=ENTERING).lacking == ("gus",)


def test_who_does_not_see_everything_makes_no_copy(served, tmp_path):
    with_arms(served.store, lambda _: "A")

    for person in ("ann", "ben", "dan"):
        with pytest.raises(EvidenceError, match="may not"):
            back_up(served.store.by(person), tmp_path / "copy.sqlite")
    owner = postgres_store(served.owner_url).by(OWNER)
    with pytest.raises(EvidenceError, match="may not back up"):
        back_up(owner, tmp_path / "copy.sqlite")
    owner.close()
    assert list(tmp_path.iterdir()) == []


def test_copy_is_of_one_moment_while_others_write(served, tmp_path, monkeypatch):
    head = small_history(served.store)
    monkeypatch.setattr(carrying, "ROWS_AT_A_TIME", 2)
    plain, minutes = carrying.insert_rows, itertools.count(10)

    def meanwhile(*said):
        plain(*said)
        append(
            served.store,
            entries(_one()),
            occasion(next(minutes)),
        )

    monkeypatch.setattr(carrying, "insert_rows", meanwhile)
    made = back_up(served.store, tmp_path / "copy.sqlite")

    assert made.head == head
    filed = sqlite_store(tmp_path / "copy.sqlite")
    assert verify(filed).holds
    assert verify(served.store).head.seq > head.seq + 5


_SUBJECTS = itertools.count()


def _one():
    from tests.evidence.world import row

    return [row(f"N{next(_SUBJECTS)}")]


def test_older_copy_is_told_by_the_anchor_and_not_restored(served, empty, tmp_path):
    small_history(served.store)
    back_up(served.store, tmp_path / "old.sqlite")
    anchor = append(served.store, entries([cell("P2", "vas", "31", "33")]), occasion(9))

    refused = restore(tmp_path / "old.sqlite", empty, application=ENTERING, anchors=[anchor])
    assert [each.trace for each in refused.problems] == ["truncated"]
    assert _is_empty(empty)

    taken = restore(
        tmp_path / "old.sqlite", empty, application=ENTERING, anchors=[anchor], even_so=True
    )
    assert taken.problems == refused.problems
    assert not _is_empty(empty)


def _is_empty(address):
    with psycopg.connect(address.url) as connection:
        found = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchall()
        made = connection.execute("SELECT 1 FROM pg_proc WHERE proname = 'acting'").fetchall()
    return not found and not made


def test_server_that_has_a_store_is_left_alone(served, tmp_path):
    kept = on_sqlite(tmp_path)
    small_history(kept.store)
    small_history(served.store)
    address = StoreAddress(folder=tmp_path, said=served.owner_url)
    before = verify(served.store).head

    with pytest.raises(EvidenceError, match="holds a store already"):
        restore(kept.path, address, application=ENTERING)
    with pytest.raises(EvidenceError, match="--application: names no account"):
        restore(kept.path, address)

    assert verify(served.store).head == before


TAMPERED = {
    "UPDATE event SET person = 'eve' WHERE seq = 3": "edited",
    "DELETE FROM event WHERE seq = 3": "deleted",
    "UPDATE content SET new = 'x' WHERE seq = 4": "text edited",
    "UPDATE form_row SET cells = '{}'": "projection edited",
    "UPDATE person_grant SET person = 'eve'": "projection edited",
}


@pytest.mark.parametrize("statement", TAMPERED)
def test_tampered_file_is_refused(empty, tmp_path, statement):
    kept = on_sqlite(tmp_path)
    small_history(kept.store)
    kept.by_force(statement, guarded=False)

    found = restore(kept.path, empty, application=ENTERING)

    assert TAMPERED[statement] in [each.trace for each in found.problems]
    assert _is_empty(empty)


def test_log_with_a_gap_comes_to_no_server_even_so(empty, tmp_path):
    kept = on_sqlite(tmp_path)
    small_history(kept.store)
    kept.by_force("DELETE FROM event WHERE seq = 3", guarded=False)

    with pytest.raises(EvidenceError, match="only added to, one event after the other"):
        restore(kept.path, empty, application=ENTERING, even_so=True)

    assert _is_empty(empty)


KILLED = """
import itertools, os, signal, sys
from pathlib import Path
from tests.evidence.postgres_server import ENTERING
from trialkit.evidence.copies import carrying
from trialkit.evidence.database.addressing import StoreAddress
from trialkit.evidence.copies.backing_up import back_up, restore
from trialkit.evidence.database.opening import postgres_store

what, url, copy, parts = sys.argv[1:]
carrying.ROWS_AT_A_TIME = 1
plain, left = carrying.insert_rows, itertools.count(int(parts), -1)

def written(*said):
    plain(*said)
    if next(left) == 0:
        os.kill(os.getpid(), signal.SIGKILL)

carrying.insert_rows = written
if what == "back up":
    back_up(postgres_store(url).by("ann"), Path(copy))
else:
    address = StoreAddress(folder=Path(copy).parent, said=url)
    restore(Path(copy), address, application=ENTERING)
"""
"""A process that ends itself after so many parts of rows."""


def _is_killed(*said):
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, *map(str, said)], check=False, timeout=300
    )
    return ended.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("parts", [0, 6, 14])
def test_killed_copy_is_nobodys_store(served, tmp_path, parts):
    small_history(served.store)
    copy = tmp_path / "copy.sqlite"

    assert _is_killed("back up", served.application_url, copy, parts)

    assert not copy.exists()
    assert back_up(served.store, copy).head == verify(served.store).head
    assert verify(sqlite_store(copy)).holds


@pytest.mark.slow
@pytest.mark.parametrize("parts", [0, 6, 14])
def test_killed_restoring_leaves_an_empty_server(empty, tmp_path, parts):
    kept = on_sqlite(tmp_path)
    head = small_history(kept.store)

    assert _is_killed("restore", empty.url, kept.path, parts)

    assert _is_empty(empty)
    assert restore(kept.path, empty, application=ENTERING).head == head


def test_disk_that_is_full_leaves_nothing(served, tmp_path):
    small_history(served.store)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(EvidenceError, match=r"copy\.sqlite: cannot be written"):
            back_up(served.store, tmp_path / "copy.sqlite")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert list(tmp_path.iterdir()) == []


def test_secrets_stay_where_they_are(empty, tmp_path):
    kept = on_sqlite(tmp_path)
    busy_history(kept.store)
    with closing(sqlite3.connect(kept.path)) as connection:
        ((salt, key),) = connection.execute("SELECT salt, key FROM secret").fetchall()

    restore(kept.path, empty, application=ENTERING)
    served = postgres_store(empty.url.replace(f"//{OWNER}@", "//ann@")).by("ann")
    back_up(served, tmp_path / "copy.sqlite")
    served.close()

    written = Path(tmp_path / "copy.sqlite").read_bytes()
    assert salt not in written
    assert key not in written
    with psycopg.connect(empty.url) as connection:
        assert connection.execute("SELECT salt, key FROM secret").fetchall() == [(b"", b"")]
