"""The choices that an XLSForm keeps in a file beside it."""

from collections.abc import Mapping
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.files.csv_reading import read_any_table
from trialkit.imports.xlsform.survey import SurveyRow
from trialkit.limits import MOST_CHOICES
from trialkit.protocol.trial.data_format import DataFormat

_INSTEAD = "the question takes any text"


def _why_not(path: Path, name: str) -> str:
    """What keeps a file from being read; nothing where it can be tried."""
    if Path(name).name != name or name.startswith(".") or "\\" in name:
        return f"it is not in the form's own folder, and is not read; {_INSTEAD}"
    if path.suffix.lower() != ".csv":
        return f"choices are read from CSV files alone; {_INSTEAD}"
    if path.is_symlink() or not path.is_file():
        return f"there is no such file beside the form; put it there, or {_INSTEAD}"
    return ""


def choices_in_file(
    form: Path, name: str, parameters: Mapping[str, str]
) -> tuple[tuple[SurveyRow, ...], str]:
    """The choices in a CSV file of the form's own folder, or why there are none.

    ``parameters`` may say which columns hold the code and the label; a name that leads elsewhere is
    not followed.
    """
    path = form.parent / name
    if trouble := _why_not(path, name):
        return (), trouble
    try:
        cells = read_any_table(path, file=name, data=DataFormat()).cells
    except DataFileError as error:
        return (), f"{error}; {_INSTEAD}"
    code, label = parameters.get("value", "name"), parameters.get("label", "label")
    lacking = [column for column in (code, label) if column not in cells.columns]
    if lacking:
        return (), f"it has no column {' or '.join(map(repr, lacking))}; {_INSTEAD}"
    if cells.height > MOST_CHOICES:
        return (
            (),
            f"it has {cells.height:,} choices, of which {MOST_CHOICES:,} are read; {_INSTEAD}",
        )
    return tuple(
        SurveyRow(number=number, cells={**row, "name": row[code], "label": row[label]})
        for number, row in enumerate(cells.to_dicts(), start=2)
    ), ""
