"""What an XLSForm keeps in files beside it: choices, and tables in which it looks things up."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from trialkit.errors import DataFileError
from trialkit.files.csv_reading import read_any_table
from trialkit.imports.xlsform.survey import SurveyRow
from trialkit.limits import MOST_CHOICES
from trialkit.protocol.trial.data_format import DataFormat

_INSTEAD = "the question takes any text"


def _why_not(path: Path, name: str) -> str:
    """What keeps a file from being read; nothing where it can be tried."""
    if Path(name).name != name or name.startswith(".") or "\\" in name:
        return "it is not in the form's own folder, and is not read"
    if path.suffix.lower() != ".csv":
        return "choices are read from CSV files alone"
    if path.is_symlink() or not path.is_file():
        return "there is no such file beside the form; put it there"
    return ""


def choices_in_file(
    form: Path, name: str, parameters: Mapping[str, str]
) -> tuple[tuple[SurveyRow, ...], str]:
    """The choices in a CSV file of the form's own folder, or why there are none.

    ``parameters`` may say which columns hold the code and the label; a name that leads elsewhere is
    not followed.
    """
    cells, trouble = _cells(form, name)
    if cells is None:
        return (), f"{trouble}; {_INSTEAD}"
    code, label = parameters.get("value", "name"), parameters.get("label", "label")
    lacking = [column for column in (code, label) if column not in cells.columns]
    if lacking:
        return (), f"it has no column {' or '.join(map(repr, lacking))}; {_INSTEAD}"
    return tuple(
        SurveyRow(number=number, cells={**row, "name": row[code], "label": row[label]})
        for number, row in enumerate(cells.to_dicts(), start=2)
    ), ""


def table_beside(form: Path, name: str) -> tuple[tuple[SurveyRow, ...] | None, str]:
    """The rows of a CSV file of the form's own folder; None, and why, where there are none.

    Nothing is said of a file that is not there: what looks into it says so.
    """
    file = name if name.endswith(".csv") else f"{name}.csv"
    if not (form.parent / file).is_file():
        return None, ""
    cells, trouble = _cells(form, file)
    if cells is None:
        return None, trouble
    rows = enumerate(cells.to_dicts(), start=2)
    return tuple(SurveyRow(number=number, cells=row) for number, row in rows), ""


def _cells(form: Path, name: str) -> tuple[pl.DataFrame | None, str]:
    """The cells of a file beside the form, or what keeps it from being read."""
    path = form.parent / name
    if trouble := _why_not(path, name):
        return None, trouble
    try:
        cells = read_any_table(path, file=name, data=DataFormat()).cells
    except DataFileError as error:
        return None, str(error)
    if cells.height > MOST_CHOICES:
        return None, f"it has {cells.height:,} rows, of which {MOST_CHOICES:,} are read"
    return cells, ""
