"""The marks by which the numbers of a Word document are tied to results, and how they are written.

Each number stands in a bookmark. Its name holds a hash of the rows of the results and one of the
text, so that a table pasted into another document can be checked too. What a name has no room for
stands in the record, a part of the file that Word keeps and does not show: also the words around
the number, since Word drops a bookmark when somebody types over all that is in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from xml.etree.ElementTree import Element, SubElement, tostring

from trialkit.report.content.origin import Origin

RECORD = "urn:trialkit:document:1"
"""The namespace of the record, by which it is found."""
_BOOKMARK = "_tk_"
"""Word takes a bookmark whose name begins with ``_`` for a hidden one."""
_NAME = re.compile(
    rf"{_BOOKMARK}(?P<results>[0-9a-f]{{16}})_(?P<text>[0-9a-f]{{8}})_(?P<place>[0-9]{{1,9}})"
)
_ONE_SIGN = str.maketrans({
    "-": "\N{MINUS SIGN}", "\N{HYPHEN}": "\N{MINUS SIGN}", "\N{NON-BREAKING HYPHEN}": "\N{MINUS SIGN}",
    "\N{EN DASH}": "\N{MINUS SIGN}", "\N{WORD JOINER}": None, "\N{ZERO WIDTH SPACE}": None,
    "\N{SOFT HYPHEN}": None,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberMark:
    """What the name of a mark says of a number."""

    results: str
    """The first 16 digits of the SHA-256 of the ids of its rows."""
    text: str
    """The first 8 digits of that of the rows and what was printed."""
    place: int
    """Which number of the document it is, counted from 1."""

    @property
    def name(self) -> str:
        """The name of its bookmark, of at most 40 characters as Word has it."""
        return f"{_BOOKMARK}{self.results}_{self.text}_{self.place}"

    def printed(self, text: str) -> bool:
        """Whether this is what was printed, but for blanks and kinds of minus."""
        return _text_hash(self.results, text) == self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedNumber:
    """A number of a document, as it was printed, and where."""

    place: int
    results: tuple[str, ...]
    text: str
    where: str
    """The heading, or the table with row and column."""
    before: str = ""
    after: str = ""
    """The words around it, in its paragraph or in its row of a table."""

    @property
    def mark(self) -> NumberMark:
        """The mark that it has."""
        results = results_hash(self.results)
        return NumberMark(results=results, text=_text_hash(results, self.text), place=self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """What a document says of itself: what it was made from, and its numbers."""

    origin: Origin
    numbers: tuple[MarkedNumber, ...]


def mark_named(name: str) -> NumberMark | None:
    """The mark that a bookmark of this name is; None for another one."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    return NumberMark(results=found["results"], text=found["text"], place=int(found["place"]))


def results_hash(results: Sequence[str]) -> str:
    """What the name of a mark says of the rows of the results."""
    return _digest(" ".join(results))[:16]


def alike(text: str) -> str:
    """A text in which blanks of any kind are one, and so are hyphens, dashes and minus signs."""
    return " ".join(text.translate(_ONE_SIGN).split())


def record_xml(record: DocumentRecord) -> bytes:
    """The record as a part of a Word file."""
    origin = record.origin
    root = Element(
        f"{{{RECORD}}}document",
        {
            "trial": origin.trial,
            "version": origin.version,
            "code": origin.code,
            "data_cut": _iso(origin.data_cut),
            "last_day": _iso(origin.last_day),
            "style": origin.style,
            "only": " ".join(origin.only),
            "pooled": "yes" if origin.pooled else "no",
        },
    )
    for each in record.numbers:
        attributes = {
            "place": str(each.place),
            "results": " ".join(each.results),
            "text": each.text,
            "where": each.where,
            "before": each.before,
            "after": each.after,
        }
        SubElement(root, f"{{{RECORD}}}number", attributes)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def read_record(root: Element) -> DocumentRecord | None:
    """The record that a part of a Word file is; None for another one, or one that was changed."""
    if root.tag != f"{{{RECORD}}}document":
        return None
    try:
        origin = Origin(
            trial=root.attrib["trial"],
            version=root.attrib["version"],
            code=root.attrib["code"],
            data_cut=_date(root.attrib["data_cut"]),
            last_day=_date(root.attrib["last_day"]),
            style=root.attrib["style"],
            only=tuple(root.attrib["only"].split()),
            pooled=root.attrib["pooled"] == "yes",
        )
        return DocumentRecord(origin=origin, numbers=tuple(_numbers(root)))
    except (KeyError, ValueError):
        return None


def _numbers(root: Element) -> Iterator[MarkedNumber]:
    for each in root:
        yield MarkedNumber(
            place=int(each.attrib["place"]),
            results=tuple(each.attrib["results"].split()),
            text=each.attrib["text"],
            where=each.attrib["where"],
            before=each.attrib["before"],
            after=each.attrib["after"],
        )


def _text_hash(results: str, text: str) -> str:
    return _digest(f"{results} {alike(text)}")[:8]


def _digest(text: str) -> str:
    return sha256(text.encode(errors="backslashreplace")).hexdigest()


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
