"""A work becomes the runs of its reference, in a journal's form; what is not known is left out."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from trialkit.report.citing.form import (
    ReferenceForm,
    WebForm,
    day_first,
    month_first,
    month_shortened_first,
    year_first,
)
from trialkit.report.citing.journal_titles import short_title
from trialkit.report.citing.names import people
from trialkit.report.citing.pages import printed_pages
from trialkit.report.citing.work import PersonName, Work, WorkKind
from trialkit.report.content.marks import MarkedText, Position
from trialkit.report.content.text import Run, WebAddress, words_of
from trialkit.report.words.en.wording import capitalised

_MARKS = re.compile(r"<(i|b|sup|sub)>(.*?)</\1>", re.DOTALL)
_ENDED = (".", "?", "!", "\N{HORIZONTAL ELLIPSIS}")
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_EDITION_WORD = re.compile(r"(?i)\s*(?:edn?\.?|edition)\s*$")


def reference_runs(work: Work, form: ReferenceForm) -> tuple[Run, ...]:
    """The reference as it stands in the list."""
    text = _Text()
    by = _people(work.authors, form, more=work.has_more_authors)
    edited = not by and bool(work.editors) and work.kind is not WorkKind.CHAPTER
    text.sentence(_editors(work.editors, form) if edited else by)
    match work.kind:
        case WorkKind.ARTICLE:
            _article(text, work, form)
        case WorkKind.CHAPTER:
            _chapter(text, work, form)
        case WorkKind.BOOK | WorkKind.REPORT | WorkKind.THESIS:
            _book(text, work, form)
        case WorkKind.OTHER:
            _other(text, work, form)
    return tuple(text.runs())


class _Text:
    """Runs that are put one behind the other, a full stop never twice."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._gap = False

    def add(self, *runs: Run) -> None:
        for run in runs:
            if run != "":
                self._runs += [" "] if self._gap else []
                self._runs.append(run)
                self._gap = False

    def sentence(self, *runs: Run) -> None:
        """Something that ends in a full stop, behind a blank where something stands before."""
        if words_of(runs).strip():
            self.blank()
            self.add(*runs)
            self.stop()

    def stop(self) -> None:
        if self._runs and not self.words.endswith(_ENDED):
            self._runs.append(".")

    def blank(self) -> None:
        """A blank before what comes next, if anything stands before."""
        self._gap = bool(self._runs)

    @property
    def words(self) -> str:
        return words_of(self._runs[-3:])

    def runs(self) -> Iterator[Run]:
        """The runs, plain ones that follow each other as one."""
        plain = ""
        for run in self._runs:
            if isinstance(run, str):
                plain += run
                continue
            if plain:
                yield plain
            plain = ""
            yield run
        if plain:
            yield plain


def _article(text: _Text, work: Work, form: ReferenceForm) -> None:
    text.sentence(*_marked(work.title))
    journal = short_title(work.container, work.container_short)
    if journal:
        text.blank()
        text.add(*_marked(journal, italic=form.journal_italic))
        text.add(form.journal_stop)
    text.blank()
    text.add(_date_of_article(work, form))
    issue = f"({work.issue})" if work.issue and (form.issue or not work.volume) else ""
    pages = printed_pages(work.pages, form.shortening, dash=form.page_dash)
    if work.volume or issue:
        text.add(f";{form.gap}")
        colon = ":" if pages else ""
        if form.volume_bold and not issue:
            text.add(MarkedText(text=work.volume, bold=True), colon)
        else:
            text.add(f"{work.volume}{issue}{colon}")
        text.add(form.gap if pages else "", pages)
    elif pages:
        text.add(f":{form.gap}{pages}")
    text.stop()
    _doi(text, work, form)


def _date_of_article(work: Work, form: ReferenceForm) -> str:
    is_ahead = not (work.volume or work.issue or work.pages) and work.date.month
    if is_ahead and form.ahead_of_print:
        return form.ahead_of_print(work.date)
    said = year_first(work.date) if form.day_of_article else str(work.date.year or "")
    return said or work.date.words


def _doi(text: _Text, work: Work, form: ReferenceForm) -> None:
    """The DOI; in a form that prints none, of an article that nothing else leads to."""
    if work.doi and form.doi_lead:
        text.blank()
        text.add(_resolved(work.doi, f"{form.doi_lead}{work.doi}"), form.doi_stop)
    elif work.doi and not (work.volume and work.pages):
        text.blank()
        text.add(_resolved(work.doi, ""), ".")
    elif not work.doi and work.url and not work.pages:
        _web(text, work, form)


def _chapter(text: _Text, work: Work, form: ReferenceForm) -> None:
    text.sentence(*_marked(work.title))
    text.blank()
    editors = f"{_editors(work.editors, form)}. " if work.editors else ""
    text.add(
        "In: " if editors or work.container else "",
        editors,
        *_marked(work.container, italic=form.book_italic),
    )
    _published(text, work, form)
    if not work.doi and not work.url:
        return
    _leads(text, work, form)


def _book(text: _Text, work: Work, form: ReferenceForm) -> None:
    text.blank()
    text.add(*_marked(work.title, italic=form.book_italic))
    if work.genre and form.genre_in_brackets:
        text.add(f" [{work.genre}]")
    elif work.genre:
        text.stop()
        text.blank()
        text.add(capitalised(work.genre))
    _published(text, work, form)
    if work.number and work.kind is WorkKind.REPORT:
        lead = "Report No.: " if form.web is WebForm.CITED else "Report No. "
        text.sentence(f"{lead}{work.number}")
    _leads(text, work, form)


def _published(text: _Text, work: Work, form: ReferenceForm) -> None:
    """Edition, place, publisher, year and pages."""
    edition = _edition(work.edition)
    if edition:
        text.add(form.edition.format(edition))
    text.stop()
    place = f"{work.place}: " if form.place and work.place and work.publisher else ""
    year = _year(work)
    publisher = f"{place}{work.publisher}"
    said = f"{form.before_year} ".join(filter(None, (publisher, year)))
    pages = ""
    if work.pages and work.kind is WorkKind.CHAPTER:
        pages = printed_pages(work.pages, form.shortening, dash=form.page_dash)
        pages = form.pages_in_book.format(pages)
    text.sentence(f"{said}{pages}")


def _other(text: _Text, work: Work, form: ReferenceForm) -> None:
    medium = " [Internet]" if work.url and form.web is WebForm.CITED else ""
    text.sentence(*_marked(work.title), medium)
    site = "" if work.container == work.title else work.container
    if form.web is WebForm.CITED or form.place:
        place = f"{work.place}: " if work.place and work.publisher else ""
        publisher = f"{place}{work.publisher or site}"
        lead = f"{form.before_year} ".join(filter(None, (publisher, _year(work))))
    else:
        text.sentence(site or work.publisher)
        lead = month_first(work.date) if form.day_of_site and work.date.year else _year(work)
    if form.web is WebForm.CITED and work.url and work.accessed.year:
        lead = f"{lead} [cited {year_first(work.accessed)}]".strip()
    text.sentence(lead)
    _leads(text, work, form, is_cited=True)


def _leads(text: _Text, work: Work, form: ReferenceForm, *, is_cited: bool = False) -> None:
    """The DOI of a work that is no article, else its address."""
    if work.doi:
        text.blank()
        text.add(_resolved(work.doi, f"{form.doi_lead or 'doi:'}{work.doi}"), form.doi_stop)
    elif work.url:
        _web(text, work, form, is_cited=is_cited)


def _web(text: _Text, work: Work, form: ReferenceForm, *, is_cited: bool = False) -> None:
    address, seen = WebAddress(url=work.url), work.accessed
    text.blank()
    match form.web:
        case WebForm.CITED:
            cited = f"[cited {year_first(seen)}]. " if seen.year and not is_cited else ""
            text.add(f"{cited}Available from: ", address)
        case WebForm.ACCESSED_BEFORE:
            text.add(f"Accessed {month_first(seen)}. " if seen.year else "", address)
        case WebForm.IN_PARENTHESES:
            lead = f"(Accessed {month_first(seen)}, at " if seen.year else "("
            text.add(lead, address, ".)")
        case WebForm.MONTH_BEHIND:
            text.add(address, f" (accessed {month_shortened_first(seen)})." if seen.year else ".")
        case WebForm.DAY_BEHIND:
            text.add(address, f" (accessed {day_first(seen)})." if seen.year else ".")


def _resolved(doi: str, words: str) -> WebAddress:
    return WebAddress(url=f"https://doi.org/{quote(doi, safe='/:;().,-_')}", words=words)


def _year(work: Work) -> str:
    return str(work.date.year or "") or work.date.words


def _people(names: tuple[PersonName, ...], form: ReferenceForm, *, more: bool = False) -> str:
    return people(
        names,
        all_of=form.all_authors_of,
        else_of=form.authors_of_more,
        hyphens=form.hyphens,
        more=more,
    )


def _editors(names: tuple[PersonName, ...], form: ReferenceForm) -> str:
    one, several = form.editors
    return f"{_people(names, form)}, {one if len(names) == 1 else several}"


def _edition(text: str) -> str:
    """``4`` is the 4th; the first is not told."""
    said = _EDITION_WORD.sub("", text)
    if not (said.isascii() and said.isdigit() and len(said) < 4):
        return said
    number = int(said)
    tens = number % 100 in {11, 12, 13}
    ending = "th" if tens else _ORDINALS.get(number % 10, "th")
    return "" if number == 1 else f"{number}{ending}"


def _marked(text: str, *, italic: bool = False) -> Iterator[Run]:
    """A text with its marks as runs; in an italic title what is italic stands upright."""
    seen = 0
    for found in _MARKS.finditer(text):
        yield _plain(text[seen : found.start()], italic=italic)
        tag, words = found.groups()
        position = {"sup": Position.RAISED, "sub": Position.LOWERED}.get(tag, Position.ON_LINE)
        yield MarkedText(
            text=words, italic=italic != (tag == "i"), bold=tag == "b", position=position
        )
        seen = found.end()
    yield _plain(text[seen:], italic=italic)


def _plain(text: str, *, italic: bool) -> Run:
    return MarkedText(text=text, italic=True) if text and italic else text
