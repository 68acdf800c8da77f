"""Citations of a whole report: their numbers, what stands before and behind them, and the list."""

from dataclasses import replace
from functools import partial

import pytest

from tests.report.factory import content_of, made_up_line, made_up_protocol, page_in_words
from trialkit.errors import ReportError
from trialkit.report.citing.library import KnownWork, Library
from trialkit.report.citing.placing import renumbered, with_references
from trialkit.report.citing.work import Work, WorkKind
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Block, Section
from trialkit.report.content.marks import MarkedText
from trialkit.report.content.references import References
from trialkit.report.content.tables import Cell, ColumnHead, Footnote, Row, RowGroup, Table
from trialkit.report.content.text import (
    Bullets,
    Definition,
    Definitions,
    Gap,
    GapKind,
    Paragraph,
    words_of,
)
from trialkit.report.marks.reading import TextPlace, read_blocks
from trialkit.report.numbers.styles import BMJ, JAMA, LANCET, NEJM, PLAIN, Style

LIBRARY = Library(
    works={
        key: KnownWork(
            key=key, place="f", describe=partial(Work, key=key, kind=WorkKind.BOOK, title=key)
        )
        for key in "abcdefg"
    },
    files=("references.bib",),
)


def placed(*blocks: Block, style: Style = PLAIN) -> tuple[Block, ...]:
    section = Section(anchor="s", title="S", blocks=blocks)
    (first, *_) = with_references((section,), LIBRARY, style)
    return first.blocks


def words(text: str, style: Style) -> str:
    (block,) = placed(Paragraph(runs=(text,)), style=style)
    assert isinstance(block, Paragraph)
    return words_of(block.runs)


@pytest.mark.parametrize("style", [JAMA, NEJM, LANCET, BMJ], ids=lambda style: style.name)
def test_raised_numbers_stand_behind_stop_and_comma_without_a_blank(style: Style) -> None:
    text = "Known [@a], and [@b] so [@c]. Or [@d; @e; @f]; and [@g]"
    dash = "–" if style is LANCET else "-"
    assert words(text, style) == f"Known,1 and2 so.3 Or4{dash}6; and7"


def test_numbers_in_parentheses_stay_where_they_are_written() -> None:
    assert words("Known [@a], and [@b] so [@c].", PLAIN) == "Known (1), and (2) so (3)."


def test_marks_before_and_behind_a_number_keep_their_words() -> None:
    (block,) = read_blocks("*Known* [@a] **so** [@b]. End", TextPlace(file="f"))
    (text,) = placed(AuthorText(item="6", blocks=(block,)), style=JAMA)
    assert isinstance(text, AuthorText)
    assert text.paragraphs == ("Known1 so.2 End",)
    (inner,) = text.blocks
    assert isinstance(inner, Paragraph)
    assert MarkedText(text="Known", italic=True) in inner.runs


def test_every_kind_of_block_is_numbered_in_reading_order() -> None:
    table = Table(
        anchor="t",
        caption="C",
        stub="",
        heads=(ColumnHead(text="H [@e]", note="N [@f]"),),
        groups=(RowGroup(head="", rows=(Row(head="R", cells=(Cell(text="Since [@a; @e]"),)),)),),
        notes=("See [@a].",),
        footnotes=(Footnote(mark="a", text="N [@f]"),),
    )
    blocks = placed(
        Bullets(items=(("x [@b]",), ("y",))),
        Definitions(entries=(Definition(term="t", runs=("z [@c]",)),)),
        Gap(item="1", reason=GapKind.DATA, title="T", text="Gap [@d]"),
        table,
    )
    bullets, definitions, gap, made = blocks
    assert isinstance(bullets, Bullets)
    assert [words_of(item) for item in bullets.items] == ["x (1)", "y"]
    assert isinstance(definitions, Definitions)
    assert words_of(definitions.entries[0].runs) == "z (2)"
    assert isinstance(gap, Gap)
    assert gap.text == "Gap [3]"
    assert isinstance(made, Table)
    assert made.heads[0].text == "H [4]"
    assert made.mark(made.heads[0].note) == "a"
    assert made.rows[0].cells[0].text == "Since [4,6]"
    assert made.notes == ("See [6].",)


def test_lists_and_tables_of_the_author_are_numbered_and_brackets_stay_brackets() -> None:
    text = "- x [@b]\n  1. y [@a]\n\n| h [@c] |\n|---|\n| i [@b] \\[@zz] |\n"
    (made,) = placed(AuthorText(item="6", blocks=read_blocks(text, TextPlace(file="f"))))
    assert isinstance(made, AuthorText)
    assert made.paragraphs == ("x (1)", "y (2)", "h (3)", "i (1) [@zz]")


def test_the_list_stands_before_the_section_that_is_named() -> None:
    cited = Section(anchor="s", title="S", blocks=(Paragraph(runs=("[@b; @a]",)),))
    plain = Section(anchor="end", title="End")
    made = with_references((cited, plain), LIBRARY, PLAIN, before="end")
    assert [each.anchor for each in made] == ["s", "references", "end"]
    (block,) = made[1].blocks
    assert isinstance(block, References)
    assert [(each.key, words_of(each.runs)) for each in block.entries] == [("b", "b."), ("a", "a.")]
    assert [each.anchor for each in with_references((cited,), LIBRARY, PLAIN, before="no")] == [
        "s",
        "references",
    ]


def test_an_article_in_another_order_has_its_own_numbers() -> None:
    first = Section(anchor="a", title="A", blocks=(Paragraph(runs=("x [@a; @c].",)),))
    second = Section(anchor="b", title="B", blocks=(Paragraph(runs=("y [@b], z [@a]",)),))
    a, b, listed = with_references((first, second), LIBRARY, JAMA)
    turned = renumbered((b, a, listed), JAMA)
    said = [words_of(each.blocks[0].runs) for each in turned[:2]]
    assert said == ["y,1 z2", "x.2,3"]
    assert [each.key for each in turned[2].blocks[0].entries] == ["b", "a", "c"]
    assert renumbered((b, a), JAMA) == (b, a)
    (_, kept) = renumbered((b, listed), JAMA)
    assert [each.key for each in kept.blocks[0].entries] == ["b", "a"]


def test_numbers_in_cells_of_tables_stay_those_of_the_whole_report() -> None:
    row = Row(head="R", cells=(Cell(text="[@b]"),))
    table = Table(
        anchor="t",
        caption="C",
        stub="",
        heads=(ColumnHead(text="H"),),
        groups=(RowGroup(head="", rows=(row,)),),
    )
    first = Section(anchor="a", title="A", blocks=(Paragraph(runs=("x [@a].",)),))
    made = with_references((first, Section(anchor="b", title="B", blocks=(table,))), LIBRARY, PLAIN)
    assert renumbered(made[::-1], PLAIN) == made[::-1]


def test_where_nothing_is_cited_there_is_no_list() -> None:
    section = Section(anchor="s", title="S", blocks=(Paragraph(runs=("me@x.org [x]",)),))
    assert with_references((section,), LIBRARY, PLAIN) == (section,)


@pytest.mark.parametrize("text", ["[@zz]", "[@ a b]"])
def test_what_cannot_be_cited_is_refused(text: str) -> None:
    with pytest.raises(ReportError, match="cite"):
        placed(Paragraph(runs=(text,)))


def test_texts_of_the_protocol_cite_and_have_marks() -> None:
    line = made_up_line()
    protocol = made_up_protocol()
    trial = replace(protocol.trial, changes=("Pain was *never* asked [@a].", "x [@b]"))
    content = content_of(replace(line, protocol=replace(protocol, trial=trial)), library=LIBRARY)
    page = page_in_words(content)
    assert 'Pain was <em>never</em> asked (<a href="#reference-1">1</a>).' in page
    assert '<li id="reference-2">b.</li>' in page
