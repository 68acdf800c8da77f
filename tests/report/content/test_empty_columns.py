"""Columns in which nothing stands go, and heads above them shrink."""

from trialkit.report.content.empty_columns import without_empty_columns
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table


def table(*rows: tuple[str, ...], spans: tuple[int, ...] = ()) -> Table:
    wide = len(rows[0]) if rows else 2
    return Table(
        anchor="t",
        caption="T",
        stub="Row",
        heads=tuple(ColumnHead(text=f"H{number}") for number in range(wide)),
        spanning=tuple(ColumnHead(text=f"S{at}", span=span) for at, span in enumerate(spans)),
        groups=(
            RowGroup(
                head="",
                rows=tuple(
                    Row(head="r", cells=tuple(Cell(text=text) for text in row)) for row in rows
                ),
            ),
        ),
    )


def test_a_blank_column_goes_with_its_head() -> None:
    found = without_empty_columns(table(("1", "", "a"), ("", " ", "b")))
    assert [head.text for head in found.heads] == ["H0", "H2"]
    assert [[cell.text for cell in row.cells] for row in found.rows] == [["1", "a"], ["", "b"]]


def test_heads_above_are_as_wide_as_what_is_left() -> None:
    found = without_empty_columns(table(("1", "", "", "a"), spans=(2, 1, 1)))
    assert [(head.text, head.span) for head in found.spanning] == [("S0", 1), ("S2", 1)]


def test_a_dash_or_a_zero_is_something() -> None:
    said = table(("0", "\N{EM DASH}"), spans=(1, 1))
    assert without_empty_columns(said) is said


def test_a_table_of_nothing_stays() -> None:
    for empty in (table(), table(("", ""))):
        assert without_empty_columns(empty) is empty
