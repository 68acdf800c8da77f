"""What changed after somebody vouched for it: whether a mark or a signature still holds is asked here.

Nothing says of a mark or a signature that it is valid. It is, for as long as no event after it changed
something within its reach.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.reaches import PLACE, Reach, reach_of
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.marks_apart import as_marks
from trialkit.evidence.people.sight import Sight
from trialkit.evidence.standing.left_out import Places, is_left_out, said_left_out
from trialkit.evidence.standing.withholding import judged

BREAKING = (
    EventAction.ROW_ADDED,
    EventAction.FILLED,
    EventAction.CHANGED,
    EventAction.EMPTIED,
    EventAction.ROW_REMOVED,
    EventAction.REDACTED,
)
"""What changes what somebody vouched for; a redaction names the cell that it blanks, if it does."""
_READ = ("seq", "action", "at", "printed_name", *PLACE)
_KINDS = {name: pl.Int64 if name == "seq" else pl.String for name in _READ}
_AT_A_TIME = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What somebody looked at, and the last event of which he or she could know."""

    seq: int
    """The event that says so."""
    as_of: int
    reach: Reach
    left_out: Places = ()
    """What is not vouched for within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """An event that changed something after it was vouched for."""

    seq: int
    action: EventAction
    at: str
    printed_name: str
    place: Reach

    @property
    def told(self) -> str:
        """In words: which cell, by whom, when."""
        return f"{self.place.told}: {self.action} by {self.printed_name} at {self.at} (event {self.seq})"


def vouched_by(
    made: Iterable[tuple[Mapping[Any, Any], Mapping[str, Any]]], sight: Sight | None
) -> dict[int, Vouched]:
    """By their events, with their details, what marks or signatures are about; with a sight, what is seen."""
    every = (
        Vouched(
            seq=row["seq"],
            as_of=said["as_of"],
            reach=reach_of(row, row["details"]),
            left_out=said_left_out(said),
        )
        for row, said in made
    )
    return {
        each.seq: each
        for each in every
        if sight is None or sight.sees_place(each.reach.form, each.reach.of_whom)
    }


def breaches(
    connection: sa.Connection,
    vouched: Iterable[Vouched],
    *,
    first_alone: bool = False,
    sight: Sight | None = None,
) -> dict[int, tuple[Breach, ...]]:
    """By the event that vouched, everything that changed within its reach since; none where nothing did.

    With a sight, of what is seen by it: whether a form that some arms alone have was filled in is not.
    """
    vouched = tuple(vouched)
    found: dict[int, list[Breach]] = defaultdict(list)
    patterns = _patterns(vouched)
    left_out = {each.seq: each.left_out for each in vouched if each.left_out}
    for every in _changes(connection, min((each.as_of for each in vouched), default=0), patterns):
        events = every if sight is None else judged(every, sight).filter("is_seen")
        spared = {
            places: {*events.select(is_left_out(places).arg_true()).to_series()}
            for places in {*left_out.values()}
        }
        for by, event in sorted(_met(events, patterns)):
            if event in spared.get(left_out.get(by, ()), ()):
                continue
            if not first_alone or not found[by]:
                found[by].append(_breach(events.row(event, named=True)))
    return {by: tuple(met) for by, met in found.items() if met}


def _patterns(vouched: Iterable[Vouched]) -> dict[tuple[str, ...], pl.DataFrame]:
    """What has to agree for an event to be within reach, by the columns that are named."""
    rows: dict[tuple[str, ...], list[dict[str, object]]] = defaultdict(list)
    for each in vouched:
        subjects = each.reach.subjects
        ways = [{"subject_id": it} for it in subjects] if each.reach.site else [each.reach.named]
        for named in ways:
            rows[tuple(named)].append({**named, "by": each.seq, "as_of": each.as_of})
    return {
        names: pl.DataFrame(
            some, schema={**dict.fromkeys(names, pl.String), "by": pl.Int64, "as_of": pl.Int64}
        )
        for names, some in rows.items()
    }


def _met(
    events: pl.DataFrame, patterns: dict[tuple[str, ...], pl.DataFrame]
) -> Iterator[tuple[int, int]]:
    """Who vouched for what an event changed, and the row of the event."""
    numbered = as_marks(events).with_row_index("event")
    for names, wanted in patterns.items():
        some = numbered.select("event", "seq", *names)
        both = some.join(wanted, on=list(names)) if names else some.join(wanted, how="cross")
        yield from both.filter(pl.col("seq") > pl.col("as_of")).select("by", "event").rows()


def _changes(
    connection: sa.Connection, after: int, patterns: dict[tuple[str, ...], pl.DataFrame]
) -> Iterator[pl.DataFrame]:
    """The changes after an event, some at a time; none are read where nothing is vouched for."""
    if not patterns:
        return
    asked = (
        sa.select(*(EVENT.c[name] for name in _READ))
        .where(EVENT.c.seq > after, EVENT.c.action.in_(BREAKING), EVENT.c.form != "")
        .order_by(EVENT.c.seq)
    )
    found = connection.execute(asked, execution_options={"yield_per": _AT_A_TIME})
    for rows in found.partitions(_AT_A_TIME):
        yield pl.DataFrame(list(map(tuple, rows)), schema=_KINDS, orient="row")


def _breach(event: dict[str, Any]) -> Breach:
    return Breach(
        seq=event["seq"],
        action=EventAction(event["action"]),
        at=event["at"],
        printed_name=event["printed_name"],
        place=Reach(**{name: event[name] for name in PLACE}),
    )
