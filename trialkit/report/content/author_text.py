"""The author's own words on a checklist item, as blocks, and the Markdown that they were written in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias, assert_never

from trialkit.report.content.claims import Claim
from trialkit.report.content.text import Paragraph, Run, words_of


class ColumnSide(StrEnum):
    """Where the words of a column stand."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorList:
    """A list as the author wrote it; its items hold paragraphs, and lists in them."""

    kind: ClassVar[str] = "list"
    items: tuple[tuple["AuthorBlock", ...], ...]
    first: int | None = None
    """The number of the first item; None for a list with bullets."""

    def mark(self, place: int) -> str:
        """What stands before the item at this place, counted from 0."""
        return "\N{BULLET}" if self.first is None else f"{self.first + place}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorTable:
    """A table as the author wrote it: no caption and no number; every row has as many cells as heads."""

    kind: ClassVar[str] = "grid"
    heads: tuple[tuple[Run, ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    sides: tuple[ColumnSide, ...]


AuthorBlock: TypeAlias = Paragraph | AuthorList | AuthorTable


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorText:
    """The author's own words on a checklist item."""

    kind: ClassVar[str] = "statement"
    item: str
    blocks: tuple[AuthorBlock, ...]
    source: str = ""
    """The Markdown of the whole file, as it was written but for its line ends."""
    anchor: str = ""
    claims: tuple[Claim, ...] = ()
    file: str = ""
    """The file of the trial that holds the words."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The words without their marks: a text for each paragraph and each row of a table."""
        return plain_paragraphs(self.blocks)


def plain_paragraphs(blocks: Iterable[AuthorBlock]) -> tuple[str, ...]:
    """The words of the blocks, in reading order and without marks."""
    return tuple(text for block in blocks for text in _plain(block))


def _plain(block: AuthorBlock) -> Iterator[str]:
    match block:
        case Paragraph():
            yield words_of(block.runs)
        case AuthorList():
            for item in block.items:
                yield from plain_paragraphs(item)
        case AuthorTable():
            for row in (block.heads, *block.rows):
                yield "; ".join(filter(None, map(words_of, row)))
        case _:
            assert_never(block)
