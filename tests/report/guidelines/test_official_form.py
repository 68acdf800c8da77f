"""The form for journals has the statement's rows, and says of each where it is reported."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from tests.line import Line
from tests.report.factory import content_of, made_up_line
from trialkit.report.content.checklists import RowStatus
from trialkit.report.content.content import Content
from trialkit.report.content.tables import Table
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.official_form import consort_form, official_form
from trialkit.report.writers.markdown import render_markdown
from trialkit.report.writers.pdf import render_pdf
from trialkit.report.writers.pictures import pictures
from trialkit.report.writers.template_folder import find_templates
from trialkit.report.writers.word import render_word
from trialkit.report.writers.word_xml import bookmark_name

PAGE = "Reported on page no."


@pytest.fixture(scope="module")
def content() -> Content:
    return content_of(made_up_line())


def form_of(content: Content) -> Table:
    assert content.form is not None
    (table,) = (block for block in content.form.blocks if isinstance(block, Table))
    return table


def test_it_has_the_42_rows_in_the_statements_order_with_its_attribution() -> None:
    form = consort_form()
    assert [row.number for row in form.rows] == list(consort_2025().numbers)
    assert len({re.match(r"\d+", row.number)[0] for row in form.rows}) == 30  # type: ignore[index]
    assert "CC BY 4.0" in form.attribution
    assert "BMJ 2025;389:e081123" in form.attribution
    assert list(dict.fromkeys(row.section for row in form.rows)) == [
        "Title and abstract", "Open science", "Introduction", "Methods", "Results", "Discussion",
    ]  # fmt: skip


def test_each_row_says_where_it_is_reported_or_that_it_is_not(content: Content) -> None:
    rows = {row.cells[0].text: row.cells[2] for row in form_of(content).rows}
    for row in content.checklist.rows:
        cell = rows[row.number]
        assert bool(cell.pages) is (row.status is not RowStatus.MISSING)
        assert (cell.text == "Not reported") is (row.status is RowStatus.MISSING)
        assert (cell.text == "In part") is (row.status is RowStatus.PARTIAL)
        assert (cell.text == "Not applicable") is (row.status is RowStatus.NOT_APPLICABLE)


def test_word_counts_each_page_in_a_field_on_a_bookmark_that_is_there(content: Content) -> None:
    document = Document(BytesIO(render_word(content, pictures(content.figures))))
    body = document.element.body
    marks = body.xpath("//w:bookmarkStart/@w:name")
    assert len(marks) == len(set(marks))
    fields = [each.text.split() for each in body.xpath("//w:instrText")]
    counted = [words[1] for words in fields if words[0] == "PAGEREF"]
    wanted = [bookmark_name(page) for row in form_of(content).rows for page in row.cells[2].pages]
    listed = len(counted) - len(wanted)
    assert counted[listed:] == wanted
    assert listed == len(body.xpath("//w:hyperlink[@w:anchor]")), "the contents list has the others"
    assert set(counted) <= set(marks)
    heads = [each for each in document.paragraphs if "form for journals" in each.text]
    assert [each.paragraph_format.page_break_before for each in heads] == [True]


@pytest.mark.slow
def test_the_pdf_prints_the_page_on_which_the_words_stand(content: Content) -> None:
    """The page that the form prints is looked up, and the words of that item stand there."""
    reader = PdfReader(BytesIO(render_pdf(content, find_templates()).document))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    first = next(number for number, text in enumerate(pages) if PAGE in text)
    form = " ".join(pages[first:])
    words = {"7": "Less pain", "12a": "Adults", "18": "The list stayed at the centre"}
    for row in consort_form().rows:
        if row.number in words:
            printed = re.search(rf"\b{row.number} {re.escape(row.wording)}\s+(\d+)\b", form)
            assert printed is not None, row.number
            assert words[row.number] in pages[int(printed[1]) - 1]


def test_a_document_without_pages_has_no_form(content: Content) -> None:
    assert PAGE not in render_markdown(content)


@pytest.mark.further
def test_every_place_that_it_names_is_a_place_of_word_and_pdf(
    example: Line, three_arms: Line
) -> None:
    """The PDF cannot be set where a place is not there."""
    for line in (example, three_arms):
        whole = content_of(line)
        assert render_pdf(whole, find_templates()).document
        document = Document(BytesIO(render_word(whole, pictures(whole.figures))))
        marks = set(document.element.body.xpath("//w:bookmarkStart/@w:name"))
        pages = {page for row in form_of(whole).rows for page in row.cells[2].pages}
        assert {bookmark_name(page) for page in pages} <= marks


def test_a_row_that_answers_at_two_places_names_each_once(content: Content) -> None:
    row = content.checklist.row("18")
    doubled = replace(row, places=(*row.places, *row.places))
    rows = tuple(doubled if each.number == "18" else each for each in content.checklist.rows)
    table = form_of(replace(content, form=official_form(replace(content.checklist, rows=rows))))
    (cell,) = (each.cells[2] for each in table.rows if each.cells[0].text == "18")
    assert cell.pages == tuple(place.anchor for place in row.places)
