from tests.report.author_words import in_paragraphs
from trialkit.report.content.author_text import (
    AuthorList,
    AuthorTable,
    AuthorText,
    ColumnSide,
    plain_paragraphs,
)
from trialkit.report.content.marks import Citation, CitationMark, CitedWork, MarkedText
from trialkit.report.content.text import Paragraph, WebAddress, words_of


def test_plain_words_have_no_marks() -> None:
    runs = ("See ", MarkedText(text="this", bold=True), WebAddress(url="https://a.b", words=" one"))
    table = AuthorTable(
        heads=(("a",), ("b",)), rows=((("1",), ()),), sides=(ColumnSide.LEFT, ColumnSide.LEFT)
    )
    blocks = (Paragraph(runs=runs), AuthorList(items=(in_paragraphs(("x", "y")), ())), table)
    assert plain_paragraphs(blocks) == ("See this one", "x", "y", "a; b", "1")
    assert AuthorText(item="6", blocks=blocks).paragraphs == plain_paragraphs(blocks)


def test_a_citation_is_its_number_when_it_has_one_and_leaves_no_hole_before() -> None:
    works = (CitedWork(key="a"),)
    numbered = Citation(works=works, marks=(CitationMark(text="("), CitationMark(text="1)")))
    assert words_of(("Known ", numbered, ".")) == "Known (1)."
    assert words_of(("Known ", Citation(works=works), ".")) == "Known."


def test_items_have_bullets_or_count_on_from_the_first() -> None:
    items = ((), ())
    assert AuthorList(items=items).mark(1) == "•"
    assert AuthorList(items=items, first=3).mark(1) == "4."
