"""The marked numbers of a Word document, as they are found in it: text, and the words around it.

A document is read in lines: a paragraph is one, and so is a row of a table, its cells one after the
other. What was deleted with tracked changes is not there, and what was inserted is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from trialkit.report.writers.word_marks import NumberMark, alike, mark_named
from trialkit.report.writers.word_walking import SIGNS, attribute, steps, tag, text_at, value
from trialkit.report.writers.word_xml import Markup, text_of_markup

AROUND = 40
"""How many characters of a line are kept before and after a number."""
BETWEEN = " | "
"""What stands between the cells of a row."""
_BEGINS = frozenset({"tr", "p"})
"""What begins a line."""
_WRITTEN = re.compile(
    r'<w:t xml:space="preserve">([^<]+)</w:t>'
    r'|<w:bookmarkStart w:id="(\d+)" w:name="([^"]*)"/>'
    r'|<w:bookmarkEnd w:id="(\d+)"/>'
    r"|<w:(tr|p)>"
    r"|</w:(tr|tc|p)>"
    r"|<w:(tab|br)/>"
)
"""What lines are made of, as a report is written."""
_LONGEST = 1_000
"""Characters of a number, where somebody wrote more into its mark."""
_UNSEEN = dict.fromkeys(map(ord, "\N{WORD JOINER}\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}"))
_SIGNS = "+\\-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{MINUS SIGN}\N{PLUS-MINUS SIGN}.,\N{MIDDLE DOT}"
_JOINS_BEFORE = re.compile(rf"[\d%{_SIGNS}]{{1,{AROUND}}}$")
_JOINS_AFTER = re.compile(rf"(?:[{_SIGNS}]?[\d%])+")
"""A stop or a comma after a number is the sentence's, unless a digit follows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """A marked number as it stands in a document."""

    mark: NumberMark
    text: str
    before: str
    after: str
    joined_before: str = ""
    """What stands right before its mark and is read as a part of the number: digits and their signs."""
    joined_after: str = ""

    @property
    def reads_as(self) -> str:
        """The number as a reader sees it."""
        return f"{self.joined_before}{self.text}{self.joined_after}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A paragraph, or a row of a table."""

    text: str
    style: str
    """The identifier of the paragraph's style; empty for a row."""
    numbers: tuple[FoundNumber, ...]
    unmarked: str
    """The text outside of every mark."""


@dataclass(slots=True)
class _Line:
    """A line that is being read."""

    style: str = ""
    pieces: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    length: int = 0
    begun: dict[str, tuple[NumberMark, int]] = field(default_factory=dict)
    ended: list[tuple[NumberMark, int, int]] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)
        if not self.begun:
            self.outside.append(text)

    def begin(self, identity: str, name: str) -> None:
        mark = mark_named(name)
        if mark is not None:
            self.begun[identity] = (mark, self.length)

    def end(self, identity: str) -> None:
        if identity in self.begun:
            mark, start = self.begun.pop(identity)
            self.ended.append((mark, start, self.length))

    def read(self) -> ReadLine:
        for identity in list(self.begun):  # one whose end stands in another paragraph
            self.end(identity)
        text = "".join(self.pieces)
        return ReadLine(
            text=alike(text),
            style=self.style,
            unmarked=alike("".join(self.outside)),
            numbers=tuple(
                FoundNumber(
                    mark=mark,
                    text=alike(text[start : min(end, start + _LONGEST)]),
                    before=alike(text[max(start - AROUND, 0) : start]),
                    after=alike(text[end : end + AROUND]),
                    joined_before=_joined(
                        _JOINS_BEFORE.search(
                            text[max(start - AROUND, 0) : start].translate(_UNSEEN)
                        )
                    ),
                    joined_after=_joined(
                        _JOINS_AFTER.match(text[end : end + AROUND].translate(_UNSEEN))
                    ),
                )
                for mark, start, end in self.ended
            ),
        )


def _joined(found: re.Match[str] | None) -> str:
    return "" if found is None else found.group()


def read_lines(root: Element) -> Iterator[ReadLine]:
    """The lines of a document, in reading order; a table in a cell comes before its row."""
    reader = _Reader()
    for begins, element in steps(root):
        name = tag(element)
        if not begins:
            if (done := reader.end(name)) is not None:
                yield done.read()
        elif name == "bookmarkStart":
            reader.line.begin(attribute(element, "id"), attribute(element, "name"))
        elif name == "bookmarkEnd":
            reader.line.end(attribute(element, "id"))
        elif name in _BEGINS:
            reader.begin(name, style=value(element, "pPr", "pStyle") if name == "p" else "")
        elif text := text_at(element):
            reader.line.add(text)


def written_lines(body: Iterable[Markup]) -> Iterator[ReadLine]:
    """The lines of a document as they are written, without their styles: the same lines, far sooner.

    Of a document of thousands of cells no tree is made for it.
    """
    reader = _Reader()
    for part in body:
        for words, mark, name, ended, begun, end, sign in _WRITTEN.findall(part):
            if words:
                reader.line.add(text_of_markup(words))
            elif mark:
                reader.line.begin(mark, name)
            elif ended:
                reader.line.end(ended)
            elif begun:
                reader.begin(begun)
            elif sign:
                reader.line.add(SIGNS[sign])
            elif (done := reader.end(end)) is not None:
                yield done.read()


class _Reader:
    """Puts what comes into the line that it belongs to."""

    def __init__(self) -> None:
        self._rows: list[_Line] = []
        self._paragraph = _Line()

    def begin(self, name: str, *, style: str = "") -> None:
        """A row begins, or a paragraph."""
        if name == "tr":
            self._rows.append(_Line())
        elif not self._rows:
            self._paragraph = _Line(style=style)

    def end(self, name: str) -> _Line | None:
        """The line that ends here, if one does."""
        if name == "tr":
            return self._rows.pop()
        if name in {"tc", "p"} and self._rows:
            self._rows[-1].add(BETWEEN if name == "tc" else " ")
            return None
        return self._paragraph if name == "p" else None

    @property
    def line(self) -> _Line:
        return self._rows[-1] if self._rows else self._paragraph
