"""Blank case report forms to print, as a PDF."""

from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path

from trialkit.errors import ReportError
from trialkit.pages.book_order import BookSheet, in_order
from trialkit.pages.codebook_page import Codebook, Page, Question
from trialkit.pages.setting import set_as_pdf
from trialkit.printable import fit_for_xml
from trialkit.schemas.items.kind import PaperSpace

TEMPLATE = "crf.typ"
LONGEST_LINE_MM = 150.0
"""What the paper has room for."""
_ACROSS = 8
"""How many columns of a log stand side by side on paper across."""
_ROWS, _FEWER_ROWS = 10, 5


def render_crf(codebook: Codebook, templates: Path) -> bytes:
    """The blank forms as a PDF on A4, each form numbered for itself; the same bytes each time.

    The line of a visual analogue scale has its exact length where the paper is printed at 100 %,
    and says so. Raises :class:`ReportError` when ``templates`` has no usable ``crf.typ``.
    """
    sheets = tuple(BookSheet(page=page) for page in codebook.pages)
    return _render(_document(codebook, sheets, title="Forms"), templates)


def render_book(codebook: Codebook, templates: Path) -> bytes:
    """The forms of one participant as a book in the order of visits, numbered from end to end.

    Raises :class:`ReportError` as :func:`render_crf` does.
    """
    return _render(_document(codebook, in_order(codebook), title="Book of forms"), templates)


def _render(document: Mapping[str, object], templates: Path) -> bytes:
    return set_as_pdf(document, TEMPLATE, templates, what="the forms")


def _document(codebook: Codebook, sheets: Sequence[BookSheet], *, title: str) -> dict[str, object]:
    return {
        "title": fit_for_xml(f"{title}: {codebook.short_title}"),
        "book": title != "Forms",
        "trial": fit_for_xml(codebook.short_title),
        "version": fit_for_xml(codebook.version),
        "synthetic": fit_for_xml(codebook.synthetic),
        "date_boxes": list(codebook.date_boxes),
        "missing": [
            {"code": fit_for_xml(each.code), "label": fit_for_xml(each.label)}
            for each in codebook.missing_codes
        ],
        "sheets": [{"form": _page(each.page), "visit": fit_for_xml(each.visit)} for each in sheets],
    }


def _page(page: Page) -> dict[str, object]:
    return {
        "id": page.id,
        "title": fit_for_xml(page.title),
        "visits": [
            {"code": fit_for_xml(visit.code), "label": fit_for_xml(visit.label)}
            for visit in page.visits
        ],
        "repeating": page.repeating,
        "arms": [fit_for_xml(arm) for arm in page.arms],
        "questions": [] if page.repeating else [_question(each) for each in page.questions],
        "columns": _columns(page) if page.repeating else [],
        "rows": _ROWS if len(_asked(page)) <= _ACROSS else _FEWER_ROWS,
    }


def _asked(page: Page) -> list[Question]:
    return [each for each in page.questions if each.space is not PaperSpace.NOTHING]


def _columns(page: Page) -> list[list[dict[str, object]]]:
    """The columns of a table of many rows, as many of them side by side as the paper has room for."""
    asked = [_question(each) for each in _asked(page)]
    parts = max(1, ceil(len(asked) / _ACROSS))
    each = ceil(len(asked) / parts) or 1
    return [asked[start : start + each] for start in range(0, len(asked), each)]


def _question(each: Question) -> dict[str, object]:
    if each.length_mm > LONGEST_LINE_MM:
        raise ReportError(
            f"item {each.id!r}: a line of {each.length_mm:g} mm does not fit on the paper, which "
            f"has room for {LONGEST_LINE_MM:g} mm; give the scale another range or unit"
        )
    return {
        "id": each.id,
        "label": fit_for_xml(each.label),
        "section": fit_for_xml(each.section),
        "note": fit_for_xml(each.note),
        "unit": fit_for_xml(each.unit),
        "range": fit_for_xml(each.hard_range),
        "required": each.required == "always" or bool(each.required == each.shown_when != ""),
        "only_if": fit_for_xml(each.only_if),
        "space": each.space.value,
        "boxes": each.boxes,
        "lowest": each.lowest,
        "highest": each.highest,
        "choices": [
            {"code": fit_for_xml(choice.code), "label": fit_for_xml(choice.label)}
            for choice in each.choices
        ],
        "anchors": [fit_for_xml(anchor) for anchor in each.anchors],
        "length_mm": each.length_mm,
    }
