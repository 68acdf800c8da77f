"""How the author cites: ``[@key]``, ``[@first; @second, p. 3]``. One grammar for report and validation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.report.content.marks import CitedWork

CITATION = re.compile(r"\[@(?P<inside>[^\[\]]{0,2000})\]")
_KEY = r"[^\W_](?:[\w:.#$%&+?<>~/-]*[\w/])?|[0-9]"
_WORK = re.compile(rf"@(?P<key>{_KEY})\s*(?:,\s*(?P<locator>[^;@]+))?")
EXPECTED = "[@key], or several as [@first; @second, p. 3]"
_ESCAPE = "\\"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitingPlace:
    """Works cited in a text, and the line of the text, counted from 1."""

    text: str
    works: tuple[CitedWork, ...]
    line: int


def _is_escaped(text: str, place: int) -> bool:
    """Whether an odd number of backslashes stands before this place."""
    first = place
    while first and text[first - 1] == _ESCAPE:
        first -= 1
    return (place - first) % 2 == 1


def cited_works(citation: str) -> tuple[CitedWork, ...]:
    """The works of a citation such as ``[@a; @b, p. 3]``; none for what is no citation."""
    works = []
    for piece in citation[1:-1].split(";"):
        found = _WORK.fullmatch(" ".join(piece.split()))
        if found is None:
            return ()
        works.append(CitedWork(key=found["key"], locator=(found["locator"] or "").strip()))
    return tuple(works)


def citations_in(text: str) -> Iterator[CitingPlace]:
    """Every citation of a text in reading order; one that cannot be read cites no works.

    A bracket behind a backslash is a bracket.
    """
    line, seen = 1, 0
    for found in CITATION.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        if not _is_escaped(text, found.start()):
            yield CitingPlace(text=found.group(), works=cited_works(found.group()), line=line)
