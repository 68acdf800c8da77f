"""What is said of the texts of one kind of block holds of every kind that has some."""

from dataclasses import replace

import pytest

from trialkit.report.content.content import Block, Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.content.running_text import numbers_of, runs_of, with_runs
from trialkit.report.content.table_texts import with_texts
from trialkit.report.content.tables import Cell, ColumnHead, Footnote, Row, RowGroup, Table
from trialkit.report.content.text import (
    Bullets,
    Definition,
    Definitions,
    Gap,
    GapKind,
    Paragraph,
    PrintedNumber,
)

NUMBER, WORD = PrintedNumber(text="3", results=("r1",)), PrintedNumber(text="few", results=())
RUNS = ("about ", NUMBER, WORD)
FIGURE = Figure(
    anchor="f",
    name="f",
    drawing=FigureDrawing(draw=lambda: "<svg/>"),
    title="t",
    description="d",
    caption="c",
    notes=RUNS,
)
BLOCKS = [
    Paragraph(runs=RUNS),
    Bullets(items=(RUNS,), lead="lead"),
    Definitions(entries=(Definition(term="term", runs=RUNS),)),
    FIGURE,
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind)
def test_every_text_is_found_and_changed(block: Block) -> None:
    assert list(runs_of(block)) == [RUNS]
    assert list(numbers_of(block)) == [NUMBER]
    changed = with_runs(block, lambda runs: (*runs, "."))
    assert list(runs_of(changed)) == [(*RUNS, ".")]
    assert with_runs(changed, lambda runs: runs[:-1]) == block


def test_a_gap_has_no_running_text() -> None:
    gap = Gap(item="1", reason=GapKind.DATA, title="t", text="x")
    assert (list(runs_of(gap)), with_runs(gap, lambda _: ("other",))) == ([], gap)


def test_the_texts_of_a_table_change_as_they_are_read() -> None:
    cell, own = Cell(text="cell", results=("r1",), note="note of cell"), Cell(text="same")
    table = Table(
        anchor="t",
        caption="caption",
        stub="stub",
        spanning=(ColumnHead(text="span", span=2),),
        heads=(ColumnHead(text="head", note="note of head"), ColumnHead(text="other")),
        groups=(
            RowGroup(
                head="group",
                note="note of group",
                rows=(Row(head="row", cells=(cell, own), note="note of row"),),
            ),
        ),
        notes=("below",),
        footnotes=(Footnote(mark="a", text="foot"),),
    )
    seen: list[str] = []

    def counted(text: str) -> str:
        if text:
            seen.append(text)
        return text.upper()

    changed = with_texts(table, counted)
    assert seen == [
        *("span", "head", "note of head", "other", "group", "row", "cell", "note of cell", "same"),
        *("note of row", "note of group", "below", "foot"),
    ]
    assert changed.rows[0].cells[0] == replace(cell, text="CELL", note="NOTE OF CELL")
    assert (changed.caption, changed.stub, changed.footnotes[0].mark) == ("caption", "stub", "a")
