"""Every text that a table prints between its caption and its end, each in its place."""

from collections.abc import Callable
from dataclasses import replace

from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table

Change = Callable[[str], str]


def with_texts(table: Table, change: Change) -> Table:
    """The table with the texts of heads, rows, cells and notes changed, one after the other as they are read."""
    return replace(
        table,
        spanning=tuple(_head(each, change) for each in table.spanning),
        heads=tuple(_head(each, change) for each in table.heads),
        groups=tuple(_group(each, change) for each in table.groups),
        notes=tuple(map(change, table.notes)),
        footnotes=tuple(replace(each, text=change(each.text)) for each in table.footnotes),
    )


def _head(head: ColumnHead, change: Change) -> ColumnHead:
    return replace(head, text=change(head.text), note=change(head.note))


def _group(group: RowGroup, change: Change) -> RowGroup:
    return RowGroup(
        head=change(group.head),
        rows=tuple(_row(each, change) for each in group.rows),
        note=change(group.note),
    )


def _row(row: Row, change: Change) -> Row:
    return replace(
        row,
        head=change(row.head),
        cells=tuple(_cell(each, change) for each in row.cells),
        note=change(row.note),
    )


def _cell(cell: Cell, change: Change) -> Cell:
    text, note = change(cell.text), change(cell.note)
    return cell if (text, note) == (cell.text, cell.note) else replace(cell, text=text, note=note)
