"""An export of records in raw values: which rows belong to which form, and which were never opened.

REDCap writes every field of every form into every row. A row belongs to a form when somebody filled
something in: an answer, a ticked box, a missing data code, a form marked unverified or complete, a
completed survey, or an instance that was added to a repeating form. ``0`` in the column of the
form's status and in those of checkboxes says nothing, since REDCap writes it for forms that nobody
ever opened; calculated fields and fields of the system say nothing either.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from trialkit.errors import DataFileError
from trialkit.grammar import by_number, plural
from trialkit.imports.redcap.choices import checkbox_column, read_choices
from trialkit.imports.redcap.dictionary import Dictionary, Field, FieldType
from trialkit.imports.redcap.layout import Found
from trialkit.imports.redcap.system_fields import (
    COMPLETE,
    DAG,
    EVENT,
    INSTANCE,
    INSTRUMENT,
    SURVEY,
    SYSTEM,
    UNVERIFIED,
    Extras,
    status_field,
    time_field,
)
from trialkit.imports.redcap.text_table import UTF_8, ExportTable, read_text_table
from trialkit.imports.taking_in.incoming import LeftOut

_EVENT_NAME = re.compile(r"[a-z0-9_]+")
_LISTED = 8
_LABELS = frozenset({"Checked", "Unchecked", "Complete", "Incomplete", "Unverified"})
_ANSWERS = frozenset({"Yes", "No", "True", "False"})
_YES_NO = frozenset({FieldType.YESNO, FieldType.TRUEFALSE})
_UNASKED = frozenset({FieldType.CALC, FieldType.DESCRIPTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The column of a checkbox field that says whether one choice is ticked."""

    column: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Export:
    """The records in a file, each cell as text."""

    file: str
    cells: pl.DataFrame
    lines: np.ndarray
    dictionary: Dictionary
    reasons: Mapping[str, str]
    """REDCap's missing data codes, and what they are called in the trial."""
    columns: frozenset[str]

    def has(self, column: str) -> bool:
        """Whether the file has a column."""
        return column in self.columns

    def system(self, column: str) -> pl.Expr:
        """A column of the system without white space; blank in a file that does not have it."""
        return pl.col(column).str.strip_chars() if self.has(column) else pl.lit("")

    def ticks(self, field: Field) -> tuple[Tick, ...]:
        """The columns for the choices of a checkbox field that the file has."""
        return self._columns(field, read_choices(field.choices).codes)

    def reason_ticks(self, field: Field) -> tuple[Tick, ...]:
        """The columns that say whether a missing data code stands for a checkbox field."""
        return self._columns(field, tuple(self.reasons))

    def _columns(self, field: Field, codes: Sequence[str]) -> tuple[Tick, ...]:
        ticks = (Tick(column=checkbox_column(field.name, code), code=code) for code in codes)
        return tuple(tick for tick in ticks if self.has(tick.column))


def read_export(
    path: Path, dictionary: Dictionary, reasons: Mapping[str, str], *, encoding: str = UTF_8
) -> Export:
    """The records in a file that REDCap exported as CSV with raw values.

    Raises :class:`DataFileError` for what is no such file, or cannot be understood without asking.
    """
    known = _known_columns(dictionary)
    table = read_text_table(
        path,
        recognised=lambda names: len({name.lower() for name in names} & known),
        expected=f"the names of fields, the first {dictionary.record_id!r}: an export of raw data",
        encoding=encoding,
    )
    return export_of(table, dictionary, reasons)


def export_of(table: ExportTable, dictionary: Dictionary, reasons: Mapping[str, str]) -> Export:
    """The records in a table whose columns are the names of fields.

    Raises :class:`DataFileError` for what cannot be understood without asking.
    """
    cells = table.cells.rename({name: name.lower() for name in table.cells.columns})
    if dictionary.record_id not in cells.columns:
        raise DataFileError(f"{table.file}: {_without_record(table, dictionary)}")
    export = Export(
        file=table.file,
        cells=cells,
        lines=table.lines,
        dictionary=dictionary,
        reasons=reasons,
        columns=frozenset(cells.columns),
    )
    _refuse_labels(export)
    _refuse_undeclared_codes(export)
    _refuse_unknown_instruments(export)
    return export


def _known_columns(dictionary: Dictionary) -> frozenset[str]:
    names = {field.name for field in dictionary.fields} | set(SYSTEM)
    for form in dictionary.forms:
        names |= {status_field(form), time_field(form)}
    for field in dictionary.fields:
        if field.kind == FieldType.CHECKBOX:
            codes = read_choices(field.choices).codes
            names |= {checkbox_column(field.name, code) for code in codes}
    return frozenset(names)


def _without_record(table: ExportTable, dictionary: Dictionary) -> str:
    columns = table.cells.columns
    if {"record", "field_name", "value"} <= set(columns):
        return "has one value a row (EAV); export the records flat, one column for each field"
    return (
        f"lacks the column {dictionary.record_id!r}, which names the record; export it, too, with "
        "the names of fields as header, not their labels"
    )


def _refuse_labels(export: Export) -> None:
    """Complain of an export of labels, in which codes can no longer be told apart."""
    boxes = (field for field in export.dictionary.fields if field.kind == FieldType.CHECKBOX)
    words = {status_field(form): _LABELS for form in export.dictionary.forms}
    words |= {tick.column: _LABELS for field in boxes for tick in export.ticks(field)}
    words |= {field.name: _ANSWERS for field in export.dictionary.fields if field.kind in _YES_NO}
    found = export.cells.select(
        pl.col(column).filter(pl.col(column).is_in(list(labels))).first()
        for column, labels in words.items()
        if export.has(column)
    )
    signs = [f"{each.name} holds {each[0]!r}" for each in found if each[0] is not None]
    if export.has(EVENT):
        events = export.cells[EVENT].unique().to_list()
        odd = sorted(each for each in events if each and not _EVENT_NAME.fullmatch(each))
        signs += [f"{EVENT} holds {odd[0]!r}"] if odd else []
    if signs:
        raise DataFileError(
            f"{export.file}: holds labels, not raw values ({_listed(signs)}); export it again as "
            "'CSV / Microsoft Excel (raw data)': two answers may have one label"
        )


def _refuse_undeclared_codes(export: Export) -> None:
    """Complain of columns of checkboxes for codes that nobody declared."""
    boxes = [field for field in export.dictionary.fields if field.kind == FieldType.CHECKBOX]
    strange = []
    for field in boxes:
        known = {tick.column for tick in (*export.ticks(field), *export.reason_ticks(field))}
        begin = f"{field.name}___"
        strange += [
            name for name in export.cells.columns if name.startswith(begin) and name not in known
        ]
    if strange:
        code = strange[0].partition("___")[2].upper().replace("_", "-")
        raise DataFileError(
            f"{export.file}: the column {_listed(strange)} is of a code that is no choice of the "
            "field. If it is a missing data code of the project, say what it means: --missing="
            f"{code}=UNK, or [[missing_codes]] in redcap.toml"
        )


def _refuse_unknown_instruments(export: Export) -> None:
    """Complain of rows of a repeating form that the dictionary does not have."""
    if not export.has(INSTRUMENT):
        return
    named = export.cells[INSTRUMENT].str.strip_chars().unique().to_list()
    strange = sorted(name for name in named if name and name not in export.dictionary.forms)
    if strange:
        raise DataFileError(
            f"{export.file}: {INSTRUMENT} holds {_listed([repr(name[:60]) for name in strange])}; "
            f"expected forms of the dictionary, {_listed(export.dictionary.forms)}. Export raw "
            "values, and the dictionary of the same day"
        )


def extras_of(exports: Sequence[Export]) -> Extras:
    """What the exports have beside the fields of the dictionary."""
    forms = exports[0].dictionary.forms if exports else ()
    return Extras(
        timestamps=frozenset(
            form for form in forms if any(export.has(time_field(form)) for export in exports)
        ),
        groups=any(export.has(DAG) for export in exports),
    )


def own_rows(export: Export, form: str) -> pl.DataFrame:
    """The rows of a form that somebody opened, with the number of each in ``__row``."""
    return export.cells.with_row_index("__row").filter(_is_opened(export, form))


def _is_opened(export: Export, form: str) -> pl.Expr:
    """Whether a row belongs to a form, and somebody filled something in or added an instance."""
    instrument = export.system(INSTRUMENT)
    return (instrument == form) | ((instrument == "") & _is_filled_in(export, form))


def _is_filled_in(export: Export, form: str) -> pl.Expr:
    """Whether anything of a form says that somebody opened it."""
    status, time = status_field(form), time_field(form)
    signs = [pl.lit(value=False)]
    if export.has(status):
        signs.append(export.system(status).is_in([UNVERIFIED, COMPLETE]))
    if export.has(time):
        signs.append(export.system(time) != "")
    for field in export.dictionary.of(form):
        if field.kind == FieldType.CHECKBOX:
            ticks = (*export.ticks(field), *export.reason_ticks(field))
            signs += [export.system(tick.column) == "1" for tick in ticks]
        elif (
            field.kind not in _UNASKED
            and field.name != export.dictionary.record_id
            and export.has(field.name)
        ):
            signs.append(export.system(field.name) != "")
    return pl.any_horizontal(signs)


def rows_left_out(export: Export) -> tuple[LeftOut, ...]:
    """The rows, or parts of rows, that become no row of any form."""
    forms, instrument = export.dictionary.forms, export.system(INSTRUMENT)
    opened = [_is_opened(export, form) for form in forms]
    strange = [
        (~instrument.is_in(["", form]) & _is_filled_in(export, form)).alias(form) for form in forms
    ]
    marks = export.cells.select(
        pl.col(export.dictionary.record_id).alias("__record"),
        pl.any_horizontal(opened).alias("__opened"),
        *strange,
    )
    out = []
    empty = np.flatnonzero(~marks["__opened"].to_numpy())
    if len(empty):
        why = "nobody filled anything in: no form was opened"
        found = _counted(len(empty), "row")
        out.append(LeftOut(place=_lines(export, empty), found=found, why=why))
    for form in forms:
        rows = np.flatnonzero(marks[form].to_numpy())
        if len(rows):
            why = f"they stand in rows of another repeating form than {form}"
            found = f"the answers of {form} in {_counted(len(rows), 'row')}"
            out.append(LeftOut(place=_lines(export, rows), found=found, why=why))
    return tuple(out)


def _counted(count: int, noun: str) -> str:
    return f"{count} {plural(count, noun)}"


def _lines(export: Export, rows: np.ndarray) -> str:
    shown = ", ".join(str(line) for line in export.lines[rows[:_LISTED]])
    more = len(rows) - _LISTED
    noun = by_number(len(rows), "line", "lines")
    return f"{export.file}, {noun} {shown}" + (f" and {more} more" if more > 0 else "")


def found_in(export: Export) -> tuple[Found, ...]:
    """At which events each form was opened, and whether it repeats."""
    return tuple(_found(export, form) for form in export.dictionary.forms)


def _found(export: Export, form: str) -> Found:
    rows = own_rows(export, form).select(
        event=export.system(EVENT), instance=export.system(INSTANCE)
    )
    events = rows["event"].unique(maintain_order=True).to_list()
    return Found(
        form=form,
        events=tuple(event for event in events if event),
        repeating=bool((rows["instance"] != "").any()),
    )


def columns_left_out(export: Export) -> tuple[LeftOut, ...]:
    """The columns of a file that the dictionary does not have, and the fields that it lacks."""
    boxes = [field for field in export.dictionary.fields if field.kind == FieldType.CHECKBOX]
    known = set(_known_columns(export.dictionary))
    known |= {tick.column for field in boxes for tick in export.reason_ticks(field)}
    unknown = [name for name in export.cells.columns if name not in known]
    why = "the dictionary has no such field"
    out = [LeftOut(place=export.file, found=f"the column {name[:80]}", why=why) for name in unknown]
    if export.has(SURVEY):
        why = "the identifiers of survey participants are not taken into the trial"
        out.append(LeftOut(place=export.file, found=f"the column {SURVEY}", why=why))
    there = {field.name for field in export.dictionary.fields if _is_there(export, field)}
    exported = {
        field.form
        for field in export.dictionary.fields
        if field.name in there and field.name != export.dictionary.record_id
    }
    for field in export.dictionary.fields[1:]:
        lacking = field.kind != FieldType.DESCRIPTIVE and field.name not in there
        if lacking and field.form in exported:
            why = "the file has other fields of its form, but not this one; its cells stay blank"
            out.append(LeftOut(place=export.file, found=f"no column {field.name}", why=why))
    return tuple(out)


def _is_there(export: Export, field: Field) -> bool:
    """Whether the file has a column of a field."""
    return export.has(field.name) or bool(export.ticks(field))


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
