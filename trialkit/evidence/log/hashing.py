"""How events are chained: SHA-256 over RFC 8785's canonical JSON, with the hash of the one before.

All values are texts and whole numbers, for which the JSON that polars writes of a frame with sorted
columns *is* the canonical one; a test holds it against ``rfc8785``, event by event.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator

import polars as pl

from trialkit.evidence.log.events import TEXTS

DIGESTS = tuple(f"{text}_sha256" for text in TEXTS)
BEFORE = "before"
CHAINED = (
    "about", "action", "at", "batch", BEFORE, "copy", "definition", "details", "door", "form",
    "item", "missing_new", "missing_old", "new_sha256", "old_sha256", "person", "printed_name",
    "reason_sha256", "repeat", "role", "seq", "site", "subject_id", "visit", "zone",
)  # fmt: skip
"""What the hash covers, in the order of canonical JSON."""
_AT = CHAINED.index(BEFORE)
_SALT_BYTES = 16
_AT_A_TIME = 10_000
"""Events whose JSON is held in memory at once."""


def salts(texts: pl.Series) -> list[bytes | None]:
    """A salt for each text that says something: without it a digest tells who guesses the text."""
    drawn = os.urandom(_SALT_BYTES * len(texts))
    return [
        drawn[_SALT_BYTES * at : _SALT_BYTES * (at + 1)] if text else None
        for at, text in enumerate(texts)
    ]


def digests(texts: Iterable[str | None], salted: Iterable[bytes | None]) -> list[str]:
    """The salted SHA-256 of each text; ``""`` for one that says nothing."""
    sha256 = hashlib.sha256
    return [
        sha256((salt or b"") + text.encode()).hexdigest() if text else ""
        for text, salt in zip(texts, salted, strict=True)
    ]


def chain(events: pl.DataFrame, before: str) -> list[str]:
    """The hash of each event in turn, the first of which comes after ``before``.

    ``events`` has every column of :data:`CHAINED` but the hash before.
    """
    sha256, hashes = hashlib.sha256, []
    for head, tail in _around(events):
        before = sha256(f"{head}{before}{tail}".encode()).hexdigest()
        hashes.append(before)
    return hashes


def own_hashes(events: pl.DataFrame) -> list[str]:
    """The hash of each event by what it says itself, the hash before among it."""
    sha256 = hashlib.sha256
    return [
        sha256(f"{head}{before}{tail}".encode()).hexdigest()
        for (head, tail), before in zip(_around(events), events[BEFORE], strict=True)
    ]


def _around(events: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """The canonical JSON of each event up to the hash before, and from there on."""
    heads = _json(CHAINED[:_AT]).str.strip_suffix("}") + pl.lit(f',"{BEFORE}":"')
    tails = pl.lit('",') + _json(CHAINED[_AT + 1 :]).str.strip_prefix("{")
    for some in events.iter_slices(_AT_A_TIME):
        around = some.select(heads.alias("head"), tails.alias("tail"))
        yield from zip(around["head"].to_list(), around["tail"].to_list(), strict=True)


def _json(columns: tuple[str, ...]) -> pl.Expr:
    return pl.struct(columns).struct.json_encode()
