"""Every number of a report has its mark in the Word file, and the record knows them all."""

from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from tests.report.contents import content
from trialkit.report.content.content import Content, Section
from trialkit.report.content.origin import Origin
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import Paragraph, PrintedNumber
from trialkit.report.writers.word import render_word
from trialkit.report.writers.word_marked import read_lines
from trialkit.report.writers.word_marks import DocumentRecord, read_record
from trialkit.steps.returned.word_file import WordFile, read_word

ORIGIN = Origin(trial="T", version="1", code="", data_cut=None, last_day=None, style="plain")
TABLE = Table(
    anchor="t", caption="What came of it", label="Table 3", stub="Outcome",
    spanning=(ColumnHead(text="Arm A", span=2), ColumnHead(text="Arm B")),
    heads=(ColumnHead(text="n"), ColumnHead(text="%"), ColumnHead(text="n")),
    groups=(
        RowGroup(head="Pain", rows=(
            Row(head="Week 4", cells=(
                Cell(text="1", results=("a",)), Cell(text="2", dataset="log"), Cell(text="", results=("b",)),
            )),
        )),
        RowGroup(head="", rows=(
            Row(head="Week 8", cells=(Cell(text="x"), Cell(text="3 (4)", results=("c", "d"), note="N"), Cell(text="5"))),
        )),
    ),
)  # fmt: skip
WORDS = Paragraph(
    runs=("It was ", PrintedNumber(text="9", results=("e",)), PrintedNumber(text="7", results=()))
)


def made() -> Content:
    section = Section(anchor="s", title="Outcomes", blocks=(WORDS, TABLE))
    return content(sections=(section,), origin=ORIGIN)


@pytest.fixture
def word(tmp_path: Path) -> WordFile:
    path = tmp_path / "r.docx"
    path.write_bytes(render_word(made(), {}))
    return read_word(path)


def record(word: WordFile) -> DocumentRecord:
    (found,) = filter(None, map(read_record, word.custom))
    return found


def test_each_number_that_prints_rows_is_marked_and_no_other(word: WordFile) -> None:
    found = [each for line in read_lines(word.body) for each in line.numbers]
    assert [each.text for each in found] == ["9", "1", "3 (4)"]
    assert [each.mark for each in found] == [each.mark for each in record(word).numbers]
    assert all(each.mark.printed(each.text) for each in found)


def test_the_record_says_where_each_stands_and_what_it_prints(word: WordFile) -> None:
    kept = record(word)
    assert kept.origin == ORIGIN
    assert [(each.results, each.text, each.where) for each in kept.numbers] == [
        (("e",), "9", "Outcomes"),
        (("a",), "1", "Table 3, row “Pain: Week 4”, column “Arm A: n”"),
        (("c", "d"), "3 (4)", "Table 3, row “Week 8”, column “Arm A: %”"),
    ]
    assert [(each.before, each.after) for each in kept.numbers] == [
        ("It was", "7"), ("Week 4 |", "| 2 | |"), ("Week 8 | x |", "| 5 |"),
    ]  # fmt: skip


def test_bookmarks_have_names_and_numbers_of_their_own() -> None:
    document = docx.Document(BytesIO(render_word(made(), {})))
    marks = list(document.element.body.iter(qn("w:bookmarkStart")))
    for attribute in ("w:id", "w:name"):
        own = [each.get(qn(attribute)) for each in marks]
        assert len(own) == len(set(own))


def test_without_an_origin_there_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "r.docx"
    path.write_bytes(render_word(content(), {}))
    assert not any(map(read_record, read_word(path).custom))
