"""Hashes of the log written down outside the store, by which a log that was made anew is found.

The file has a line for each: the event, its hash and, where an authority was asked, its time stamp in
base64. It belongs where whoever owns the store cannot write: in version control, in an e-mail, printed
in a report.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from trialkit.disk.content import Content
from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.gate import permit
from trialkit.evidence.verifying.time_stamps import TimeStamp
from trialkit.evidence.writing.appending import append
from trialkit.files.whole_files import read_whole, together
from trialkit.limits import LARGEST_TIME_STAMP
from trialkit.protocol.tables.canonical import canonical

_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64})(?: ([A-Za-z0-9+/]+={0,2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor(LogEnd):
    """An end of the log that was written down."""

    stamp: bytes = b""
    """The answer of a time-stamp authority, as RFC 3161 has it; empty where none was asked."""

    @property
    def stated(self) -> bytes:
        """What a time stamp is of: the line without it, as the file has it."""
        return f"{self.seq} {self.hash}\n".encode()

    @property
    def stamp_sha256(self) -> str:
        """The digest of the time stamp, which the log has too; empty without one."""
        return hashlib.sha256(self.stamp).hexdigest() if self.stamp else ""

    @property
    def line(self) -> str:
        """How the file says it."""
        words = [str(self.seq), self.hash]
        return " ".join([*words, b64encode(self.stamp).decode()] if self.stamp else words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """What an authority was asked, and answered."""

    authority: str
    """Its address."""
    answer: bytes
    says: TimeStamp
    """What the answer was found to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDown:
    """What became of the end of a log that was to be written down."""

    anchor: Anchor
    is_new: bool
    """Whether it was written now."""
    stamp: TimeStamp | None = None
    """What the time stamp says that was given now."""


def read_anchors(path: Path) -> tuple[Anchor, ...]:
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


def with_anchor(path: Path, new: Anchor) -> Mapping[Path, Content]:
    """The file with one more line; the same file where the last line says it already."""
    before = read_anchors(path) if path.exists() else ()
    anchors = before if before[-1:] == (new,) else (*before, new)
    return {path: "".join(f"{each.line}\n" for each in anchors).encode()}


def anchor(
    store: Store,
    path: Path,
    occasion: Occasion,
    stamped: Callable[[bytes], Stamped] | None = None,
) -> WrittenDown:
    """Write the end of the log into the file and, in the log, that it was; both or neither.

    ``stamped`` asks an authority for a time stamp of the line, and gives one that was found to be of it.
    Nothing is written where the last event of the log says that the last anchor of the file was written,
    with a time stamp where one is asked for.
    """
    with store.reading() as connection:
        permit(connection, occasion.author.person, Right.ANCHOR)
        head = head_of(connection)
        about = connection.execute(
            sa.select(EVENT.c.about).where(
                EVENT.c.seq == head.seq, EVENT.c.action == EventAction.ANCHORED
            )
        ).scalar()
    last = read_anchors(path)[-1:] if path.exists() else ()
    if last and about == last[0].seq and (stamped is None or last[0].stamp):
        return WrittenDown(anchor=last[0], is_new=False)
    new, details = Anchor(seq=head.seq, hash=head.hash), ""
    given = None if stamped is None else stamped(new.stated)
    if given is not None:
        new = Anchor(seq=head.seq, hash=head.hash, stamp=given.answer)
        details = canonical(
            {
                "authority": given.authority,
                "stamped_at": given.says.moment,
                "sha256": new.stamp_sha256,
            }
        )
    said = entries([{"action": EventAction.ANCHORED, "about": head.seq, "details": details}])
    with together(with_anchor(path, new)):
        append(store, said, occasion)
    return WrittenDown(anchor=new, is_new=True, stamp=None if given is None else given.says)


def _anchor(path: Path, number: int, line: str) -> Anchor:
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise EvidenceError(
            f"{path}, line {number}: found {line[:80]!r}; expected the number of an event, a space, "
            "its hash of 64 digits and, where it has a time stamp, a space and that in base64"
        )
    return Anchor(seq=int(found[1]), hash=found[2], stamp=_stamp(path, number, found[3] or ""))


def _stamp(path: Path, number: int, text: str) -> bytes:
    if len(text) > 2 * LARGEST_TIME_STAMP:
        raise EvidenceError(
            f"{path}, line {number}: its time stamp has {len(text):,} characters, and one has at most "
            f"{2 * LARGEST_TIME_STAMP:,}; take the file as it was written"
        )
    try:
        return b64decode(text, validate=True)
    except NoBase64:
        raise EvidenceError(
            f"{path}, line {number}: its time stamp was cut off or changed, and is no base64; take the file "
            "as it was written"
        ) from None
