"""Tables as Word has them: real rows, heads repeated on every page, no row cut in two."""

from dataclasses import replace

from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.lettering.line_breaks import kept_together
from trialkit.report.writers.column_widths import (
    TURNED,
    UPRIGHT,
    TableLayout,
    is_kept_whole,
    lay_out_table,
)
from trialkit.report.writers.word_numbers import NumberMarks
from trialkit.report.writers.word_table_styles import (
    GROUP,
    HEAD,
    INDENTED,
    NUMBER,
    NUMBER_HEAD,
    RULED,
    SPANNING,
    TABLE,
    TEXT,
    TEXT_SIZE,
    THIN,
    rule,
)
from trialkit.report.writers.word_xml import (
    Markup,
    element,
    page_numbers,
    paragraph,
    runs_right_to_left,
    text_run,
    valued,
)

TWENTIETHS = 20


class TableWriter:
    """Writes tables with the styles of one document."""

    def __init__(
        self,
        styles: dict[str, str],
        numbers: NumberMarks,
        *,
        upright_room: float,
        turned_room: float,
        row_rules: bool = False,
    ) -> None:
        self._styles = styles
        self._numbers = numbers
        self._ruled = row_rules
        self._upright_room = upright_room
        self._turned_room = turned_room

    def write(self, table: Table) -> Markup:
        """The table as a ``w:tbl``."""
        layout = self._fitted(lay_out_table(table))
        whole = is_kept_whole(table)
        heads = self._heads(table, layout)
        body: list[Markup] = []
        before = 0
        for group in table.groups:
            body += self._group(table, group, layout, before=before, whole=whole)
            before += len(group.rows)
        return element(
            "w:tbl",
            _properties(table, layout, style=self._styles[RULED if self._ruled else TABLE]),
            element(
                "w:tblGrid",
                *(
                    element("w:gridCol", attributes={"w:w": _twentieths(width)})
                    for width in layout.widths
                ),
            ),
            *heads,
            *body,
        )

    def _fitted(self, layout: TableLayout) -> TableLayout:
        """The layout on the document's own paper, which may be narrower than A4."""
        room, planned = (
            (self._turned_room, TURNED) if layout.turned else (self._upright_room, UPRIGHT)
        )
        scale = min(1.0, room / planned)
        return replace(layout, widths=tuple(width * scale for width in layout.widths))

    def _heads(self, table: Table, layout: TableLayout) -> list[Markup]:
        rows = []
        if table.spanning:
            cells = [self._cell((), layout, HEAD, start=0, bottom="nil", keep=True)]
            start = 1
            for head in table.spanning:
                runs = self._head_runs(table, head, layout)
                cells.append(
                    self._cell(runs, layout, SPANNING, start=start, span=head.span, keep=True)
                )
                start += head.span
            rows.append(_row(cells, head=True))
        # the first row alone takes the rule below it from the table's style
        rule = "single" if table.spanning else ""
        stub = self._runs(table.stub, layout)
        cells = [self._cell(stub, layout, HEAD, start=0, bottom=rule, keep=True)]
        cells += [
            self._cell(
                self._head_runs(table, head, layout),
                layout,
                HEAD if head.words else NUMBER_HEAD,
                start=column,
                bottom=rule,
                keep=True,
            )
            for column, head in enumerate(table.heads, start=1)
        ]
        return [*rows, _row(cells, head=True)]

    def _group(
        self, table: Table, group: RowGroup, layout: TableLayout, *, before: int, whole: bool
    ) -> list[Markup]:
        """The rows of a group; ``before`` is how many rows the groups above have."""
        rows = []
        first = group is table.groups[0]
        if group.head:
            runs = self._runs(group.head, layout, mark=table.mark(group.note))
            style = HEAD if first or self._ruled else GROUP
            cell = self._cell(runs, layout, style, start=0, span=table.columns, keep=True)
            rows.append(_row([cell]))
        last = group is table.groups[-1]
        for number, row in enumerate(group.rows):
            ends = last and row is group.rows[-1] and not _noted(table)
            keep = whole and not ends
            rows.append(self._row(table, row, layout, number=before + number, keep=keep))
        return rows

    def _row(
        self, table: Table, row: Row, layout: TableLayout, *, number: int, keep: bool
    ) -> Markup:
        head = self._runs(row.head, layout, mark=table.mark(row.note))
        cells = [
            self._cell(
                head,
                layout,
                INDENTED if row.indented else TEXT,
                start=0,
                keep=keep,
                right_to_left=runs_right_to_left(row.head),
            )
        ]
        cells += [
            self._cell(
                self._value_runs(table, cell, layout, row=number, column=column - 1),
                layout,
                TEXT if cell.words else NUMBER,
                start=column,
                keep=keep,
                right_to_left=cell.words and runs_right_to_left(cell.text),
            )
            for column, cell in enumerate(row.cells, start=1)
        ]
        return _row(cells)

    def _head_runs(self, table: Table, head: ColumnHead, layout: TableLayout) -> tuple[Markup, ...]:
        text = head.text if head.words else kept_together(head.text)
        return self._runs(text, layout, mark=table.mark(head.note))

    def _value_runs(
        self, table: Table, cell: Cell, layout: TableLayout, *, row: int, column: int
    ) -> tuple[Markup, ...]:
        text = cell.text if cell.words else kept_together(cell.text)
        value = self._runs(text, layout)
        marked = self._numbers.in_cell(cell, value, table=table, row=row, column=column)
        runs = (*marked, *self._runs("", layout, mark=table.mark(cell.note)))
        if not cell.pages:
            return runs
        between = self._runs(": ", layout) if text else ()
        return (*runs, *between, *page_numbers(cell.pages, size=_own_size(layout)))

    def _runs(self, text: str, layout: TableLayout, *, mark: str = "") -> tuple[Markup, ...]:
        size = _own_size(layout)
        runs = [text_run(text, size=size)] if text else []
        if mark:
            runs.append(text_run(mark, raised=True, size=size))
        return tuple(runs)

    def _cell(
        self,
        runs: tuple[Markup, ...],
        layout: TableLayout,
        style: str,
        *,
        start: int,
        span: int = 1,
        bottom: str = "",
        keep: bool = False,
        right_to_left: bool = False,
    ) -> Markup:
        """A cell; ``bottom`` is the rule below it where it is another than the table's style has."""
        width = sum(layout.widths[start : start + span])
        properties = [_width("w:tcW", width)]
        if span > 1:
            properties.append(valued("w:gridSpan", span))
        if bottom:
            properties.append(element("w:tcBorders", rule("bottom", THIN, kind=bottom)))
            properties.append(valued("w:vAlign", "bottom"))
        text = paragraph(
            *runs, style=self._styles[style], keep_with_next=keep, right_to_left=right_to_left
        )
        return element("w:tc", element("w:tcPr", *properties), text)


def _noted(table: Table) -> bool:
    return bool(table.notes or table.footnotes)


def _properties(table: Table, layout: TableLayout, *, style: str) -> Markup:
    """The style that draws it, columns as wide as they were measured, and words for who cannot see."""
    return element(
        "w:tblPr",
        valued("w:tblStyle", style),
        _width("w:tblW", layout.width),
        element("w:tblLayout", attributes={"w:type": "fixed"}),
        element("w:tblLook", attributes={"w:firstRow": 1, "w:firstColumn": 1, "w:noVBand": 1}),
        valued("w:tblCaption", table.label),
        valued("w:tblDescription", table.caption),
    )


def _row(cells: list[Markup], *, head: bool = False) -> Markup:
    properties = [element("w:cantSplit")]
    if head:
        properties.append(element("w:tblHeader"))
    return element("w:tr", element("w:trPr", *properties), *cells)


def _width(tag: str, points: float) -> Markup:
    return element(tag, attributes={"w:w": _twentieths(points), "w:type": "dxa"})


def _own_size(layout: TableLayout) -> float:
    """The size of letters where the table needs others than its style's; else 0."""
    return 0.0 if layout.size == TEXT_SIZE else layout.size


def _twentieths(points: float) -> int:
    return round(points * TWENTIETHS)
