"""The styles of tables: each by its name, so that a house template restyles all tables at once."""

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from trialkit.errors import ReportError
from trialkit.report.writers.word_styles import add_styles, style_ids
from trialkit.report.writers.word_table_styles import CELLS, RULED, TABLE, rule
from trialkit.report.writers.word_xml import Element, element, tree


@pytest.fixture(scope="module")
def document() -> Document:
    made = docx.Document()
    add_styles(made, own_document=False)
    return made


def rules(parent: Element, path: str) -> dict[str, str]:
    found = parent.find("/".join(qn(step) for step in path.split("/")))
    return {each.tag.rpartition("}")[2]: each.get(qn("w:sz")) for each in found}


def test_a_table_has_rules_above_below_and_under_its_first_row(document: Document) -> None:
    style = document.styles[TABLE]
    assert style.type is WD_STYLE_TYPE.TABLE
    assert style_ids(document)[TABLE] == "ReportTable"
    assert rules(style.element, "w:tblPr/w:tblBorders") == {"top": "12", "bottom": "12"}
    first = style.element.find(qn("w:tblStylePr"))
    assert first.get(qn("w:type")) == "firstRow"
    assert rules(first, "w:tcPr/w:tcBorders") == {"bottom": "6"}
    assert first.find(f"{qn('w:tcPr')}/{qn('w:vAlign')}").get(qn("w:val")) == "bottom"
    margins = style.element.find(f"{qn('w:tblPr')}/{qn('w:tblCellMar')}")
    assert [each.get(qn("w:w")) for each in margins] == ["80", "80"]
    assert style.element.find(qn("w:basedOn")).get(qn("w:val")) == "TableNormal"


def test_a_ruled_table_has_a_rule_between_its_rows_too(document: Document) -> None:
    borders = rules(document.styles[RULED].element, "w:tblPr/w:tblBorders")
    assert borders == {"top": "12", "bottom": "12", "insideH": "2"}


def test_cells_follow_the_style_of_the_table_s_text_but_for_one_thing(document: Document) -> None:
    text = document.styles["Report Table Text"]
    text.font.size = Pt(7)
    for look in CELLS:
        style = document.styles[look.name]
        assert style.base_style.name == look.parent
        assert style.font.size is None
        assert style.font.name is None
    right, head = document.styles["Report Table Number"], document.styles["Report Table Head"]
    assert right.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert (right.font.bold, head.font.bold) == (None, True)
    middle = document.styles["Report Table Spanning Head"]
    assert middle.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert document.styles["Report Table Indented"].paragraph_format.left_indent == Pt(10)
    assert rules(document.styles["Report Table Group"].element, "w:pPr/w:pBdr") == {"top": "2"}


def test_a_house_template_keeps_the_styles_that_it_has() -> None:
    house = docx.Document()
    house.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE).element.append(tree(element("w:tblPr")))
    own = house.styles.add_style("Report Table Text", WD_STYLE_TYPE.PARAGRAPH)
    own.font.name = "Georgia"
    add_styles(house, own_document=True)
    assert house.styles[TABLE].element.find(qn("w:tblStylePr")) is None
    assert [style.name for style in house.styles].count(TABLE) == 1
    assert house.styles["Report Table Number"].base_style.font.name == "Georgia"


def test_a_style_of_another_kind_with_the_name_is_named() -> None:
    house = docx.Document()
    house.styles.add_style(TABLE, WD_STYLE_TYPE.PARAGRAPH)
    with pytest.raises(ReportError, match="'Report Table' that is none of a table; rename it"):
        add_styles(house, own_document=True)


def test_a_rule_that_takes_one_away_has_no_width() -> None:
    taken, drawn = tree(rule("bottom", 6, kind="nil")), tree(rule("bottom", 6))
    assert [taken.get(qn("w:val")), taken.get(qn("w:sz"))] == ["nil", None]
    assert [drawn.get(qn("w:val")), drawn.get(qn("w:sz"))] == ["single", "6"]
