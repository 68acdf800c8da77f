"""Blank case report forms to print, as a PDF: set by Typst from JSON, so that no text is markup."""

import json
from pathlib import Path

import typst

from trialkit.disk.temporary import temporary_folder
from trialkit.errors import ReportError
from trialkit.pages.codebook_page import Codebook, Page, Question
from trialkit.report.lettering.fonts import fonts_for
from trialkit.report.lettering.svg import printable
from trialkit.report.writers.template_folder import template_text

TEMPLATE = "crf.typ"
LONGEST_LINE_MM = 150.0
"""What the paper has room for."""


def render_crf(codebook: Codebook, templates: Path) -> bytes:
    """The blank forms as a PDF on A4, each form on pages of its own; the same bytes each time.

    The line of a visual analogue scale has its exact length where the paper is printed at 100 %,
    and says so. Raises :class:`ReportError` when ``templates`` has no usable ``crf.typ``.
    """
    content = json.dumps(_document(codebook), ensure_ascii=False)
    with temporary_folder() as folder:
        folder.write("content.json", content)
        folder.write(TEMPLATE, template_text(templates, TEMPLATE))
        fonts = fonts_for(content, folder)
        compiler = typst.Compiler(
            folder.path / TEMPLATE,
            root=folder.path,
            font_paths=[fonts.folder],
            ignore_system_fonts=not fonts.system,
            package_path=folder.path / "packages",
            package_cache_path=folder.path / "packages",
        )
        try:
            document = compiler.compile(format="pdf")
        except typst.TypstError as error:
            raise ReportError(f"the forms cannot be set with {TEMPLATE}: {error}") from error
    if not isinstance(document, bytes):
        raise ReportError("the PDF of the forms was not made in one piece")
    return document


def _document(codebook: Codebook) -> dict[str, object]:
    return {
        "title": printable(f"Forms: {codebook.short_title}"),
        "trial": printable(codebook.short_title),
        "synthetic": printable(codebook.synthetic),
        "date_boxes": list(codebook.date_boxes),
        "missing": [
            {"code": printable(each.code), "label": printable(each.label)}
            for each in codebook.missing_codes
        ],
        "pages": [_page(page) for page in codebook.pages],
    }


def _page(page: Page) -> dict[str, object]:
    return {
        "id": page.id,
        "title": printable(page.title),
        "visits": [
            {"code": printable(visit.code), "label": printable(visit.label)}
            for visit in page.visits
        ],
        "repeating": page.repeating,
        "arms": [printable(arm) for arm in page.arms],
        "questions": [_question(each) for each in page.questions],
    }


def _question(each: Question) -> dict[str, object]:
    if each.length_mm > LONGEST_LINE_MM:
        raise ReportError(
            f"item {each.id!r}: a line of {each.length_mm:g} mm does not fit on the paper, which "
            f"has room for {LONGEST_LINE_MM:g} mm; give the scale another range or unit"
        )
    return {
        "id": each.id,
        "label": printable(each.label),
        "section": printable(each.section),
        "note": printable(each.note),
        "unit": printable(each.unit),
        "range": printable(each.hard_range),
        "required": each.required == "always",
        "only_if": printable(each.only_if),
        "space": each.space.value,
        "boxes": each.boxes,
        "choices": [
            {"code": printable(choice.code), "label": printable(choice.label)}
            for choice in each.choices
        ],
        "anchors": [printable(anchor) for anchor in each.anchors],
        "length_mm": each.length_mm,
    }
