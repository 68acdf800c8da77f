"""A process that writes into a store until it is killed, and says what was acknowledged."""

from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import polars as pl

from tests.evidence.world import cell, occasion, opened, row
from trialkit.evidence.appending import append
from trialkit.evidence.events import Actor, LogEnd, Occasion, entries
from trialkit.evidence.holding import ask_to_unlock, hold, unlock
from trialkit.evidence.holds import HoldKind
from trialkit.evidence.opening import Store, postgres_store, sqlite_store
from trialkit.evidence.reaches import Reach
from trialkit.evidence.redacting import redact
from trialkit.evidence.review_marks import ReviewKind, mark
from trialkit.evidence.signatures import SignatureMeaning
from trialkit.evidence.signing_a_reach import sign

BATCH = 7
"""Events of a batch that is whole."""
SIGNING = "correct horse battery"
"""The passphrase of who signs; whoever starts the process sets it."""


def write(place: str, run: int, acknowledged: Connection) -> None:
    """Enter rows of seven events each, and redact the note of some, without end."""
    is_server = place.startswith("postgresql:")
    store = postgres_store(place) if is_server else sqlite_store(Path(place))
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
    is_server = place.startswith("postgresql:")
    store = postgres_store(place) if is_server else sqlite_store(Path(place))
    for batch in range(batches):
        subjects = [f"W{number}-{batch}-{each}" for each in range(rows)]
        said = [
            one for subject in subjects for one in (row(subject), cell(subject, "vas", "", "57"))
        ]
        append(store, entries(said), occasion(5))
    store.close()


def control(place: str, run: int, acknowledged: Connection) -> None:
    """Enter, lock, mark, sign and unlock one participant after the other, without end."""
    is_server = place.startswith("postgresql:")
    store = postgres_store(place) if is_server else sqlite_store(Path(place))
    ben, number = Actor(person="ben", printed_name="Ben Okoro", role="data manager"), 0
    while True:
        number += 1
        reach = Reach(subject_id=f"R{run}-{number}")
        subject, at = reach.subject_id, occasion(number)
        said = entries([opened(), row(subject), cell(subject, "vas", "", "57")])
        for done in _steps(store, reach, said, at, occasion(number, author=ben)):
            acknowledged.send((done.seq, done.hash))


def _steps(
    store: Store, reach: Reach, said: pl.DataFrame, at: Occasion, second: Occasion
) -> Iterator[LogEnd]:
    """One after the other, each acknowledged before the next."""
    yield append(store, said, at)
    locked = hold(store, reach, HoldKind.LOCK, at)
    yield locked
    yield mark(store, reach, ReviewKind.SOURCE, at)
    yield sign(store, reach, SignatureMeaning.REVIEW, at, passphrase=SIGNING)
    asked = ask_to_unlock(store, locked.seq, at, reason="late")
    yield asked
    yield unlock(store, asked.seq, second)
