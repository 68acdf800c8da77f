"""A process that writes into a store until it is killed, and says what was acknowledged."""

from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from tests.evidence.world import cell, occasion, opened, row
from trialkit.evidence.database.opening import Store, postgres_store, sqlite_store
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.events import Actor, LogEnd, Occasion, entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.review_kinds import ReviewKind
from trialkit.evidence.signing.signing_a_reach import sign
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.standing.signatures import SignatureMeaning
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.entering import enter
from trialkit.evidence.writing.holding import ask_to_unlock, hold, unlock
from trialkit.evidence.writing.redacting import redact
from trialkit.evidence.writing.review_marks import mark

BATCH = 7
"""Events of a batch that is whole."""
IMPORTED = 5
"""Events of an import that is whole, beside that of its definitions."""
SIGNING = "correct horse battery"
"""The passphrase of who signs; whoever starts the process sets it."""


def write(place: str, run: int, acknowledged: Connection) -> None:
    """Enter rows of seven events each, and redact the note of some, without end."""
    store = opened_at(place)
    number = 0
    while True:
        number += 1
        subject = f"R{run}-{number}"
        head = append(
            store,
            entries(
                [
                    opened(),
                    row(subject),
                    cell(subject, "vas", "", "57"),
                    cell(subject, "vas", "57", "75"),
                    cell(subject, "note", "", f"note {number}"),
                    cell(subject, "vas", "75", "57"),
                    row(f"{subject}-b"),
                ]
            ),
            occasion(number),
        )
        acknowledged.send((head.seq, head.hash))
        if number % 3 == 0:
            after = redact(store, head.seq - 2, occasion(number), reason="a name")
            acknowledged.send((after.seq, after.hash))


def write_some(place: str, number: int, batches: int, rows: int) -> None:
    """Enter so many batches of rows with one value each, and end."""
    store = opened_at(place)
    for batch in range(batches):
        subjects = [f"W{number}-{batch}-{each}" for each in range(rows)]
        said = [
            one for subject in subjects for one in (row(subject), cell(subject, "vas", "", "57"))
        ]
        append(store, entries(said), occasion(5))
    store.close()


def control(place: str, run: int, acknowledged: Connection) -> None:
    """Enter, lock, mark, sign and unlock one participant after the other, without end."""
    ben, number = Actor(person="ben", printed_name="Ben Okoro", role="data manager"), 0
    store, of_ben = opened_at(place), opened_at(place, account=ben.person)
    while True:
        number += 1
        reach = Reach(subject_id=f"R{run}-{number}")
        subject, at = reach.subject_id, occasion(number)
        said = entries([opened(), row(subject), cell(subject, "vas", "", "57")])
        for done in _steps((store, of_ben), reach, said, at, occasion(number, author=ben)):
            acknowledged.send((done.seq, done.hash))


def take_in(place: str, run: int, acknowledged: Connection) -> None:
    """Import by newer definitions each time: rows and a value that changes, in one batch with them."""
    store, number = opened_at(place), 0
    while True:
        number += 1
        subject = f"I{run}-{number}"
        said = [opened(), row(subject), cell(subject, "vas", "", "57")]
        said += [cell(subject, "vas", "57", "75"), row(f"{subject}-b")]
        head = enter(
            store, entries(said), {"protocol.toml": f"# {subject}"},
            occasion(number, door=Door.IMPORT),
        )  # fmt: skip
        acknowledged.send((head.seq, head.hash))


def opened_at(place: str, account: str = "") -> Store:
    """The store, on a server by the login of an account."""
    if not place.startswith("postgresql:"):
        return sqlite_store(Path(place))
    url = sa.make_url(place)
    named = url.set(username=account) if account else url
    return postgres_store(named.render_as_string(hide_password=False))


def _steps(
    stores: tuple[Store, Store], reach: Reach, said: pl.DataFrame, at: Occasion, second: Occasion
) -> Iterator[LogEnd]:
    """One after the other, each acknowledged before the next; the last by another person's way in."""
    store, of_another = stores
    yield append(store, said, at)
    locked = hold(store, reach, HoldKind.LOCK, at)
    yield locked
    yield mark(store, reach, ReviewKind.SOURCE, at)
    yield sign(store, reach, SignatureMeaning.REVIEW, at, secret=SIGNING)
    asked = ask_to_unlock(store, locked.seq, at, reason="late")
    yield asked
    yield unlock(of_another, asked.seq, second)
