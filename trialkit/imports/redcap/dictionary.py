"""REDCap's data dictionary: 18 columns, one row a field, in the order of the forms."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.imports.redcap.text_table import UTF_8, read_text_table
from trialkit.limits import MOST_FORMS, MOST_ITEMS

COLUMNS: Mapping[str, tuple[str, str]] = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "section": ("Section Header", "section_header"),
    "kind": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": ("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations"),
    "note": ("Field Note", "field_note"),
    "validation": (
        "Text Validation Type OR Show Slider Number",
        "text_validation_type_or_show_slider_number",
    ),
    "low": ("Text Validation Min", "text_validation_min"),
    "high": ("Text Validation Max", "text_validation_max"),
    "identifier": ("Identifier?", "identifier"),
    "branching": ("Branching Logic (Show field only if...)", "branching_logic"),
    "required": ("Required Field?", "required_field"),
    "alignment": ("Custom Alignment", "custom_alignment"),
    "question": ("Question Number (surveys only)", "question_number"),
    "matrix": ("Matrix Group Name", "matrix_group_name"),
    "ranking": ("Matrix Ranking?", "matrix_ranking"),
    "annotation": ("Field Annotation", "field_annotation"),
}
"""What each column is here, in the file that is downloaded, and in the file of the API."""
KNOWN = frozenset(name for names in COLUMNS.values() for name in names)
"""The names of columns that a dictionary can have."""
_NEEDED = ("name", "form", "kind", "label", "choices", "branching")
_BLANK_OF_R = "NA"
_READ_BY_REDCAP = frozenset({"branching", "validation", "low", "high", "identifier", "required"})
_VARIABLE = re.compile(r"[a-z][a-z0-9_]{0,99}")
_FORM = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_LISTED = 20


class FieldType(StrEnum):
    """What a field of REDCap is."""

    TEXT = "text"
    NOTES = "notes"
    RADIO = "radio"
    DROPDOWN = "dropdown"
    CHECKBOX = "checkbox"
    YESNO = "yesno"
    TRUEFALSE = "truefalse"
    CALC = "calc"
    SLIDER = "slider"
    FILE = "file"
    DESCRIPTIVE = "descriptive"
    SQL = "sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One row of the dictionary, its cells as they stand."""

    row: int
    """The row of the table, its header being row 1."""
    name: str
    form: str
    section: str
    kind: str
    """A :class:`FieldType`, or something that REDCap does not know."""
    label: str
    choices: str
    note: str
    validation: str
    low: str
    high: str
    identifier: bool
    branching: str
    required: bool
    matrix: str
    ranking: bool
    annotation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """The fields of a project, in order; the first is the record's own name."""

    file: str
    fields: tuple[Field, ...]
    extra: tuple[str, ...] = ()
    """Columns that REDCap does not have, which were left out."""

    @property
    def record_id(self) -> str:
        """The field that names the record: the first of the first form."""
        return self.fields[0].name

    @property
    def forms(self) -> tuple[str, ...]:
        """The names of the forms, in order."""
        return tuple(dict.fromkeys(field.form for field in self.fields))

    def of(self, form: str) -> tuple[Field, ...]:
        """The fields of a form."""
        return tuple(field for field in self.fields if field.form == form)

    def place(self, field: Field) -> str:
        """Where a field stands, for messages."""
        return f"{self.file}, row {field.row}, {field.name}"


def read_dictionary(
    path: Path, *, encoding: str = UTF_8, extra_columns: bool = False
) -> Dictionary:
    """The dictionary in a file of REDCap, downloaded or from its API.

    ``extra_columns`` lets columns be there that REDCap does not have: they are left out.
    Raises :class:`DataFileError` with everything that makes it no dictionary.
    """
    table = read_text_table(
        path,
        recognised=lambda names: len(set(names) & KNOWN),
        expected="the 18 columns of a REDCap data dictionary, the first 'Variable / Field Name'",
        encoding=encoding,
    )
    columns = _columns(table.cells.columns, file=table.file, extra=extra_columns)
    cells = {
        name: _without_blanks_of_r(name, table.cells[column].to_list())
        for name, column in columns.items()
    }
    rows = [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]
    fields = tuple(_field(row, number) for number, row in enumerate(rows, start=2))
    checked = checked_dictionary(fields, file=table.file)
    extra = tuple(name for name in table.cells.columns if name not in KNOWN)
    return replace(checked, extra=extra)


def checked_dictionary(fields: tuple[Field, ...], *, file: str) -> Dictionary:
    """The dictionary of these fields.

    Raises :class:`DataFileError` with everything that makes it none.
    """
    if not fields:
        raise DataFileError(f"{file}: has no field below its header")
    _refuse_too_many(fields, file=file)
    _refuse_what_is_no_field(fields, file=file)
    return Dictionary(file=file, fields=fields)


def _without_blanks_of_r(name: str, cells: list[str]) -> list[str]:
    """The cells of a column without the ``NA`` that R writes for those of a column that is blank.

    Where something stands that REDCap reads, ``NA`` is nothing that it would take.
    """
    if name not in _READ_BY_REDCAP and not set(cells) <= {_BLANK_OF_R, ""}:
        return cells
    return ["" if cell.strip() == _BLANK_OF_R else cell for cell in cells]


def _columns(header: Sequence[str], *, file: str, extra: bool) -> dict[str, str]:
    """For each of the 18 the name of the file's column; the less important may lack."""
    found = {
        each: next((name for name in names if name in header), "")
        for each, names in COLUMNS.items()
    }
    missing = [COLUMNS[each][0] for each in _NEEDED if not found[each]]
    unknown = [] if extra else [name for name in header if name not in KNOWN]
    if missing or unknown:
        lacking = f"lacks the column {', '.join(map(repr, missing))}" if missing else ""
        strange = f"has the unknown column {', '.join(map(repr, unknown[:8]))}" if unknown else ""
        raise DataFileError(
            f"{file}: {' and '.join(filter(None, (lacking, strange)))}; download the data "
            "dictionary from REDCap again and do not change its header"
            + ("" if missing else ", or pass --extra-columns to leave such columns out")
        )
    return {each: name for each, name in found.items() if name}


def _field(row: Mapping[str, str], number: int) -> Field:
    text = {each: row.get(each, "").strip() for each in COLUMNS}
    return Field(
        row=number,
        name=text["name"].lower(),
        form=text["form"].lower(),
        section=text["section"],
        kind=text["kind"].lower(),
        label=text["label"],
        choices=text["choices"],
        note=text["note"],
        validation=text["validation"].lower(),
        low=text["low"],
        high=text["high"],
        identifier=text["identifier"].lower() == "y",
        branching=text["branching"],
        required=text["required"].lower() == "y",
        matrix=text["matrix"],
        ranking=text["ranking"].lower() == "y",
        annotation=text["annotation"],
    )


def _refuse_too_many(fields: Sequence[Field], *, file: str) -> None:
    of_forms = Counter(field.form for field in fields)
    if len(of_forms) > MOST_FORMS or max(of_forms.values()) > MOST_ITEMS:
        raise DataFileError(
            f"{file}: has {len(of_forms):,} forms, the largest of {max(of_forms.values()):,} fields; "
            f"{MOST_FORMS:,} forms of {MOST_ITEMS:,} fields are read. Import it in parts"
        )


def _refuse_what_is_no_field(fields: Sequence[Field], *, file: str) -> None:
    """Complain of names that REDCap cannot have given, all together."""
    complaints = []
    for field in fields:
        if not _VARIABLE.fullmatch(field.name):
            complaints.append(
                f"row {field.row}: {field.name[:60]!r} is no name of a field; expected small "
                "letters, digits and _, with a letter first"
            )
        if not _FORM.fullmatch(field.form):
            complaints.append(
                f"row {field.row}: {field.form[:60]!r} is no name of a form; expected small "
                "letters, digits and _"
            )
    counts = Counter(field.name for field in fields)
    for name in [name for name, count in counts.items() if count > 1]:
        rows = ", ".join(str(field.row) for field in fields if field.name == name)
        complaints.append(f"rows {rows}: the field {name[:60]!r} is there more than once")
    if fields[0].kind != FieldType.TEXT:
        complaints.append(
            f"row {fields[0].row}: the first field names the record and is a text, found "
            f"{fields[0].kind[:40]!r}"
        )
    if complaints:
        more = len(complaints) - _LISTED
        raise DataFileError(
            f"{file}: is no data dictionary that REDCap would take:\n  - "
            + "\n  - ".join(complaints[:_LISTED])
            + (f"\n  and {more} more" if more > 0 else "")
        )
