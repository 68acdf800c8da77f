"""Processes that take a store to newer forms, or to newer tables, until they are killed."""

import os
import signal
from itertools import count
from multiprocessing.connection import Connection

import sqlalchemy as sa

from tests.evidence.killed_writer import opened_at
from tests.evidence.world import occasion, row
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.copies.migrating import migrate
from trialkit.evidence.copies.migrating_tables import migrate_tables
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import Actor, LogEnd, Occasion, entries
from trialkit.evidence.writing.appending import append
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Schemas
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.conditions import compiled
from trialkit.schemas.versions.mapping import DataMapping, RenamedCode

FORM, ITEM, PEOPLE = "demographics", "sex", 12
CODES = ("f", "female")


def _version(code: str) -> Schemas:
    choices = (ItemChoice(code=code, label="Female"), ItemChoice(code="m", label="Male"))
    item = Item(id=ITEM, label="Sex", type=ItemType.CHOICE, choices=choices)
    form = Form(
        id=FORM, title="Demographics", kind=FormKind.ASSESSMENT, expected=Expected.AS_NEEDED,
        visits=(), repeating=False, items=(item,), rules=(), file=f"forms/{FORM}.toml",
        sha256="0" * 64,
    )  # fmt: skip
    return Schemas(forms=compiled((form,), DataFormat()), data=DataFormat())


VERSIONS = {code: _version(code) for code in CODES}


def fill(store: Store, at: Occasion) -> None:
    """Some people with the first code."""
    columns = canonical({"columns": ["subject_id", ITEM]})
    said = [{"action": EventAction.FORM_OPENED, "form": FORM, "details": columns}]
    for each in range(PEOPLE):
        place = {"form": FORM, "visit": ""}
        said.append(row(f"P{each}", **place))
        said.append(
            {
                "action": EventAction.FILLED,
                **place,
                "subject_id": f"P{each}",
                "item": ITEM,
                "new": "f",
            }
        )
    append(store, entries(said), at)


def code_of(store: Store) -> str:
    """The one code that all answers have; anything else is half of a migration."""
    found = source_at(store)[0].tables[FORM][ITEM].to_list()
    assert len(found) == PEOPLE
    (code,) = set(found)
    return str(code)


def take(store: Store, name: str, at: Occasion) -> LogEnd:
    """To the other version of the form, by definitions of a name."""
    before = code_of(store)
    after = CODES[1 - CODES.index(before)]
    renamed = RenamedCode(form=FORM, item=ITEM, code=before, to=after)
    return migrate(
        store, VERSIONS[before], VERSIONS[after],
        DataMapping(reason="codes in full", codes=(renamed,)),
        definitions={"protocol.toml": f"# {name}"}, occasion=at,
    )  # fmt: skip


def migrate_forms(place: str, run: int, acknowledged: Connection) -> None:
    """To the other version and back again, without end."""
    store, number = opened_at(place), 0
    while True:
        number += 1
        head = take(store, f"{run}-{number}", occasion(number, door=Door.STORE))
        acknowledged.send((head.seq, head.hash))


def migrate_forms_until(place: str, statement: int, acknowledged: Connection) -> None:
    """Once, and be gone before this statement; say where the log ends, and how many there were."""
    store = opened_at(place)
    done = gone_before(store, statement)
    head = take(store, f"until {statement}", occasion(600, door=Door.STORE))
    acknowledged.send((head.seq, head.hash, next(done)))


def migrate_tables_until(place: str, statement: int, acknowledged: Connection) -> None:
    """The same of the tables."""
    store = opened_at(place)
    done = gone_before(store, statement)
    account = "owner" if store.is_served else "ann"
    author = Actor(person=account, printed_name="Ann Miller", role="data manager")
    made = migrate_tables(store, occasion(600, author=author), backup=lambda: "a" * 64)
    acknowledged.send((made.head.seq, made.head.hash, next(done)))


def gone_before(store: Store, statement: int) -> "count[int]":
    """Count statements from now on, commits among them, and be killed before the one of this number."""
    done = count(1)

    def before(*_: object) -> None:
        if next(done) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    for each in ("before_cursor_execute", "commit"):
        sa.event.listen(store.engine, each, before)
    return done
