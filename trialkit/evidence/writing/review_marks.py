"""Marks of review: a monitor saw the source, a data manager looked at what was entered.

A mark says who looked at what, and of which events he or she could know. Whether it holds is derived:
it breaks when a value within its reach changes, and who changed it is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import tables_at
from trialkit.evidence.contents.what_is_there import refuse_nothing
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.reaches import PLACE, Level, Reach
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.log.review_kinds import ReviewKind
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import EVENT, KEY
from trialkit.evidence.people.gate import permit_review, permit_somewhere
from trialkit.evidence.people.marks_apart import as_marks
from trialkit.evidence.people.people import people_of
from trialkit.evidence.people.sight import Sight, sight_of
from trialkit.evidence.standing.breaches import Breach, Vouched, breaches, vouched_by
from trialkit.evidence.standing.left_out import (
    LEFT_OUT,
    Places,
    is_left_out,
    left_out_of,
    told_left_out,
)
from trialkit.evidence.writing.appending import append_to
from trialkit.protocol.tables.canonical import canonical

_READ = ("seq", "person", "printed_name", "role", "at", "details", *PLACE)
_TOO_WIDE = (Level.SITE, Level.DATABASE)
_WITHDRAWN = sa.select(EVENT.c.about).where(EVENT.c.action == EventAction.MARK_WITHDRAWN)
_MADE = sa.select(*(EVENT.c[name] for name in _READ)).where(
    EVENT.c.action == EventAction.MARKED, EVENT.c.seq.not_in(_WITHDRAWN)
)
"""The events of the marks that were not withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMark:
    """A mark that was not withdrawn."""

    seq: int
    kind: ReviewKind
    reach: Reach
    person: str
    printed_name: str
    role: str
    at: str
    as_of: int
    """The last event of which whoever made it could know."""
    broken_by: Breach | None
    """The first change since within its reach."""
    left_out: Places = ()
    """What of its reach was withheld from whoever made it, and is not covered."""

    @property
    def is_valid(self) -> bool:
        """Whether nothing within its reach has changed since."""
        return self.broken_by is None

    @property
    def told(self) -> str:
        """In words: what, by whom, and what broke it."""
        but = f" (but for {told_left_out(self.left_out)})" if self.left_out else ""
        said = f"{self.reach.told}{but}: {self.kind} by {self.printed_name} at {self.at}"
        return said if self.broken_by is None else f"{said}; broken by {self.broken_by.told}"


def mark(
    store: Store, reach: Reach, kind: ReviewKind, occasion: Occasion, *, as_of: int | None = None
) -> LogEnd:
    """Mark what the reach covers as it stood after the event ``as_of`` (as it stands, if None).

    What is withheld from whoever marks is left out: nobody vouches for what they may not read.

    Raises :class:`EvidenceError` where nothing was entered, and where something has changed since.
    """
    if reach.level in _TOO_WIDE:
        raise EvidenceError(
            f"{reach.told}: an answer, a form, a visit or a participant is marked; name one by "
            "--subject, --visit, --form, --number or --item"
        )
    with store.by(occasion.author.person).writing() as connection:
        sight = sight_of(connection, occasion.author.person)
        refuse_nothing(connection, reach, sight)
        left_out = left_out_of(reach, sight)
        _refuse_withheld(reach, left_out, occasion.author.person)
        seen = refuse_unseen(connection, reach, as_of, sight, left_out=left_out)
        without = {LEFT_OUT: [list(place) for place in left_out]} if left_out else {}
        details = canonical({"kind": kind.value, "as_of": seen, **without})
        said = {"action": EventAction.MARKED, **reach.place, "details": details}
        return append_to(connection, entries([said]), occasion)


def left_out_by(store: Store, reach: Reach) -> Places:
    """What a mark of whoever opened the store leaves out of the reach."""
    with store.reading() as connection:
        return left_out_of(reach, sight_of(connection, store.person))


def _refuse_withheld(reach: Reach, left_out: Places, account: str) -> None:
    if reach.item and left_out:
        raise EvidenceError(
            f"{reach.told}: is withheld from {account}, and nobody marks what they may not read; nothing was "
            "written. Somebody marks it who reads arms"
        )


def refuse_unseen(
    connection: sa.Connection,
    reach: Reach,
    as_of: int | None,
    sight: Sight,
    *,
    left_out: Places = (),
) -> int:
    """The event until which somebody looked; refused where something changed since in the reach.

    Refused too where there is no such event: what is to come was seen by nobody, and would break nothing.
    """
    last = head_of(connection).seq
    if as_of is None:
        return last
    if not 0 < as_of <= last:
        raise EvidenceError(
            f"{reach.told}: event {as_of} is not in the log, which ends with {last}; name the event until "
            "which you looked"
        )
    looked_at = Vouched(seq=0, as_of=as_of, reach=reach, left_out=left_out)
    since = breaches(connection, [looked_at], sight=sight)
    if since:
        raise EvidenceError(
            f"{reach.told}: has changed since it was looked at, so nothing was written; look at it "
            f"again: {since[0][0].told}"
        )
    return as_of


def withdraw(store: Store, seq: int, occasion: Occasion, *, reason: str) -> LogEnd:
    """Take back the mark that an event made."""
    with store.by(occasion.author.person).writing() as connection:
        made = connection.execute(_MADE.where(EVENT.c.seq == seq)).mappings().one_or_none()
        if made is None:
            raise EvidenceError(f"event {seq} made no mark that stands; 'store status' lists them")
        permit_review(people_of(connection), ReviewKind(_details(made)["kind"]), occasion)
        said = {
            "action": EventAction.MARK_WITHDRAWN, **{name: made[name] for name in PLACE},
            "about": seq, "reason": reason,
        }  # fmt: skip
        return append_to(connection, entries([said]), occasion)


def marks(store: Store) -> tuple[ReviewMark, ...]:
    """The marks that were not withdrawn, in the order in which they were made."""
    with store.reading() as connection:
        permit_somewhere(connection, store.person, Right.READ_LOG)
        return marks_of(connection, sight_of(connection, store.person))


def marks_of(connection: sa.Connection, sight: Sight | None = None) -> tuple[ReviewMark, ...]:
    """The same within a transaction of the caller's; with a sight, what is seen by it."""
    rows = connection.execute(_MADE.order_by(EVENT.c.seq)).mappings()
    made = [(row, _details(row)) for row in rows]
    vouched = vouched_by(made, sight)
    broken = breaches(connection, vouched.values(), first_alone=True, sight=sight)
    return tuple(
        ReviewMark(
            seq=row["seq"],
            kind=ReviewKind(said["kind"]),
            reach=vouched[row["seq"]].reach,
            person=row["person"],
            printed_name=row["printed_name"],
            role=row["role"],
            at=row["at"],
            as_of=said["as_of"],
            broken_by=next(iter(broken.get(row["seq"], ())), None),
            left_out=vouched[row["seq"]].left_out,
        )
        for row, said in made
        if row["seq"] in vouched
    )


def _details(row: Mapping[Any, Any]) -> dict[str, Any]:
    return kept_object(
        row["details"], of=f"the mark of event {row['seq']}", having=("as_of", "kind")
    )


def unmarked(store: Store, made: Iterable[ReviewMark]) -> pl.DataFrame:
    """The rows of which some value is within none of these marks that is valid: form and key."""
    valid = [each for each in made if each.is_valid]
    return uncovered(
        store, [each.reach for each in valid], left_out=[each.left_out for each in valid]
    )


def uncovered(
    store: Store, reaches: Sequence[Reach], *, left_out: Sequence[Places] = ()
) -> pl.DataFrame:
    """The rows of which some value is within none of these: form and key.

    ``left_out`` has of each reach what it does not cover.
    """
    cells = [_cells(form, table) for form, table in tables_at(store)[0].items()]
    names = ["form", *(name for name in KEY if name != "copy")]
    if not cells:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    left = pl.concat(cells)
    named: dict[tuple[Places, tuple[str, ...]], list[dict[str, str]]] = defaultdict(list)
    for reach, but in zip(reaches, left_out or [()] * len(reaches), strict=True):
        subjects = [{"subject_id": subject} for subject in reach.subjects]
        for each in subjects if reach.site else [reach.named]:
            named[but, tuple(each)].append(each)
    for (but, columns), rows in named.items():
        known = as_marks(left).with_row_index("cell")
        reached = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))
        met = known.join(reached, on=list(columns), how="semi") if columns else known
        is_met = pl.Series(range(len(left)), dtype=pl.UInt32).is_in(met["cell"].implode())
        left = left.filter(~is_met | is_left_out(but))
    return as_marks(left).select(names).unique(maintain_order=True)


def _cells(form: str, table: pl.DataFrame) -> pl.DataFrame:
    """A row for each value of a form."""
    keys = [name for name in KEY if name != "copy"]
    lacking = [pl.lit("").alias(name) for name in keys if name not in table.columns]
    whole = table.with_columns(pl.lit(form).alias("form"), *lacking)
    items = [name for name in table.columns if name not in keys]
    long = whole.unpivot(on=items, index=["form", *keys], variable_name="item", value_name="text")
    return long.filter(pl.col("text") != "").select("form", *keys, "item")
