"""Tables as Word has them: real rows, heads repeated on every page, no row cut in two."""

from dataclasses import replace

from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.lettering.line_breaks import kept_together
from trialkit.report.writers.column_widths import (
    INDENT,
    TURNED,
    UPRIGHT,
    TableLayout,
    is_kept_whole,
    lay_out_table,
)
from trialkit.report.writers.word_xml import (
    Element,
    element,
    page_numbers,
    paragraph,
    runs_right_to_left,
    text_run,
    valued,
)

TWENTIETHS = 20
THICK, THIN, HAIRLINE = 12, 6, 2
"""Rules, in eighths of a point."""
TEXT_STYLE = "Report Table Text"


class TableWriter:
    """Writes tables with the styles of one document."""

    def __init__(
        self,
        styles: dict[str, str],
        *,
        upright_room: float,
        turned_room: float,
        row_rules: bool = False,
    ) -> None:
        self._style = styles[TEXT_STYLE]
        self._upright_room = upright_room
        self._turned_room = turned_room
        self._between_rows = HAIRLINE if row_rules else 0

    def write(self, table: Table) -> Element:
        """The table as a ``w:tbl``."""
        layout = self._fitted(lay_out_table(table))
        whole = is_kept_whole(table)
        heads = self._heads(table, layout)
        body = [
            row
            for number, group in enumerate(table.groups)
            for row in self._group(table, group, layout, first=number == 0, whole=whole)
        ]
        return element(
            "w:tbl",
            _properties(table, layout),
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

    def _heads(self, table: Table, layout: TableLayout) -> list[Element]:
        rows = []
        if table.spanning:
            cells = [self._cell((), layout, start=0, keep=True)]
            start = 1
            for head in table.spanning:
                runs = self._head_runs(table, head, layout)
                cells.append(
                    self._cell(
                        runs,
                        layout,
                        start=start,
                        span=head.span,
                        alignment="center",
                        bottom=THIN,
                        keep=True,
                    )
                )
                start += head.span
            rows.append(_row(cells, head=True))
        stub = self._runs(table.stub, layout, bold=True)
        cells = [self._cell(stub, layout, start=0, bottom=THIN, keep=True, low=True)]
        cells += [
            self._cell(
                self._head_runs(table, head, layout),
                layout,
                start=column,
                bottom=THIN,
                keep=True,
                alignment="" if head.words else "right",
                low=True,
            )
            for column, head in enumerate(table.heads, start=1)
        ]
        return [*rows, _row(cells, head=True)]

    def _group(
        self, table: Table, group: RowGroup, layout: TableLayout, *, first: bool, whole: bool
    ) -> list[Element]:
        rows = []
        if group.head:
            runs = self._runs(group.head, layout, bold=True, mark=table.mark(group.note))
            cell = self._cell(
                runs, layout, start=0, span=table.columns, top=0 if first else HAIRLINE, keep=True
            )
            rows.append(_row([cell]))
        last = group is table.groups[-1]
        for row in group.rows:
            ends = last and row is group.rows[-1] and not _noted(table)
            top = 0 if row is group.rows[0] else self._between_rows
            rows.append(self._row(table, row, layout, top=top, keep=whole and not ends))
        return rows

    def _row(self, table: Table, row: Row, layout: TableLayout, *, top: int, keep: bool) -> Element:
        indent = _twentieths(INDENT) if row.indented else 0
        head = self._runs(row.head, layout, mark=table.mark(row.note))
        cells = [
            self._cell(
                head,
                layout,
                start=0,
                top=top,
                indent=indent,
                keep=keep,
                right_to_left=runs_right_to_left(row.head),
            )
        ]
        cells += [
            self._cell(
                self._value_runs(table, cell, layout),
                layout,
                start=column,
                top=top,
                keep=keep,
                alignment="" if cell.words else "right",
                right_to_left=cell.words and runs_right_to_left(cell.text),
            )
            for column, cell in enumerate(row.cells, start=1)
        ]
        return _row(cells)

    def _head_runs(
        self, table: Table, head: ColumnHead, layout: TableLayout
    ) -> tuple[Element, ...]:
        text = head.text if head.words else kept_together(head.text)
        return self._runs(text, layout, bold=True, mark=table.mark(head.note))

    def _value_runs(self, table: Table, cell: Cell, layout: TableLayout) -> tuple[Element, ...]:
        text = cell.text if cell.words else kept_together(cell.text)
        runs = self._runs(text, layout, mark=table.mark(cell.note))
        if not cell.pages:
            return runs
        between = self._runs(": ", layout) if text else ()
        counted = page_numbers(cell.pages)
        for run in counted:
            _sized(run, layout.size)
        return (*runs, *between, *counted)

    def _runs(
        self, text: str, layout: TableLayout, *, bold: bool = False, mark: str = ""
    ) -> tuple[Element, ...]:
        runs = [text_run(text, bold=bold)] if text else []
        if mark:
            runs.append(text_run(mark, raised=True))
        for run in runs:
            _sized(run, layout.size)
        return tuple(runs)

    def _cell(
        self,
        runs: tuple[Element, ...],
        layout: TableLayout,
        *,
        start: int,
        span: int = 1,
        alignment: str = "",
        indent: int = 0,
        top: int = 0,
        bottom: int = 0,
        keep: bool = False,
        low: bool = False,
        right_to_left: bool = False,
    ) -> Element:
        width = sum(layout.widths[start : start + span])
        properties = element("w:tcPr", _width("w:tcW", width))
        if span > 1:
            properties.append(valued("w:gridSpan", span))
        edges = [_edge(side, size) for side, size in (("top", top), ("bottom", bottom)) if size]
        if edges:
            properties.append(element("w:tcBorders", *edges))
        if low:
            properties.append(valued("w:vAlign", "bottom"))
        text = paragraph(
            *runs,
            style=self._style,
            keep_with_next=keep,
            alignment=alignment,
            indent=indent,
            right_to_left=right_to_left,
        )
        return element("w:tc", properties, text)


def _noted(table: Table) -> bool:
    return bool(table.notes or table.footnotes)


def _properties(table: Table, layout: TableLayout) -> Element:
    """Rules above and below, columns as wide as they were measured, and words for who cannot see."""
    side = _twentieths(4)
    return element(
        "w:tblPr",
        _width("w:tblW", layout.width),
        element("w:tblBorders", _edge("top", THICK), _edge("bottom", THICK)),
        element("w:tblLayout", attributes={"w:type": "fixed"}),
        element(
            "w:tblCellMar",
            *(
                element(f"w:{place}", attributes={"w:w": side, "w:type": "dxa"})
                for place in ("left", "right")
            ),
        ),
        element("w:tblLook", attributes={"w:firstRow": 1, "w:firstColumn": 1, "w:noVBand": 1}),
        valued("w:tblCaption", table.label),
        valued("w:tblDescription", table.caption),
    )


def _row(cells: list[Element], *, head: bool = False) -> Element:
    properties = element("w:trPr", element("w:cantSplit"))
    if head:
        properties.append(element("w:tblHeader"))
    return element("w:tr", properties, *cells)


def _edge(side: str, size: int) -> Element:
    attributes = {"w:val": "single", "w:sz": size, "w:space": 0, "w:color": "1B1F24"}
    return element(f"w:{side}", attributes=attributes)


def _width(tag: str, points: float) -> Element:
    return element(tag, attributes={"w:w": _twentieths(points), "w:type": "dxa"})


def _sized(run: Element, points: float) -> None:
    """The letters of a run in another size than its style's."""
    half_points = round(points * 2)
    properties = run.find("{*}rPr")
    if properties is None:
        properties = element("w:rPr")
        run.insert(0, properties)
    place = next(
        (
            number
            for number, child in enumerate(properties)
            if child.tag.endswith(("vertAlign", "rtl"))
        ),
        len(properties),
    )
    for tag in ("w:szCs", "w:sz"):
        properties.insert(place, valued(tag, half_points))


def _twentieths(points: float) -> int:
    return round(points * TWENTIETHS)
