"""The sheets of an XLSForm as rows of text, each with the place where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.files.workbook_reading import Sheet, read_workbook
from trialkit.limits import MOST_ROWS

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRow:
    """A row of a sheet: its cells by the name of their column."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The text of a column, or of its first language; blank where there is none."""
        if column in self.cells:
            return self.cells[column]
        spoken = (name for name in self.cells if name.partition("::")[0] == column)
        return self.cells.get(next(spoken, ""), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """An XLSForm."""

    file: str
    rows: tuple[SurveyRow, ...]
    choices: Mapping[str, tuple[SurveyRow, ...]]
    """By list its choices."""
    settings: SurveyRow
    languages: tuple[str, ...]
    """The languages of its labels, where it says which; the first is taken."""


def read_survey(path: Path) -> Survey:
    """The XLSForm in a workbook.

    Raises :class:`DataFileError` for a workbook that is none.
    """
    sheets = {sheet.name.strip().lower(): sheet for sheet in read_workbook(path)}
    if SURVEY not in sheets:
        raise DataFileError(
            f"{path.name}: has no sheet 'survey', so it is no XLSForm; its sheets are "
            f"{', '.join(sheets) or 'none'}"
        )
    rows = _rows(sheets[SURVEY], path.name)
    if not rows or not any(row["type"] for row in rows):
        raise DataFileError(f"{path.name}, sheet survey: has no row with a type")
    choices: dict[str, list[SurveyRow]] = {}
    for row in _rows(sheets[CHOICES], path.name) if CHOICES in sheets else ():
        choices.setdefault(row["list_name"] or row["list name"], []).append(row)
    settings = _rows(sheets[SETTINGS], path.name) if SETTINGS in sheets else ()
    return Survey(
        file=path.name,
        rows=rows,
        choices={name: tuple(each) for name, each in choices.items()},
        settings=settings[0] if settings else SurveyRow(number=0, cells={}),
        languages=_languages(rows),
    )


def _rows(sheet: Sheet, file: str) -> tuple[SurveyRow, ...]:
    """The rows below the first, which names the columns."""
    if not sheet.rows:
        return ()
    head, *rows = sheet.rows
    if len(rows) > MOST_ROWS:
        raise DataFileError(
            f"{file}, sheet {sheet.name}: has {len(rows):,} rows, of which {MOST_ROWS:,} are read; "
            "import the survey in parts"
        )
    names = {
        column: " ".join(cell.text.split()).lower() for column, cell in sheet.rows[head].items()
    }
    given = [name for name in names.values() if name]
    twice = dict.fromkeys(name for name in given if given.count(name) > 1)
    if twice:
        raise DataFileError(
            f"{file}, sheet {sheet.name}: the column {' and '.join(map(repr, twice))} is there more "
            "than once, and nobody knows which of them counts; remove all but one"
        )
    troubles = [
        f"row {row}: {cell.trouble}"
        for row in rows
        for column, cell in sheet.rows[row].items()
        if cell.trouble and names.get(column)
    ]
    if troubles:
        raise DataFileError(f"{file}, sheet {sheet.name}: {'; '.join(troubles[:10])}")
    return tuple(
        SurveyRow(
            number=row,
            cells={
                names[column]: cell.text.strip()
                for column, cell in sheet.rows[row].items()
                if names.get(column) and cell.text.strip()
            },
        )
        for row in rows
    )


def _languages(rows: Sequence[SurveyRow]) -> tuple[str, ...]:
    names = (name for row in rows for name in row.cells if name.startswith("label::"))
    return tuple(dict.fromkeys(name.partition("::")[2] for name in names))
