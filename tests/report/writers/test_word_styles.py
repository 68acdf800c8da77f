"""The styles of a Word report: looks of our own, which give way to an author's."""

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from trialkit.report.writers.word_styles import add_styles, style_ids

INK, SOFT, AMBER, RED = "1B1F24", "57606A", "5F3700", "7A1B12"
SERIF, SANS = "Times New Roman", "Arial"
LOOKS = {
    # font, size, bold, colour, before, after
    "Normal": (SERIF, 11, False, INK, 0, 6),
    "Title": (SANS, 20, True, INK, 0, 8),
    "Heading 1": (SANS, 15, True, INK, 20, 6),
    "Heading 2": (SANS, 12, True, INK, 14, 4),
    "Heading 3": (SANS, 11, True, INK, 10, 3),
    "Caption": (SANS, 9.5, False, INK, 10, 4),
    "List Bullet": (SERIF, 11, False, INK, 0, 2),
    "Report Identity": (SANS, 9.5, False, SOFT, 0, 1),
    "Report Checklist Items": (SANS, 8, False, SOFT, 0, 3),
    "Report Lead": (SANS, 10, True, INK, 6, 2),
    "Report Definition": (SERIF, 11, False, INK, 0, 3),
    "Report Table Text": (SANS, 9, False, INK, 1.5, 1.5),
    "Report Table Note": (SANS, 8, False, SOFT, 0, 1),
    "Report Figure": (SERIF, 11, False, INK, 8, 2),
    "Report Figure Caption": (SANS, 9.5, False, INK, 0, 10),
    "Report Synthetic": (SANS, 9, True, AMBER, 0, 4),
    "Report Caution": (SANS, 9.5, False, RED, 4, 4),
    "Report Gap Title": (SANS, 9.5, True, RED, 6, 0),
    "Report Gap": (SANS, 9.5, False, RED, 0, 6),
    "Report Statement": (SERIF, 11, False, INK, 0, 6),
}
"""What a reader sees: text in a serif, what stands apart in a sans, warnings in colour."""


@pytest.fixture(scope="module")
def document() -> Document:
    made = docx.Document()
    add_styles(made, own_document=False)
    return made


def style(document: Document, name: str) -> ParagraphStyle:
    found = document.styles[name]
    assert isinstance(found, ParagraphStyle)
    return found


@pytest.mark.parametrize("name", LOOKS)
def test_each_style_has_its_look(document: Document, name: str) -> None:
    own = style(document, name)
    layout = own.paragraph_format
    assert (
        own.font.name, own.font.size and own.font.size.pt, own.font.bold, str(own.font.color.rgb),
        (layout.space_before and layout.space_before.pt) or 0, layout.space_after.pt,
    ) == LOOKS[name]  # fmt: skip
    fonts = own.element.rPr.find(qn("w:rFonts"))
    assert fonts.get(qn("w:cs")) == own.font.name
    assert not [key for key in fonts.attrib if key.endswith("Theme")]
    assert own.font.italic is False
    assert layout.widow_control is True


def test_captions_and_heads_stay_with_what_they_stand_above(document: Document) -> None:
    stay = {name for name in LOOKS if style(document, name).paragraph_format.keep_with_next}
    assert stay == {
        "Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "Report Checklist Items",
        "Report Lead", "Report Figure", "Report Gap Title",
    }  # fmt: skip
    whole = {name for name in LOOKS if style(document, name).paragraph_format.keep_together}
    assert whole == {
        "Caption", "Report Table Note", "Report Figure Caption", "Report Synthetic",
        "Report Caution", "Report Gap",
    }  # fmt: skip


def test_definitions_hang_figures_are_centred_and_lines_are_spaced(document: Document) -> None:
    layout = style(document, "Report Definition").paragraph_format
    assert layout.left_indent == Pt(99)
    assert layout.first_line_indent == -Pt(99)
    assert style(document, "Report Lead").paragraph_format.left_indent is None
    assert style(document, "Report Lead").paragraph_format.first_line_indent is None
    centred = {
        name
        for name in LOOKS
        if style(document, name).paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    }
    assert centred == {"Report Figure"}
    spaced = {name: style(document, name).paragraph_format.line_spacing for name in LOOKS}
    assert {name for name, line in spaced.items() if line == 1.15} == {"Normal", "Report Statement"}
    assert {name for name, line in spaced.items() if line == 1.1} == {
        "List Bullet", "Report Definition",
    }  # fmt: skip


def decoration(document: Document, name: str) -> tuple[str, str]:
    """The shade behind a style and the colour of the bar at its left."""
    properties = style(document, name).element.pPr
    shade = properties.find(qn("w:shd"))
    bar = properties.find(f"{qn('w:pBdr')}/{qn('w:left')}")
    return (
        "" if shade is None else shade.get(qn("w:fill")),
        "" if bar is None else bar.get(qn("w:color")),
    )


def test_warnings_are_shaded_and_gaps_have_a_bar(document: Document) -> None:
    found = {name: decoration(document, name) for name in LOOKS}
    assert {name: each for name, each in found.items() if each != ("", "")} == {
        "Report Synthetic": ("FFF3D1", ""),
        "Report Caution": ("FBE5E2", "7A1B12"),
        "Report Gap Title": ("FDF3F1", "D9887E"),
        "Report Gap": ("FDF3F1", "D9887E"),
    }
    # the schema wants borders and shades after what keeps paragraphs together, before spacing
    order = [each.tag.rpartition("}")[2] for each in style(document, "Report Caution").element.pPr]
    places = [order.index(tag) for tag in ("keepLines", "pBdr", "shd", "spacing", "ind")]
    assert places == sorted(places)


def test_styles_are_based_on_the_body_text(document: Document) -> None:
    assert style(document, "Report Gap").base_style.name == "Normal"
    assert style(document, "Normal").base_style is None


def test_styles_are_found_by_their_name(document: Document) -> None:
    ids = style_ids(document)
    assert ids["Heading 1"] == "Heading1"
    assert ids["Report Table Text"] == "ReportTableText"
    assert set(LOOKS) <= set(ids)


def test_an_author_s_own_styles_stay_and_what_is_lacking_is_added_in_the_author_s_font() -> None:
    mine = docx.Document()
    mine.styles["Heading 1"].font.color.rgb = RGBColor(1, 2, 3)
    mine.styles["Normal"].font.name = "Georgia"
    own = mine.styles.add_style("Report Gap", WD_STYLE_TYPE.PARAGRAPH)
    own.font.size = Pt(33)
    before = mine.styles["Heading 1"].font.size
    add_styles(mine, own_document=True)
    assert mine.styles["Heading 1"].font.color.rgb == RGBColor(1, 2, 3)
    assert mine.styles["Heading 1"].font.size == before
    assert mine.styles["Normal"].font.name == "Georgia"
    assert mine.styles["Report Gap"].font.size == Pt(33)
    added = style(mine, "Report Caution")
    assert added.font.name is None
    assert added.font.size == Pt(9.5)
