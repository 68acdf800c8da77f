"""How wide the columns of a table are on paper, and whether its page must be turned.

As a browser does it: no column is narrower than its widest piece that must stay on one line, and
what is left goes to the columns with the longest texts.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from trialkit.report.content.tables import Table
from trialkit.report.lettering.line_breaks import kept_together
from trialkit.report.lettering.text_width import text_width

POINTS_PER_MM = 72 / 25.4
UPRIGHT = 170.0 * POINTS_PER_MM
TURNED = 257.0 * POINTS_PER_MM
SIZES = (9.0, 8.0)
"""The sizes of letters, in points, that a table may be set in on an upright page."""
SIZES_TURNED = (9.0, 8.0, 7.0, 6.0)
PADDING = 8.0
"""Left and right of a cell's text together, in points."""
INDENT = 10.0
_NARROWER = 0.92
"""The fonts of documents against DejaVu Sans, which is measured."""
_LONGEST = 14
"""A word of more letters than this may be cut when there is no room."""
_LONGEST_NUMBER = 30
"""A cell of more letters than this is hardly one number with its limits."""
MOST_ROWS_WHOLE = 24
LONG_WORDS = 100
"""A cell of more letters than this runs over several lines."""
READABLE = 8.0
"""Smaller letters than these are worse than broken lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """How a table is set: its letters and its columns, the row heads first, in points."""

    turned: bool
    size: float
    widths: tuple[float, ...]

    @property
    def width(self) -> float:
        """The whole table."""
        return sum(self.widths)


@lru_cache(maxsize=256)
def lay_out_table(table: Table) -> TableLayout:
    """An upright page if it can be, else a turned one, and as large letters as can be.

    On each page it is best that no line breaks, then that lines of words alone break, and then
    that numbers break before what stands in parentheses.
    """
    needs = _needs(table)
    for turned, sizes, room in ((False, SIZES, UPRIGHT), (True, SIZES_TURNED, TURNED)):
        for least, smallest in (
            (needs.on_one_line, READABLE),
            (needs.numbers_whole, READABLE),
            (needs.narrowest, 0.0),
        ):
            for size in sizes:
                if size >= smallest and sum(_points(least, size)) <= room:
                    widths = _shared(needs, least, size=size, room=room)
                    return TableLayout(turned=turned, size=size, widths=widths)
    smallest = SIZES_TURNED[-1]
    squeezed = _points(needs.narrowest, smallest)
    widths = tuple(width * TURNED / sum(squeezed) for width in squeezed)
    return TableLayout(turned=True, size=smallest, widths=widths)


def is_kept_whole(table: Table) -> bool:
    """Whether a table moves to the next page rather than run over two: a small one of numbers."""
    wordy = any(len(cell.text) > LONG_WORDS for row in table.rows for cell in row.cells)
    return not wordy and len(table.rows) + len(table.groups) <= MOST_ROWS_WHOLE


def fits_upright(table: Table) -> bool:
    """Whether the table can be read on an upright page."""
    return not lay_out_table(table).turned


Widths: TypeAlias = tuple[float, ...]
"""A width for each column, the row heads first, for letters of one point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Needs:
    """How wide the columns must be."""

    narrowest: Widths
    numbers_whole: Widths
    on_one_line: Widths


def _points(widths: Widths, size: float) -> Widths:
    return tuple(width * size + PADDING for width in widths)


def _shared(needs: _Needs, least: Widths, *, size: float, room: float) -> Widths:
    """The whole width of the page; what is over goes where texts are longest."""
    has = _points(least, size)
    more = [want - own for want, own in zip(_points(needs.on_one_line, size), has, strict=True)]
    over = room - sum(has)
    if sum(more) > over:
        scale = over / sum(more)
        return tuple(own + extra * scale for own, extra in zip(has, more, strict=True))
    spare = (over - sum(more)) / len(has)
    return tuple(own + extra + spare for own, extra in zip(has, more, strict=True))


def _needs(table: Table) -> _Needs:
    columns = table.columns
    narrowest, whole, one_line = ([0.0] * columns for _ in range(3))

    def see(column: int, text: str, *, words: bool, bold: bool = False, indent: float = 0) -> None:
        line, piece = _measured(text, words=words, bold=bold)
        narrowest[column] = max(narrowest[column], piece + indent)
        one_line[column] = max(one_line[column], line + indent)
        if not words and not bold and len(text) <= _LONGEST_NUMBER:
            whole[column] = max(whole[column], line)

    see(0, table.stub, words=True, bold=True)
    for column, head in enumerate(table.heads, start=1):
        see(column, head.text + table.mark(head.note), words=head.words, bold=True)
    for row in table.rows:
        see(
            0,
            row.head + table.mark(row.note),
            words=True,
            indent=INDENT / SIZES[0] if row.indented else 0,
        )
        for column, cell in enumerate(row.cells, start=1):
            see(column, cell.text + table.mark(cell.note), words=cell.words)
    _spread_over(table, narrowest)
    numbers = tuple(map(max, whole, narrowest))
    return _Needs(
        narrowest=tuple(narrowest),
        numbers_whole=numbers,
        on_one_line=tuple(map(max, one_line, numbers)),
    )


def _spread_over(table: Table, narrowest: list[float]) -> None:
    """A head above several columns needs room in them together."""
    first = 1
    for head in table.spanning:
        _, piece = _measured(head.text, words=False, bold=True)
        under = range(first, first + head.span)
        lacking = piece - sum(narrowest[column] for column in under)
        for column in under:
            narrowest[column] += max(0.0, lacking) / head.span
        first += head.span


def _measured(text: str, *, words: bool, bold: bool) -> tuple[float, float]:
    """The width of the text on one line, and of its widest piece that is not broken."""
    shown = text if words else kept_together(text)
    parts = [part[:_LONGEST] if words else part for part in shown.split(" ")]
    widths = [text_width(part, size=_NARROWER, bold=bold) for part in parts if part]
    return text_width(shown, size=_NARROWER, bold=bold), max(widths, default=0.0)
