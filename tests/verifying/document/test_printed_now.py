"""Every number of a report, wherever it is printed, by the rows that it prints."""

from tests.report.contents import content
from trialkit.report.content.content import Figure, Section
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import (
    Bullets,
    Definition,
    Definitions,
    Paragraph,
    PrintedNumber,
)
from trialkit.report.writers.word_marks import results_hash
from trialkit.verifying.document.printed_now import PrintedNow, printed_now


def printed(text: str, *results: str) -> PrintedNumber:
    return PrintedNumber(text=text, results=results)


TABLE = Table(
    anchor="t", caption="", stub="",
    heads=(ColumnHead(text="n"), ColumnHead(text="m")),
    groups=(RowGroup(head="", rows=(
        Row(head="", cells=(Cell(text="1", results=("a", "b")), Cell(text="2", dataset="log"))),
    )),),
)  # fmt: skip


def test_numbers_of_text_lists_definitions_figures_and_tables_are_found() -> None:
    figure = Figure(
        anchor="f", name="f", drawing=None, title="", description="", caption="",  # type: ignore[arg-type]
        notes=("of ", printed("6", "f")),
    )  # fmt: skip
    blocks = (
        Paragraph(runs=("x ", printed("3", "c"), printed("none"))),
        Bullets(items=((printed("4", "d"),),)),
        Definitions(entries=(Definition(term="t", runs=(printed("5", "e"),)),)),
        figure,
        TABLE,
        Paragraph(runs=(printed("p = 3", "c"), printed("3", "c"))),
    )
    found = printed_now(content(sections=(Section(anchor="s", title="", blocks=blocks),)))
    assert sorted(found.values(), key=lambda each: each.results) == [
        PrintedNow(results=("a", "b"), texts=("1",)),
        PrintedNow(results=("c",), texts=("3", "p = 3")),
        PrintedNow(results=("d",), texts=("4",)),
        PrintedNow(results=("e",), texts=("5",)),
        PrintedNow(results=("f",), texts=("6",)),
    ]
    assert found[results_hash(("a", "b"))].texts == ("1",)
