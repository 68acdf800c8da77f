"""What authors write in Word becomes their Markdown's nouns; what has no place in it is named."""

from xml.etree.ElementTree import fromstring

import pytest

from tests.steps.returned.word_parts import W, words
from trialkit.report.content.author_text import AuthorBlock, AuthorList, AuthorTable, ColumnSide
from trialkit.report.content.marks import CitedWork, MarkedText, Position
from trialkit.report.content.text import Paragraph, Run, WebAddress
from trialkit.report.writers.word_controls import citation_tag
from trialkit.steps.returned.author_runs import DEEPEST
from trialkit.steps.returned.author_words import ReturnedWords, read_words
from trialkit.steps.returned.numbering import ListDefinitions
from trialkit.steps.returned.word_file import WordFile

M = 'xmlns:m="urn:math"'
LISTS = ListDefinitions(levels={("1", 0): None, ("1", 1): None, ("2", 0): 3})
WORKS = (CitedWork(key="smith"),)


def read(xml: str) -> ReturnedWords:
    content = fromstring(f'<w:sdtContent {W} {M} xmlns:r="urn:r">{xml}</w:sdtContent>')
    word = WordFile(
        file="x", body=content, numbering=LISTS,
        style_names={"Fett": "strong", "Hv": "emphasis", "L": "list bullet", "H2": "heading 2"},
        links={"rId1": "https://a.org/x", "rId2": "javascript:alert(1)"},
    )  # fmt: skip
    return read_words(content, word, {citation_tag(WORKS): WORKS})


def blocks(xml: str) -> tuple[AuthorBlock, ...]:
    found = read(xml)
    assert not found.losses.words
    return found.blocks


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def look(text: str, properties: str) -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def text(*runs: Run) -> Paragraph:
    return Paragraph(runs=runs)


def item(*runs: str, of: int = 1, depth: int = 0) -> str:
    return p(
        *runs, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{of}"/></w:numPr>'
    )


@pytest.mark.parametrize(
    ("properties", "run"),
    [
        ("<w:b/>", MarkedText(text="x", bold=True)),
        ('<w:b w:val="0"/>', "x"),
        ("<w:i/><w:b/>", MarkedText(text="x", bold=True, italic=True)),
        ('<w:vertAlign w:val="superscript"/>', MarkedText(text="x", position=Position.RAISED)),
        ('<w:vertAlign w:val="subscript"/>', MarkedText(text="x", position=Position.LOWERED)),
        ('<w:rStyle w:val="Fett"/>', MarkedText(text="x", bold=True)),
        ('<w:rStyle w:val="Hv"/>', MarkedText(text="x", italic=True)),
        ('<w:sz w:val="40"/>', "x"),
    ],
)
def test_emphasis_raised_and_lowered_text_is_kept(properties: str, run: Run) -> None:
    assert blocks(p(look("x", properties))) == (text(run),)


def test_runs_of_one_look_are_one_and_blanks_are_single() -> None:
    assert blocks(p(words("a  "), words(" b"), "<w:r><w:br/><w:tab/></w:r>", words("c"))) == (
        text("a b c"),
    )


def test_links_that_may_be_followed_are_kept_and_others_are_words() -> None:
    link = '<w:hyperlink r:id="{}">{}</w:hyperlink>'
    assert blocks(p(link.format("rId1", words("there")))) == (
        text(WebAddress(url="https://a.org/x", words="there")),
    )
    assert blocks(p(link.format("rId1", words("https://a.org/x")))) == (text("https://a.org/x"),)
    assert blocks(p(link.format("rId2", words("there")))) == (text("there"),)


def test_headings_and_links_that_may_not_be_followed_are_counted() -> None:
    link = '<w:hyperlink r:id="rId2">{}</w:hyperlink>'
    heading = '<w:pStyle w:val="H2"/>'
    found = read(p(link.format(words("there"))) + p(words("Head"), properties=heading))
    assert found.blocks == (text("there"), text("Head"))
    assert dict(found.losses.looks) == {
        "a link, of which the words are kept": 1, "a heading, now a paragraph": 1,
    }  # fmt: skip


def test_a_citation_is_its_works_whatever_its_number_and_any_other_control_its_text() -> None:
    control = '<w:sdt><w:sdtPr><w:tag w:val="{}"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
    cited = control.format(citation_tag(WORKS), words("12"))
    assert blocks(p(words("so "), cited)) == (text("so [@smith]"),)
    assert blocks(p(words("so"), control.format(citation_tag(WORKS), ""))) == (text("so"),)
    assert blocks(p(words("so "), control.format("other", words("12")))) == (text("so 12"),)


def test_words_typed_over_the_number_of_a_citation_are_named() -> None:
    control = '<w:sdt><w:sdtPr><w:tag w:val="{}"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
    tag = citation_tag(WORKS, printed="(1)")
    assert blocks(p(words("so "), control.format(tag, words("(1)")))) == (text("so [@smith]"),)
    assert blocks(p(words("so"), control.format(tag, ""))) == (text("so"),)
    for typed in ("(77)", "(Smith 2020 says 90%)"):
        found = read(p(words("so "), control.format(tag, words(typed))))
        assert list(found.losses.words) == [
            f"the words {typed!r} where the number of a citation was"
        ]


def test_lists_stand_in_lists_and_paragraphs_under_their_items() -> None:
    under = p(words("more"), properties='<w:ind w:left="360"/>')
    found = blocks(
        p(words("Before")) + item(words("a")) + under + item(words("b"), depth=1) + item(words("c"))
        + item(words("three"), of=2) + p(words("After"), properties='<w:ind w:left="0"/>')
    )  # fmt: skip
    inner = AuthorList(items=((text("b"),),))
    assert found == (
        text("Before"),
        AuthorList(items=((text("a"), text("more"), inner), (text("c"),))),
        AuthorList(items=((text("three"),),), first=3),
        text("After"),
    )


def test_a_table_is_kept_with_the_sides_of_its_columns_and_its_heads_are_not_bold() -> None:
    def cell(*runs: str, side: str = "left") -> str:
        return f"<w:tc><w:tcPr/>{p(*runs, properties=f'<w:jc w:val={chr(34)}{side}{chr(34)}/>')}</w:tc>"

    head = (
        f"<w:tr>{cell(look('A', '<w:b/>'))}{cell(look('B', '<w:b/><w:i/>'), side='right')}</w:tr>"
    )
    row = f"<w:tr>{cell(words('1'))}{cell(look('2', '<w:b/>'))}</w:tr>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(words('x'))}</w:tr>"
    assert blocks(f"<w:tbl>{head}{row}{gone}</w:tbl>") == (
        AuthorTable(
            heads=(("A",), (MarkedText(text="B", italic=True),)),
            rows=((("1",), (MarkedText(text="2", bold=True),)),),
            sides=(ColumnSide.LEFT, ColumnSide.RIGHT),
        ),
    )


def test_tracked_changes_are_read_as_accepted_and_counted() -> None:
    xml = (
        p(words("A "), f"<w:ins>{words('new')}</w:ins>", "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>")
        + p(words("joined"), properties="<w:rPr><w:del/></w:rPr>") + p(words(" with this"))
        + f"<w:ins>{p(words('inserted'))}</w:ins>"
    )  # fmt: skip
    found = read(xml)
    assert found.blocks == (text("A new"), text("joined with this"), text("inserted"))
    assert found.losses.changes == 4


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        ("<w:r><w:drawing/></w:r>", "a picture"),
        ("<w:r><w:footnoteReference/></w:r>", "a footnote"),
        ("<m:oMath/>", "an equation"),
        ("<w:r><w:sym/></w:r>", "a sign of a font of its own"),
        (look("x", "<w:vanish/>"), "hidden text"),
        ("<w:strange/>", "an element 'strange'"),
        ("<w:ins>" * 60 + words("x") + "</w:ins>" * 60, "text too deep in other elements"),
    ],
)
def test_what_would_be_lost_of_the_words_is_named(xml: str, name: str) -> None:
    assert DEEPEST < 60
    assert list(read(p(xml)).losses.words) == [name]


def test_tables_that_no_markdown_has_are_named() -> None:
    merged = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    )
    ragged = "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    assert list(read(merged).losses.words) == ["a table with merged cells"]
    assert list(read(ragged).losses.words) == ["a table whose rows have different numbers of cells"]


def test_looks_that_markdown_has_not_are_counted_and_the_words_stay() -> None:
    found = read(
        p(look("x", '<w:u w:val="single"/>'), look("y", '<w:color w:val="FF0000"/><w:strike/>'))
    )
    assert found.blocks == (text("xy"),)
    assert dict(found.losses.looks) == {"underlined": 1, "coloured": 1, "struck through": 1}
    plain = read(p(look("x", '<w:u w:val="none"/><w:color w:val="auto"/><w:strike w:val="0"/>')))
    assert not plain.losses.looks
