"""A CSV file as REDCap writes it: text alone, its delimiter known by the names in its header.

REDCap lets a user choose comma, semicolon, tab, vertical bar or caret. Which one it was is not
guessed: it is the one under which the header has names that the file must have.
"""

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from trialkit.errors import DataFileError
from trialkit.files.csv_structure import Structure, csv_structure

DELIMITERS = (",", ";", "\t", "|", "^")
_LISTED = 8
_LARGEST = 2 * 10**9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextTable:
    """The cells of a CSV file as text."""

    file: str
    cells: pl.DataFrame
    """One text column for each column of the file; an empty cell is ``""``."""
    lines: np.ndarray
    """The line of the file on which each row begins."""


def read_text_table(
    path: Path, *, recognised: Callable[[Sequence[str]], int], expected: str
) -> TextTable:
    """The table in a CSV file whose header ``recognised`` counts as known names.

    ``expected`` says in a message what the header should have been.
    Raises :class:`DataFileError` for what is no such table.
    """
    file = path.name
    text = _text(path)
    delimiter, structure, header = _header(text, recognised, file=file, expected=expected)
    counts = Counter(name.lower() for name in header)
    twice = [name for name in header if counts[name.lower()] > 1]
    if twice:
        raise DataFileError(
            f"{file}: the column {_listed(list(dict.fromkeys(twice)))} is there more than once; export it again, or "
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
    return TextTable(
        file=file,
        cells=_cells(text, structure, header, delimiter, file=file),
        lines=structure.lines[1:],
    )


def _text(path: Path) -> bytes:
    """The content as UTF-8 without byte-order mark, its lines ending in a line feed alone."""
    try:
        if path.is_file() and path.stat().st_size > _LARGEST:
            raise DataFileError(f"{path}: is larger than 2 GB; export it in parts")
        content = path.read_bytes()
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read ({error.strerror})") from None
    if content.startswith(b"PK\x03\x04"):
        raise DataFileError(f"{path}: is a workbook or an archive; export it as CSV (raw data)")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataFileError(
            f"{path}, line {line}: byte {error.start + 1} is not UTF-8, which REDCap writes; was "
            "the file saved by another program? Export it again, or save it as CSV UTF-8"
        ) from None
    if "\x00" in text:
        raise DataFileError(f"{path}: holds a NUL character, so it is no CSV file in UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").encode()


def _header(
    text: bytes, recognised: Callable[[Sequence[str]], int], *, file: str, expected: str
) -> tuple[str, Structure, list[str]]:
    """The delimiter under which most names are known, the file's rows, and its header."""
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


def _cells(
    text: bytes, structure: Structure, header: list[str], delimiter: str, *, file: str
) -> pl.DataFrame:
    rows = len(structure.starts) - 1
    schema = dict.fromkeys(header, pl.String)
    if not rows:
        return pl.DataFrame(schema=schema)
    begin = int(structure.ends[0]) + 1
    body = text[begin:] if not structure.blank_rows else _without_blank_rows(text, structure)
    cells = pl.read_csv(
        body,
        has_header=False,
        schema=schema,
        separator=delimiter,
        quote_char='"' if structure.quoted else None,
        empty_string_is_null=False,
    )
    if cells.height != rows:
        raise DataFileError(f"{file}: has {rows} rows, but {cells.height} could be read")
    return cells.with_columns(pl.all().fill_null(""))


def _without_blank_rows(text: bytes, structure: Structure) -> bytes:
    ends = zip(structure.starts[1:].tolist(), structure.ends[1:].tolist(), strict=True)
    return b"\n".join(text[start:end] for start, end in ends)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _LISTED
    listed = ", ".join(repr(name[:60]) for name in names[:_LISTED])
    return f"{listed} and {more} more" if more > 0 else listed
