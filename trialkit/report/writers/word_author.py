"""The author's blocks as Word has them: paragraphs, lists that Word counts, plain tables."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, assert_never

from trialkit.report.content.author_text import AuthorBlock, AuthorList, AuthorTable, ColumnSide
from trialkit.report.content.text import Paragraph, Run, words_of
from trialkit.report.writers.word_lists import INDENT, ListNumbering
from trialkit.report.writers.word_table_styles import TABLE
from trialkit.report.writers.word_xml import (
    Markup,
    element,
    emboldened,
    paragraph,
    runs_right_to_left,
    valued,
)

STYLE, CELL_STYLE = "Report Statement", "Report Table Text"
_WHOLE = 5000
"""The width of the page, as Word counts shares of it."""
Place: TypeAlias = tuple[int, int] | None


class AuthorWriter:
    """Writes the author's blocks with the styles of one document."""

    def __init__(
        self,
        styles: dict[str, str],
        lists: ListNumbering,
        runs: Callable[[tuple[Run, ...]], Iterator[Markup]],
    ) -> None:
        self._styles = styles
        self._lists = lists
        self._runs = runs

    def write(self, blocks: Iterable[AuthorBlock]) -> Iterator[Markup]:
        """Paragraphs and tables, in order."""
        for block in blocks:
            yield from self._block(block, depth=0, place=None)

    def _block(self, block: AuthorBlock, *, depth: int, place: Place) -> Iterator[Markup]:
        match block:
            case Paragraph():
                yield self._paragraph(block.runs, depth=depth, place=place)
            case AuthorList():
                yield from self._list(block, depth=depth)
            case AuthorTable():
                yield self._table(block)
                yield paragraph(style=self._styles[CELL_STYLE])
            case _:
                assert_never(block)

    def _paragraph(self, runs: tuple[Run, ...], *, depth: int, place: Place) -> Markup:
        return paragraph(
            *self._runs(runs),
            style=self._styles[STYLE],
            right_to_left=runs_right_to_left(words_of(runs)),
            numbering=place,
            indent=INDENT * depth if place is None else 0,
        )

    def _list(self, block: AuthorList, *, depth: int) -> Iterator[Markup]:
        """Each item; the first paragraph of an item has the number, what follows stands under it."""
        if block.first is None:
            number = self._lists.bullets()
        else:
            number = self._lists.numbers(block.first, depth)
        for item in block.items:
            place: Place = (number, depth)
            for inner in item or (Paragraph(runs=()),):
                if place is not None and not isinstance(inner, Paragraph):
                    yield self._paragraph((), depth=depth, place=place)
                yield from self._block(inner, depth=depth + 1, place=place)
                place = None

    def _table(self, table: AuthorTable) -> Markup:
        rows = [self._row(table.heads, table.sides, head=True)]
        rows += [self._row(row, table.sides, head=False) for row in table.rows]
        share = _WHOLE // len(table.heads)
        return element(
            "w:tbl",
            element(
                "w:tblPr",
                valued("w:tblStyle", self._styles[TABLE]),
                element("w:tblW", attributes={"w:w": _WHOLE, "w:type": "pct"}),
                element("w:tblLook", attributes={"w:firstRow": 1, "w:noVBand": 1}),
            ),
            element(
                "w:tblGrid",
                *(element("w:gridCol", attributes={"w:w": share}) for _ in table.heads),
            ),
            *rows,
        )

    def _row(
        self, cells: tuple[tuple[Run, ...], ...], sides: tuple[ColumnSide, ...], *, head: bool
    ) -> Markup:
        properties = [element("w:cantSplit")]
        if head:
            properties.append(element("w:tblHeader"))
        made = [
            self._cell(runs, side, len(sides), head=head)
            for runs, side in zip(cells, sides, strict=True)
        ]
        return element("w:tr", element("w:trPr", *properties), *made)

    def _cell(self, runs: tuple[Run, ...], side: ColumnSide, columns: int, *, head: bool) -> Markup:
        properties = element(
            "w:tcPr",
            element("w:tcW", attributes={"w:w": _WHOLE // columns, "w:type": "pct"}),
        )
        words = paragraph(
            *map(emboldened, self._runs(runs)) if head else self._runs(runs),
            style=self._styles[CELL_STYLE],
            keep_with_next=head,
            alignment="" if side is ColumnSide.LEFT else side.value,
            right_to_left=runs_right_to_left(words_of(runs)),
        )
        return element("w:tc", properties, words)
