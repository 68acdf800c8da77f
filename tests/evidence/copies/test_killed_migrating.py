"""Whoever is killed while a store is migrated leaves it whole, at the one version or at the other.

A process is killed before every statement of a migration in turn, so that every place of a write is met,
and at random moments of many.
"""

import multiprocessing
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.evidence.copies.test_migrating_tables import history
from tests.evidence.killed_migration import (
    CODES,
    code_of,
    fill,
    migrate_forms,
    migrate_forms_until,
    migrate_tables_until,
)
from tests.evidence.table_listings import listing_of
from tests.evidence.world import Kept, every_event, occasion
from tests.evidence.world_of_people import ANN, by
from tests.evidence.world_of_versions import an_old_store
from tests.evidence.writing.test_killed import killed_once
from trialkit.evidence.copies.migrating_tables import migrate_tables
from trialkit.evidence.database.opening import Store, postgres_store, sqlite_store
from trialkit.evidence.database.table_listing import listed
from trialkit.evidence.database.tables_revision import HEAD, mark_of
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.verifying.verifying import verified, verify
from trialkit.evidence.writing.beginning import begin

KILLS_OF_FORMS = 25
LONGEST_SECONDS = 0.3
FEW = {"sqlite": 1, "postgresql": 4}
"""On a server, where a process takes longer, before each fourth statement."""
NEVER = 10**9
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def ended(work: Callable[..., None], place: str, statement: int) -> tuple[int, str, int] | None:
    """Let a process migrate until it is killed before this statement; what it said if it was not."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.evidence.killed_migration"])
    listening, saying = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(place, statement, saying), daemon=True)
    process.start()
    saying.close()
    process.join(120)
    assert process.exitcode in (0, -9)
    said = listening.recv() if process.exitcode == 0 else None
    listening.close()
    return said


def holds(store: Store) -> bool:
    return not [each for each in verify(store).problems if each.trace != "clock set back"]


@pytest.fixture(params=ENGINES)
def copies(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[int], str]]:
    """Where a fresh copy of one old store is, as often as one is wanted."""
    is_file = request.param == "sqlite"
    place = tmp_path if is_file else request.getfixturevalue("postgres")
    with an_old_store(place, history, "0001") as (old, _):
        for each in (old.store, *old.opened):
            each.close()

        def copy(number: int) -> str:
            if is_file:
                return str(shutil.copy(old.path, tmp_path / f"copy-{number}.sqlite"))
            return copied_on_server(place, old, number)

        yield copy


def copied_on_server(place: object, old: Kept, number: int) -> str:
    import psycopg

    name = old.owner_url.rpartition("/")[2]
    with psycopg.connect(place.url("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}_{number}" TEMPLATE "{name}" OWNER owner')
    return f"{old.owner_url}_{number}"


def opened_copy(place: str) -> Store:
    return postgres_store(place) if place.startswith("postgresql:") else sqlite_store(Path(place))


def mark(store: Store) -> str:
    with store.as_it_is() as connection:
        return mark_of(connection, store.place)


@pytest.mark.slow
def test_tables_are_those_of_one_revision_wherever_it_is_killed(copies) -> None:
    (_, _, statements) = ended(migrate_tables_until, copies(0), NEVER)
    assert statements > 80
    was_old = 0
    store = opened_copy(copies(1))
    engine = store.engine.dialect.name
    store.close()
    for number in range(2, statements + 1, FEW[engine]):
        place = copies(number)
        said = ended(migrate_tables_until, place, number)
        store = opened_copy(place)
        is_old = mark(store) == ""
        was_old += is_old
        assert listing_of(store) == listed("0001" if is_old else HEAD, engine)
        if is_old:  # and nothing of it stands in the way of another try
            assert said is None
            author = replace(ANN, person="ann" if engine == "sqlite" else "owner")
            assert migrate_tables(store, by(author, 600), backup=lambda: "a" * 64).problems == ()
        with store.reading() as connection:
            assert verified(connection, sight_of(connection, "")).holds
        store.close()
        if place.startswith("/"):
            Path(place).unlink()
    assert was_old == len(range(2, statements, FEW[engine]))


@pytest.fixture
def with_answers(kept: Kept) -> tuple[Kept, str]:
    begin(kept.store, trial="T", occasion=occasion(door=Door.STORE))
    fill(kept.store, occasion(1))
    return kept, str(kept.path) if kept.path else kept.application_url


@pytest.mark.slow
def test_forms_are_those_of_one_version_wherever_it_is_killed(
    with_answers: tuple[Kept, str],
) -> None:
    kept, place = with_answers
    (seq, _, statements) = ended(migrate_forms_until, place, NEVER)
    assert statements > 20
    assert code_of(kept.store) == CODES[1]
    for number in range(1, statements):
        assert ended(migrate_forms_until, place, number) is None
        assert code_of(kept.store) == CODES[1]
        assert every_event(kept.store)["seq"][-1] == seq
    assert holds(kept.store)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_migrations_that_were_acknowledged_are_there_and_each_is_whole(
    with_answers: tuple[Kept, str], part: int
) -> None:
    kept, place = with_answers
    chance = random.Random(300 + part)
    acknowledged = []
    for run in range(KILLS_OF_FORMS):
        said = killed_once(place, run, chance, migrate_forms, longest=LONGEST_SECONDS)
        assert said
        acknowledged += said
        assert code_of(kept.store) in CODES

    found = every_event(kept.store)
    hashes = dict(found.select("seq", "hash").iter_rows())
    assert all(hashes.get(seq) == kept_hash for seq, kept_hash in acknowledged)
    assert holds(kept.store)
    times = found.filter(pl.col("action") == EventAction.MIGRATED).height
    changed = found.filter(pl.col("action") == EventAction.CHANGED)
    assert changed.height == 12 * times
    assert set(changed.group_by("batch").len()["len"]) == {12}
