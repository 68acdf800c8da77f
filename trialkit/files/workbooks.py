"""Excel workbooks: cells that hold text and nothing else, and sheets read as text."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - it is a class

from openpyxl.cell.cell import Cell
from openpyxl.reader.excel import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from trialkit.errors import DataFileError
from trialkit.files.spreadsheets import harmless
from trialkit.files.whole_files import read_whole

LONGEST_CELL = 32_000
"""Excel refuses a workbook with a cell of more than 32 767 characters."""
LARGEST_FILE = 50_000_000
LARGEST_CONTENT = 500_000_000
"""Bytes of a workbook, packed and unpacked: what is larger is no list that people filled in."""
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_DAMAGED = (
    BadZipFile, InvalidFileException, SyntaxError, ZlibError, EOFError, OSError, AttributeError,
    IndexError, KeyError, NotImplementedError, OverflowError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What the reader of workbooks raises for content that is none: it has no error of its own. Broken
XML is a SyntaxError of whichever parser it found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet's cells as text, without the space around it."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    """The first is row 1 of the sheet; hidden and filtered rows are there too."""


def put_text(cell: Cell, text: str) -> None:
    """Make a cell hold this text and nothing else: no formula, no number, no date."""
    plain = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(plain) > LONGEST_CELL:
        plain = plain[:LONGEST_CELL] + "…"
    cell.value = harmless(plain)
    cell.data_type = "s"


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes for a sheet, and that no other sheet has; adds it to ``taken``."""
    plain = _NO_SHEET_NAME.sub("-", _NOT_IN_XML.sub("-", wanted)).strip(" '") or "Sheet"
    if plain.casefold() == "history":  # Excel keeps this name for itself
        plain += "-"
    name, number = plain[:31], 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: 31 - len(str(number)) - 1]}-{number}"
    taken.add(name.casefold())
    return name


def is_workbook(content: bytes) -> bool:
    """Whether a file is packed as workbooks are."""
    return content.startswith(b"PK\x03\x04")


def read_workbook(path: Path, *, file: str) -> tuple[Sheet, ...]:
    """Every sheet of a workbook, formulas as the text that they are written as.

    Raises :class:`DataFileError` for a file that is none, is protected, or is far too large.
    """
    content = read_whole(path)
    if content is None:
        raise DataFileError(f"{file}: does not exist")
    if not is_workbook(content):
        raise DataFileError(
            f"{file}: is no Excel workbook (.xlsx), or is protected by a password; save it again "
            "as .xlsx without a password"
        )
    _refuse_giants(content, file=file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of drawings and styles, which are not read
            book = load_workbook(BytesIO(content), read_only=True, data_only=False)
            return tuple(_sheets(book))
    except _DAMAGED as error:
        raise DataFileError(
            f"{file}: cannot be read as an Excel workbook ({type(error).__name__}); open it, and "
            "save it again as .xlsx"
        ) from None


def _refuse_giants(content: bytes, *, file: str) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except _DAMAGED as error:
        raise DataFileError(
            f"{file}: is a damaged workbook ({type(error).__name__}); send it again"
        ) from None
    if len(content) > LARGEST_FILE or unpacked > LARGEST_CONTENT:
        raise DataFileError(
            f"{file}: is too large ({len(content):,} bytes, {unpacked:,} unpacked) for a list that "
            "people filled in; remove everything else from the workbook"
        )


def _sheets(book: Workbook) -> Iterator[Sheet]:
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # programs write wrong ones
        rows = [tuple(map(_text, row)) for row in sheet.iter_rows(values_only=True)]
        yield Sheet(name=str(sheet.title), rows=tuple(rows))


def _text(value: object) -> str:
    """A cell as a person reads it; a formula as it is written."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return str(getattr(value, "text", value)).strip()
