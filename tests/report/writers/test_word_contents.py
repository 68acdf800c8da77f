"""The contents list: readable at once, led to its headings, and Word's own to fill anew."""

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt

from trialkit.report.writers.paper import PaperHeading
from trialkit.report.writers.word_contents import LEVELS, TITLE, add_contents_styles, contents_list
from trialkit.report.writers.word_xml import Element, trees

STYLES = {TITLE: "Contents", LEVELS[0]: "First", LEVELS[1]: "Second"}


def heading(level: int, title: str) -> PaperHeading:
    return PaperHeading(level=level, anchor=f"at-{title.lower()}", title=title, items=())


def lines(made: Element) -> list[tuple[str, str, str]]:
    """The style, the place that it leads to, and the text of each paragraph."""
    found = []
    for each in made.iter(qn("w:p")):
        link = each.find(qn("w:hyperlink"))
        found.append((
            each.pPr.pStyle.val,
            "" if link is None else link.get(qn("w:anchor")),
            "".join(
                "\t" if node.tag == qn("w:tab") else node.text or ""
                for node in each.iter(qn("w:t"), qn("w:tab"))
            ),
        ))  # fmt: skip
    return found


def test_each_heading_of_two_levels_has_an_entry_that_leads_to_it() -> None:
    headings = [heading(1, "Methods"), heading(2, "Arms"), heading(3, "Dose")]
    (made,) = trees(contents_list(headings, STYLES))
    assert lines(made) == [
        ("Contents", "", "Contents"),
        ("First", "a_at_methods", "Methods\t\N{HORIZONTAL ELLIPSIS}"),
        ("Second", "a_at_arms", "Arms\t\N{HORIZONTAL ELLIPSIS}"),
    ]


def test_it_is_one_field_with_a_field_for_each_page_in_it() -> None:
    (made,) = trees(contents_list([heading(1, "Methods"), heading(1, "Results")], STYLES))
    assert [node.text.strip() for node in made.iter(qn("w:instrText"))] == [
        'TOC \\o "1-2" \\h \\z', r"PAGEREF a_at_methods \h", r"PAGEREF a_at_results \h",
    ]  # fmt: skip
    kinds = [node.get(qn("w:fldCharType")) for node in made.iter(qn("w:fldChar"))]
    page = ["begin", "separate", "end"]
    assert kinds == ["begin", "separate", *page, *page, "end"]
    assert made.find(f".//{qn('w:docPartGallery')}").get(qn("w:val")) == "Table of Contents"


def test_without_headings_there_is_none() -> None:
    assert contents_list([], STYLES) == ()
    assert contents_list([heading(3, "Dose")], STYLES) == ()


def test_its_styles_are_word_s_own_and_a_house_s_stay() -> None:
    house = docx.Document()
    house.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    add_contents_styles(house, width=400)
    assert len(house.styles["toc 1"].paragraph_format.tab_stops) == 0
    (stop,) = house.styles["toc 2"].paragraph_format.tab_stops
    assert stop.position == Pt(400)
    assert house.styles["toc 2"].element.get(qn("w:customStyle")) is None
    assert house.styles[TITLE].font.bold is True
    assert house.styles[TITLE].base_style.name == "Normal", "no heading: it would list itself"
