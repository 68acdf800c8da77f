"""Signatures as the log has them: who signed what, what it meant, and what changed since.

A signature is bound to its record by the hash of what stood there, and to its moment by the event
before it; it cannot be put under something else. It stops being valid when something within its reach
changes, and each change is told.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.kept_json import kept_object, kept_or_nothing
from trialkit.evidence.log.problems import Problem, Tampering, Unshown
from trialkit.evidence.log.projection import FormsState, Key
from trialkit.evidence.log.reaches import PLACE, Reach, reach_of
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import EVENT, FORM_ROW, KEY
from trialkit.evidence.people.gate import permit_somewhere
from trialkit.evidence.people.secret_kinds import SigningSecret
from trialkit.evidence.people.sight import Sight, sight_of, withheld_of
from trialkit.evidence.standing.breaches import Breach, breaches, vouched_by
from trialkit.evidence.standing.keeping_rows import apart
from trialkit.protocol.tables.canonical import canonical
from trialkit.schemas.reading.judged_part import WHOLE

_READ = ("seq", "person", "printed_name", "role", "at", "zone", "details", *PLACE)


class SignatureMeaning(StrEnum):
    """What a signature says of what it is under."""

    AUTHORSHIP = "authorship"
    REVIEW = "review"
    APPROVAL = "approval"
    RESPONSIBILITY = "responsibility"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingSignature:
    """A signature, and what became of what it is under."""

    seq: int
    reach: Reach
    meaning: SignatureMeaning
    person: str
    printed_name: str
    role: str
    at: str
    as_of: int
    by: SigningSecret
    """On which secret of the account it rests."""
    content_sha256: str
    """Of what stood within the reach after the event ``as_of``."""
    changes: tuple[Breach, ...]
    """Everything that changed there since."""

    @property
    def is_valid(self) -> bool:
        """Whether nothing that was signed has changed."""
        return not self.changes

    @property
    def told(self) -> str:
        """In words, as every print of it says: name, moment, meaning, and what made it invalid."""
        said = f"{self.reach.told}: signed by {self.printed_name} at {self.at} ({self.meaning}, by {self.by})"
        if self.is_valid:
            return said
        return f"{said}; not valid any more: {'; '.join(each.told for each in self.changes)}"


def signatures(store: Store) -> tuple[StandingSignature, ...]:
    """Every signature, in the order in which they were made."""
    with store.reading() as connection:
        permit_somewhere(connection, store.person, Right.READ_LOG)
        return signatures_of(connection, sight_of(connection, store.person))


def signatures_of(
    connection: sa.Connection, sight: Sight | None = None
) -> tuple[StandingSignature, ...]:
    """The same within a transaction of the caller's; with a sight, what is seen by it."""
    rows = connection.execute(
        sa.select(*(EVENT.c[name] for name in _READ))
        .where(EVENT.c.action == EventAction.SIGNED)
        .order_by(EVENT.c.seq)
    ).mappings()
    made = [(row, _details(row)) for row in rows]
    vouched = vouched_by(made, sight)
    changed = breaches(connection, vouched.values(), sight=sight)
    return tuple(
        StandingSignature(
            seq=row["seq"],
            reach=vouched[row["seq"]].reach,
            meaning=said["meaning"],
            person=row["person"],
            printed_name=row["printed_name"],
            role=row["role"],
            at=row["at"],
            as_of=said["as_of"],
            by=said["by"],
            content_sha256=said["content_sha256"],
            changes=changed.get(row["seq"], ()),
        )
        for row, said in made
        if row["seq"] in vouched
    )


def content_sha256(rows: Iterable[tuple[Key, Mapping[str, str | None]]], reach: Reach) -> str:
    """The hash of the rows within a reach, of an item's reach of that item: what a signature is under."""
    content = sorted(
        [*key, {item: text for item, text in cells.items() if reach.item in ("", item)}]
        for key, cells in rows
    )
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def content_now(connection: sa.Connection, reach: Reach) -> str:
    """The hash of what stands within a reach."""
    names = ("form", *KEY)
    withheld = withheld_of(connection)
    left_out = [form for form in withheld if _is_left_out(form, withheld, reach)]
    found = connection.execute(
        sa.select(*(FORM_ROW.c[name] for name in names), FORM_ROW.c.cells).where(
            reach.of(FORM_ROW), FORM_ROW.c.form.not_in(left_out)
        )
    )
    return content_sha256(
        ((tuple(key), kept_object(cells, of=", ".join(map(str, key)))) for *key, cells in found),
        reach,
    )


def _is_left_out(form: str, withheld: Mapping[str, frozenset[str]], reach: Reach) -> bool:
    """Whether a hash of more than this form would tell, by the form's rows, an arm."""
    return WHOLE in withheld.get(form, ()) and reach.form != form


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """A text that was redacted."""

    seq: int
    """The event that says so."""
    about: int
    """The event that had brought it."""
    text: str
    """Which text of that: ``old``, ``new`` or ``reason``."""
    place: Mapping[str, str]

    def told(self) -> str:
        """In words: what was redacted, and by which event."""
        names_no_cell = not any(self.place.values())
        where = (
            f"a text of event {self.about}"
            if names_no_cell
            else Reach(**self.place, subjects=()).told
        )
        return f"{where} (event {self.seq})"


def taken_out(connection: sa.Connection) -> tuple[TakenOut, ...]:
    """Every text that was redacted by the rules."""
    first = EVENT.alias("first")
    rows = connection.execute(
        sa.select(EVENT.c.seq, EVENT.c.about, EVENT.c.details, *(first.c[name] for name in PLACE))
        .join(first, first.c.seq == EVENT.c.about)
        .where(EVENT.c.action == EventAction.REDACTED)
        .order_by(EVENT.c.seq)
    ).mappings()
    return tuple(
        TakenOut(
            seq=row["seq"],
            about=row["about"],
            text=str(kept_or_nothing(row["details"]).get("text", "")),
            place={name: row[name] for name in PLACE},
        )
        for row in rows
    )


def replayed_with_signatures(
    events: pl.DataFrame,
    state: FormsState,
    gone: Iterable[TakenOut] = (),
    sight: Sight | None = None,
) -> Iterator[Problem | Unshown]:
    """Carry out events on the forms, and hold each signature to what stood there when it was made.

    ``gone`` is what was redacted: of a signature that was made before, the hash cannot be computed again.
    Nor can it by a ``sight`` from which a server withholds a text that was signed.
    """
    signed = events.with_row_index("row").filter(pl.col("action") == EventAction.SIGNED.value)
    begin, index = 0, _Index(state)
    for row in signed.iter_rows(named=True):
        index.carry_out(events[begin : row["row"]])
        begin = row["row"]
        yield from _held_to(row, index, gone, sight)
    state.carry_out(events[begin:])


def without_secret(connection: sa.Connection) -> Iterator[Problem]:
    """Signatures that are said to rest on a passphrase, by who had none when they were made."""
    rows = connection.execute(
        sa.select(
            EVENT.c.seq, EVENT.c.action, EVENT.c.person, EVENT.c.printed_name, EVENT.c.details
        )
        .where(EVENT.c.action.in_([EventAction.SIGNED, EventAction.PASSPHRASE_SET]))
        .order_by(EVENT.c.seq)
    ).mappings()
    known: set[str] = set()
    for row in rows:
        if row["action"] == EventAction.PASSPHRASE_SET:
            known.add(row["person"])
            continue
        try:
            by = _details(row)["by"]
        except EvidenceError as error:
            yield Problem(trace=Tampering.RULES_BROKEN, seq=row["seq"], told=str(error))
            continue
        if by is SigningSecret.PASSPHRASE and row["person"] not in known:
            yield Problem(
                trace=Tampering.RULES_BROKEN,
                seq=row["seq"],
                told=f"event {row['seq']}: the signature of {row['printed_name']} names a passphrase, and "
                f"{row['person']} had set none: it came in past the rules of the store",
            )


class _Index:
    """The rows of each participant, made anew when rows came or went."""

    def __init__(self, state: FormsState) -> None:
        self._state = state
        self._keys: dict[str, list[Key]] | None = None

    def carry_out(self, events: pl.DataFrame) -> None:
        self._state.carry_out(events)
        moved = (EventAction.ROW_ADDED.value, EventAction.ROW_REMOVED.value)
        if events["action"].is_in(moved).any():
            self._keys = None

    def rows(self, reach: Reach) -> Iterator[tuple[Key, Mapping[str, str | None]]]:
        """The rows within a reach."""
        if self._keys is None:
            self._keys = {}
            for key in self._state.rows:
                self._keys.setdefault(key[1], []).append(key)
        keys = self._keys.get(reach.subject_id, []) if reach.subject_id else self._state.rows
        for key in keys:
            form, subject, visit, repeat, _ = key
            where = {"form": form, "subject_id": subject, "visit": visit, "repeat": repeat}
            if reach.covers(where) and not _is_left_out(form, self._state.withheld, reach):
                # the hash of a text of two letters would tell it, and hides nothing by a salt
                withheld = self._state.withheld.get(form, frozenset())
                yield key, apart(self._state.rows[key].cells, withheld)[0]


def _held_to(
    row: Mapping[str, Any], index: _Index, gone: Iterable[TakenOut], sight: Sight | None
) -> Iterator[Problem | Unshown]:
    """What is wrong with a signature as the log replays it, or cannot be shown of it any more."""
    said = _details(row)
    reach = reach_of(row, row["details"])
    rows = [(key, dict(cells)) for key, cells in index.rows(reach)]
    if content_sha256(rows, reach) == said["content_sha256"]:
        return
    named = (
        f"event {row['seq']}: the hash under the signature of {row['printed_name']} ({reach.told}) "
    )
    if sight is not None and any(
        text is None and sight.hides(key[0], item, key[1])
        for key, cells in rows
        for item, text in cells.items()
    ):
        told = f"{named}cannot be computed by who may not read all that stood there"
        yield Unshown(seq=row["seq"], told=told)
        return
    later = [
        each for each in gone if each.about < row["seq"] < each.seq and reach.covers(each.place)
    ]
    if later:
        yield Unshown(
            seq=row["seq"],
            told=f"{named}cannot be computed again, since of what stood there was redacted: "
            f"{'; '.join(each.told() for each in later)}. That it was made for this rests on the chain, and "
            "on anchors outside",
        )
        return
    yield Problem(
        trace=Tampering.SIGNED_ELSE,
        seq=row["seq"],
        told=f"event {row['seq']}: the signature of {row['printed_name']} has not the hash of what stood "
        f"there ({reach.told}): it was made for something else",
    )


def _details(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What a signature says of itself, its meaning and its secret by their names."""
    of = f"the signature of event {row['seq']}"
    said = kept_object(row["details"], of=of, having=("as_of", "by", "meaning", "content_sha256"))
    try:
        meaning, by = SignatureMeaning(said["meaning"]), SigningSecret(said["by"])
    except ValueError:
        raise EvidenceError(
            f"{of}: has another meaning, or rests on something else, than a signature can; 'verify' says "
            "what was changed"
        ) from None
    return {**said, "meaning": meaning, "by": by}
