"""A CSV file becomes text, one column a header, and nothing is guessed.

What cannot be a table with the columns of its form is a :class:`DataFileError` that names the file,
what was found and what to do. What the cells *say* is nobody's affair here.
"""

import codecs
import csv
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from trialkit.disk.reading import reading
from trialkit.errors import DataFileError
from trialkit.files.csv_structure import CsvStructure, csv_structure
from trialkit.limits import LARGEST_CSV
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.data_format import DataFormat

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NO_TEXT = {
    b"PK\x03\x04": "a workbook or an archive",
    b"\xd0\xcf\x11\xe0": "an old workbook",
    b"\x1f\x8b": "compressed (gzip)",
    b"\x28\xb5\x2f\xfd": "compressed (zstd)",
    b"BZh": "compressed (bzip2)",
    b"\xfd7zXZ": "compressed (xz)",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF file",
}
_ONE_BYTE_A_CHARACTER = ("ascii", "iso8859", "cp125", "mac-")
"""How Python's names of encodings begin in which every text of UTF-8 reads as something else."""
_SAYS_SOMETHING = re.compile(rb"[^\n, ;\t|]")
_LISTED = 8
"""How many lines or columns a message lists before it says how many more there are."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawTable:
    """The cells of a file as text, exactly as entered."""

    file: str
    sha256: str
    cells: pl.DataFrame
    """One text column for each expected column, in the expected order; an empty cell is ``""``."""
    lines: np.ndarray
    """The line of the file on which each row begins."""
    left_out: tuple[str, ...] = ()
    """The optional columns that the file does not have."""
    counted: str = "line"
    """What messages call the place of a row: its ``line``, or its ``row`` where there are none."""


def read_table(
    path: Path,
    *,
    file: str,
    columns: Sequence[str],
    data: DataFormat,
    optional: Sequence[str] = (),
) -> RawTable:
    """The table in a CSV file that must have exactly these columns, in any order.

    Those of the ``columns`` that are ``optional`` may be left out, and are blank then. ``file`` is
    how messages call it. Rows that hold nothing but delimiters are not rows.
    """
    content = _content(path, file=file)
    text = _text(content, file=file, encoding=data.encoding)
    table = table_in(text, file=file, columns=columns, data=data, optional=optional)
    return RawTable(
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        cells=table.cells,
        lines=table.lines,
        left_out=table.left_out,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextTable:
    """The cells of a CSV text, exactly as entered."""

    cells: pl.DataFrame
    """One text column for each expected column, in the expected order; an empty cell is ``""``."""
    lines: np.ndarray
    """The line of the file on which each row begins."""
    left_out: tuple[str, ...]
    """The optional columns that are not there."""


def table_in(
    text: bytes,
    *,
    file: str,
    columns: Sequence[str],
    data: DataFormat,
    optional: Sequence[str] = (),
    skipped: int = 0,
) -> TextTable:
    """The table in a CSV text in UTF-8 with a header.

    Every row of the text is accounted for: one that cannot be read as a row is an error. Of a file
    that is read in parts, ``skipped`` lines are missing between header and rows.
    """
    if not _SAYS_SOMETHING.search(text):
        names = data.delimiter.join(columns)
        raise DataFileError(
            f"{file}: is empty; its first line should name the columns: {names[:400]}"
        )
    structure = csv_structure(text, delimiter=data.delimiter, file=file, skipped=skipped)
    header = _header(text, structure, delimiter=data.delimiter, file=file)
    _check_delimiter(text, header, columns, structure, declared=data.delimiter, file=file)
    check_columns(header, columns, optional=optional, file=file)
    _check_lengths(structure, header, file=file)
    cells = text_cells(text, structure, header, data.delimiter, file=file)
    left_out = tuple(name for name in optional if name not in header)
    blank = (pl.lit("").alias(name) for name in left_out)
    return TextTable(
        cells=cells.with_columns(blank).select(columns),
        lines=structure.lines[1:],
        left_out=left_out,
    )


def read_any_table(path: Path, *, file: str, data: DataFormat) -> RawTable:
    """The table in a CSV file of any columns, each named and named once, as its file has them.

    Names are without the white space around them. Raises :class:`DataFileError` as
    :func:`read_table` does.
    """
    content = _content(path, file=file)
    text = _text(content, file=file, encoding=data.encoding)
    if not _SAYS_SOMETHING.search(text):
        raise DataFileError(f"{file}: is empty; its first line should name the columns")
    structure = csv_structure(text, delimiter=data.delimiter, file=file)
    header = _header(text, structure, delimiter=data.delimiter, file=file)
    if complaints := _unusable_names(header):
        raise DataFileError(f"{file}: {'; '.join(complaints)}")
    _check_lengths(structure, header, file=file)
    return RawTable(
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        cells=text_cells(text, structure, header, data.delimiter, file=file),
        lines=structure.lines[1:],
    )


def _content(path: Path, *, file: str) -> bytes:
    with reading(file):
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            raise DataFileError(f"{file}: {what}; every form's data are a CSV file of its name")
        size = path.stat().st_size
        if size > LARGEST_CSV:
            raise DataFileError(
                f"{file}: has {size:,} bytes, of which {LARGEST_CSV:,} are read at once; check so "
                f"large a file by itself: trialkit validate TRIAL --data {path}"
            )
        return path.read_bytes()


def _text(content: bytes, *, file: str, encoding: str) -> bytes:
    """The content as UTF-8 without byte-order mark, its lines ending in a line feed alone."""
    refuse_other_encodings(content, file=file, encoding=encoding)
    try:
        text = _as_utf_8(content, codecs.lookup(encoding).name)
    except UnicodeDecodeError as error:
        raise DataFileError(_undecodable(content, error, file=file, encoding=encoding)) from None
    except (LookupError, ValueError):
        raise DataFileError(
            f"{file}: cannot be read with encoding = {encoding!r}, which [data] of protocol.toml "
            "declares; write utf-8, latin-1 or cp1252"
        ) from None
    text = text.removeprefix(codecs.BOM_UTF8)
    if b"\x00" in text:
        line = text.count(b"\n", 0, text.index(b"\x00")) + 1
        raise DataFileError(
            f"{file}, line {line}: holds a NUL character, so it is no text file, or a damaged "
            "one; export it again as CSV"
        )
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text


def _as_utf_8(content: bytes, codec: str) -> bytes:
    """The content as UTF-8, which most files are already and are then not copied."""
    if codec == "utf-8":
        if not content.isascii():
            content.decode()
        return content
    return content.decode(codec).encode()


def refuse_other_encodings(content: bytes, *, file: str, encoding: str) -> None:
    """Refuse what its first bytes show to be no text, or text in another encoding."""
    for mark, name in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark) and not _of_one_family(encoding, name):
            raise DataFileError(
                f"{file}: is written in {name} (Excel calls it Unicode text), not in {encoding}; "
                "save it as CSV UTF-8"
            )
    for start, what in _NO_TEXT.items():
        if content.startswith(start):
            raise DataFileError(f"{file}: is {what}, not a CSV file; save it as CSV UTF-8")
    if _is_really_utf_8(content, encoding):
        raise DataFileError(
            f"{file}: is written in utf-8, not in {encoding}, which would turn 'ü' into 'Ã¼'; "
            "declare encoding = 'utf-8' in [data] of protocol.toml and save the other files as "
            f"CSV UTF-8, or save this one in {encoding}"
        )


def _is_really_utf_8(content: bytes, encoding: str) -> bool:
    """Whether letters beyond ASCII are UTF-8 throughout, which no words of Latin-1 are."""
    if content.isascii():
        return False
    try:
        if not codecs.lookup(encoding).name.startswith(_ONE_BYTE_A_CHARACTER):
            return False
        codecs.getincrementaldecoder("utf-8")().decode(content)  # its end may be cut off
    except (LookupError, ValueError):  # no such encoding, or bytes that are not UTF-8
        return False
    return True


def _of_one_family(one: str, other: str) -> bool:
    """Whether two names of encodings belong to one family, such as utf-16 and utf-16-le."""
    return one.lower().replace("_", "-").startswith(other)


def _undecodable(content: bytes, error: UnicodeDecodeError, *, file: str, encoding: str) -> str:
    line = content.count(b"\n", 0, error.start) + 1
    begin = content.rfind(b"\n", 0, error.start) + 1
    shown = content[max(begin, error.start - 20) : error.start + 10].split(b"\n")[0]
    reading = shown.decode("latin-1").strip()
    return (
        f"{file}, line {line}: byte {error.start + 1} (0x{content[error.start]:02X}) is not "
        f"{encoding}. As Latin-1 it would read {reading!r}: if that is right, save the file as "
        "CSV UTF-8, or declare encoding = 'latin-1' (or 'cp1252') in [data] of protocol.toml"
    )


def _header(text: bytes, structure: CsvStructure, *, delimiter: str, file: str) -> list[str]:
    first = text[int(structure.starts[0]) : int(structure.ends[0])].decode()
    try:
        names = next(csv.reader([first.replace("\n", " ")], delimiter=delimiter))
    except csv.Error as error:
        raise DataFileError(f"{file}: its header cannot be read ({error})") from None
    return [name.strip() for name in names]


def _check_delimiter(
    text: bytes,
    header: list[str],
    columns: Sequence[str],
    structure: CsvStructure,
    *,
    declared: str,
    file: str,
) -> None:
    """Say which delimiter the file seems to have, when its header makes sense with another."""
    first = text[int(structure.starts[0]) : int(structure.ends[0])].decode()
    known = len(set(header) & set(columns))
    for other, name in _DELIMITERS.items():
        fits = len({each.strip().strip('"') for each in first.split(other)} & set(columns))
        if other != declared and fits > known:
            raise DataFileError(
                f"{file}: the cells seem to be separated by {name} ({_shown(other)}), but "
                f"protocol.toml declares {_DELIMITERS[declared]} ({_shown(declared)}); set "
                f"delimiter = {_shown(other)} in [data], or save the file with the declared one"
            )


def _unusable_names(header: Sequence[str]) -> list[str]:
    """What is wrong with names of columns, whatever they should be."""
    complaints = []
    unnamed = [str(number) for number, name in enumerate(header, start=1) if not name]
    if unnamed:
        complaints.append(f"column {listed(unnamed)} has no name; remove it or name it")
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    if twice:
        complaints.append(f"column {listed(twice)} is there more than once")
    return complaints


def check_columns(
    header: Sequence[str], columns: Sequence[str], *, optional: Sequence[str], file: str
) -> None:
    """Refuse columns without a name, twice, unknown or missing, all in one message."""
    complaints = _unusable_names(header)
    unknown = [name for name in dict.fromkeys(header) if name and name not in columns]
    missing = [name for name in columns if name not in header and name not in optional]
    if unknown:
        near = "".join(suggestion(name, list(columns)) for name in unknown[:1])
        complaints.append(f"column {listed([name[:60] for name in unknown])} is unknown{near}")
    if missing:
        complaints.append(f"column {listed(missing)} is missing")
    if complaints:
        raise DataFileError(
            f"{file}: {'; '.join(complaints)}. The form defines {', '.join(columns)}"
        )


def _check_lengths(structure: CsvStructure, header: list[str], *, file: str) -> None:
    ragged = np.flatnonzero(structure.cells != len(header))
    if not len(ragged):
        return
    first = int(structure.cells[ragged[0]])
    lines = [str(line) for line in structure.lines[ragged[: _LISTED + 1]]]
    more = len(ragged) - _LISTED
    listed = ", ".join(lines[:_LISTED]) + (f" and {more} more" if more > 0 else "")
    raise DataFileError(
        f"{file}: line {listed}: the header has {len(header)} cells, but line {lines[0]} has "
        f"{first}; add or remove delimiters, or enclose a cell that holds one in quotation marks"
    )


def text_cells(
    text: bytes, structure: CsvStructure, header: Sequence[str], delimiter: str, *, file: str
) -> pl.DataFrame:
    """The cells below a header as text; raises :class:`DataFileError` where a row got lost."""
    rows = len(structure.starts) - 1
    if not rows:
        return pl.DataFrame(schema=dict.fromkeys(header, pl.String))
    names = [f"c{number}" for number in range(len(header))]
    cells = pl.read_csv(
        # Under a header, for polars unpacks what begins like a compressed file, and drops a mark.
        b"".join((delimiter.join(names).encode(), b"\n", _without_blank_rows(text, structure))),
        schema=dict.fromkeys(names, pl.String),
        separator=delimiter,
        quote_char='"' if structure.quoted else None,
        empty_string_is_null=False,
    )
    if cells.height != rows:
        raise DataFileError(
            f"{file}: has {rows} rows, but {cells.height} could be read; "
            "look for quotation marks that do not enclose whole cells"
        )
    return cells.rename(dict(zip(names, header, strict=True))).with_columns(pl.all().fill_null(""))


def _without_blank_rows(text: bytes, structure: CsvStructure) -> bytes | memoryview:
    """The text below the header, rows of nothing but delimiters left out."""
    if not structure.blank_rows:
        return memoryview(text)[int(structure.ends[0]) + 1 :]
    change = np.zeros(len(text) + 2, dtype=np.int8)
    change[structure.starts[1:]] += 1
    change[structure.ends[1:] + 1] -= 1
    kept = np.cumsum(change[: len(text)], dtype=np.int8).astype(bool)
    return bytes(np.frombuffer(text, dtype=np.uint8)[kept])


def _shown(delimiter: str) -> str:
    return "'\\t'" if delimiter == "\t" else f"'{delimiter}'"


def listed(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = len(names) - _LISTED
    first = ", ".join(repr(name) for name in names[:_LISTED])
    return f"{first} and {more} more" if more > 0 else first
