"""Whether every work that a trial cites is known, before a report is made."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialkit.disk.reading import bytes_within
from trialkit.errors import Complaint, DataFileError, ReportError, TrialStep
from trialkit.limits import LARGEST_DEFINITION, LARGEST_STATEMENT
from trialkit.protocol.loading import FILE
from trialkit.report.citing.library import Library, read_library
from trialkit.report.marks.citing import EXPECTED, CitingPlace, citations_in

STATEMENTS = "statements"
MOST_LOOKED_UP = 5
"""Of so many unknown keys the nearest is looked for, which takes its time in a large library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cited:
    file: str
    place: CitingPlace


def citation_complaints(folder: Path) -> tuple[Complaint, ...]:
    """What a report would complain of in the references of the trial in ``folder``, and in citing them.

    A statement or protocol that cannot be read is passed over: whoever reads it says so.
    """
    try:
        library = read_library(folder)
    except (ReportError, DataFileError) as error:
        file, _, found = str(error).partition(": ")
        return (_complaint(file, "", found, "works in BibTeX, or in CSL-JSON"),)
    cited = (*_in_protocol(folder), *_in_statements(folder))
    unknown = _UnknownKeys(library)
    return tuple(complaint for each in cited for complaint in _of(each, library, unknown))


class _UnknownKeys:
    """What is expected instead of keys that are not there, the nearest looked up for a few of them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._near: dict[str, str] = {}

    def expected(self, key: str) -> str:
        if key not in self._near and len(self._near) < MOST_LOOKED_UP:
            self._near[key] = self._library.near(key)
        return f"the key of a work that is there{self._near.get(key, '')}"


def _of(cited: _Cited, library: Library, unknown: _UnknownKeys) -> Iterator[Complaint]:
    line = f"line {cited.place.line}"
    if not cited.place.works:
        yield _complaint(cited.file, line, repr(cited.place.text), f"{EXPECTED}; \\[ is a bracket")
    for work in cited.place.works:
        if work.key not in library.works:
            found = f"[@{work.key}], but {library.lacking}"
            yield _complaint(cited.file, line, found, unknown.expected(work.key))
            continue
        try:
            library.work(work.key)
        except ReportError as error:
            file, _, found = str(error).partition(": ")
            yield _complaint(file, "", found, "a title")


def _complaint(file: str, key: str, found: str, expected: str) -> Complaint:
    return Complaint(
        file=file, table="", key=key, found=found, expected=expected, step=TrialStep.REPORT
    )


def _in_protocol(folder: Path) -> Iterator[_Cited]:
    text = _text(folder / FILE, LARGEST_DEFINITION)
    try:
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for value in _texts(read):
        for place in citations_in(value):
            line = text.count("\n", 0, max(text.find(place.text), 0)) + 1
            yield _Cited(
                file=FILE, place=CitingPlace(text=place.text, works=place.works, line=line)
            )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _in_statements(folder: Path) -> Iterator[_Cited]:
    place = folder / STATEMENTS
    for path in sorted(place.glob("*.md")) if place.is_dir() else ():
        if path.name.lower() != "readme.md" and not path.name.startswith("."):
            for cited in citations_in(_text(path, LARGEST_STATEMENT)):
                yield _Cited(file=f"{STATEMENTS}/{path.name}", place=cited)


def _text(path: Path, most: int) -> str:
    """A text file; empty where it cannot be read."""
    try:
        return bytes_within(path, most).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
