"""The works that a trial can cite: ``references.bib`` and ``references.json`` in its folder."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from trialkit.disk.reading import bytes_within, reading
from trialkit.errors import ReportError
from trialkit.limits import LARGEST_REFERENCES
from trialkit.protocol.reference_files import BIBTEX, CSL_JSON, reference_files
from trialkit.protocol.tables.choices import suggestion
from trialkit.report.citing.bibtex import read_bibtex
from trialkit.report.citing.bibtex_works import work_of
from trialkit.report.citing.csl_json import read_csl_json
from trialkit.report.citing.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWork:
    """A work of a file, described when it is asked for."""

    key: str
    place: str
    """The file, and the line or the place in the list."""
    describe: Callable[[], Work]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Every work that a trial can cite, by its key."""

    works: Mapping[str, KnownWork] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    """The files that there are, named from the trial's folder."""

    def work(self, key: str) -> Work:
        """The work with this key. Raises :class:`ReportError` for one that is not known or untitled."""
        found = self.works.get(key)
        if found is None:
            raise ReportError(f"[@{key}] is cited, but {self.lacking}{self.near(key)}")
        work = found.describe()
        if not work.title:
            raise ReportError(f"{found.place}: {key!r} is cited and has no title; add one")
        return work

    @property
    def lacking(self) -> str:
        """Why a key is not known."""
        if not self.files:
            return f"the trial has no {BIBTEX} (or {CSL_JSON}) that could have it"
        return f"{' and '.join(self.files)} has no such key"

    def near(self, key: str) -> str:
        """``; did you mean 'x'?`` where a key that is there is like this one."""
        known = list(self.works)
        low = {each.casefold(): each for each in known}
        return suggestion(low.get(key.casefold(), key), known)


NO_WORKS = Library()


def read_library(folder: Path) -> Library:
    """The works of the trial in ``folder``; none where it has no such file.

    Raises :class:`ReportError`, with file and line, for a file that cannot be read as what it should
    be, and for a key that is there twice; :class:`DataFileError` for one that is no file.
    """
    files = reference_files(folder)
    works: dict[str, KnownWork] = {}
    for path in files:
        for each in _known(path):
            before = works.get(each.key)
            if before is not None:
                raise ReportError(
                    f"{each.place}: the key {each.key!r} is there twice (also at {before.place}); "
                    "give each work a key of its own"
                )
            works[each.key] = each
    return Library(works=works, files=tuple(path.name for path in files))


def _known(path: Path) -> Iterable[KnownWork]:
    text = _text(path)
    return _of_bibtex(text) if path.name == BIBTEX else _of_csl_json(text)


def _of_bibtex(text: str) -> Iterator[KnownWork]:
    entries = read_bibtex(text, BIBTEX)
    by_key = {each.key: each for each in entries}
    for each in entries:
        yield KnownWork(
            key=each.key,
            place=f"{BIBTEX}, line {each.line}",
            describe=partial(work_of, each, by_key),
        )


def _of_csl_json(text: str) -> Iterator[KnownWork]:
    for place, work in enumerate(read_csl_json(text, CSL_JSON), start=1):
        yield KnownWork(
            key=work.key,
            place=f"{CSL_JSON}, entry {place}",
            describe=partial(replace, work),
        )


def _text(path: Path) -> str:
    if not path.resolve().is_relative_to(path.parent.resolve()):
        raise ReportError(
            f"{path.name}: leads out of the trial's folder; put the file itself there"
        )
    with reading(path.name):
        content = bytes_within(path, LARGEST_REFERENCES)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ReportError(
            f"{path.name}, line {line}: is not UTF-8; save the file as UTF-8 text"
        ) from None
