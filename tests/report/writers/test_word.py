"""The Word file as Word sees it: real tables, captions that count, pictures with words."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor, Twips

from tests.line import Line
from tests.report.factory import content_of
from trialkit.report.content.content import Content
from trialkit.report.writers.pictures import pictures
from trialkit.report.writers.word import render_word
from trialkit.report.writers.word_marked import read_lines
from trialkit.report.writers.word_marks import read_record
from trialkit.steps.returned.word_file import read_word


@pytest.fixture(scope="module")
def content(example: Line) -> Content:
    return content_of(example)


@pytest.fixture(scope="module")
def document(content: Content) -> Document:
    return docx.Document(BytesIO(render_word(content, pictures(content.figures))))


def test_every_table_holds_its_cells_and_repeats_its_head(
    content: Content, document: Document
) -> None:
    assert len(document.tables) == len(content.tables) + len(content.checklists) + 1  # the form
    for table, made in zip(content.tables, document.tables, strict=False):
        rows = made._tbl.tr_lst
        heads = [row for row in rows if row.trPr.find(qn("w:tblHeader")) is not None]
        assert rows[: len(heads)] == heads
        assert len(heads) == (2 if table.spanning else 1)
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
        named = sum(bool(group.head) for group in table.groups)
        assert len(rows) == len(heads) + named + len(table.rows)
        shown = " ".join(made._tbl.xpath("string(.)").replace("\u00a0", " ").split())
        for row in table.rows:
            for cell in row.cells:
                assert " ".join(cell.text.replace("\u00a0", " ").split()) in shown


def test_a_table_lies_on_a_turned_page_only_where_it_is_too_wide_for_an_upright_one(
    document: Document,
) -> None:
    sections = list(document.sections)
    upright = next(each for each in sections if each.orientation is WD_ORIENT.PORTRAIT)
    room = upright.page_width - upright.left_margin - upright.right_margin
    number, turned = 0, []
    for node in document.element.body.iterchildren():
        if node.tag == qn("w:tbl"):
            grid = [int(each.get(qn("w:w"))) for each in node.iter(qn("w:gridCol"))]
            too_wide = Twips(sum(grid)) > room + Twips(1)
            assert (sections[number].orientation is WD_ORIENT.LANDSCAPE) is too_wide
            turned.append(too_wide)
        elif node.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            number += 1
    assert set(turned) == {True, False}
    assert number == len(sections) - 1


def test_every_row_fills_the_grid(document: Document) -> None:
    for table in document.tables:
        columns = len(table._tbl.tblGrid.gridCol_lst)
        for row in table._tbl.tr_lst:
            assert sum(cell.grid_span for cell in row.tc_lst) == columns


def test_captions_count_themselves_and_references_lead_to_them(
    content: Content, document: Document
) -> None:
    fields = [node.text.strip() for node in document.element.iter(qn("w:instrText"))]
    counters = [field for field in fields if field.startswith("SEQ")]
    assert len(counters) == len(content.tables) + len(content.figures)
    marks = {node.get(qn("w:name")) for node in document.element.iter(qn("w:bookmarkStart"))}
    for field in fields:
        if field.startswith("REF"):
            assert field.split()[1] in marks
    captions = [each.text for each in document.paragraphs if each.style.name == "Caption"]
    for table, caption in zip(content.tables, captions, strict=False):
        assert caption.startswith(f"{table.label}. {table.caption}")


def test_pictures_have_words_for_who_cannot_see_them(content: Content, document: Document) -> None:
    shapes = list(document.inline_shapes)
    assert len(shapes) == len(content.figures)
    for shape, figure in zip(shapes, content.figures, strict=True):
        assert shape._inline.docPr.get("descr") == figure.description
        assert shape._inline.docPr.get("title") == figure.title
        assert shape.width <= Mm(257)


def test_headings_language_title_and_page_numbers(content: Content, document: Document) -> None:
    names = {section.title for section in content.sections}
    first = {each.text for each in document.paragraphs if each.style.name == "Heading 1"}
    assert names <= first
    assert document.core_properties.title == content.title
    assert document.core_properties.language == "en-GB"
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en-GB"
    assert document.core_properties.created.date() == content.dated
    foot = document.sections[0].footer._element
    assert [node.text.strip() for node in foot.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
    assert content.synthetic in document.sections[0].header._element.xpath("string(.)")


def test_a_wide_table_lies_on_a_turned_page_with_its_caption(document: Document) -> None:
    turned = [each.orientation is WD_ORIENT.LANDSCAPE for each in document.sections]
    assert turned[0] is False
    assert True in turned
    for section in document.sections:
        wide = section.page_width > section.page_height
        assert wide is (section.orientation is WD_ORIENT.LANDSCAPE)


def test_every_date_in_the_file_is_the_data_cut(content: Content) -> None:
    made = render_word(content, pictures(content.figures))
    with ZipFile(BytesIO(made)) as parts:
        dates = {part.date_time[:3] for part in parts.infolist()}
        core = parts.read("docProps/core.xml").decode()
    cut = content.dated
    assert cut is not None
    assert dates == {(cut.year, cut.month, cut.day)}
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {cut.isoformat()}


def test_an_authors_document_lends_its_looks_and_not_its_text(
    content: Content, tmp_path: Path
) -> None:
    mine = docx.Document()
    mine.add_paragraph("My old text")
    mine.styles["Heading 1"].font.color.rgb = RGBColor(1, 2, 3)
    mine.sections[0].header.paragraphs[0].text = "My institute"
    mine.sections[0].page_width, mine.sections[0].page_height = Mm(216), Mm(279)
    mine.save(str(tmp_path / "mine.docx"))
    made = render_word(content, pictures(content.figures), reference=tmp_path / "mine.docx")
    document = docx.Document(BytesIO(made))
    assert "My old text" not in document.element.xpath("string(.)")
    assert document.styles["Heading 1"].font.color.rgb == RGBColor(1, 2, 3)
    assert "My institute" in document.sections[0].header._element.xpath("string(.)")
    assert document.sections[0].page_width.mm == pytest.approx(216, abs=0.1)
    assert len(document.tables) == len(content.tables) + len(content.checklists) + 1  # the form


@pytest.mark.slow
def test_no_second_copy_of_the_styles_and_no_picture_of_another_document(
    content: Content, tmp_path: Path
) -> None:
    """Neither from the template of the library, nor from an author's own document."""
    docx.Document().save(str(tmp_path / "mine.docx"))
    for reference in (None, tmp_path / "mine.docx"):
        made = render_word(content, pictures(content.figures), reference=reference)
        with ZipFile(BytesIO(made)) as archive:
            names = archive.namelist()
            types = archive.read("[Content_Types].xml").decode()
        stale = [name for name in names if "stylesWithEffects" in name or "thumbnail" in name]
        assert stale == []
        assert "stylesWithEffects" not in types


def test_the_words_between_a_heading_and_its_table_stay_with_both(document: Document) -> None:
    found = [
        each for each in document.paragraphs if re.match(r"(TIDieR|CERT) \d+: \d+ ", each.text)
    ]
    assert found
    assert all(each.paragraph_format.keep_with_next for each in found)


def test_the_record_has_the_words_around_each_number_as_they_are_read(
    content: Content, tmp_path: Path
) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(render_word(content, pictures(content.figures)))
    word = read_word(path)
    (record,) = filter(None, map(read_record, word.custom))
    read = {each.mark: each for line in read_lines(word.body) for each in line.numbers}
    assert len(record.numbers) == len(read) > 500
    for kept in record.numbers:
        found = read[kept.mark]
        assert (kept.before, kept.after) == (found.before, found.after)
