"""Whether the time stamps of anchors are of their lines, and of a time that goes with the log's."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.kept_json import kept_or_nothing
from trialkit.evidence.log.problems import Problem, Tampering
from trialkit.evidence.log.reading import some_at_once
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.verifying.anchoring import Anchor
from trialkit.evidence.verifying.asking_authorities import CLOCKS_APART
from trialkit.evidence.verifying.time_stamps import TimeStamp, time_stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class StampsFound:
    """What became of a look at the time stamps of a file of anchors."""

    holding: tuple[tuple[Anchor, TimeStamp], ...]
    problems: tuple[Problem, ...]


def look_at_stamps(
    store: Store, anchors: Sequence[Anchor], certificates: Sequence[Any] = ()
) -> StampsFound:
    """Look at every time stamp, offline; whose it is only where ``certificates`` are given.

    That the line of an anchor is what the log has is another matter: see ``verifying``.
    """
    stamped = [each for each in anchors if each.stamp]
    moments = _moments(store, stamped)
    holding, problems = [], []
    for each in stamped:
        try:
            found = time_stamp(each.stamp, each.stated, certificates)
        except EvidenceError as error:
            problems.append(_problem(each.seq, f"the time stamp of event {each.seq} {error}"))
            continue
        written = moments.get(each.seq)
        if written is not None and written - found.at > CLOCKS_APART:
            problems.append(
                _problem(
                    each.seq,
                    f"event {each.seq} is of {written:%Y-%m-%dT%H:%M:%SZ} by the log, and its time stamp says "
                    f"that it was there at {found.moment} already: a clock was wrong",
                )
            )
        holding.append((each, found))
    return StampsFound(holding=tuple(holding), problems=tuple(problems))


def missing_stamps(store: Store, anchors: Sequence[Anchor]) -> tuple[Problem, ...]:
    """Each time stamp that the log says was given and that these anchors do not have as it came.

    The log has the digest of each, so that one which was taken out of the file is missed.
    """
    lines = {each.seq for each in anchors}
    stamped = {each.seq for each in anchors if each.stamp}
    there = {(each.seq, each.stamp_sha256) for each in anchors}
    return tuple(
        _problem(
            seq,
            f"the time stamp of event {of} by {said.get('authority', '')} of {said.get('stamped_at', '')}, which "
            f"event {seq} says was given, {_instead(of, lines, stamped)}",
        )
        for seq, of, said in _given(store)
        if (of, str(said["sha256"])) not in there
    )


def _instead(of: int, lines: AbstractSet[int], stamped: AbstractSet[int]) -> str:
    if of in stamped:
        return "is not in the file of anchors: the line has another one"
    if of in lines:
        return "is not in the file of anchors: the line stands there without it; it was taken out"
    return (
        "is not in the file of anchors, nor is its line: it was taken out, or stands in another file of anchors; "
        "put the lines of both into one"
    )


def _given(store: Store) -> list[tuple[int, int, Mapping[str, Any]]]:
    """The events that tell of a time stamp, the event that it is of, and what is said of it."""
    asked = sa.select(EVENT.c.seq, EVENT.c.about, EVENT.c.details).where(
        EVENT.c.action == EventAction.ANCHORED
    )
    with store.reading() as connection:
        found = connection.execute(asked.order_by(EVENT.c.seq)).all()
    said = [(row.seq, row.about, kept_or_nothing(row.details)) for row in found]
    return [each for each in said if each[2].get("sha256")]


def _moments(store: Store, anchors: Sequence[Anchor]) -> dict[int, datetime]:
    """When the events were written that the anchors are of, as far as that is a moment still."""
    with store.reading() as connection:
        said = {
            seq: _moment(at)
            for some in some_at_once([each.seq for each in anchors])
            for seq, at in connection.execute(
                sa.select(EVENT.c.seq, EVENT.c.at).where(EVENT.c.seq.in_(some))
            )
        }
    return {seq: at for seq, at in said.items() if at is not None}


def _moment(at: object) -> datetime | None:
    """What the log has of a moment in UTC; None for what somebody wrote there."""
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _problem(seq: int, told: str) -> Problem:
    return Problem(trace=Tampering.TIME_STAMP, seq=seq, told=told)
