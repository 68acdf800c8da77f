"""The sheets of an XLSForm as rows of text, from a workbook, a CSV file or tables in Markdown.

The file is opened and bounded here, by the guards of every file that people send; whoever reads the
form gets text and no file.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import MappingProxyType

from trialkit.disk.reading import bytes_within
from trialkit.disk.refusals import why
from trialkit.errors import DataFileError
from trialkit.files.workbook_reading import Sheet, read_workbook
from trialkit.limits import LARGEST_WORKBOOK, MOST_CELLS, MOST_ROWS

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
EXTERNAL = "external_choices"
ENTITIES = "entities"
"""Says what submissions become on the server: read, so that columns which need it are understood."""
NAMES = (SURVEY, CHOICES, SETTINGS, EXTERNAL, ENTITIES)
ROW = "__row"
"""A column of our own: where the row stands."""
_LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSheet:
    """A sheet: what its columns are called, and the rows below by these names."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    """Only what holds something, with the number of the row as ``__row``."""


def read_sheets(path: Path) -> Mapping[str, TextSheet]:
    """The sheets of an XLSForm by their names, those that have a meaning there alone.

    Raises :class:`DataFileError` for a file that is none, and for a sheet of which nobody can tell
    what its columns are.
    """
    tables = _tables(path)
    found = {name: each for name, each in tables.items() if name in NAMES}
    if SURVEY not in found:
        raise DataFileError(
            f"{path.name}: has no sheet 'survey', so it is no XLSForm; its sheets are "
            f"{', '.join(tables) or 'none'}"
        )
    return {name: _with_columns(rows, path.name, name) for name, rows in found.items()}


def _tables(path: Path) -> dict[str, dict[int, Sequence[str]]]:
    """By sheet its rows, by the number that each has there."""
    if path.suffix.lower() == ".csv":
        return _from_csv(_text(path), path.name)
    if path.suffix.lower() == ".md":
        return _from_markdown(_text(path), path.name)
    return {sheet.name.strip().lower(): _cells(sheet, path.name) for sheet in read_workbook(path)}


def _cells(sheet: Sheet, file: str) -> dict[int, Sequence[str]]:
    head = next(iter(sheet.rows.values()), MappingProxyType({}))
    named = [column for column, cell in head.items() if cell.text.strip()]
    troubles = [
        f"row {row}: {cells[column].trouble}"
        for row, cells in sheet.rows.items()
        for column in named
        if column in cells and cells[column].trouble
    ]
    if troubles and sheet.name.strip().lower() in NAMES:
        raise DataFileError(f"{file}, sheet {sheet.name}: {'; '.join(troubles[:_LISTED])}")
    return {
        row: [cells[column].text if column in cells else "" for column in named]
        for row, cells in sheet.rows.items()
    }


def _text(path: Path) -> str:
    try:
        return bytes_within(path, LARGEST_WORKBOOK).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataFileError(f"{path}: is not UTF-8; save the form as UTF-8") from None
    except FileNotFoundError:
        raise DataFileError(f"{path}: does not exist; name an XLSForm") from None
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read: {why(error)}") from None


def _from_csv(text: str, file: str) -> dict[str, dict[int, Sequence[str]]]:
    """The sheets of a CSV file: the first column names the sheet that begins there."""
    try:
        rows = list(csv.reader(StringIO(text, newline="")))
    except csv.Error as error:
        raise DataFileError(f"{file}: cannot be read as CSV ({error}); save it again") from None
    return _begun_by_name(rows, file)


def _from_markdown(text: str, file: str) -> dict[str, dict[int, Sequence[str]]]:
    """The sheets of tables in Markdown, which are written as the CSV ones are."""
    lines = (line.strip() for line in text.splitlines())
    rows = [
        [cell.strip() for cell in line.strip("|").replace("\\|", "\0").split("|")]
        for line in lines
        if line.startswith("|") and set(line) - set("|-: ")
    ]
    return _begun_by_name([[cell.replace("\0", "|") for cell in row] for row in rows], file)


def _begun_by_name(rows: Sequence[Sequence[str]], file: str) -> dict[str, dict[int, Sequence[str]]]:
    if sum(map(len, rows)) > MOST_CELLS:
        raise DataFileError(f"{file}: holds more than {MOST_CELLS:,} cells; import it in parts")
    found: dict[str, dict[int, Sequence[str]]] = {}
    here: dict[int, Sequence[str]] = {}
    for row in rows:
        if row and row[0].strip():
            here = found.setdefault(row[0].strip().lower(), {})
        if any(cell.strip() for cell in row[1:]):
            here[len(here) + 1] = row[1:]
    return found


def _with_columns(rows: Mapping[int, Sequence[str]], file: str, sheet: str) -> TextSheet:
    """The rows below the first, which names the columns."""
    if not rows:
        return TextSheet(columns=(), rows=())
    head, *below = rows
    if len(below) > MOST_ROWS:
        raise DataFileError(
            f"{file}, sheet {sheet}: has {len(below):,} rows, of which {MOST_ROWS:,} are read; "
            "import the survey in parts"
        )
    columns = [" ".join(cell.split()) for cell in rows[head]]
    given = [name.lower() for name in columns if name]
    twice = dict.fromkeys(name for name in given if given.count(name) > 1)
    if twice:
        raise DataFileError(
            f"{file}, sheet {sheet}: the column {' and '.join(map(repr, twice))} is there more "
            "than once, and nobody knows which of them counts; remove all but one"
        )
    return TextSheet(
        columns=tuple(name for name in columns if name),
        rows=tuple(
            {
                **{
                    name: cell.strip()
                    for name, cell in zip(columns, rows[row], strict=False)
                    if name and cell.strip()
                },
                ROW: str(row),
            }
            for row in below
        ),
    )
