"""The form of CONSORT 2025 that journals ask for: the statement's words, and where each is reported.

Its last column prints page numbers, which exist where a document has pages: Word counts them in
fields, the PDF when it is set. The wording is the statement's own (CC BY 4.0).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from trialkit.report.content.checklists import Checklist, ChecklistRow, RowStatus
from trialkit.report.content.content import Section
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import Paragraph
from trialkit.report.guidelines.checklist import tables_of

_IN_WORDS: Mapping[RowStatus, str] = {
    RowStatus.MISSING: "Not reported",
    RowStatus.NOT_APPLICABLE: "Not applicable",
    RowStatus.PARTIAL: "In part",
}
"""What stands in the last column before the pages, or in their place."""
_NOWHERE = frozenset({RowStatus.MISSING})


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFormRow:
    """A row of the form, as the statement words it."""

    number: str
    section: str
    topic: str
    wording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalForm:
    """The form as it is printed by the statement, empty."""

    title: str
    attribution: str
    advice: str
    rows: tuple[JournalFormRow, ...]


@cache
def consort_form() -> JournalForm:
    """The 42 rows of the form of CONSORT 2025."""
    tables = tables_of("consort_2025_form")
    return JournalForm(
        title=tables["title"],
        attribution=tables["attribution"],
        advice=tables["advice"],
        rows=tuple(JournalFormRow(**row) for row in tables["rows"]),
    )


_OF_THIS_DOCUMENT = (
    "For the journal. Pages are those of this document; each number leads to its place. In Word "
    "they are fields: after a change, select everything (Ctrl+A) and press F9."
)
_OF_ANOTHER = (
    "For the journal. The last column names the section, table or figure of the manuscript or its "
    "supplement; put the page beside it when the pages are final."
)


def official_form(checklist: Checklist, *, is_apart: bool = False) -> Section:
    """The form filled in from the rows of the CONSORT 2025 checklist of a report.

    One that ``is_apart`` stands in a document of its own: it names places, since it has no pages of
    the manuscript.
    """
    form = consort_form()
    groups = tuple(
        RowGroup(
            head=section,
            rows=tuple(_row(each, checklist.row(each.number), is_apart=is_apart) for each in rows),
        )
        for section, rows in groupby(form.rows, key=lambda each: each.section)
    )
    table = Table(
        anchor="table-consort-form",
        caption=form.title,
        stub="Section/topic",
        heads=tuple(
            ColumnHead(text=text, words=True)
            for text in ("No", "CONSORT 2025 checklist item description", "Reported on page no.")
        ),
        groups=groups,
        notes=(form.attribution, form.advice),
        label="Form",
        shown_as_data=False,
    )
    return Section(
        anchor="consort-form",
        title="CONSORT 2025 checklist: the form for journals",
        starts_page=True,
        blocks=(Paragraph(runs=(_OF_ANOTHER if is_apart else _OF_THIS_DOCUMENT,)), table),
    )


def _row(printed: JournalFormRow, found: ChecklistRow, *, is_apart: bool) -> Row:
    words = _IN_WORDS.get(found.status, "")
    places = () if found.status in _NOWHERE else found.places
    if is_apart:
        named = ", ".join(dict.fromkeys(place.text for place in places))
        words = ": ".join(filter(None, (words, named)))
    pages = () if is_apart else tuple(place.anchor for place in places)
    return Row(
        head=printed.topic,
        cells=(
            Cell(text=printed.number, words=True),
            Cell(text=printed.wording, words=True),
            Cell(text=words, words=True, pages=tuple(dict.fromkeys(pages))),
        ),
    )
