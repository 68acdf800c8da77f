"""What stands in a statement's content control becomes the author's blocks again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from xml.etree.ElementTree import Element

from trialkit.report.citing.stops import WrittenPlaces
from trialkit.report.content.author_text import AuthorBlock, AuthorList, AuthorTable, ColumnSide
from trialkit.report.content.marks import Citation, CitedWork, MarkedText
from trialkit.report.content.text import Paragraph, Run
from trialkit.report.marks.reading import tidied
from trialkit.report.marks.writing import comparable
from trialkit.report.writers.word_lists import INDENT
from trialkit.report.writers.word_walking import attribute, child, tag, value
from trialkit.steps.returned.author_runs import (
    DEEPEST,
    GOES,
    GOES_IN,
    MARKS_NOTHING,
    RunReader,
)
from trialkit.steps.returned.losses import Losses
from trialkit.steps.returned.numbering import ListDefinitions, ListPlace
from trialkit.steps.returned.word_file import WordFile

_SIDES = {"center": ColumnSide.CENTRE, "right": ColumnSide.RIGHT, "end": ColumnSide.RIGHT}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedWords:
    """The author's words as they stand in a document."""

    blocks: tuple[AuthorBlock, ...]
    losses: Losses


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A block, and where it stands in a list."""

    block: AuthorBlock
    place: ListPlace | None = None
    indent: int = 0
    """How many depths a paragraph without a number stands in."""


Items: TypeAlias = list[list[AuthorBlock]]


def read_words(
    content: Element,
    word: WordFile,
    cited: Mapping[str, tuple[CitedWork, ...]],
    *,
    written: Iterable[tuple[Run, ...]] = (),
) -> ReturnedWords:
    """The blocks in a content control, each in the form in which blocks are compared.

    ``cited`` has the works of every citation of the trial by the tag of its control; ``written`` the
    texts as their author wrote them, to which raised citations go back.
    """
    losses = Losses()
    reader = _Reader(word, RunReader(word, cited, losses), losses, WrittenPlaces(written))
    entries = list(reader.entries(content, 0))
    blocks = tuple(comparable(each) for each in _listed(entries))
    return ReturnedWords(blocks=blocks, losses=losses)


class _Reader:
    def __init__(
        self, word: WordFile, runs: RunReader, losses: Losses, places: WrittenPlaces
    ) -> None:
        self._places = places
        self._numbering: ListDefinitions = word.numbering
        self._styles = word.style_names
        self._runs = runs
        self._losses = losses
        self._joined: tuple[Run, ...] = ()
        """The runs of paragraphs before this one whose ends were deleted."""

    def entries(self, content: Element, depth: int) -> Iterator[_Entry]:
        """The paragraphs and tables, in order; empty paragraphs only where they have a number."""
        if depth > DEEPEST:
            self._losses.words["text too deep in other elements"] += 1
            return
        for each in content:
            name = tag(each)
            if name == "p":
                yield from self._paragraph(each)
            elif name == "tbl":
                yield from self._table(each)
            elif name == "sdt":
                inner = child(each, "sdtContent")
                if inner is not None:
                    yield from self.entries(inner, depth + 1)
            elif name in GOES:
                self._losses.changes += 1
            elif name in GOES_IN:
                self._losses.changes += name in {"ins", "moveTo"}
                yield from self.entries(each, depth + 1)
            elif name not in MARKS_NOTHING:
                self._losses.words[f"an element {name[:40]!r}"] += 1

    def _paragraph(self, paragraph: Element) -> Iterator[_Entry]:
        runs = (*self._joined, *self._runs.read(paragraph))
        self._joined = ()
        if _end_was_deleted(paragraph):
            self._losses.changes += 1
            self._joined = runs
            return
        runs = tidied(runs)
        if any(isinstance(run, Citation) and run.raised for run in runs):
            runs = tidied(self._places.put_back(runs))
        style = self._styles.get(value(paragraph, "pPr", "pStyle"), "")
        if runs and style.startswith("heading"):
            self._losses.looks["a heading, now a paragraph"] += 1
        place = self._numbering.place(paragraph, style)
        if runs or place is not None:
            indent = 0 if place is not None else _indent(paragraph)
            yield _Entry(block=Paragraph(runs=runs), place=place, indent=indent)

    def _table(self, table: Element) -> Iterator[_Entry]:
        rows = [list(_cells(row)) for row in table if tag(row) == "tr" and not _is_deleted(row)]
        if any(_is_merged(cell) for row in rows for cell in row):
            self._losses.words["a table with merged cells"] += 1
            return
        widest = max(map(len, rows), default=0)
        if not widest or any(len(row) != widest for row in rows):
            self._losses.words["a table whose rows have different numbers of cells"] += 1
            return
        heads, *others = [tuple(self._cell(cell) for cell in row) for row in rows]
        yield _Entry(
            block=AuthorTable(
                heads=tuple(map(_not_bold, heads)),
                rows=tuple(others),
                sides=tuple(map(_side, rows[0])),
            )
        )

    def _cell(self, cell: Element) -> tuple[Run, ...]:
        texts = [
            entry.block.runs
            for entry in self.entries(cell, 0)
            if isinstance(entry.block, Paragraph) and entry.block.runs
        ]
        if any(tag(each) == "tbl" for each in cell):
            self._losses.words["a table in a table"] += 1
        if len(texts) > 1:
            self._losses.looks["several paragraphs in a cell, now one"] += 1
        spaced = ((run for runs in texts for run in (*runs, " ")),)
        return tidied(run for runs in spaced for run in runs)


def _listed(entries: Sequence[_Entry]) -> Iterator[AuthorBlock]:
    position = 0
    while position < len(entries):
        if entries[position].place is None:
            yield entries[position].block
            position += 1
        else:
            made, position = _list(entries, position)
            yield made


def _list(entries: Sequence[_Entry], position: int) -> tuple[AuthorList, int]:
    """The list that begins here, with the lists in it, and where it ends."""
    begins = entries[position].place
    assert begins is not None
    items: Items = []
    while position < len(entries):
        entry = entries[position]
        place = entry.place
        if place is not None and place.depth == begins.depth and place.of == begins.of:
            items.append([entry.block] if _says_something(entry.block) else [])
        elif place is not None and place.depth > begins.depth:
            inner, position = _list(entries, position)
            items[-1].append(inner)
            continue
        elif place is None and entry.indent > begins.depth and items:
            items[-1].append(entry.block)
        else:
            break
        position += 1
    return AuthorList(items=tuple(map(tuple, items)), first=begins.first), position


def _says_something(block: AuthorBlock) -> bool:
    return not isinstance(block, Paragraph) or bool(block.runs)


def _end_was_deleted(paragraph: Element) -> bool:
    """Whether a tracked change takes the end of a paragraph away, and joins it with the next."""
    look = child(paragraph, "pPr", "rPr")
    return look is not None and any(tag(each) in GOES for each in look)


def _indent(paragraph: Element) -> int:
    properties = child(paragraph, "pPr", "ind")
    left = "" if properties is None else attribute(properties, "left")
    return int(left) // INDENT if left.isascii() and left.isdigit() and len(left) < 6 else 0


def _cells(row: Element) -> Iterator[Element]:
    for each in row:
        if tag(each) == "tc":
            yield each
        elif tag(each) == "sdt":
            content = child(each, "sdtContent")
            yield from (
                inner for inner in (content if content is not None else ()) if tag(inner) == "tc"
            )


def _is_deleted(row: Element) -> bool:
    return child(row, "trPr", "del") is not None


def _is_merged(cell: Element) -> bool:
    spans = value(cell, "tcPr", "gridSpan") not in {"", "1"}
    return spans or child(cell, "tcPr", "vMerge") is not None


def _side(cell: Element) -> ColumnSide:
    return _SIDES.get(value(cell, "p", "pPr", "jc"), ColumnSide.LEFT)


def _not_bold(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The head of a column, which every table prints bold."""
    lighter = (replace(run, bold=False) if isinstance(run, MarkedText) else run for run in runs)
    plain = (
        run.text if isinstance(run, MarkedText) and run == MarkedText(text=run.text) else run
        for run in lighter
    )
    return tidied(plain)
