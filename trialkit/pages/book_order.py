"""The forms of one participant in the order in which they are filled in: the book of a trial."""

from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.pages.codebook_page import Codebook, Page
from trialkit.schemas.forms.forms import FormKind

_FIRST = (FormKind.SCREENING, FormKind.DEMOGRAPHICS)
_LAST = (FormKind.END_OF_STUDY,)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSheet:
    """A form as it lies in a book: once for each visit at which it is filled in."""

    page: Page
    visit: str = ""
    """The label of the visit; empty for a form of no visit, and where it is not known yet."""


def in_order(codebook: Codebook) -> tuple[BookSheet, ...]:
    """The forms by visit, those of no visit where they belong: first, at randomisation, or last.

    What is filled in again and again, such as adverse events, comes after the last visit, and before
    the end of the study.
    """
    return tuple(_sheets(codebook))


def _sheets(codebook: Codebook) -> Iterator[BookSheet]:
    free = [page for page in codebook.pages if not page.visits]
    once = [page for page in free if not page.repeating]
    yield from (BookSheet(page=page) for page in once if page.kind in _FIRST)
    before = [each for each in codebook.visits if each.code in codebook.baseline]
    after = [each for each in codebook.visits if each.code not in codebook.baseline]
    for visits in (before, after):
        for visit in visits:
            for page in codebook.pages:
                if visit in page.visits:
                    yield BookSheet(page=page, visit=visit.label)
        if visits is before:
            yield from (
                BookSheet(page=page) for page in once if page.kind is FormKind.RANDOMISATION
            )
    placed = {*_FIRST, FormKind.RANDOMISATION, *_LAST}
    yield from (BookSheet(page=page) for page in once if page.kind not in placed)
    yield from (BookSheet(page=page) for page in free if page.repeating and page.kind not in _LAST)
    yield from (BookSheet(page=page) for page in free if page.kind in _LAST)
