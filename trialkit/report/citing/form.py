"""In which form a journal prints citations and references, each journal's as one frozen noun.

What each form was checked against, and what could not be, stands in ``docs/report.md``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.citing.pages import Shortening, in_full, of_two_digits, shortest
from trialkit.report.citing.work import WorkDate
from trialkit.report.numbers.styles import EN_DASH

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LANCET_MONTHS = (
    "Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec",
)  # fmt: skip


class WebForm(StrEnum):
    """How the address of a work is told, and when it was read."""

    CITED = "[cited 2002 Jul 9]. Available from: URL"
    ACCESSED_BEFORE = "Accessed July 9, 2002. URL"
    IN_PARENTHESES = "(Accessed July 9, 2002, at URL.)"
    MONTH_BEHIND = "URL (accessed July 9, 2002)."
    DAY_BEHIND = "URL (accessed 9 Jul 2002)."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceForm:
    """How citations stand in the text, and works in the list; the defaults are ICMJE's."""

    raised: bool = False
    """Whether citations stand above the line, behind the full stop; else in parentheses before it."""
    range_dash: str = EN_DASH
    all_authors_of: int = 6
    authors_of_more: int = 6
    hyphens: bool = False
    """Whether the hyphen of ``A-W`` is kept in initials."""
    journal_italic: bool = False
    book_italic: bool = False
    journal_stop: str = "."
    day_of_article: bool = True
    """Whether an article's month and day are printed, where they are known."""
    ahead_of_print: Callable[[WorkDate], str] | None = None
    """The date of an article that has no volume, issue or pages yet, where it is told otherwise."""
    day_of_site: bool = False
    """Whether the month and day of a site are printed, where they are known."""
    issue: bool = True
    gap: str = ""
    """What stands behind the semicolon before, and the colon behind, the volume."""
    genre_in_brackets: bool = True
    """Whether what kind of thesis it is stands in brackets behind the title; else as a sentence."""
    volume_bold: bool = False
    shortening: Shortening = shortest
    page_dash: str = "-"
    doi_lead: str = "doi: "
    """What stands before the DOI of an article; empty where only an article without pages has one."""
    doi_stop: str = "."
    editors: tuple[str, str] = ("editor", "editors")
    edition: str = ". {} ed"
    place: bool = True
    """Whether the publisher's place is printed."""
    before_year: str = ";"
    pages_in_book: str = ". p. {}"
    web: WebForm = WebForm.CITED


def day_first(date: WorkDate) -> str:
    """``9 Jul 2002``, as far as it is known."""
    month = _MONTHS[date.month - 1][:3] if date.month else ""
    return _joined(date.day, month, date.year)


def month_first(date: WorkDate) -> str:
    """``July 9, 2002``, as far as it is known."""
    month = _MONTHS[date.month - 1] if date.month else ""
    lead = _joined(month, date.day)
    return (
        ", ".join(filter(None, (lead, str(date.year or ""))))
        if date.day
        else _joined(lead, date.year)
    )


def month_shortened_first(date: WorkDate) -> str:
    """``July 9, 2002``, ``Sept 9, 2002``: The Lancet shortens long months alone."""
    day = f"{date.day}," if date.day else ""
    return _joined(_lancet_month(date), day, date.year)


def published_online(date: WorkDate) -> str:
    """``Published online July 9, 2002``."""
    return f"Published online {month_first(date)}"


def year_and_online(date: WorkDate) -> str:
    """``2002; published online July 9``."""
    return f"{date.year}; published online {_joined(_lancet_month(date), date.day)}"


def _lancet_month(date: WorkDate) -> str:
    return _LANCET_MONTHS[date.month - 1] if date.month else ""


def year_first(date: WorkDate) -> str:
    """``2002 Jul 9``, as far as it is known."""
    return _joined(date.year, _MONTHS[date.month - 1][:3] if date.month else "", date.day)


def _joined(*parts: str | int) -> str:
    return " ".join(str(part) for part in parts if part)


ICMJE = ReferenceForm()
JAMA_FORM = ReferenceForm(
    raised=True,
    range_dash="-",
    authors_of_more=3,
    journal_italic=True,
    book_italic=True,
    day_of_article=False,
    ahead_of_print=published_online,
    day_of_site=True,
    genre_in_brackets=False,
    shortening=in_full,
    doi_lead="doi:",
    doi_stop="",
    editors=("ed", "eds"),
    place=False,
    pages_in_book=":{}",
    web=WebForm.ACCESSED_BEFORE,
)
NEJM_FORM = ReferenceForm(
    raised=True,
    range_dash="-",
    authors_of_more=3,
    hyphens=True,
    journal_stop="",
    day_of_article=False,
    issue=False,
    doi_lead="",
    editors=("ed", "eds"),
    before_year=",",
    pages_in_book=":{}",
    web=WebForm.IN_PARENTHESES,
)
LANCET_FORM = ReferenceForm(
    raised=True,
    authors_of_more=3,
    hyphens=True,
    journal_italic=True,
    journal_stop="",
    day_of_article=False,
    ahead_of_print=year_and_online,
    issue=False,
    gap=" ",
    volume_bold=True,
    shortening=of_two_digits,
    page_dash=EN_DASH,
    doi_lead="",
    editors=("ed", "eds"),
    edition=", {} edn",
    before_year=",",
    pages_in_book=": {}",
    web=WebForm.MONTH_BEHIND,
)
BMJ_FORM = ReferenceForm(
    raised=True,
    range_dash="-",
    authors_of_more=3,
    hyphens=True,
    journal_italic=True,
    book_italic=True,
    journal_stop="",
    day_of_article=False,
    issue=False,
    doi_lead="doi:",
    doi_stop="",
    editors=("ed", "eds"),
    before_year=",",
    pages_in_book=":{}",
    web=WebForm.DAY_BEHIND,
)
FORMS: Mapping[ReportStyle, ReferenceForm] = MappingProxyType(
    {
        ReportStyle.PLAIN: ICMJE,
        ReportStyle.JAMA: JAMA_FORM,
        ReportStyle.NEJM: NEJM_FORM,
        ReportStyle.LANCET: LANCET_FORM,
        ReportStyle.BMJ: BMJ_FORM,
    }
)
