"""A store of an earlier trialkit is taken to this one: whole at one revision or at the other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.evidence.table_listings import listing_of
from tests.evidence.world import Kept, every_event, occasion, opened, small_history
from tests.evidence.world_of_people import ANN, BEN, DAN, by, with_arms
from tests.evidence.world_of_versions import an_old_store
from trialkit.errors import EvidenceError
from trialkit.evidence.copies import migrating_tables
from trialkit.evidence.copies.backing_up import copy_before, sha256_of_dump
from trialkit.evidence.copies.migrating_tables import migrate_tables, tables_migration
from trialkit.evidence.database.opening import Store, postgres_store, sqlite_store
from trialkit.evidence.database.people_tables import (
    PERSON_GRANT,
    SEALED_ROW,
    SUBJECT_SITE,
    WITHHELD_ITEM,
)
from trialkit.evidence.database.tables_of_control import HOLD
from trialkit.evidence.database.tables_revision import HEAD
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.log.tables import CONTENT, EVENT, FORM_ROW
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.holding import hold
from trialkit.protocol.tables.canonical import canonical

NUMBERS = tuple(f"{each:04}" for each in range(1, int(HEAD) + 1))
LOG = (EVENT, CONTENT)
FROM_THE_LOG = (FORM_ROW, SEALED_ROW, PERSON_GRANT, SUBJECT_SITE, WITHHELD_ITEM, HOLD)
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def history(kept: Kept) -> None:
    """Two sites, arms that are withheld, and a lock: what the tables of revision 1 knew nothing of."""
    with_arms(kept.store, lambda subject: "A" if subject == "N1" else "B")
    hold(kept.store, Reach(subject_id="N1"), HoldKind.LOCK, by(ANN, 20))


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    return tmp_path if request.param == "sqlite" else request.getfixturevalue("postgres")


@pytest.fixture(params=["0001", "0002"])
def pair(request: pytest.FixtureRequest, place: object) -> Iterator[tuple[Kept, Kept]]:
    with an_old_store(place, history, request.param) as made:
        yield made


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Kept]:
    with an_old_store(tmp_path, lambda kept: small_history(kept.store), "0001") as (made, _):
        yield made


def owners(kept: Kept) -> Store:
    """The store as its owner opens it."""
    return kept.store if kept.path else kept.opened[0]


def copied() -> str:
    return "a" * 64


def migrated(store: Store, **more: object):
    author = replace(ANN, person="owner") if store.is_served else ANN
    return migrate_tables(store, by(author, 30, Door.STORE), **{"backup": copied, **more})


def rows(store: Store, table: sa.Table, before: int = 10**9) -> list[tuple]:
    with store.as_it_is() as connection:
        asked = sa.select(table)
        asked = asked.where(table.c.seq <= before) if table in LOG else asked
        return sorted(map(tuple, connection.execute(asked)), key=repr)


def test_migrated_store_is_the_store_of_today(pair: tuple[Kept, Kept]) -> None:
    old, today = pair
    store = owners(old)
    source = today.opened[0]  # by the owner of it
    with source.as_it_is() as connection:
        before = head_of(connection)

    done = migrated(store)

    assert done.is_written
    assert done.problems == ()
    assert listing_of(store) == listing_of(source)
    assert done.head.seq == before.seq + 1
    for table in LOG:
        assert rows(store, table, before.seq) == rows(source, table)
    for table in FROM_THE_LOG:
        assert rows(store, table) == rows(source, table)
    reader = old.store.by("fay")
    assert verify(reader, anchors=[before]).holds
    last = every_event(reader).tail(1).row(0, named=True)
    assert last["action"] == EventAction.TABLES_MIGRATED
    start = 1 if "0001" in str(last["details"]) or '"from":1' in last["details"] else 2
    assert last["details"] == canonical({"backup_sha256": "a" * 64, "from": start, "to": int(HEAD)})


def test_guards_rights_and_the_gate_hold_after_it(pair: tuple[Kept, Kept]) -> None:
    old, _ = pair
    migrated(owners(old))

    for statement in ("UPDATE event SET person = 'eve' WHERE seq = 3", "DELETE FROM event"):
        assert old.as_application(statement)
        assert old.by_force(statement, guarded=True)
    with pytest.raises(EvidenceError, match="may not"):
        append(old.store.by(DAN.person), entries([opened()]), by(DAN, 31))
    assert append(old.store.by(ANN.person), entries([opened()]), by(ANN, 31)).seq


def test_nobody_reads_or_writes_a_store_of_another_revision(pair: tuple[Kept, Kept]) -> None:
    old, _ = pair
    store = old.store
    for done in (lambda: verify(store), lambda: append(store, entries([opened()]), by(ANN, 31))):
        with pytest.raises(EvidenceError, match=r"earlier trialkit .* --tables"):
            done()


def test_look_writes_nothing_and_says_what_would_be_done(pair: tuple[Kept, Kept]) -> None:
    old, _ = pair
    store = owners(old)
    before = listing_of(store)

    found = tables_migration(store)

    assert [each[:4] for each in found.steps] == [each for each in NUMBERS if each > found.start]
    assert found.rebuilds == (found.start == "0001")
    assert not found.is_marked
    assert listing_of(store) == before
    migrated(store)
    assert tables_migration(store).steps == ()


def test_a_store_of_today_has_nothing_to_be_done(kept: Kept) -> None:
    small_history(kept.store)
    store = kept.store if kept.path else postgres_store(kept.owner_url)

    assert tables_migration(store).steps == ()
    with pytest.raises(EvidenceError, match="are those of this trialkit already"):
        migrated(store)
    store.close()


def test_copy_is_as_the_store_was_and_as_private(old: Kept) -> None:
    old.path.chmod(0o600)
    with closing(sqlite3.connect(old.path)) as connection:
        before = list(connection.iterdump())
    done = migrate_tables(old.store, by(ANN, 30), backup=lambda: copy_before(old.store, HEAD)[1])
    copy = old.path.with_name(f"old.before-{HEAD}.sqlite")

    assert done.is_written
    with closing(sqlite3.connect(copy)) as connection:
        assert list(connection.iterdump()) == before
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy_before(old.store, HEAD)[0].name == f"old.before-{HEAD}-2.sqlite"


def test_dump_of_a_server_has_to_be_there(tmp_path: Path) -> None:
    empty = tmp_path / "trial.dump"
    empty.touch()
    for file in (empty, tmp_path / "none"):
        with pytest.raises(EvidenceError, match="pg_dump"):
            sha256_of_dump(file)
    empty.write_bytes(b"x")
    assert len(sha256_of_dump(empty)) == 64


def test_who_may_not_publish_definitions_migrates_nothing(old: Kept) -> None:
    with an_old_store_of_people(old) as store, pytest.raises(EvidenceError, match="may not"):
        migrate_tables(store, by(BEN, 30), backup=copied)
    assert tables_migration(old.store).start == "0001"


def an_old_store_of_people(old: Kept):
    folder = old.path.parent / "people"
    folder.mkdir()

    from contextlib import contextmanager

    @contextmanager
    def made():
        with an_old_store(folder, history, "0001") as (kept, _):
            yield kept.store

    return made()


MARKS = {
    "INSERT INTO alembic_version VALUES ('0009')": "two",
    "UPDATE alembic_version SET version_num = 'x; DROP'": "expected one number",
    "DELETE FROM alembic_version": "found nothing",
    "UPDATE alembic_version SET version_num = '0009'": "newer trialkit",
    "UPDATE alembic_version SET version_num = '0002'": f"log says that the tables are of revision {HEAD}",
}


@pytest.mark.parametrize("statement", MARKS)
def test_altered_mark_is_told(kept: Kept, statement: str) -> None:
    small_history(kept.store)
    assert kept.by_force(statement, guarded=True) == ""
    owner = kept.store if kept.path else postgres_store(kept.owner_url)

    with pytest.raises(EvidenceError) as refused:
        verify(kept.store)
    with pytest.raises(EvidenceError) as not_migrated:
        tables_migration(owner)

    assert "Nothing was" in str(refused.value)
    if MARKS[statement] != "two":
        assert MARKS[statement] in str(not_migrated.value)
    else:
        assert f"'{HEAD}', '0009'" in str(not_migrated.value)
    owner.close()


IN_THE_WAY = {
    "CREATE TABLE hold (x int)": "hold: stands where the store is to have its own",
    "CREATE VIEW hold AS SELECT 1 AS x": "hold: found a view",
    "CREATE VIEW alembic_version AS SELECT '0003' AS version_num": "alembic_version: found a view",
    "CREATE TRIGGER evil AFTER INSERT ON event BEGIN DELETE FROM form_row; END": "was not made by trialkit",
    "DROP TRIGGER event_is_kept": "trigger event.event_is_kept .*is missing",
    "ALTER TABLE event ADD COLUMN more text": "table event .*is missing",
    "DROP TABLE form_row": "form_row .*is missing",
}


@pytest.mark.parametrize("statement", IN_THE_WAY)
def test_what_trialkit_did_not_make_stops_it(old: Kept, statement: str) -> None:
    assert old.by_force(statement, guarded=True) == ""
    for done in (lambda: tables_migration(old.store), lambda: migrated(old.store)):
        with pytest.raises(EvidenceError, match=IN_THE_WAY[statement]):
            done()


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE notes (x int)", "CREATE VIEW v AS SELECT 1 AS x"]
)
def test_what_stands_beside_is_named_and_left(old: Kept, statement: str) -> None:
    assert old.by_force(statement, guarded=True) == ""
    assert tables_migration(old.store).others == (f"{'table' if 'TABLE' in statement else 'view'} " + ("notes" if "TABLE" in statement else "v"),)  # fmt: skip
    assert migrated(old.store).is_written
    assert verify(old.store).holds


def test_store_that_does_not_hold_together_stays_as_it_is(old: Kept) -> None:
    assert old.by_force("UPDATE event SET person = 'eve' WHERE seq = 3", guarded=False) == ""
    before = listing_of(old.store)

    done = migrated(old.store)

    assert not done.is_written
    assert [each.trace.value for each in done.problems] == ["edited"]
    assert listing_of(old.store) == before
    assert migrated(old.store, even_so=True).is_written


def test_failure_at_the_end_leaves_the_old_store(
    old: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listing_of(old.store)

    def fails(*_: object) -> None:
        raise EvidenceError("no more")

    monkeypatch.setattr(migrating_tables, "verified", fails)
    with pytest.raises(EvidenceError, match="no more"):
        migrated(old.store)
    assert listing_of(old.store) == before


def test_without_alembic_it_says_what_to_install(
    old: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating_tables, "find_spec", lambda _: None)
    with pytest.raises(EvidenceError, match=r"trialkit\[store\]"):
        tables_migration(old.store)


def test_file_that_is_no_store_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE x (y int)")
    with pytest.raises(EvidenceError, match="is no store of trialkit"):
        tables_migration(sqlite_store(other))
    with pytest.raises(EvidenceError, match="is no store of trialkit"):
        verify(sqlite_store(other))


@pytest.mark.postgres
def test_on_a_server_the_owner_alone_migrates(postgres: object) -> None:
    with an_old_store(postgres, history, "0001") as (old, _):
        with pytest.raises(EvidenceError, match="belong to owner, and ann may not"):
            tables_migration(old.store)
        assert old.by_force("GRANT INSERT ON event TO ben", guarded=True) == ""
        with pytest.raises(EvidenceError, match="added to by ben, entering; expected one"):
            migrated(owners(old))


@pytest.mark.postgres
def test_where_more_than_the_owner_may_read_it_is_left_so(postgres: object) -> None:
    with an_old_store(postgres, history, "0001") as (old, _):
        assert old.by_force("GRANT SELECT ON event TO ben", guarded=True) == ""
        assert migrated(owners(old)).is_written


def test_occasion_without_a_copy_is_not_begun(old: Kept) -> None:
    def none() -> str:
        raise EvidenceError("no copy")

    before = listing_of(old.store)
    with pytest.raises(EvidenceError, match="no copy"):
        migrate_tables(old.store, occasion(30), backup=none)
    assert listing_of(old.store) == before
