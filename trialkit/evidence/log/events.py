"""The nouns of the log: who acts, what is to be written, and what was."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import Door

NOTHING_BEFORE = "0" * 64
"""What stands as the hash before the first event."""

ENTRY = {
    "action": pl.String,
    "form": pl.String,
    "subject_id": pl.String,
    "visit": pl.String,
    "repeat": pl.String,
    "copy": pl.Int64,
    "item": pl.String,
    "missing_old": pl.String,
    "missing_new": pl.String,
    "about": pl.Int64,
    "details": pl.String,
    "old": pl.String,
    "new": pl.String,
    "reason": pl.String,
}
"""What whoever acts says of an event; a text that says nothing is ``""``, a number 0.

``copy`` tells rows apart that have one key (0, 1 …), ``about`` is the sequence of an earlier event,
``details`` canonical JSON.
"""
TEXTS = ("old", "new", "reason")
"""What may hold an identifier by accident: kept beside the log, which has their salted digests."""


NO_ROLE = "no role"
"""What stands in the log where nobody gave a role, and none was granted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts."""

    person: str
    """The account."""
    printed_name: str
    role: str
    site: str = ""
    """Empty for who belongs to none."""
    zone: str = "UTC"
    """The time zone of the person, by its IANA name."""

    def __post_init__(self) -> None:
        if not self.person.strip() or not self.printed_name.strip() or not self.role.strip():
            raise EvidenceError(
                "an event names who acts: found a blank account, printed name or role; give all three"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What the events of one batch have in common."""

    author: Actor
    at: datetime
    """A moment with its time zone; it is kept in UTC."""
    door: Door
    definition: str = ""
    """The SHA-256 of the version of the definitions by which it is entered."""

    @property
    def moment(self) -> str:
        """The moment in UTC, to the millisecond, as ``2026-03-31T08:30:05.000Z``."""
        if self.at.tzinfo is None:
            raise EvidenceError(f"an event needs a moment with its time zone; found {self.at}")
        plain = self.at.astimezone(UTC).replace(tzinfo=None)
        return f"{plain.isoformat(timespec='milliseconds')}Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEnd:
    """The end of the log as it stands: what the next event comes after."""

    seq: int = 0
    hash: str = NOTHING_BEFORE


def entries(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """A few entries as the frame in which many are handed on; what a row leaves out says nothing."""
    if strange := {name for row in rows for name in row} - ENTRY.keys():
        raise RuntimeError(f"entries have no {', '.join(sorted(strange))}")
    said = {name: [row.get(name) for row in rows] for name in ENTRY}
    blank = {name: 0 if kind == pl.Int64 else "" for name, kind in ENTRY.items()}
    whole = {
        name: [blank[name] if each is None else each for each in column]
        for name, column in said.items()
    }
    return pl.DataFrame(whole, schema=ENTRY)


_FEW = 100
"""Entries of which Python has looked at each before polars has made its plan."""


def of_actions(said: pl.DataFrame, actions: Collection[str]) -> pl.DataFrame:
    """Those of the entries, or events, that do one of these."""
    if said.height > _FEW:
        return said.filter(pl.col("action").is_in(list(actions)))
    rows = [row for row, action in enumerate(said["action"].to_list()) if action in actions]
    if len(rows) == said.height:
        return said
    return said[rows] if rows else said.head(0)


def with_blanks(said: pl.DataFrame) -> pl.DataFrame:
    """Entries with the columns of :data:`ENTRY` alone, of which those that are lacking say nothing."""
    return said.select(
        (pl.col(name) if name in said.columns else pl.lit(None))
        .cast(kind)
        .fill_null(0 if kind == pl.Int64 else "")
        .alias(name)
        for name, kind in ENTRY.items()
    )
