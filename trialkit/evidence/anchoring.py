"""Hashes of the log written down outside the store, by which a log that was made anew is found.

The file has a line for each: the event, its hash and its moment. It belongs where whoever owns the
store cannot write: in version control, in an e-mail, printed in a report.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from trialkit.disk.content import Content
from trialkit.errors import EvidenceError
from trialkit.evidence.actions import EventAction
from trialkit.evidence.appending import append
from trialkit.evidence.events import LogEnd, Occasion, entries
from trialkit.evidence.opening import Store
from trialkit.evidence.reading import head_of
from trialkit.evidence.tables import EVENT
from trialkit.files.whole_files import read_whole, together

_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64})")


def read_anchors(path: Path) -> tuple[LogEnd, ...]:
    """The anchors that a file holds.

    Raises :class:`EvidenceError` for a line that is none.
    """
    content = read_whole(path)
    if content is None:
        raise EvidenceError(f"{path}: does not exist; 'trialkit store anchor' writes one")
    return tuple(
        _anchor(path, number, line)
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1)
        if line.strip()
    )


def with_anchor(path: Path, head: LogEnd) -> Mapping[Path, Content]:
    """The file with one more line; the same file where the last line says it already."""
    before = read_anchors(path) if path.exists() else ()
    anchors = before if before[-1:] == (head,) else (*before, head)
    return {path: "".join(f"{each.seq} {each.hash}\n" for each in anchors).encode()}


def anchor(store: Store, path: Path, occasion: Occasion) -> tuple[LogEnd, bool]:
    """Write the end of the log into the file and, in the log, that it was; both or neither.

    Gives the anchor, and whether it is new: nothing is written where the last event of the log says
    that the last anchor of the file was written.
    """
    with store.reading() as connection:
        head = head_of(connection)
        about = connection.execute(
            sa.select(EVENT.c.about).where(
                EVENT.c.seq == head.seq, EVENT.c.action == EventAction.ANCHORED
            )
        ).scalar()
    last = read_anchors(path)[-1:] if path.exists() else ()
    if last and about == last[0].seq:
        return last[0], False
    said = entries([{"action": EventAction.ANCHORED, "about": head.seq}])
    with together(with_anchor(path, head)):
        append(store, said, occasion)
    return head, True


def _anchor(path: Path, number: int, line: str) -> LogEnd:
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise EvidenceError(
            f"{path}, line {number}: found {line[:80]!r}; expected the number of an event, a space and "
            "its hash of 64 digits"
        )
    return LogEnd(seq=int(found[1]), hash=found[2])
