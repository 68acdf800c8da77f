"""A work that can be cited, as a reference needs it, wherever it was described."""

from dataclasses import dataclass
from enum import StrEnum


class WorkKind(StrEnum):
    """As what a work was published."""

    ARTICLE = "article in a journal"
    BOOK = "book"
    CHAPTER = "part of a book"
    REPORT = "report"
    THESIS = "thesis"
    OTHER = "something else"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """Who wrote or edited a work: a person, or a group with a ``family`` name alone."""

    family: str
    given: str = ""
    suffix: str = ""
    is_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDate:
    """A year, a month of it or a day, as far as it is known; 0 stands for what is not."""

    year: int = 0
    month: int = 0
    day: int = 0
    words: str = ""
    """The date in words, where it is no number: "in press"."""


NO_DATE = WorkDate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is known of a work; texts may hold ``<i>``, ``<b>``, ``<sup>`` and ``<sub>`` as marks."""

    key: str
    kind: WorkKind
    title: str
    authors: tuple[PersonName, ...] = ()
    has_more_authors: bool = False
    """Whether the list of authors says "and others"."""
    editors: tuple[PersonName, ...] = ()
    container: str = ""
    """The journal, the book or the site that the work stands in."""
    container_short: str = ""
    date: WorkDate = NO_DATE
    volume: str = ""
    issue: str = ""
    pages: str = ""
    """Pages from and to, or the number of an electronic article."""
    edition: str = ""
    publisher: str = ""
    place: str = ""
    number: str = ""
    """The number of a report."""
    genre: str = ""
    """What kind of thesis, such as ``dissertation``."""
    doi: str = ""
    url: str = ""
    accessed: WorkDate = NO_DATE
