"""Marked numbers are found where they stand, with the words around them."""

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.steps.returned.word_parts import W, marked, words
from trialkit.report.writers.word_marked import ReadLine, read_lines, written_lines
from trialkit.report.writers.word_marks import MarkedNumber
from trialkit.report.writers.word_xml import (
    Markup,
    bookmarked,
    content_control,
    element,
    field,
    in_bookmark,
    paragraph,
    text_run,
    trees,
)


def name(place: int, text: str) -> str:
    return MarkedNumber(place=place, results=("r",), text=text, where="").mark.name


def body(xml: str) -> Element:
    return fromstring(f"<w:body {W}>{xml}</w:body>")


def lines(xml: str) -> list[ReadLine]:
    return list(read_lines(body(xml)))


def cell(*runs: str) -> str:
    return f"<w:tc><w:p>{''.join(runs)}</w:p></w:tc>"


def test_a_number_in_a_paragraph_has_the_words_of_the_paragraph() -> None:
    (line,) = lines(
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
        f"{words('It was ')}{marked(name(3, '4'), words('4'))}{words(' mm in 2 arms')}</w:p>"
    )
    assert (line.text, line.style, line.unmarked) == (
        "It was 4 mm in 2 arms", "Heading1", "It was mm in 2 arms",
    )  # fmt: skip
    (found,) = line.numbers
    assert (found.mark.place, found.text, found.before, found.after) == (
        3, "4", "It was", "mm in 2 arms",
    )  # fmt: skip


def test_a_row_is_one_line_and_its_cells_stand_apart() -> None:
    row = f"<w:tr>{cell(words('Mean'))}{cell(marked(name(1, '5'), words('5')))}{cell(words('6'))}</w:tr>"
    (line,) = lines(f"<w:tbl>{row}</w:tbl>")
    assert line.text == "Mean | 5 | 6 |"
    (found,) = line.numbers
    assert (found.text, found.before, found.after) == ("5", "Mean |", "| 6 |")
    assert line.unmarked == "Mean | | 6 |"


def test_a_table_in_a_cell_is_lines_of_its_own() -> None:
    inner = f"<w:tbl><w:tr>{cell(marked(name(1, '1'), words('1')))}</w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{inner}<w:p>{words('out')}</w:p></w:tc></w:tr></w:tbl>"
    assert [line.text for line in lines(outer)] == ["1 |", "out |"]


def test_changes_inside_a_mark_are_what_the_number_is_now() -> None:
    inside = f"<w:del><w:r><w:delText>4</w:delText></w:r></w:del><w:ins>{words('5')}</w:ins>"
    ((found,),) = [line.numbers for line in lines(f"<w:p>{marked(name(1, '4'), inside)}</w:p>")]
    assert found.text == "5"
    ((gone,),) = [line.numbers for line in lines(f"<w:p>{marked(name(1, '4'))}</w:p>")]
    assert gone.text == ""


def test_other_bookmarks_and_a_mark_without_an_end_are_no_fault() -> None:
    start = f'<w:bookmarkStart w:id="9" w:name="{name(1, "4")}"/>'
    first, second = lines(
        f"<w:p>{marked('a_table', words('Table'))}{start}{words('4 of')}</w:p><w:p/>"
    )
    assert [each.text for each in first.numbers] == ["4 of"]
    assert (first.text, second.numbers) == ("Table4 of", ())


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        ("was ", "99 mm", "−12.599"),
        ("was 1", " mm", "1−12.5"),
        ("was –", " mm", "−−12.5"),
        ("was ", "\u2060.9, 4", "−12.5.9"),
        ("was ", "% of", "−12.5%"),
        ("was ", "). 9", "−12.5"),
        ("in 3, ", ". 9 more", "−12.5"),
        ("p=", ", 4", "−12.5"),
        ("(", "-week course", "−12.5"),
    ],
)
def test_what_touches_a_mark_is_read_with_the_number(before: str, after: str, read: str) -> None:
    number = marked(name(1, "−12.5"), words("−12.5"))
    (line,) = lines(f"<w:p>{words(before)}{number}{words(after)}</w:p>")
    assert [each.reads_as.replace("–", "−") for each in line.numbers] == [read]


def test_the_next_cell_touches_no_number() -> None:
    row = (
        f"<w:tr>{cell(words('1'))}{cell(marked(name(1, '5'), words('5')))}{cell(words('6'))}</w:tr>"
    )
    (line,) = lines(f"<w:tbl>{row}</w:tbl>")
    assert [each.reads_as for each in line.numbers] == ["5"]
    touched = f"<w:tr>{cell(marked(name(1, '5'), words('5')), words('6'))}</w:tr>"
    (line,) = lines(f"<w:tbl>{touched}</w:tbl>")
    assert [each.reads_as for each in line.numbers] == ["56"]


def test_lines_are_the_same_as_they_are_written_and_as_they_are_read() -> None:
    def number(place: int, text: str) -> str:
        return "".join(in_bookmark(name(place, text), place, text_run(text, size=8)))

    def one(*runs: str) -> Markup:
        return paragraph(*map(Markup, runs), style="Body")

    def row(*cells: str) -> Markup:
        return element("w:tr", *(element("w:tc", one(each, each)) for each in cells))

    told = text_run("<b>a</b> & \N{EURO SIGN}\tb\nc &lt; \x00")
    written = [
        one(told, number(1, "4.0"), text_run(" mm, "), number(2, "< 0.001"), told),
        *bookmarked("table-1", 9, element("w:tbl", row(told, number(3, "5")), row("", told))),
        one(*field("SEQ Table", "3", bold=True), text_run("")),
        content_control(one(number(4, "6")), one(), tag="t", title="t", number=1),
    ]
    found = list(written_lines(written))
    assert found == [
        replace(each, style="") for part in trees(written) for each in read_lines(part)
    ]
    assert [len(each.numbers) for each in found] == [2, 2, 0, 0, 1, 0]
