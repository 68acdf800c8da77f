from dataclasses import replace

import pytest

from tests.line import Line
from tests.report.factory import content_of
from trialkit.errors import ReportError
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table

TABLE = Table(
    anchor="t",
    caption="C",
    stub="S",
    heads=(ColumnHead(text="a"), ColumnHead(text="b")),
    groups=(RowGroup(head="", rows=(Row(head="r", cells=(Cell(text="1"), Cell(text="2"))),)),),
)


def test_a_row_has_a_cell_for_each_column() -> None:
    short = RowGroup(head="", rows=(Row(head="r", cells=(Cell(text="1"),)),))
    with pytest.raises(ReportError, match="1 cells under 2 column heads"):
        replace(TABLE, groups=(short,))


def test_spanning_heads_cover_the_columns() -> None:
    with pytest.raises(ReportError, match="do not cover"):
        replace(TABLE, spanning=(ColumnHead(text="both", span=3),))
    assert replace(TABLE, spanning=(ColumnHead(text="both", span=2),)).columns == 3


def test_anchors_are_unique_and_labels_in_reading_order(three_arms: Line) -> None:
    content = content_of(three_arms)
    anchors = [block.anchor for block in content.all_blocks() if block.anchor]
    assert len(anchors) == len(set(anchors))
    labels = [table.label for table in content.tables]
    main = [label for label in labels if not label.startswith("Table S")]
    assert main == [f"Table {number}" for number in range(1, len(main) + 1)]
    supplementary = labels[len(main) :]
    assert supplementary == [f"Table S{n}" for n in range(1, len(supplementary) + 1)]
    figures = [figure.label for figure in content.figures]
    main = [label for label in figures if not label.startswith("Figure S")]
    assert main == [f"Figure {number}" for number in range(1, 6)]
    assert figures[len(main) :] == [f"Figure S{n}" for n in range(1, len(figures) - len(main) + 1)]
    assert content.figure("flow").label == "Figure 1"
