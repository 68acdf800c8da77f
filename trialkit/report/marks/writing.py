"""Blocks of an author become Markdown again: the reverse of :mod:`trialkit.report.marks.reading`.

As little is escaped as can be: what is written is read again, and only where it says something else
is everything escaped that could be taken for a mark.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from trialkit.errors import ReportError
from trialkit.report.content.author_text import AuthorBlock, AuthorList, AuthorTable, ColumnSide
from trialkit.report.content.marks import Citation, CitedWork, MarkedText, Position
from trialkit.report.content.text import (
    CrossReference,
    Paragraph,
    PrintedNumber,
    Run,
    ToWrite,
    WebAddress,
    words_of,
)
from trialkit.report.marks.citing import CITATION, cited_works
from trialkit.report.marks.reading import TextPlace, read_blocks, tidied

_SIGNS = (
    re.compile(r"(\\)"),
    re.compile(r"([\\*^~])"),
    re.compile(r"([\\*_\[\]^~|`])"),
)
"""What is escaped: as little as can be first."""
_START = re.compile(r"^(?:(?P<sign>[-+*#])|(?P<number>[0-9]{1,9})(?P<dot>[.)]))(?=\s|$|#)")
_SIDES = {ColumnSide.LEFT: "---", ColumnSide.CENTRE: ":-:", ColumnSide.RIGHT: "--:"}
_BULLETS, _DOTS = ("-", "*"), (".", ")")
_NOWHERE = TextPlace(file="")


def comparable(block: AuthorBlock) -> AuthorBlock:
    """The block in the one form that what is said alike has: addresses and citations as words."""
    return _each_text(block, _plainer)


def without_looks(block: AuthorBlock) -> AuthorBlock:
    """The block with nothing in it emphasised, raised or lowered."""
    return _each_text(
        block,
        lambda runs: tidied(run.text if isinstance(run, MarkedText) else run for run in runs),
    )


def _each_text(
    block: AuthorBlock, change: Callable[[tuple[Run, ...]], tuple[Run, ...]]
) -> AuthorBlock:
    """The block with each of its texts changed."""
    match block:
        case Paragraph():
            return Paragraph(runs=change(block.runs))
        case AuthorList():
            items = (tuple(_each_text(each, change) for each in item) for item in block.items)
            return AuthorList(items=tuple(items), first=block.first)
        case AuthorTable():
            return AuthorTable(
                heads=tuple(map(change, block.heads)),
                rows=tuple(tuple(map(change, row)) for row in block.rows),
                sides=block.sides,
            )
        case _:
            assert_never(block)


def written_block(block: AuthorBlock, *, second: bool = False) -> str | None:
    """The Markdown of a block; None where no Markdown says the same.

    ``second`` is for a list that follows another one, which it would be taken for.
    """
    for signs in _SIGNS:
        text = "\n".join(_Writing(signs=signs, second=second).lines(block))
        if _read_again(text) == (comparable(block),):
            return text
    return None


def _read_again(text: str) -> tuple[AuthorBlock, ...]:
    """What a text says; nothing where it begins a citation that cannot be read."""
    try:
        return tuple(comparable(each) for each in read_blocks(text, _NOWHERE))
    except ReportError:
        return ()


def citation_source(works: Iterable[CitedWork]) -> str:
    """A citation as an author writes it: ``[@first; @second, p. 3]``."""
    cited = (", ".join(filter(None, (f"@{each.key}", each.locator))) for each in works)
    return f"[{'; '.join(cited)}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """How a block is written: which signs are escaped, and whether a list has its second marks."""

    signs: re.Pattern[str]
    second: bool

    def lines(self, block: AuthorBlock) -> Iterator[str]:
        match block:
            case Paragraph():
                yield self._start(self._runs(block.runs))
            case AuthorList():
                yield from self._list(block)
            case AuthorTable():
                yield self._row(block.heads)
                yield f"| {' | '.join(_SIDES[side] for side in block.sides)} |"
                yield from map(self._row, block.rows)
            case _:
                assert_never(block)

    def _list(self, block: AuthorList) -> Iterator[str]:
        for number, item in enumerate(block.items):
            mark = _BULLETS[self.second]
            if block.first is not None:
                mark = f"{block.first + number}{_DOTS[self.second]}"
            indent = " " * (len(mark) + 1)
            lead = f"{mark} "
            for position, inner in enumerate(item):
                if position and isinstance(inner, Paragraph | AuthorTable):
                    yield ""
                for line in self.lines(inner):
                    yield f"{lead}{line}".rstrip()
                    lead = indent
            if not item:
                yield mark

    def _row(self, cells: Iterable[tuple[Run, ...]]) -> str:
        texts = (re.sub(r"(?<!\\)\|", r"\|", self._runs(cell)) for cell in cells)
        return f"| {' | '.join(texts)} |"

    def _start(self, text: str) -> str:
        found = _START.match(text)
        if found is None:
            return text
        place = found.start("sign") if found["sign"] else found.start("dot")
        return f"{text[:place]}\\{text[place:]}"

    def _runs(self, runs: tuple[Run, ...]) -> str:
        return "".join(self._run(run) for run in runs)

    def _run(self, run: Run) -> str:
        match run:
            case str():
                return self._escaped(run)
            case MarkedText():
                return self._marked(run)
            case WebAddress():
                if not run.words or run.words.lower().startswith("doi:"):
                    return run.text
                return f"[{self._escaped(run.words)}](<{run.url}>)"
            case Citation():
                return citation_source(run.works)
            case PrintedNumber() | CrossReference() | ToWrite():
                return self._escaped(words_of((run,)))
            case _:
                assert_never(run)

    def _marked(self, run: MarkedText) -> str:
        """The marks stand around the words, and blanks at either end outside of them."""
        words = run.text.strip()
        if not words:
            return run.text
        before = run.text[: len(run.text) - len(run.text.lstrip())]
        after = run.text[len(run.text.rstrip()) :]
        if run.position is not Position.ON_LINE:
            sign = "^" if run.position is Position.RAISED else "~"
            inside = " ".join(f"{sign}{self._escaped(word)}{sign}" for word in words.split())
        else:
            inside = self._escaped(words)
        marks = "*" * (run.italic + 2 * run.bold)
        return f"{before}{marks}{inside}{marks}{after}"

    def _escaped(self, text: str) -> str:
        """The text without a mark in it; a citation that somebody typed is one."""
        made, seen = "", 0
        for found in CITATION.finditer(text):
            if cited_works(found.group()):
                made += self.signs.sub(r"\\\1", text[seen : found.start()]) + found.group()
                seen = found.end()
        return made + self.signs.sub(r"\\\1", text[seen:])


def _plainer(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs with citations as they are written, and addresses that stand for themselves as words."""
    plain = list(tidied(_plain(run) for run in runs))
    if plain and isinstance(plain[0], str):
        plain[0] = plain[0].lstrip()
    if plain and isinstance(plain[-1], str):
        plain[-1] = plain[-1].rstrip()
    return tidied(plain)


def _plain(run: Run) -> Run:
    if isinstance(run, Citation):
        return citation_source(run.works)
    if isinstance(run, WebAddress) and (not run.words or run.words.lower().startswith("doi:")):
        return run.text
    if isinstance(run, MarkedText) and run.position is Position.ON_LINE and not run.text.strip():
        return run.text  # blanks have no looks
    return run
