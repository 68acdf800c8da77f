"""A CSV file as REDCap writes it: text alone, its delimiter known by the names in its header.

REDCap lets a user choose comma, semicolon, tab, vertical bar or caret. Which one it was is not
guessed: it is the one under which the header has names that the file must have.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from trialkit.disk.reading import bytes_within, reading
from trialkit.errors import DataFileError
from trialkit.files.csv_reading import listed, text_cells
from trialkit.files.csv_structure import CsvStructure, csv_structure
from trialkit.limits import LARGEST_CSV

UTF_8 = "utf-8"
_BEGIN = 200_000
"""Bytes at the begin of a file in which its header is looked for."""
DELIMITERS = (",", ";", "\t", "|", "^")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExportTable:
    """The cells of a CSV file as text."""

    file: str
    cells: pl.DataFrame
    """One text column for each column of the file; an empty cell is ``""``."""
    lines: np.ndarray
    """The line of the file on which each row begins."""


def read_text_table(
    path: Path,
    *,
    recognised: Callable[[Sequence[str]], int],
    expected: str,
    encoding: str = UTF_8,
) -> ExportTable:
    """The table in a CSV file whose header ``recognised`` counts as known names.

    ``expected`` says in a message what the header should have been.
    Raises :class:`DataFileError` for what is no such table.
    """
    file = path.name
    text = _text(path, encoding)
    delimiter, structure, header = _header(text, recognised, file=file, expected=expected)
    counts = Counter(name.lower() for name in header)
    twice = [name for name in header if counts[name.lower()] > 1]
    if twice:
        raise DataFileError(
            f"{file}: the column {listed(list(dict.fromkeys(twice)))} is there more than once; export it again, or "
            "remove all but one"
        )
    ragged = np.flatnonzero(structure.cells != len(header))
    if len(ragged):
        line, cells = structure.lines[ragged[0]], structure.cells[ragged[0]]
        raise DataFileError(
            f"{file}, line {line}: has {cells} cells, but the header has {len(header)}; "
            f"{len(ragged)} of {len(structure.cells) - 1} rows are of another length. Export the "
            "file again rather than mending it by hand"
        )
    return ExportTable(
        file=file,
        cells=text_cells(text, structure, header, delimiter, file=file),
        lines=structure.lines[1:],
    )


def begin_of(path: Path) -> bytes:
    """The first bytes of a file, by which it is known."""
    with reading(path), path.open("rb") as file:
        return file.read(_BEGIN)


def header_of(path: Path, *, encoding: str = UTF_8) -> frozenset[str]:
    """The names in the first line of a file, under any delimiter; none of what is no text."""
    begin = begin_of(path)
    try:
        lines = begin.decode(_codec(encoding), errors="ignore").splitlines()
    except DataFileError:
        return frozenset()
    first = lines[0] if lines else ""
    return frozenset(name for each in DELIMITERS for name in _names(first, each))


def _text(path: Path, encoding: str) -> bytes:
    """The content as UTF-8 without byte-order mark, its lines ending in a line feed alone."""
    with reading(path):
        content = bytes_within(path, LARGEST_CSV)
    if content.startswith(b"PK\x03\x04"):
        raise DataFileError(f"{path}: is a workbook or an archive; export it as CSV (raw data)")
    try:
        text = content.decode(_codec(encoding))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        where = f"{path}, line {line}: byte {error.start + 1}"
        if encoding != UTF_8:
            raise DataFileError(
                f"{where} is not {encoding}; pass --encoding with its own"
            ) from None
        raise DataFileError(
            f"{where} is not UTF-8, which REDCap writes; was the file saved by another program? "
            "Export it again, save it as CSV UTF-8, or pass --encoding cp1252 if it is Windows' own"
        ) from None
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        raise DataFileError(
            f"{path}: holds a NUL character, so it is no CSV file in {encoding.upper()}"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n").encode()


def _codec(encoding: str) -> str:
    """The codec of an encoding; one that is no way of writing texts is refused."""
    try:
        known = codecs.lookup(encoding)
        "a".encode(known.name)
    except (LookupError, UnicodeError, TypeError, ValueError):
        raise DataFileError(
            f"--encoding {encoding[:40]}: is no encoding of texts; such are utf-8, utf-16, cp1252 "
            "and latin-1"
        ) from None
    return known.name


def _header(
    text: bytes, recognised: Callable[[Sequence[str]], int], *, file: str, expected: str
) -> tuple[str, CsvStructure, list[str]]:
    """The delimiter under which most names are known, the file's rows, and its header."""
    if not text.strip():
        raise DataFileError(f"{file}: is empty; expected {expected}")
    lines = text.split(b"\n", maxsplit=1)[0].decode()
    known = {each: recognised(_names(lines, each)) for each in DELIMITERS}
    delimiter = max(known, key=lambda each: known[each])
    if not known[delimiter]:
        shown = lines if len(lines) <= 120 else f"{lines[:117]}..."
        raise DataFileError(f"{file}: its header is {shown!r}; expected {expected}")
    structure = csv_structure(text, delimiter=delimiter, file=file)
    first = text[int(structure.starts[0]) : int(structure.ends[0])].decode()
    return delimiter, structure, _names(first, delimiter)


def _names(line: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []
