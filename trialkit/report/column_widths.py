"""How wide the columns of a table are on paper, and whether its page must be turned.

As a browser does it: no column is narrower than its widest piece that must stay on one line, and
what is left goes to the columns with the longest texts.
"""

from dataclasses import dataclass

from trialkit.report.content import Table
from trialkit.report.line_breaks import kept_together
from trialkit.report.text_width import text_width

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


def lay_out_table(table: Table) -> TableLayout:
    """An upright page if it can be, else a turned one; letters so large that no line need break.

    Where lines must break, as in tables of words, the letters are as large as they may be.
    """
    needs = _needs(table)
    for turned, sizes, room in ((False, SIZES, UPRIGHT), (True, SIZES_TURNED, TURNED)):
        fitting = [size for size in sizes if sum(needs.least(size)) <= room]
        unbroken = [size for size in fitting if size >= 8 and sum(needs.wanted(size)) <= room]
        for size in unbroken or fitting:
            return TableLayout(turned=turned, size=size, widths=needs.shared(size, room))
    smallest = SIZES_TURNED[-1]
    least = needs.least(smallest)
    squeezed = tuple(width * TURNED / sum(least) for width in least)
    return TableLayout(turned=True, size=smallest, widths=squeezed)


def fits_upright(table: Table) -> bool:
    """Whether the table can be read on an upright page."""
    return not lay_out_table(table).turned


@dataclass(frozen=True, slots=True, kw_only=True)
class _Needs:
    """What the columns need for letters of one point, and the number of the table's columns."""

    narrowest: tuple[float, ...]
    widest: tuple[float, ...]

    def least(self, size: float) -> tuple[float, ...]:
        return tuple(width * size + PADDING for width in self.narrowest)

    def wanted(self, size: float) -> tuple[float, ...]:
        return tuple(width * size + PADDING for width in self.widest)

    def shared(self, size: float, room: float) -> tuple[float, ...]:
        """The whole width of the page; what is over goes where texts are longest."""
        least = self.least(size)
        wanted = self.wanted(size)
        over = room - sum(least)
        more = [max(0.0, want - has) for want, has in zip(wanted, least, strict=True)]
        if sum(more) > over:
            return tuple(
                has + over * extra / sum(more) for has, extra in zip(least, more, strict=True)
            )
        spare = room - sum(wanted)
        head, *others = wanted
        share = spare / len(wanted)
        return (head + share, *(width + share for width in others))


def _needs(table: Table) -> _Needs:
    columns = table.columns
    narrowest = [0.0] * columns
    widest = [0.0] * columns

    def see(column: int, text: str, *, words: bool, bold: bool = False) -> None:
        whole, piece = _measured(text, words=words, bold=bold)
        narrowest[column] = max(narrowest[column], piece)
        widest[column] = max(widest[column], whole)

    see(0, table.stub, words=True, bold=True)
    for column, head in enumerate(table.heads, start=1):
        see(column, head.text, words=head.words, bold=True)
    for row in table.rows:
        see(0, row.head, words=True)
        if row.indented:
            widest[0] = max(widest[0], text_width(row.head, size=_NARROWER) + INDENT / SIZES[0])
        for column, cell in enumerate(row.cells, start=1):
            see(column, cell.text, words=cell.words)
    _spread_over(table, narrowest)
    return _Needs(narrowest=tuple(narrowest), widest=tuple(map(max, widest, narrowest)))


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
