"""Where the rows of a CSV text begin and end, found before any parser may guess.

One vectorised pass over the bytes finds row ends and delimiters outside quotation marks, so that a
ragged row, an unclosed quotation mark or an empty line is known with its line number, and no row
can be merged, cut or dropped in silence.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.errors import DataFileError
from trialkit.limits import LONGEST_ROW

_QUOTE = ord('"')
_NEWLINE = ord("\n")
_NONE = np.array([], dtype=np.intp)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CsvStructure:
    """The rows of a CSV text that are not blank, the header among them."""

    starts: np.ndarray
    """Byte offset of the first character of each row."""
    ends: np.ndarray
    """Byte offset behind the last character of each row, its line end not included."""
    cells: np.ndarray
    """How many cells each row has."""
    lines: np.ndarray
    """The line of the file, counted from 1, on which each row begins."""
    blank_rows: int
    """How many rows held nothing but delimiters; spreadsheets write them below a table."""
    quoted: bool
    """Whether the text has any quotation mark."""


def csv_structure(text: bytes, *, delimiter: str, file: str, skipped: int = 0) -> CsvStructure:
    """The rows of a CSV text whose lines end in a line feed alone.

    The text may be a part of a file, of which it leaves out ``skipped`` lines: lines are counted in
    the file. Raises :class:`DataFileError` for quotation marks that do not enclose whole cells, and
    for rows that are too long to be rows.
    """
    characters = np.frombuffer(text, dtype=np.uint8)
    quotes = np.flatnonzero(characters == _QUOTE) if b'"' in text else _NONE
    newlines = np.flatnonzero(characters == _NEWLINE)
    delimiters = np.flatnonzero(characters == ord(delimiter))
    if stray := _stray_quotes(characters, quotes, newlines, delimiter=delimiter):
        raise DataFileError(f"{file}, line {stray.line + skipped}: {stray.what}")
    line_ends = _outside(newlines, quotes)
    delimiters = _outside(delimiters, quotes)
    if not text.endswith(b"\n"):
        line_ends = np.append(line_ends, len(text))
    starts = np.concatenate(([0], line_ends[:-1] + 1))
    commas = _in_each(delimiters, starts, line_ends)
    lengths = line_ends - starts
    lengths[0] = 0  # the header, whose columns are judged by their names
    long = np.flatnonzero(lengths > LONGEST_ROW)
    if len(long):
        line = int(np.searchsorted(newlines, starts[long[0]])) + 1 + skipped
        raise DataFileError(
            f"{file}, line {line}: has {lengths[long[0]]:,} bytes up to the end of its row, "
            f"of which {LONGEST_ROW:,} are allowed; look for a quotation mark that "
            "was opened and not closed, or put so long a text into a file of its own"
        )
    filled = line_ends - starts > commas
    return CsvStructure(
        starts=starts[filled],
        ends=line_ends[filled],
        cells=commas[filled] + 1,
        lines=_lines(newlines, starts, quoted=len(quotes) > 0)[filled] + 1 + skipped,
        blank_rows=int((~filled).sum()),
        quoted=len(quotes) > 0,
    )


def _in_each(positions: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """How many of the sorted positions lie in each row."""
    each, rest = divmod(len(positions), len(starts))
    if each and not rest:
        first, last = positions[::each], positions[each - 1 :: each]
        if (first >= starts).all() and (last < ends).all():
            return np.full(len(starts), each)
    return np.diff(np.searchsorted(positions, ends), prepend=0)


def _lines(newlines: np.ndarray, starts: np.ndarray, *, quoted: bool) -> np.ndarray:
    """How many lines are before each row: without quotation marks, a row is a line."""
    return np.searchsorted(newlines, starts) if quoted else np.arange(len(starts))


def _outside(positions: np.ndarray, quotes: np.ndarray) -> np.ndarray:
    """The positions that do not lie between an opening and a closing quotation mark."""
    if not len(quotes):
        return positions
    outside: np.ndarray = positions[np.searchsorted(quotes, positions) % 2 == 0]
    return outside


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stray:
    """A quotation mark where none may be."""

    line: int
    what: str


def _stray_quotes(
    characters: np.ndarray, quotes: np.ndarray, newlines: np.ndarray, *, delimiter: str
) -> _Stray | None:
    """A quotation mark may only enclose a whole cell, or be doubled within such a cell."""
    opening, closing = quotes[0::2], quotes[1::2]
    between = np.array([ord(delimiter), _NEWLINE], dtype=np.uint8)
    before = np.where(opening > 0, characters[opening - 1], _NEWLINE)
    doubled = np.zeros(len(opening), dtype=bool)
    doubled[1:] = opening[1:] == closing[: len(opening) - 1] + 1
    stray = opening[~(np.isin(before, between) | doubled)]
    last = len(characters) - 1
    after = np.where(closing < last, characters[np.minimum(closing + 1, last)], _NEWLINE)
    reopened = np.isin(closing + 1, opening)
    stray = np.sort(np.concatenate((stray, closing[~(np.isin(after, between) | reopened)])))
    if len(stray):
        return _Stray(
            line=int(np.searchsorted(newlines, stray[0])) + 1,
            what="a quotation mark stands within a cell; enclose the whole cell in quotation marks "
            'and double the one within it ("5"" nail")',
        )
    if len(quotes) % 2:
        return _Stray(
            line=int(np.searchsorted(newlines, quotes[-1])) + 1,
            what="a quotation mark is opened here and never closed; close it, or remove it",
        )
    return None
