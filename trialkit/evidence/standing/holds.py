"""Freezes and locks as the log leaves them, and what they refuse.

One function carries events out on the holds that stand, whether they are on their way into the store
or read from the log again: what the store refuses today it finds in a log in which somebody wrote it
past the store.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl

from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import GIVING, Door, EventAction
from trialkit.evidence.log.events import of_actions
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.reaches import PLACE, Reach, reach_of
from trialkit.evidence.people.marks_apart import as_marks
from trialkit.protocol.tables.canonical import canonical

_HELD_BACK = [each.value for each in EventAction if each.is_held_back]


class HoldKind(StrEnum):
    """How much is held."""

    FREEZE = "freeze"
    """Nothing is entered but what an answered query asks for; one person lifts it, with a reason."""
    LOCK = "lock"
    """Nothing changes, by whatever door; two people lift it, with a reason."""


_KINDS = {EventAction.FROZEN: HoldKind.FREEZE, EventAction.LOCKED: HoldKind.LOCK}
_LIFTS = {EventAction.UNFROZEN: HoldKind.FREEZE, EventAction.UNLOCKED: HoldKind.LOCK}
CONTROLLING = [each.value for each in (*_KINDS, *_LIFTS, EventAction.UNLOCK_ASKED)]
_COLUMNS = ("seq", "action", "about", "details", "person", "printed_name", "at", *PLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A freeze or a lock that stands."""

    seq: int
    kind: HoldKind
    reach: Reach
    printed_name: str
    at: str
    site_item: tuple[str, str] = ("", "")
    """The form and the item that say of a participant to which site it belongs; of a site's hold."""

    @property
    def told(self) -> str:
        """In words: which, by whom, when."""
        done = "frozen" if self.kind is HoldKind.FREEZE else "locked"
        return (
            f"{self.reach.told} was {done} by {self.printed_name} at {self.at} (event {self.seq})"
        )

    @property
    def record(self) -> dict[str, Any]:
        """As the store keeps it."""
        kept = {
            "place": self.reach.place, "site": self.reach.site,
            "subjects": list(self.reach.subjects), "printed_name": self.printed_name,
            "at": self.at, "site_item": list(self.site_item),
        }  # fmt: skip
        return {
            "seq": self.seq, "kind": self.kind.value, "subject_id": self.reach.subject_id,
            "kept": canonical(kept),
        }  # fmt: skip


@dataclass(slots=True)
class HoldsState:
    """The holds that were looked at, or all of a store."""

    holds: dict[int, Hold] = field(default_factory=dict)
    asked: dict[int, tuple[int, str]] = field(default_factory=dict)
    """By the event in which unlocking was asked for: the lock, and the account that asked."""

    def carry_out(self, events: pl.DataFrame) -> None:
        """Every event in turn.

        Raises :class:`EvidenceError` for one that a hold refuses, and for a hold that is placed or
        lifted otherwise than may be.
        """
        for problem in self.refusals(events):
            raise EvidenceError(problem[1])

    def refusals(self, events: pl.DataFrame) -> Iterator[tuple[int, str]]:
        """What is refused, and why; the events are carried out all the same."""
        if not self.holds and of_actions(events, CONTROLLING).is_empty():
            return
        control = of_actions(events.with_row_index("row"), CONTROLLING)
        begin = 0
        for row, *read in control.select("row", *_COLUMNS).iter_rows():
            yield from self._held_back(events[begin:row])
            said = dict(zip(_COLUMNS, read, strict=True))
            if problem := self._control(said):
                yield said["seq"], f"{problem}; nothing was written"
            begin = row + 1
        yield from self._held_back(events[begin:])

    def standing(self, reach: Reach, kind: HoldKind) -> Hold | None:
        """The hold of this kind that names exactly this."""
        same = (
            each
            for each in self.holds.values()
            if each.kind is kind
            and each.reach.place == reach.place
            and each.reach.site == reach.site
        )
        return next(same, None)

    def _control(self, said: Mapping[str, Any]) -> str:
        """Place or lift a hold; why it may not be, if so."""
        action, about = EventAction(said["action"]), said["about"]
        if action in _KINDS:
            hold = _placed(said)
            there = self.standing(hold.reach, hold.kind)
            self.holds[hold.seq] = hold
            return f"{there.told} already" if there else ""
        if action is EventAction.UNLOCK_ASKED:
            self.asked[said["seq"]] = (about, said["person"])
            if not self._is(about, HoldKind.LOCK):
                return _no_hold(about, HoldKind.LOCK)
            return self._elsewhere(said)
        kind = _LIFTS[action]
        if not self._is(about, kind):
            return _no_hold(about, kind)
        if problem := self._elsewhere(said):
            return problem
        del self.holds[about]
        return self._alone(said) if kind is HoldKind.LOCK else ""

    def _elsewhere(self, said: Mapping[str, Any]) -> str:
        """Why what lifts a hold, or asks for it, is not of the hold's place."""
        hold = self.holds[said["about"]]
        if hold.reach.place == {name: said[name] for name in PLACE}:
            return ""
        return f"{hold.told}, and the event about it names another place"

    def _is(self, seq: int, kind: HoldKind) -> bool:
        return seq in self.holds and self.holds[seq].kind is kind

    def _alone(self, said: Mapping[str, Any]) -> str:
        """Why an unlocking is not one by two people."""
        request = kept_object(said["details"], of="the details of an unlocking").get("asked")
        lock, person = self.asked.get(request if isinstance(request, int) else 0, (0, ""))
        if lock != said["about"]:
            return (
                f"nobody asked to lift the lock of event {said['about']}; one person asks for it with a "
                "reason, and another one unlocks"
            )
        if person == said["person"]:
            return (
                f"{said['printed_name']} asked for this unlocking, and nobody unlocks what he or she "
                "asked for; a second person does"
            )
        return ""

    def _held_back(self, events: pl.DataFrame) -> Iterator[tuple[int, str]]:
        """Entries within a hold."""
        entries = of_actions(events, _HELD_BACK)
        if not self.holds or entries.is_empty():
            return
        entries = as_marks(entries)
        by_query = pl.col("door") == Door.QUERY.value
        for kind, held in (
            (HoldKind.LOCK, entries),
            (HoldKind.FREEZE, entries.filter(~by_query)),
        ):
            holds = [hold for hold in self.holds.values() if hold.kind is kind]
            for seq, hold in sorted(_within(held, holds).items()):
                where = held.row(by_predicate=pl.col("seq") == seq, named=True)
                yield seq, _refused(where, self.holds[hold])


def _placed(said: Mapping[str, Any]) -> Hold:
    kept = kept_object(
        said["details"], of=f"the hold of event {said['seq']}", having=("site_item",)
    )
    form, item = map(str, [*kept["site_item"], "", ""][:2])
    return Hold(
        seq=said["seq"],
        kind=_KINDS[EventAction(said["action"])],
        reach=reach_of(said, said["details"]),
        printed_name=said["printed_name"],
        at=said["at"],
        site_item=(form, item),
    )


def _no_hold(seq: int, kind: HoldKind) -> str:
    return (
        f"no {kind} of event {seq} stands (any more); 'trialkit store status' shows what is held and by "
        "which event"
    )


def _within(entries: pl.DataFrame, holds: Iterable[Hold]) -> dict[int, int]:
    """By the entries that are within a hold, the first such hold."""
    found: dict[int, int] = {}
    patterns: dict[tuple[str, ...], list[dict[str, object]]] = defaultdict(list)
    for hold in holds:
        for named in _patterns(hold):
            patterns[tuple(named)].append({**named, "hold": hold.seq})
    for names, rows in patterns.items():
        schema = {**dict.fromkeys(names, pl.String), "hold": pl.Int64}
        wanted = pl.DataFrame(rows, schema=schema)
        how = {"on": list(names), "how": "inner"} if names else {"how": "cross"}
        some = of_actions(entries, GIVING) if "new" in names else entries
        met = some.select("seq", *names).join(wanted, **how)
        for seq, hold_seq in met.select("seq", "hold").iter_rows():
            found[seq] = min(found.get(seq, hold_seq), hold_seq)
    return found


def _patterns(hold: Hold) -> Iterator[dict[str, str]]:
    """Which columns of an entry a hold wants to be what: any of these."""
    if not hold.reach.site:
        yield hold.reach.named
        return
    for subject in hold.reach.subjects:
        yield {"subject_id": subject}
    form, item = hold.site_item
    yield {"form": form, "item": item, "new": hold.reach.site}


def _refused(entry: Mapping[str, Any], hold: Hold) -> str:
    places = (entry["form"], entry["subject_id"], entry["visit"], entry["item"])
    where = ", ".join(filter(None, places)) or entry["action"]
    lift = (
        "unfreeze it first, with a reason, or answer a query"
        if hold.kind is HoldKind.FREEZE
        else "it is unlocked with a reason and by a second person"
    )
    return f"{where}: {hold.told}, so nothing was written; {lift}"
