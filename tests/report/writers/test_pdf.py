"""The PDF: tagged, titled, bookmarked, dated by the data cut, and its words read back."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.line import Line
from tests.report.contents import content as small
from tests.report.factory import content_of
from trialkit.errors import DataFileError, ReportError
from trialkit.report.content.content import Content
from trialkit.report.lettering.fonts import lacking
from trialkit.report.writers.pdf import Pdf, render_pdf
from trialkit.report.writers.template_folder import find_templates

TEMPLATES = find_templates()


@pytest.fixture(scope="module")
def content(example: Line) -> Content:
    return content_of(example)


@pytest.fixture(scope="module")
def made(content: Content) -> Pdf:
    return render_pdf(content, TEMPLATES)


@pytest.fixture(scope="module")
def reader(made: Pdf) -> PdfReader:
    return PdfReader(BytesIO(made.document))


def tight(text: str) -> str:
    return "".join(text.split())


def test_it_is_tagged_and_titled_and_says_its_language(reader: PdfReader, content: Content) -> None:
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("en")
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == content.title
    about = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part" in about


def test_its_only_date_is_the_data_cut(reader: PdfReader, content: Content) -> None:
    assert reader.metadata is not None
    assert content.dated is not None
    expected = f"D:{content.dated:%Y%m%d}"
    for key in ("/CreationDate", "/ModDate"):
        assert str(reader.metadata[key]).startswith(expected)


def test_the_sections_are_bookmarks(reader: PdfReader, content: Content) -> None:
    titles = [each["/Title"] for each in reader.outline if not isinstance(each, list)]
    assert titles[: len(content.sections)] == [section.title for section in content.sections]


@pytest.mark.slow
def test_the_words_of_every_table_are_in_it(reader: PdfReader, content: Content) -> None:
    text = tight("".join(page.extract_text() for page in reader.pages))
    for table in content.tables:
        assert tight(f"{table.label}. {table.caption}") in text
        for row in table.rows:
            for cell in row.cells:
                if not cell.words:
                    assert tight(cell.text) in text


def test_wide_tables_lie_on_turned_pages(reader: PdfReader) -> None:
    turned = [page.mediabox.width > page.mediabox.height for page in reader.pages]
    assert turned[0] is False
    assert True in turned


def test_without_a_date_there_is_none(content: Content) -> None:
    document = render_pdf(replace(content, dated=None), TEMPLATES).document
    assert document == render_pdf(replace(content, dated=None), TEMPLATES).document


def test_our_fonts_have_european_letters_and_signs_and_no_chinese() -> None:
    assert lacking("Größe ≤ 3·5 µg — naïve Łódź Ελλάδα Привет ½ × ± − ≥ …") == ""
    assert lacking("a漢b漢字") == "漢字"


@pytest.mark.parametrize(("count", "more"), [(1, False), (5, False), (6, True)])
def test_characters_that_no_font_has_are_named_the_first_five_of_them(
    count: int, more: bool
) -> None:
    """Of an area in which no font of a machine has letters."""
    characters = "".join(chr(0xF0000 + place) for place in range(count))
    made = render_pdf(small(title=f"Trial {characters}"), TEMPLATES)
    assert made.document.startswith(b"%PDF")
    named = ", ".join(f"{each} U+{ord(each):04X}" for each in characters[:5])
    assert f"({named}{' …' if more else ''})" in made.notice


def test_a_template_that_is_missing_or_wrong_is_named(content: Content, tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"report\.typ"):
        render_pdf(content, tmp_path)
    (tmp_path / "report.typ").write_text("#panic(1)", encoding="utf-8")
    with pytest.raises(ReportError, match="panic"):
        render_pdf(content, tmp_path)


def test_a_template_cannot_read_what_is_not_the_reports(content: Content, tmp_path: Path) -> None:
    for attempt in (
        '#read("/etc/passwd")',
        '#read("../../etc/passwd")',
        '#import "@preview/x:1.0.0"',
    ):
        (tmp_path / "report.typ").write_text(attempt, encoding="utf-8")
        with pytest.raises(ReportError):
            render_pdf(content, tmp_path)
