"""Entries of a ``.bib`` file, of BibTeX or biblatex, become works."""

import re
from collections.abc import Mapping
from dataclasses import replace

from trialkit.report.citing.bibtex import BibEntry
from trialkit.report.citing.latex import decoded
from trialkit.report.citing.work import NO_DATE, PersonName, Work, WorkDate, WorkKind

_KINDS = {
    "article": WorkKind.ARTICLE,
    "book": WorkKind.BOOK,
    "booklet": WorkKind.BOOK,
    "collection": WorkKind.BOOK,
    "manual": WorkKind.BOOK,
    "proceedings": WorkKind.BOOK,
    "inbook": WorkKind.CHAPTER,
    "incollection": WorkKind.CHAPTER,
    "inproceedings": WorkKind.CHAPTER,
    "conference": WorkKind.CHAPTER,
    "report": WorkKind.REPORT,
    "techreport": WorkKind.REPORT,
    "thesis": WorkKind.THESIS,
    "phdthesis": WorkKind.THESIS,
    "mastersthesis": WorkKind.THESIS,
}
_GENRES = {
    "phdthesis": "dissertation",
    "mastersthesis": "master's thesis",
    "thesis": "dissertation",
}
_INITIALS = re.compile(r"[^\W\d_](?:-?[^\W\d_]){0,2}")
_SUFFIX = re.compile(r"Jr|Sr|2nd|3rd|4th|II|III|IV")
_PIECE = re.compile(r"\\.|[{}]|\band\b|,|\s+|[^\\{}\s,]+", re.DOTALL)
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_DOI = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\S+)")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def work_of(entry: BibEntry, known: Mapping[str, BibEntry]) -> Work:
    """The work of an entry, with what it inherits from the known one that it refers to."""
    parent = known.get(entry.fields.get("crossref", "").strip())
    return _work(entry if parent is None else _inheriting(entry, parent))


def _inheriting(entry: BibEntry, parent: BibEntry) -> BibEntry:
    given = dict(parent.fields)
    if "title" in given:
        given.setdefault("booktitle", given.pop("title"))
    return replace(entry, fields=given | entry.fields)


def _work(entry: BibEntry) -> Work:
    raw = entry.fields

    def text(*names: str) -> str:
        return next((decoded(raw[name]) for name in names if raw.get(name, "").strip()), "")

    kind = _KINDS.get(entry.kind, WorkKind.OTHER)
    authors, more = names_of(raw.get("author", ""))
    editors, _ = names_of(raw.get("editor", ""))
    if not authors and (group := text("organization", "institution")) and kind is WorkKind.OTHER:
        authors = (PersonName(family=group, is_group=True),)
    title, subtitle = text("title"), text("subtitle")
    return Work(
        key=entry.key,
        kind=kind,
        title=f"{title}: {subtitle}" if subtitle else title,
        authors=authors,
        has_more_authors=more,
        editors=editors,
        container=text("journal", "journaltitle", "booktitle", "maintitle", "eventtitle"),
        container_short=text("shortjournal", "journal-abbreviation", "shortbooktitle"),
        date=_date(raw),
        volume=text("volume"),
        issue=text("number", "issue") if kind is WorkKind.ARTICLE else "",
        pages=text("pages", "eid", "articleno"),
        edition=text("edition"),
        publisher=text("publisher", "institution", "school", "organization"),
        place=text("address", "location"),
        number="" if kind is WorkKind.ARTICLE else text("number"),
        genre=_GENRES.get(entry.kind, ""),
        doi=doi_of(text("doi")),
        url=_address(raw),
        accessed=iso_date(raw.get("urldate", "")),
    )


def doi_of(text: str) -> str:
    """The DOI, without the address of what resolves it."""
    found = _DOI.fullmatch(text.strip())
    return "" if found is None else found[1]


def iso_date(text: str) -> WorkDate:
    """A date such as 2025, 2025-04 or 2025-04-14; of a range its beginning."""
    found = _ISO.match(text.strip())
    if found is None:
        return NO_DATE
    year, month, day = (int(each or 0) for each in found.groups())
    is_one = month <= 12 and day <= 31
    return WorkDate(year=year, month=month, day=day) if is_one else WorkDate(year=year)


def _date(raw: Mapping[str, str]) -> WorkDate:
    if raw.get("date", "").strip():
        return iso_date(raw["date"])
    year = decoded(raw.get("year", ""))
    if not _ISO.fullmatch(year):
        return WorkDate(words=year)
    return WorkDate(year=int(year[:4]), month=_month(decoded(raw.get("month", ""))))


def _month(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text) if len(text) < 3 and int(text) <= 12 else 0
    low = text.casefold().rstrip(".")
    return next((n for n, each in enumerate(_MONTHS, 1) if low and each.startswith(low[:3])), 0)


def _address(raw: Mapping[str, str]) -> str:
    """An address, in which tildes and underscores are themselves."""
    written = raw.get("url", "") or raw.get("howpublished", "")
    url = re.sub(r"\\url\s*", "", written)
    url = re.sub(r"\\([_~%#&])(?:\{\})?", r"\1", url)
    return re.sub(r"[{}\s]", "", url) if url.strip("{ ").startswith(("http://", "https://")) else ""


def names_of(text: str) -> tuple[tuple[PersonName, ...], bool]:
    """The people of an ``author`` or ``editor`` field, and whether there are others beside."""
    people = [_name(each) for each in _parted(text, "and") if each.strip()]
    more = bool(people) and people[-1].family.casefold() == "others" and not people[-1].given
    return tuple(people[:-1] if more else people), more


def _parted(text: str, at: str) -> list[str]:
    """The text, parted at a word or comma that stands outside of braces."""
    depth, parts = 0, [""]
    for found in _PIECE.finditer(text):
        piece = found[0]
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if piece == at and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _name(text: str) -> PersonName:
    text = text.strip()
    if _is_whole(text):
        return PersonName(family=decoded(text), is_group=True)
    match [decoded(each) for each in _parted(text, ",")]:
        case [family, given]:
            return PersonName(family=family, given=given)
        case [family, suffix, given, *_]:
            return PersonName(family=family, given=given, suffix=suffix)
        case _:
            return _as_in_pubmed(text) or _in_order(decoded(text))


def _is_whole(text: str) -> bool:
    """Whether one pair of braces holds all of a name, which is then that of a group."""
    depth = 0
    for place, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return place == len(text) - 1 and sign == "}"
    return False


def _as_in_pubmed(text: str) -> PersonName | None:
    """``van der Berg JW`` and ``Gilstrap LC 3rd``: family name, initials without stops, suffix.

    ``None`` where the words do not end so; a name in braces is no initials.
    """
    words = text.split()
    suffix = words.pop() if len(words) > 2 and _is_suffix(words) else ""
    *family, last = words or [""]
    if not family or not _is_initials(last) or any("." in w or _is_initials(w) for w in family):
        return None
    return PersonName(family=decoded(" ".join(family)), given=last, suffix=suffix)


def _is_suffix(words: list[str]) -> bool:
    return _SUFFIX.fullmatch(words[-1]) is not None and _is_initials(words[-2])


def _is_initials(word: str) -> bool:
    return word.isupper() and _INITIALS.fullmatch(word) is not None


def _in_order(text: str) -> PersonName:
    """``Jan van der Berg``: given names, then small words that belong to the family name."""
    words = text.split(" ")
    small = next((n for n, word in enumerate(words[:-1]) if word[:1].islower()), len(words) - 1)
    return PersonName(family=" ".join(words[small:]), given=" ".join(words[:small]))
