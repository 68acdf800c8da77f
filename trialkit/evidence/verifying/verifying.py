"""Whether a store holds together: the chain recomputed, the log replayed, the anchors found again.

Whoever owns a database can change it. What was changed then does not fit what stands beside it, and
each way of changing it leaves a trace of its own, which is told in words.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.database.verifying_guards import kind_problems, table_problems
from trialkit.evidence.log.actions import NEEDING_REASON, OF_WHOMEVER, EventAction
from trialkit.evidence.log.events import TEXTS, LogEnd, of_actions
from trialkit.evidence.log.hashing import BEFORE, digests, own_hashes
from trialkit.evidence.log.kept_json import kept_or_nothing
from trialkit.evidence.log.problems import Problem, Tampering, Unshown
from trialkit.evidence.log.projection import FormsState
from trialkit.evidence.log.reading import events, head_of
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import DEFINITION, EVENT, FORM_ROW
from trialkit.evidence.people.gate import permit
from trialkit.evidence.people.sight import Sight, sight_of
from trialkit.evidence.signing.passphrases import wrong_secrets
from trialkit.evidence.standing.control import ControlState
from trialkit.evidence.standing.signatures import (
    TakenOut,
    replayed_with_signatures,
    taken_out,
    without_secret,
)
from trialkit.evidence.standing.verifying_rows import people_problems, row_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What became of a look at the whole store."""

    head: LogEnd
    problems: tuple[Problem, ...]
    seen: int
    """The last event that was looked at."""
    unshown: tuple[Unshown, ...] = ()
    """What a text that was redacted leaves without a proof of its own."""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


@dataclass(slots=True)
class _Walk:
    """What is known at one place of the log while it is read."""

    sight: Sight
    last: LogEnd = field(default_factory=LogEnd)
    at: str = ""
    hashes: dict[str, int] = field(default_factory=dict)
    state: FormsState | None = field(default_factory=FormsState)
    """None once an event could not be carried out."""
    control: ControlState = field(default_factory=ControlState)
    gone: tuple[TakenOut, ...] = ()
    unshown: list[Unshown] = field(default_factory=list)


_PARTIAL = (
    "{place}: {person} does not see every event, so that the chain cannot be followed; verify by an "
    "account that may verify at every site, and read arms where a form as a whole is withheld"
)


def verify(store: Store, anchors: Sequence[LogEnd] = ()) -> Verified:
    """Look at every event, every text, every row, every secret and every anchor that was kept outside."""
    with store.reading() as connection:
        permit(connection, store.person, Right.VERIFY)
        sight = sight_of(connection, store.person)
        if store.is_served and not sight.is_of_whole_log:
            raise EvidenceError(_PARTIAL.format(place=store.place, person=store.person))
        found = verified(connection, sight, anchors)
        if store.is_served and found.head.seq and not found.seen:
            raise EvidenceError(_PARTIAL.format(place=store.place, person="this account"))
    return found


def verified(connection: sa.Connection, sight: Sight, anchors: Sequence[LogEnd] = ()) -> Verified:
    """The same within a transaction of the caller's, by somebody who may."""
    if other := tuple(kind_problems(connection)):
        return Verified(head=head_of(connection), problems=other, seen=0)
    found = look_at_log(connection, sight, anchors)
    more = (*wrong_secrets(connection), *table_problems(connection))
    return replace(found, problems=(*found.problems, *more))


def look_at_log(
    connection: sa.Connection, sight: Sight, anchors: Sequence[LogEnd] = ()
) -> Verified:
    """The same of the log and what it comes to: a server has its rights when these are there."""
    wanted = _by_event(anchors)
    gone = taken_out(connection)
    redactions = frozenset((each.about, each.text) for each in gone)
    walk = _Walk(sight=sight, gone=gone)
    problems: list[Problem] = []
    for batch in events(connection):
        problems += _looked_at(batch, walk, redactions, wanted)
    head = head_of(connection)
    problems += _not_anchored(wanted, head)
    problems += _definitions(connection)
    problems += _beyond_the_end(connection, head)
    if walk.state is not None:
        problems += row_problems(connection, walk.state, sight)
    problems += people_problems(connection)
    problems += walk.control.left_over()
    problems += walk.control.differing(connection)
    problems += _elsewhere(connection)
    problems += without_secret(connection)
    return Verified(
        head=head, problems=tuple(problems), seen=walk.last.seq, unshown=tuple(walk.unshown)
    )


def _by_event(anchors: Sequence[LogEnd]) -> dict[int, frozenset[str]]:
    """The hashes that were written down of each event: of two that differ one is wrong."""
    kept: dict[int, set[str]] = {}
    for anchor in anchors:
        kept.setdefault(anchor.seq, set()).add(anchor.hash)
    return {seq: frozenset(hashes) for seq, hashes in kept.items()}


def _looked_at(
    batch: pl.DataFrame,
    walk: _Walk,
    redactions: frozenset[tuple[int, str]],
    wanted: dict[int, frozenset[str]],
) -> Iterator[Problem]:
    yield from _links(batch, walk)
    yield from _texts(batch, redactions, walk.sight)
    yield from _clock(batch, walk)
    yield from _silent(batch)
    for seq, kept in batch.filter(pl.col("seq").is_in(list(wanted))).select("seq", "hash").rows():
        if wanted.pop(seq) != {kept}:
            yield Problem(
                trace=Tampering.NOT_ANCHORED,
                seq=seq,
                told=f"event {seq} has not the hash that was written down outside the store: the log was "
                "written anew, or this is another store",
            )
    yield from _replayed(batch, walk)
    yield from walk.control.replay(batch)
    walk.last = LogEnd(seq=batch["seq"][-1], hash=batch["hash"][-1])


def _links(batch: pl.DataFrame, walk: _Walk) -> Iterator[Problem]:
    """Whether each event is what it was, and comes after the one before."""
    before = pl.Series([walk.last.hash, *batch["hash"][:-1]])
    seqs = pl.Series([walk.last.seq, *batch["seq"][:-1]])
    looked = pl.DataFrame(
        {
            "seq": batch["seq"],
            "gap": batch["seq"] - seqs,
            "edited": pl.Series(own_hashes(batch)) != batch["hash"],
            "unlinked": batch[BEFORE] != before,
            BEFORE: batch[BEFORE],
        }
    )
    walk.hashes.update(zip(batch["hash"], batch["seq"], strict=True))
    wrong = looked.filter((pl.col("gap") != 1) | pl.col("edited") | pl.col("unlinked"))
    for seq, gap, edited, unlinked, stated in wrong.iter_rows():
        if gap > 1:
            which = (
                f"event {seq - 1} is" if gap == 2 else f"events {seq - gap + 1} to {seq - 1} are"
            )
            yield Problem(trace=Tampering.DELETED, seq=seq, told=f"{which} missing: deleted")
        if edited:
            yield Problem(
                trace=Tampering.EDITED,
                seq=seq,
                told=f"event {seq} does not have the hash of what it says: edited after it was written",
            )
        elif unlinked and gap == 1:
            after = walk.hashes.get(stated)
            if after is not None:
                yield Problem(
                    trace=Tampering.OUT_OF_ORDER,
                    seq=seq,
                    told=f"event {seq} was written after event {after} and stands elsewhere: inserted or "
                    "reordered",
                )
            else:
                yield Problem(
                    trace=Tampering.REPLACED,
                    seq=seq - 1 or seq,
                    told=f"event {seq} was written after another event {seq - 1} than stands there now: "
                    "replaced",
                )


def _texts(
    batch: pl.DataFrame, redactions: frozenset[tuple[int, str]], sight: Sight
) -> Iterator[Problem]:
    """Whether what stands beside the events is what their digests are of.

    A server does not give a text that tells an arm to who may not read arms: it is not looked at.
    """
    for text in TEXTS:
        stated, held = batch[f"{text}_sha256"], batch[text]
        found = pl.Series(digests(held, batch[f"{text}_salt"]), dtype=pl.String)
        wrong = batch.select("seq", "form", "item", "subject_id", held=held).filter(
            (found != stated) | (held.is_null() & (stated != ""))
        )
        for seq, form, item, subject, kept in wrong.iter_rows():
            if kept is not None:
                yield Problem(
                    trace=Tampering.TEXT_EDITED,
                    seq=seq,
                    told=f"event {seq}: its {text} text is not the one that it was written with: edited",
                )
            elif (seq, text) not in redactions and not sight.hides(form, item, subject):
                yield Problem(
                    trace=Tampering.TEXT_GONE,
                    seq=seq,
                    told=f"event {seq}: its {text} text is gone, and no event redacted it",
                )


def _silent(batch: pl.DataFrame) -> Iterator[Problem]:
    """Events that need a reason and give none."""
    lacking = of_actions(batch, NEEDING_REASON).filter(pl.col("reason_sha256") == "")
    for seq, action in lacking.select("seq", "action").iter_rows():
        yield Problem(
            trace=Tampering.RULES_BROKEN,
            seq=seq,
            told=f"event {seq} came in past the rules of the store: {action} needs a reason",
        )


def _clock(batch: pl.DataFrame, walk: _Walk) -> Iterator[Problem]:
    """Whether time only went on."""
    earlier = pl.Series([walk.at, *batch["at"][:-1]])
    for seq, at, before in (
        pl.DataFrame({"seq": batch["seq"], "at": batch["at"], "before": earlier})
        .filter(pl.col("at") < pl.col("before"))
        .iter_rows()
    ):
        yield Problem(
            trace=Tampering.CLOCK_BACK,
            seq=seq,
            told=f"event {seq} is of {at}, which is before the event before it ({before}): a clock was set "
            "back, or two machines have different ones",
        )
    walk.at = max(walk.at, *batch["at"]) if batch.height else walk.at


def _replayed(batch: pl.DataFrame, walk: _Walk) -> Iterator[Problem]:
    if walk.state is None:
        return
    try:
        for each in replayed_with_signatures(batch, walk.state, walk.gone, walk.sight):
            if isinstance(each, Unshown):
                walk.unshown.append(each)
            else:
                yield each
    except EvidenceError as error:
        walk.state = None
        yield Problem(
            trace=Tampering.NOT_REPLAYED,
            told=f"the log cannot be carried out from its beginning ({error}), so that nothing says what "
            "the forms should hold",
        )


def _not_anchored(wanted: dict[int, frozenset[str]], head: LogEnd) -> Iterator[Problem]:
    for seq in sorted(wanted):
        where = f"ends with {head.seq}" if seq > head.seq else "does not have it"
        yield Problem(
            trace=Tampering.TRUNCATED,
            seq=seq,
            told=f"event {seq} was written down outside the store, and the log {where}: it was cut short, "
            "or an older copy was put in its place",
        )


def _beyond_the_end(connection: sa.Connection, head: LogEnd) -> Iterator[Problem]:
    """Rows that an event changed which the log does not have any more."""
    latest = connection.execute(sa.select(sa.func.max(FORM_ROW.c.seq))).scalar()
    if latest is not None and latest > head.seq:
        yield Problem(
            trace=Tampering.TRUNCATED,
            seq=latest,
            told=f"a row was last changed by event {latest}, and the log ends with {head.seq}: it was cut "
            "short",
        )


def _elsewhere(connection: sa.Connection) -> Iterator[Problem]:
    """Events of one participant, or form, that are about an event of another."""
    first = EVENT.alias("first")
    is_of_another = sa.or_(first.c.subject_id != EVENT.c.subject_id, first.c.form != EVENT.c.form)
    names_no_place = sa.and_(
        EVENT.c.action == EventAction.REDACTED.value, EVENT.c.subject_id == "", EVENT.c.form == ""
    )
    rows = connection.execute(
        sa.select(EVENT.c.seq, EVENT.c.about)
        .join(first, first.c.seq == EVENT.c.about)
        .where(EVENT.c.action.not_in(OF_WHOMEVER), is_of_another, sa.not_(names_no_place))
        .order_by(EVENT.c.seq)
    )
    for seq, about in rows:
        yield Problem(
            trace=Tampering.RULES_BROKEN,
            seq=seq,
            told=f"event {seq} came in past the rules of the store: it is about event {about}, which is of "
            "another participant or form",
        )


def _definitions(connection: sa.Connection) -> Iterator[Problem]:
    """Whether each version of the definitions is the one that an event published."""
    published = {
        str(kept_or_nothing(details).get("sha256")): seq
        for seq, details in connection.execute(
            sa.select(EVENT.c.seq, EVENT.c.details).where(EVENT.c.action == EventAction.DEFINED)
        )
    }
    kept = {
        sha256: hashlib.sha256(files.encode()).hexdigest()
        for sha256, files in connection.execute(sa.select(DEFINITION.c.sha256, DEFINITION.c.files))
    }
    for sha256, seq in published.items():
        if kept.get(sha256) != sha256:
            yield Problem(
                trace=Tampering.DEFINITION,
                seq=seq,
                told=f"the definitions that event {seq} published are not those that are kept: edited",
            )
