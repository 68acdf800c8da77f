"""Hashes of the log written down outside the store, by which a log that was made anew is found.

The file has a line for each: the event, its hash and its moment. It belongs where whoever owns the
store cannot write: in version control, in an e-mail, printed in a report.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from trialkit.disk.content import Content
from trialkit.errors import EvidenceError
from trialkit.evidence.events import LogEnd
from trialkit.files.whole_files import read_whole

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


def _anchor(path: Path, number: int, line: str) -> LogEnd:
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise EvidenceError(
            f"{path}, line {number}: found {line[:80]!r}; expected the number of an event, a space and "
            "its hash of 64 digits"
        )
    return LogEnd(seq=int(found[1]), hash=found[2])
