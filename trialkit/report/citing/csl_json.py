"""A CSL-JSON file, as Zotero and others write it, becomes works."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from trialkit.errors import ReportError
from trialkit.limits import LONGEST_WORK_FIELD, MOST_WORKS
from trialkit.report.citing.bibtex_works import doi_of, iso_date
from trialkit.report.citing.work import NO_DATE, PersonName, Work, WorkDate, WorkKind

_KINDS = {
    "article-journal": WorkKind.ARTICLE,
    "article-magazine": WorkKind.ARTICLE,
    "article-newspaper": WorkKind.ARTICLE,
    "review": WorkKind.ARTICLE,
    "book": WorkKind.BOOK,
    "chapter": WorkKind.CHAPTER,
    "paper-conference": WorkKind.CHAPTER,
    "entry-encyclopedia": WorkKind.CHAPTER,
    "report": WorkKind.REPORT,
    "thesis": WorkKind.THESIS,
}
_GROUPS = ("literal", "name")


def read_csl_json(text: str, file: str) -> tuple[Work, ...]:
    """Every work of a file, which holds a list of them.

    Raises :class:`ReportError` with the line where it is no JSON, and with the place in the list
    where something is no work.
    """
    try:
        read = json.loads(text)
    except json.JSONDecodeError as error:
        raise ReportError(
            f"{file}, line {error.lineno}: is not JSON: {error.msg}; expected a list of works in "
            "CSL-JSON, as reference managers export it"
        ) from None
    except (RecursionError, ValueError) as error:
        raise ReportError(f"{file}: cannot be read as JSON: {error}") from None
    items = read.get("items") if isinstance(read, dict) else read
    if not isinstance(items, list):
        raise ReportError(
            f"{file}: holds no list of works; expected CSL-JSON, as reference managers export it"
        )
    if len(items) > MOST_WORKS:
        raise ReportError(f"{file}: has {len(items):,} works, of which {MOST_WORKS:,} are read")
    return tuple(_work(item, file, place) for place, item in enumerate(items, start=1))


def _work(item: Any, file: str, place: int) -> Work:
    if not isinstance(item, dict):
        raise ReportError(f"{file}: entry {place} of the list is no work; expected an object")

    def text(*names: str) -> str:
        return next((found for name in names if (found := _text(item.get(name)))), "")

    key = text("id", "citation-key")
    if not key:
        raise ReportError(f"{file}: entry {place} of the list has no 'id', which is its key")
    longest = max((len(each) for each in item.values() if isinstance(each, str)), default=0)
    if longest > LONGEST_WORK_FIELD:
        raise ReportError(
            f"{file}: {key!r} has a text of more than {LONGEST_WORK_FIELD:,} characters"
        )
    kind = _KINDS.get(text("type"), WorkKind.OTHER)
    return Work(
        key=key,
        kind=kind,
        title=text("title"),
        authors=tuple(_people(item.get("author"))),
        editors=tuple(_people(item.get("editor"))),
        container=text("container-title"),
        container_short=text("container-title-short", "journalAbbreviation"),
        date=_date(item.get("issued")),
        volume=text("volume"),
        issue=text("issue"),
        pages=text("page", "number") if kind is WorkKind.ARTICLE else text("page"),
        edition=text("edition"),
        publisher=text("publisher"),
        place=text("publisher-place"),
        number="" if kind is WorkKind.ARTICLE else text("number"),
        genre=text("genre"),
        doi=doi_of(text("DOI")),
        url=text("URL"),
        accessed=_date(item.get("accessed")),
    )


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(str(value).split())


def _people(value: Any) -> Iterator[PersonName]:
    for each in value if isinstance(value, list) else ():
        if not isinstance(each, dict):
            continue
        group = next((found for name in _GROUPS if (found := _text(each.get(name)))), "")
        particles = ("dropping-particle", "non-dropping-particle", "family")
        family = " ".join(filter(None, (_text(each.get(name)) for name in particles)))
        if group and not family:
            yield PersonName(family=group, is_group=True)
        elif family:
            given, suffix = _text(each.get("given")), _text(each.get("suffix"))
            yield PersonName(family=family, given=given, suffix=suffix, is_group=not given)


def _date(value: Any) -> WorkDate:
    if not isinstance(value, Mapping):
        return NO_DATE
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list) and first:
        return iso_date("-".join(_text(each).zfill(2) for each in first[:3]))
    said = _text(value.get("raw")) or _text(value.get("literal"))
    return iso_date(said) if iso_date(said) != NO_DATE else WorkDate(words=said)
