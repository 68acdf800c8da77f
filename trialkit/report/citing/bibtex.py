"""A ``.bib`` file becomes its entries: types, keys and fields as text, each with its line.

Read by hand and in one pass, so that a fault is told with its line and no text grows: texts named by
``@string`` are put in only as far as a field, and the file, may be long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.errors import ReportError
from trialkit.limits import LARGEST_REFERENCES, LONGEST_WORK_FIELD, MOST_WORKS

_BEGIN = re.compile(r"@\s*([A-Za-z]+)\s*([{(])")
_KEY = re.compile(r"\s*([^\s,{}()\"=]+)\s*(?=[,})])")
_FIELD = re.compile(r"\s*([A-Za-z][\w:.+-]*)\s*=\s*", re.ASCII)
_BARE = re.compile(r"[^\s,#{}()\"=]+")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTED = re.compile(r"\\.|[{}\"]", re.DOTALL)
_BLANK = re.compile(r"\s*")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class BibEntry:
    """An entry as it is written: its fields' names are small letters, braces stand in the values."""

    kind: str
    key: str
    fields: dict[str, str]
    line: int


def read_bibtex(text: str, file: str) -> tuple[BibEntry, ...]:
    """Every entry of a file. Raises :class:`ReportError` with the line where it cannot be read."""
    return tuple(_Reader(text, file).entries())


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._at = 0
        self._strings = {name: str(number) for number, name in enumerate(_MONTHS, start=1)}
        self._put_in = 0
        self._line, self._counted = 1, 0

    def entries(self) -> Iterator[BibEntry]:
        found = 0
        while (begin := _BEGIN.search(self._text, self._at)) is not None:
            kind, opening = begin[1].lower(), begin[2]
            line = self._line_of(begin.start())
            self._at = begin.end()
            closing = "}" if opening == "{" else ")"
            if kind in {"comment", "preamble"}:
                self._skip(opening, line)
            elif kind == "string":
                self._strings |= self._fields(closing, line, f"@{kind}")
            else:
                found += 1
                if found > MOST_WORKS:
                    raise self._fault(line, f"there are more than {MOST_WORKS:,} entries")
                yield self._entry(kind, closing, line)

    def _entry(self, kind: str, closing: str, line: int) -> BibEntry:
        key = _KEY.match(self._text, self._at)
        if key is None:
            raise self._fault(
                line, f"@{kind} has no key; expected @{kind}{{key, title = {{...}}, ...}}"
            )
        self._at = key.end()
        fields = self._fields(closing, line, f"@{kind} {key[1]!r}")
        return BibEntry(kind=kind, key=key[1], fields=fields, line=line)

    def _fields(self, closing: str, line: int, of: str) -> dict[str, str]:
        fields: dict[str, str] = {}
        while True:
            self._at = _end(_BLANK, self._text, self._at)
            sign = self._text[self._at : self._at + 1]
            if sign == ",":
                self._at += 1
                continue
            if sign == closing:
                self._at += 1
                return fields
            named = _FIELD.match(self._text, self._at)
            if named is None:
                shown = " ".join(self._text[self._at : self._at + 30].split())
                expected = f"expected 'field = {{text}},' or a closing {closing!r}"
                there = f"found {shown!r}" if shown else "the file ends"
                raise self._fault(self._line_of(self._at), f"{of}: {there}; {expected}")
            self._at = named.end()
            value = self._value(of, line)
            if len(value) > LONGEST_WORK_FIELD:
                raise self._fault(
                    line,
                    f"{of}: {named[1]!r} has more than {LONGEST_WORK_FIELD:,} characters",
                )
            fields.setdefault(named[1].lower(), value)

    def _value(self, of: str, line: int) -> str:
        """A text, a number or a name, or several that are joined by ``#``."""
        value = self._piece(of, line)
        while True:
            self._at = _end(_BLANK, self._text, self._at)
            if self._text[self._at : self._at + 1] != "#" or len(value) > LONGEST_WORK_FIELD:
                return value
            self._at = _end(_BLANK, self._text, self._at + 1)
            value += self._piece(of, line)

    def _piece(self, of: str, line: int) -> str:
        sign = self._text[self._at : self._at + 1]
        if sign == "{":
            return self._braced(of, line)
        if sign == '"':
            return self._quoted(of, line)
        bare = _BARE.match(self._text, self._at)
        if bare is None:
            raise self._fault(self._line_of(self._at), f"{of}: a field has no value")
        self._at = bare.end()
        named = self._strings.get(bare[0].lower())
        if named is None:
            return bare[0]
        self._put_in += len(named)
        if self._put_in > LARGEST_REFERENCES:
            raise self._fault(line, f"{of}: the texts of @string make too much of the file")
        return named

    def _braced(self, of: str, line: int) -> str:
        start = self._at + 1
        self._at = self._closed(_BRACE, start, of, line)
        return self._text[start : self._at - 1]

    def _quoted(self, of: str, line: int) -> str:
        start = self._at + 1
        self._at = self._closed(_QUOTED, start, of, line, quoted=True)
        return self._text[start : self._at - 1]

    def _closed(
        self, signs: re.Pattern[str], start: int, of: str, line: int, *, quoted: bool = False
    ) -> int:
        """The place behind the brace, or quotation mark, that closes what begins at ``start``."""
        depth = 0 if quoted else 1
        for found in signs.finditer(self._text, start):
            if found[0] == "{":
                depth += 1
            elif found[0] == "}":
                depth -= 1
            if depth == 0 and found[0] == ('"' if quoted else "}"):
                return found.end()
        missing = "quotation mark" if quoted else "brace"
        raise self._fault(line, f"{of} does not end: a closing {missing} is missing")

    def _skip(self, opening: str, line: int) -> None:
        if opening == "{":
            self._at = self._closed(_BRACE, self._at, "what begins here", line)

    def _line_of(self, place: int) -> int:
        """The line of a place; places are asked for in their order."""
        self._line += self._text.count("\n", self._counted, place)
        self._counted = max(self._counted, place)
        return self._line

    def _fault(self, line: int, what: str) -> ReportError:
        return ReportError(f"{self._file}, line {line}: {what}")


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    assert found is not None
    return found.end()
