"""The tables that a new store gets, those that the revisions come to, and the listings beside them are one."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.evidence.postgres_server import ENTERING, Server, new_database, programs
from tests.evidence.table_listings import listing_of, of_revision
from tests.evidence.world import on_sqlite, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store, make_postgres_store
from trialkit.evidence.database.revisions import (
    r0001_the_log,
    r0002_people_and_control,
    r0003_the_mark,
    r0004_rights_asked_once,
    r0005_words_apart,
)
from trialkit.evidence.database.running_revisions import last_revision, revisions_after
from trialkit.evidence.database.table_listing import FOLDER, application_of, listed, listing
from trialkit.evidence.database.tables_revision import HEAD
from trialkit.evidence.log.tables import METADATA

SCRIPTS = (
    r0001_the_log,
    r0002_people_and_control,
    r0003_the_mark,
    r0004_rights_asked_once,
    r0005_words_apart,
)
OF_A_SERVER = {"role_right", "action_right"}
"""Its copy of the table of rights, which Python has too."""
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    return tmp_path if request.param == "sqlite" else request.getfixturevalue("postgres")


@pytest.fixture
def made_today(place: object) -> Iterator[Store]:
    """A new store, by its owner."""
    if isinstance(place, Path):
        store = on_sqlite(place).store
    else:
        assert isinstance(place, Server)
        store = make_postgres_store(new_database(place, "made_today"), application=ENTERING)
    yield store
    store.close()
    if isinstance(place, Server):
        drop(place, "made_today")


def drop(server: Server, *names: str) -> None:
    import psycopg

    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for name in names:
            connection.execute(f'DROP DATABASE "{name}"')


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", HEAD])
def test_each_revision_makes_what_its_listing_says(place: object, revision: str) -> None:
    with of_revision(place, revision) as store:
        assert listing_of(store) == listed(revision, store.engine.dialect.name)
    if isinstance(place, Server):
        drop(place, f"r{revision}")


def test_a_change_of_the_tables_is_a_revision(made_today: Store) -> None:
    """Fails when tables, guards or rights were edited and no revision does the same to an older store.

    CONTRIBUTING says how one is added.
    """
    expected, found = listed(HEAD, made_today.engine.dialect.name), listing_of(made_today)
    assert expected.missing(found) == ()
    assert found.missing(expected) == ()


def test_made_today_and_migrated_are_the_same_to_the_engine_and_to_alembic(
    place: object, made_today: Store
) -> None:
    with of_revision(place, HEAD) as migrated:
        assert described(migrated) == described(made_today)
        for store in (migrated, made_today):
            with store.as_it_is() as connection:
                found = compare_metadata(MigrationContext.configure(connection), METADATA)
            assert [each for each in found if each[1].name not in OF_A_SERVER] == []
    if isinstance(place, Server):
        drop(place, f"r{HEAD}")


def described(store: Store) -> list[str]:
    """Everything, as the engine itself writes it: on a server triggers, policies and grants among it."""
    if store.file is not None:
        with store.as_it_is() as connection:
            asked = "SELECT type, name, tbl_name, sql FROM sqlite_master"
            rows = connection.exec_driver_sql(asked).all()
        return sorted(" ".join(" ".join(map(str, row)).split()) for row in rows)
    url = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    dumped = subprocess.run(
        [programs() / "pg_dump", "--schema-only", url], capture_output=True, text=True, check=True
    ).stdout
    said = (each for each in dumped.split(";\n") if not each.lstrip().startswith("\\"))
    return sorted(" ".join(each.split()) for each in said if "restrict" not in each)


def test_revisions_are_one_line_that_ends_with_this_trialkit() -> None:
    assert [each.revision for each in SCRIPTS] == [each.number for each in revisions_after("")]
    assert [each.down_revision for each in SCRIPTS[1:]] == [each.revision for each in SCRIPTS[:-1]]
    assert last_revision() == HEAD
    assert [each.number for each in revisions_after("0001")] == ["0002", "0003", "0004", "0005"]
    assert [each.told for each in revisions_after("0004")] == [r0005_words_apart.TOLD]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda each: each.revision)
def test_a_revision_knows_nothing_of_today(script: object) -> None:
    """What it made is what it makes: an edit of today's tables does not change it."""
    tree = ast.parse(Path(script.__file__).read_text("utf-8"))
    used = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert used <= {"collections.abc", "sqlalchemy", "alembic"}


def test_every_script_has_a_listing_for_each_engine() -> None:
    scripts = {each.stem[1:5] for each in FOLDER.glob("r*.py")}
    listings = {each.name for each in FOLDER.glob("*.txt")}
    assert listings == {f"{each}.{on}.txt" for each in scripts for on in ("sqlite", "postgresql")}


def test_lines_tell_what_is_missing_what_is_strange_and_what_stands_beside(tmp_path: Path) -> None:
    kept = on_sqlite(tmp_path)
    kept.by_force(
        "DROP TRIGGER event_stays", "CREATE TABLE notes (x int)", "CREATE INDEX more ON event (at)",
        "CREATE INDEX of_notes ON notes (x)", guarded=True,
    )  # fmt: skip
    expected, found = listed(HEAD, "sqlite"), listing_of(kept.store)
    assert [each.split()[1] for each in expected.missing(found)] == ["event.event_stays"]
    assert [each.split()[1] for each in expected.strange(found)] == ["event.more"]
    assert expected.others(found) == ("table notes",)


@pytest.mark.postgres
def test_account_of_the_application_is_known_by_its_rights(made_today: Store) -> None:
    if made_today.file is not None:
        pytest.skip("a file has no accounts")
    with made_today.as_it_is() as connection:
        assert application_of(connection, "here") == ENTERING
        connection.exec_driver_sql(f"REVOKE INSERT ON event FROM {ENTERING}")
        with pytest.raises(EvidenceError, match=r"here: .* nobody but its owner"):
            application_of(connection, "here")
        connection.rollback()


def test_no_ordinary_command_loads_alembic(tmp_path: Path) -> None:
    kept = on_sqlite(tmp_path)
    small_history(kept.store)
    kept.store.close()
    code = (
        "import sys; from pathlib import Path; import trialkit.cli.commands.store\n"
        "from trialkit.evidence.database.opening import sqlite_store; from trialkit.evidence.verifying.verifying import verify\n"
        f"assert verify(sqlite_store(Path({str(kept.path)!r}))).holds\n"
        "print(sorted(set(sys.modules) & {'alembic', 'mako'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_opening_asks_one_row(tmp_path: Path) -> None:
    import sqlalchemy as sa

    kept = on_sqlite(tmp_path)
    asked: list[str] = []
    sa.event.listen(kept.store.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    with kept.store.reading():
        pass
    assert len(asked) == 2
    assert asked[0] == "BEGIN"
    assert "alembic_version" in asked[1]


def test_listing_is_taken_within_a_transaction(tmp_path: Path) -> None:
    kept = on_sqlite(tmp_path)
    with kept.store.altering() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_stays")
        assert len(listed(HEAD, "sqlite").missing(listing(connection))) == 1
        connection.rollback()
    assert listed(HEAD, "sqlite").missing(listing_of(kept.store)) == ()
