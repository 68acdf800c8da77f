"""A process that writes into a store until it is killed, and says what was acknowledged."""

from multiprocessing.connection import Connection
from pathlib import Path

from tests.evidence.world import cell, occasion, opened, row
from trialkit.evidence.appending import append
from trialkit.evidence.events import entries
from trialkit.evidence.opening import postgres_store, sqlite_store
from trialkit.evidence.redacting import redact

BATCH = 7
"""Events of a batch that is whole."""


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
