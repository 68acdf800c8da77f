"""Blocks are written so that reading gives them again, with as few escapes as can be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.report.content.author_text import AuthorList, AuthorTable, ColumnSide
from trialkit.report.content.marks import Citation, CitedWork, MarkedText, Position
from trialkit.report.content.text import Paragraph, Run, WebAddress
from trialkit.report.marks.reading import TextPlace, read_blocks
from trialkit.report.marks.writing import (
    citation_source,
    comparable,
    without_looks,
    written_block,
)

SIGNS = st.text(
    alphabet=st.sampled_from(list("ab *_[]^~|#-+1.)(\\`<>&:/@!\"'é\u00a0")), min_size=1, max_size=12
)


def text(*runs: Run) -> Paragraph:
    return Paragraph(runs=runs)


@pytest.mark.parametrize(
    "source",
    [
        "A *b* **c** ***d*** H~2~O x^2^, snake_case, [x] and (y).",
        "See https://a.org/b_c and [the words](<https://x.org>), doi:10.1234/abc.",
        "- one\n- two\n  1. a\n  2. b *c*\n\n     more",
        "3. three\n4. four",
        "| A | B | C |\n| --- | :-: | --: |\n| 1 | *2* | a\\|b |",
        "1\\. no list",
        "\\- no list",
        "\\# no head",
    ],
)
def test_what_was_written_well_is_written_so_again(source: str) -> None:
    (block,) = read_blocks(source, TextPlace(file="x"))
    assert written_block(block) == source


@settings(max_examples=examples(300))
@given(SIGNS)
def test_any_words_can_be_written(words: str) -> None:
    block = comparable(text(words))
    assert isinstance(block, Paragraph)
    if block.runs:
        written = written_block(block)
        assert written is not None
        assert tuple(map(comparable, read_blocks(written, TextPlace(file="x")))) == (block,)


def test_blanks_stand_outside_of_the_marks() -> None:
    block = text("a", MarkedText(text=" b ", bold=True), "c")
    assert written_block(text("a ", MarkedText(text="b", bold=True), " c")) == "a **b** c"
    assert written_block(block) is None, "no Markdown makes a blank bold"
    assert written_block(comparable(without_looks(block))) == "a b c"


def test_a_raised_text_of_several_words_is_raised_word_by_word() -> None:
    raised = MarkedText(text="one", position=Position.RAISED)
    assert written_block(text("x", raised)) == "x^one^"


def test_emphasis_that_no_markdown_says_is_none() -> None:
    assert written_block(text(MarkedText(text="a:", italic=True), "b")) is None


def test_a_second_list_is_told_from_the_first() -> None:
    bullets = AuthorList(items=((text("a"),),))
    numbers = AuthorList(items=((text("a"),), (text("b"),)), first=1)
    assert written_block(bullets, second=True) == "* a"
    assert written_block(numbers, second=True) == "1) a\n2) b"


def test_a_citation_is_written_as_it_is_typed_and_one_that_was_typed_stays() -> None:
    works = (CitedWork(key="a"), CitedWork(key="b", locator="p. 3"))
    assert citation_source(works) == "[@a; @b, p. 3]"
    assert comparable(text("x ", Citation(works=works))) == text("x [@a; @b, p. 3]")
    assert written_block(text("so_x_ [@smith_2020] 2*3*4")) == "so_x_ [@smith_2020] 2\\*3\\*4"


def test_what_begins_as_a_citation_and_is_none_is_a_bracket() -> None:
    assert written_block(text("see [@ home]")) == "see \\[@ home\\]"


def test_addresses_that_stand_for_themselves_are_words() -> None:
    shown = WebAddress(url="https://doi.org/10.1/x", words="doi:10.1/x")
    assert comparable(text(shown)) == text("doi:10.1/x")
    assert comparable(text(WebAddress(url="https://a.org"))) == text("https://a.org")
    named = text(WebAddress(url="https://a.org", words="there"))
    assert comparable(named) == named


def test_in_lists_and_tables_every_text_is_made_alike() -> None:
    address = WebAddress(url="https://a.org")
    table = AuthorTable(heads=((address,),), rows=(((address,),),), sides=(ColumnSide.LEFT,))
    assert comparable(table) == AuthorTable(
        heads=(("https://a.org",),), rows=((("https://a.org",),),), sides=(ColumnSide.LEFT,)
    )
    inner = AuthorList(items=((text(MarkedText(text="b", bold=True)),),))
    assert without_looks(inner) == AuthorList(items=((text("b"),),))
