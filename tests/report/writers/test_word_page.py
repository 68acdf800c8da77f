"""The pages of a Word document: A4 upright, heads and feet, turned sections, an author's own paper."""

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tests.report.contents import content
from trialkit.report.content.content import DRAFT_MARK
from trialkit.report.writers.word_page import (
    heads_first,
    number_pages,
    room,
    section_end,
    set_paper,
    turn,
)
from trialkit.report.writers.word_styles import add_styles
from trialkit.report.writers.word_xml import Element, element, tree

A4 = (11906, 16838)
"""The width and height of A4 in twentieths of a point, to the nearest."""


def plain() -> Document:
    document = docx.Document()
    add_styles(document, own_document=False)
    return document


def test_the_paper_is_a4_upright_with_margins_in_millimetres() -> None:
    document = plain()
    document.sections[0].orientation = WD_ORIENT.LANDSCAPE
    set_paper(document, content(), own_document=False)
    section = document.sections[0]
    assert section.orientation is WD_ORIENT.PORTRAIT
    lengths = {
        "page": (section.page_width, section.page_height),
        "sides": (section.left_margin, section.right_margin),
        "ends": (section.top_margin, section.bottom_margin),
        "heads": (section.header_distance, section.footer_distance),
    }
    assert {name: tuple(each.mm for each in two) for name, two in lengths.items()} == {
        "page": pytest.approx((210, 297), abs=0.02),
        "sides": pytest.approx((20, 20), abs=0.02),
        "ends": pytest.approx((22, 20), abs=0.02),
        "heads": pytest.approx((10, 10), abs=0.02),
    }


def test_an_author_s_paper_stays_as_it_is() -> None:
    document = plain()
    document.sections[0].page_width, document.sections[0].left_margin = Mm(216), Mm(31)
    set_paper(document, content(), own_document=True)
    assert document.sections[0].page_width.mm == pytest.approx(216, abs=0.02)
    assert document.sections[0].left_margin.mm == pytest.approx(31, abs=0.02)


@pytest.mark.parametrize("own", [True, False])
def test_the_language_of_the_text_is_that_of_the_content_and_stands_once(own: bool) -> None:
    document = plain()
    set_paper(document, content(language="de-CH"), own_document=own)
    (language,) = document.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang"))
    found = [language.get(qn(name)) for name in ("w:val", "w:eastAsia", "w:bidi")]
    assert found == ["de-CH", "zh-CN", "ar-SA"]


def test_the_room_is_the_side_of_the_paper_without_its_margins() -> None:
    document = plain()
    section = document.sections[0]
    section.page_width, section.page_height = Pt(500), Pt(700)
    section.left_margin, section.right_margin = Pt(30), Pt(50)
    assert room(document, turned=False) == 420
    assert room(document, turned=True) == 620
    section.page_width, section.page_height = Pt(700), Pt(500)
    assert room(document, turned=False) == 420, "paper that lies on its side already"
    assert room(document, turned=True) == 620
    section.page_width = section.page_height = section.left_margin = section.right_margin = None
    assert room(document, turned=False) == pytest.approx(210 / 25.4 * 72, abs=0.1)
    assert room(document, turned=True) == pytest.approx(297 / 25.4 * 72, abs=0.1)


def lines(part: Element) -> list[str]:
    """The paragraphs of a head or foot: the style, the side, and the text with its fields."""
    found = []
    for each in part.iter(qn("w:p")):
        words = "".join(
            f"<{node.text.strip()}>" if node.tag == qn("w:instrText") else node.text or ""
            for node in each.iter(qn("w:t"), qn("w:instrText"))
        )
        side = next((node.get(qn("w:val")) for node in each.iter(qn("w:jc"))), "left")
        bold = "bold " if next(each.iter(qn("w:b")), None) is not None else ""
        style = next((node.get(qn("w:val")) for node in each.iter(qn("w:pStyle"))), "")
        found.append(f"{style} {side}: {bold}{words}")
    return found


def head_and_foot(document: Document) -> tuple[list[str], list[str]]:
    section = document.sections[0]
    return lines(section.header._element), lines(section.footer._element)


FOOT = ["Footer center: Page <PAGE>1 of <NUMPAGES>1"]


def test_the_head_says_the_title_the_draft_and_the_synthetic_label_and_the_foot_the_page() -> None:
    document = plain()
    whole = content(short_title="Our trial", synthetic="Not real data", draft=True)
    number_pages(document, whole, own_document=False)
    assert head_and_foot(document) == (
        [
            "Header left: Our trial",
            f"ReportSynthetic center: bold {DRAFT_MARK}",
            "ReportSynthetic center: bold Not real data",
        ],
        FOOT,
    )
    final = plain()
    number_pages(final, content(short_title="Our trial"), own_document=False)
    assert head_and_foot(final) == (["Header left: Our trial"], FOOT)


def test_an_author_s_head_and_foot_stay_and_what_must_be_said_is_added() -> None:
    document = plain()
    document.sections[0].header.paragraphs[0].text = "My institute"
    document.sections[0].footer.paragraphs[0].text = "My foot"
    number_pages(document, content(synthetic="Not real data"), own_document=True)
    head, foot = head_and_foot(document)
    assert [line.split(": ")[-1] for line in head] == ["My institute", "bold Not real data"]
    assert [line.split(": ")[-1] for line in foot] == ["My foot"]
    bare = plain()
    number_pages(bare, content(short_title="Our trial"), own_document=True)
    assert head_and_foot(bare) == (["Header left: Our trial"], FOOT)


def test_a_head_with_nothing_to_say_still_has_the_paragraph_that_word_needs() -> None:
    document = plain()
    head = document.sections[0].header
    head.is_linked_to_previous = False
    for each in list(head._element):
        head._element.remove(each)
    number_pages(document, content(), own_document=True)
    assert [each.tag for each in head._element] == [qn("w:p")]


def sizes(document: Document) -> list[tuple[int, int, str]]:
    found = []
    for each in document.element.body.iter(qn("w:sectPr")):
        size = each.find(qn("w:pgSz"))
        found.append(
            (
                int(size.get(qn("w:w"))), int(size.get(qn("w:h"))),
                size.get(qn("w:orient"), "portrait"),
            )
        )  # fmt: skip
    return found


def test_a_turned_page_has_its_sides_swapped_and_the_last_section_stays_upright() -> None:
    document = plain()
    set_paper(document, content(), own_document=False)
    last = document.element.body.sectPr
    section_end(last, turned=True)
    section_end(last, turned=False)
    found = sizes(document)
    upright = pytest.approx(A4, abs=2)
    assert [side for _, _, side in found] == ["landscape", "portrait", "portrait"]
    assert [size[:2] for size in found] == [pytest.approx(A4[::-1], abs=2), upright, upright]
    first = document.element.body[0]
    assert first.tag == qn("w:p")
    spacing = next(first.iter(qn("w:spacing")))
    assert {key.rpartition("}")[2]: value for key, value in spacing.attrib.items()} == {
        "before": "0", "after": "0", "line": "20", "lineRule": "exact",
    }  # fmt: skip
    assert [each.get(qn("w:val")) for each in first.iter(qn("w:sz"))] == ["2"]


def test_turning_swaps_the_sides_alone() -> None:
    section = tree(element("w:sectPr", element("w:pgSz", attributes={"w:w": 300, "w:h": 400})))
    (size,) = section
    turn(section)
    assert [size.get(qn(name)) for name in ("w:w", "w:h", "w:orient")] == [
        "400", "300", "landscape",
    ]  # fmt: skip


def test_the_author_s_heads_move_to_the_first_section_in_their_order() -> None:
    document = plain()
    number_pages(document, content(), own_document=False)
    last = document.element.body.sectPr
    names = [each.tag for each in last if each.tag.endswith("Reference")]
    assert len(names) == 2
    section_end(last, turned=True)
    section_end(last, turned=False)
    heads_first(document)
    first, middle, end = document.element.body.iter(qn("w:sectPr"))
    assert [each.tag for each in first][:2] == names
    for other in (middle, end):
        assert not [each for each in other if each.tag in names]


def test_heads_of_a_document_of_one_section_stay_where_they_are() -> None:
    document = plain()
    number_pages(document, content(), own_document=False)
    before = [each.tag for each in document.element.body.sectPr]
    heads_first(document)
    assert [each.tag for each in document.element.body.sectPr] == before
