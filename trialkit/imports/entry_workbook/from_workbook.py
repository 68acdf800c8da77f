"""A workbook with one sheet a form becomes incoming tables: the entry workbook, or any that is mapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from trialkit.errors import DataFileError, ProtocolError, TrialkitError
from trialkit.files.workbook_reading import Sheet, read_workbook
from trialkit.imports.entry_workbook.as_it_was import COLUMN
from trialkit.imports.entry_workbook.sheet_names import RESERVED, sheet_names
from trialkit.imports.taking_in.incoming import Incoming, IncomingTable, LeftOut
from trialkit.imports.taking_in.mapping import FileMapping, TableMapping
from trialkit.imports.taking_in.placing import place_table
from trialkit.imports.taking_in.source_tables import SourceTable, sheet_table
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.items.kind import TypingCheck
from trialkit.schemas.values.offered import meant, seen

SUBJECT = "subject_id"
_NOTHING = FileMapping(file="")


def from_workbook(path: Path, schemas: Schemas, mapping: FileMapping = _NOTHING) -> Incoming:
    """The rows that a workbook has for the forms of a trial.

    A sheet is for the form that the mapping gives it, else for the one whose name it has; what is
    for none, and hidden sheets, are left out and listed. Raises :class:`DataFileError` or
    :class:`ProtocolError` with everything that stands in the way, on all sheets together.
    """
    sheets = {sheet.name: sheet for sheet in read_workbook(path)}
    wanted, left_out = _wanted(sheets, schemas, mapping, path.name)
    placed: list[_OfSheet] = []
    troubles: list[TrialkitError] = []
    for sheet, table in wanted:
        try:
            placed.append(_placed(sheet, table, schemas, mapping, path.name))
        except TrialkitError as error:
            troubles.append(error)
    _refuse(troubles)
    if not wanted:
        raise DataFileError(
            f"{path.name}: no sheet is for a form of the trial; its sheets are "
            f"{', '.join(sheets)}, and the forms {', '.join(form.id for form in schemas.forms)}. "
            "Name each sheet as its form, or say in a mapping which is which"
        )
    return Incoming(
        source=path.name,
        as_it_was={place: text for one in placed for place, text in one.as_it_was.items()},
        tables=one_table_a_form([each.table for each in placed]),
        left_out=(*left_out, *(each for one in placed for each in one.left_out)),
    )


def _wanted(
    sheets: dict[str, Sheet], schemas: Schemas, mapping: FileMapping, file: str
) -> tuple[list[tuple[Sheet, TableMapping]], list[LeftOut]]:
    """The sheets to read, each with its mapping, and those that are left out."""
    names = {name.casefold(): form for form, name in sheet_names(schemas.forms).items()}
    by_sheet: dict[str, list[TableMapping]] = {}
    for table in mapping.tables:
        own = table.sheet or next(iter(name for name in sheets if _is(name, table.form, names)), "")
        if own not in sheets:
            raise ProtocolError(
                f"{mapping.file}: found the sheet {table.sheet or table.form!r} for form "
                f"{table.form!r}; expected one of {', '.join(sheets)}"
                f"{suggestion(table.sheet or table.form, list(sheets))}"
            )
        by_sheet.setdefault(own, []).append(table)
    wanted, left_out = [], []
    for name, sheet in sheets.items():
        place = f"{file}, sheet {name}"
        form = names.get(name.strip().casefold())
        tables = by_sheet.get(name) or ([TableMapping(form=form)] if form else [])
        if name in RESERVED and not by_sheet.get(name):
            continue
        if sheet.hidden:
            why = "it is hidden; show it to have it imported"
            left_out.append(LeftOut(place=place, found="a hidden sheet", why=why))
        elif tables:
            wanted += [(sheet, table) for table in tables]
        elif sheet.rows:
            why = f"no form is named so{suggestion(name, list(names))}"
            left_out.append(LeftOut(place=place, found="a sheet", why=why))
    return wanted, left_out


def _is(name: str, form: str, names: dict[str, str]) -> bool:
    return names.get(name.strip().casefold()) == form


def _placed(
    sheet: Sheet, table: TableMapping, schemas: Schemas, mapping: FileMapping, file: str
) -> "_OfSheet":
    subject = table.columns.get(SUBJECT, SUBJECT)
    source = sheet_table(sheet, file=file, subject=subject, data=schemas.data)
    if source is None:
        raise DataFileError(
            f"{file}, sheet {sheet.name}: none of its first rows has the column {subject!r}, which "
            "names the participants; name it so, or say in a mapping what it is called"
        )
    form = schemas.form(table.form)
    own = COLUMN in source.cells.columns
    was = dict(zip(source.places, source.cells[COLUMN].to_list(), strict=True)) if own else {}
    placed = place_table(
        _with_codes(source, form, schemas.data) if own else source,
        form,
        mapping=table,
        file=mapping,
        data=schemas.data,
        written=schemas.data,  # its cells were brought into the trial's format one by one
    )
    return _OfSheet(table=placed.table, left_out=placed.left_out, as_it_was=was)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _OfSheet:
    """The table of a sheet; of one that trialkit made also what its rows were."""

    table: IncomingTable
    left_out: tuple[LeftOut, ...]
    as_it_was: Mapping[str, str]


def _with_codes(source: SourceTable, form: Form, data: DataFormat) -> SourceTable:
    """The table of a sheet that trialkit made, the labels of its lists as the codes they mean."""
    columns = []
    for item in form.asked:
        if item.id in source.cells.columns and item.kind.typing is TypingCheck.LISTED:
            understood = meant(item, data.all_missing_codes)
            texts = source.cells[item.id].unique().to_list()
            codes = {text: understood.get(seen(text), text) for text in texts}
            columns.append(source.cells[item.id].replace_strict(codes, return_dtype=pl.String))
    return replace(source, cells=source.cells.with_columns(columns).drop(COLUMN))


def one_table_a_form(tables: Sequence[IncomingTable]) -> tuple[IncomingTable, ...]:
    """Tables of one form become one; a column that one of them lacks changes nothing there."""
    joined: dict[str, IncomingTable] = {}
    for table in tables:
        first = joined.get(table.form_id)
        joined[table.form_id] = (
            table
            if first is None
            else IncomingTable(
                form_id=table.form_id,
                cells=pl.concat([first.cells, table.cells], how="diagonal"),
                places=first.places + table.places,
            )
        )
    return tuple(joined.values())


def _refuse(troubles: Sequence[TrialkitError]) -> None:
    """Say everything that stands in the way at once."""
    if not troubles:
        return
    if len(troubles) == 1:
        raise troubles[0]
    complaints = [
        each for one in troubles if isinstance(one, ProtocolError) for each in one.complaints
    ]
    if complaints and all(isinstance(each, ProtocolError) for each in troubles):
        raise ProtocolError(tuple(complaints))
    raise DataFileError("\n".join(str(each) for each in troubles))
