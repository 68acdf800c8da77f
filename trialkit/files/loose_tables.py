"""Tables that people send back: rows as text from a workbook or a CSV file, in whatever shape.

Nothing is declared for such a file. A CSV file may be separated by commas, semicolons or tabs, and
written in UTF-8 or in the code page of western Windows.
"""

import csv
from io import StringIO
from pathlib import Path

from trialkit.disk.reading import bytes_within
from trialkit.disk.refusals import why
from trialkit.errors import DataFileError
from trialkit.files.workbook_reading import Sheet, SheetCell, read_workbook
from trialkit.limits import LARGEST_WORKBOOK, MOST_CELLS

_DELIMITERS = (",", ";", "\t")
_WORKBOOK = b"PK\x03\x04"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_loose_tables(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a workbook, or a CSV file as one sheet without a name.

    Raises :class:`DataFileError` for a file that is neither.
    """
    try:
        content = bytes_within(path, LARGEST_WORKBOOK)
    except FileNotFoundError:
        raise DataFileError(f"{path}: does not exist") from None
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read: {why(error)}") from None
    if content.startswith(_WORKBOOK) or path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods"}:
        return read_workbook(path, file=str(path))
    return (csv_sheet(content, file=str(path)),)


def csv_sheet(content: bytes, *, file: str, name: str = "") -> Sheet:
    """The content of a CSV file as a sheet.

    Raises :class:`DataFileError` for what is none, or holds too much.
    """
    text = _decoded(content, file)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise DataFileError(f"{file}: cannot be read as CSV ({error}); save it again") from None
    if sum(map(len, rows)) > MOST_CELLS:
        raise DataFileError(
            f"{file}: holds more than {MOST_CELLS:,} cells; send the rows alone that have an answer"
        )
    cells = {
        line: {column: SheetCell(text=text) for column, text in enumerate(row, start=1)}
        for line, row in enumerate(rows, start=1)
    }
    return Sheet(name=name, hidden=False, rows=cells, merged=())


def _decoded(content: bytes, path: str) -> str:
    if b"\x00" in content and not content.startswith(_UTF_16):
        raise DataFileError(f"{path}: is neither an Excel workbook (.xlsx) nor a CSV file")
    for encoding in ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataFileError(f"{path}: is written in an unknown encoding; save it as CSV UTF-8")


def _delimiter(text: str) -> str:
    """What separates the first line that anything separates."""
    for line in text.splitlines():
        counts = {each: line.count(each) for each in _DELIMITERS}
        best = max(counts, key=lambda each: counts[each])
        if counts[best]:
            return best
    return ","
