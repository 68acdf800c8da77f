"""Tables from elsewhere become tables of the trial: columns named, values recoded, visits unfolded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from trialkit.errors import Complaint, DataFileError, ProtocolError
from trialkit.grammar import by_number
from trialkit.imports.taking_in.incoming import IncomingTable, LeftOut
from trialkit.imports.taking_in.mapping import FileMapping, TableMapping
from trialkit.imports.taking_in.source_tables import SourceTable
from trialkit.imports.taking_in.written_values import rewritten
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.values.writing import as_the_trial_writes

_LISTED = 20
_MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00(:00)?$"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """A table in the words of the trial, and what of the file did not become part of it."""

    table: IncomingTable
    left_out: tuple[LeftOut, ...]


def place_table(
    source: SourceTable,
    form: Form,
    *,
    mapping: TableMapping,
    file: FileMapping,
    data: DataFormat,
    written: DataFormat,
) -> Placed:
    """The rows of a source for a form; ``written`` is how the source writes dates and numbers.

    Raises :class:`ProtocolError` where the mapping names columns that are not there, and
    :class:`DataFileError` where cells have no value that could be taken, with all of them.
    """
    _refuse_what_does_not_fit(source, form, mapping, file.file)
    _refuse_cells_without_value(source, _used(source, form, mapping))
    parts = [
        _rows(source, form, columns, visit=visit, mapping=mapping)
        for visit, columns in _by_visit(form, source, mapping)
    ]
    rows = pl.concat(parts, how="diagonal")
    rows = _with_values(rows, form, mapping=mapping, file=file, data=data, written=written)
    answered, silent = _answered(rows, form)
    answered = answered.sort("__row", maintain_order=True)
    if mapping.number_rows:
        answered = _numbered(answered, form)
    places = tuple(source.places[row] for row in answered["__row"])
    items = [item.id for item in form.items if item.id in answered.columns]
    cells = answered.select(*form.key, *items)
    return Placed(
        table=IncomingTable(form_id=form.id, cells=cells, places=places),
        left_out=tuple(_left_out(source, form, mapping, silent)),
    )


def _by_visit(
    form: Form, source: SourceTable, mapping: TableMapping
) -> list[tuple[str, Mapping[str, str]]]:
    """The visits that a row of the source becomes, each with its columns by item; else one."""
    common = _columns(form, source, mapping)
    if not mapping.visits:
        return [("", common)]
    return [(visit, {**common, **own}) for visit, own in mapping.visits.items()]


def _columns(form: Form, source: SourceTable, mapping: TableMapping) -> dict[str, str]:
    """By key column or item the column of the source: the one that is named, else its namesake."""
    names = form.entered
    taken = {*mapping.columns.values(), *mapping.ignore}
    taken |= {column for own in mapping.visits.values() for column in own.values()}
    taken |= mapping.fixed
    free = [name for name in names if name in source.cells.columns and name not in taken]
    return {**{name: name for name in free}, **mapping.columns}


def _used(source: SourceTable, form: Form, mapping: TableMapping) -> set[str]:
    return {column for _, own in _by_visit(form, source, mapping) for column in own.values()}


def _rows(
    source: SourceTable,
    form: Form,
    columns: Mapping[str, str],
    *,
    visit: str,
    mapping: TableMapping,
) -> pl.DataFrame:
    """The rows of the source under the trial's names, with the row of the source as ``__row``."""
    fixed = {**mapping.constants, **({"visit": visit} if visit else {})}
    return source.cells.with_row_index("__row").select(
        "__row",
        *(pl.col(column).alias(name) for name, column in columns.items()),
        *(pl.lit(text).alias(name) for name, text in fixed.items()),
        *([pl.lit("").alias("repeat")] if form.repeating and mapping.number_rows else []),
    )


def _with_values(
    rows: pl.DataFrame,
    form: Form,
    *,
    mapping: TableMapping,
    file: FileMapping,
    data: DataFormat,
    written: DataFormat,
) -> pl.DataFrame:
    """What the file says becomes what the trial says for it."""
    items = {item.id: item for item in form.items}
    columns = []
    for name in rows.columns:
        column = rows[name]
        item = items.get(name)
        if name != "__row":
            column = _recoded(column, _values(name, item, mapping=mapping, file=file))
        if item is not None and name not in mapping.constants:
            column = _as_written(column, item, data=data, written=written)
        columns.append(column)
    return pl.DataFrame(columns)


def _values(
    name: str, item: Item | None, *, mapping: TableMapping, file: FileMapping
) -> dict[str, str]:
    labels = {choice.label: choice.code for choice in item.choices} if item else {}
    return {
        **(labels if mapping.labels else {}),
        **(file.missing if item else {}),
        **mapping.values.get(name, {}),
    }


def _recoded(column: pl.Series, values: Mapping[str, str]) -> pl.Series:
    """The column with the values of the mapping; what is not in it stays as it is."""
    if not values:
        return column
    stripped = column.str.strip_chars()
    said, meant = list(values), list(values.values())
    new = stripped.replace_strict(said, meant, default=None, return_dtype=pl.String)
    return new.fill_null(column).alias(column.name)


def _as_written(
    column: pl.Series, item: Item, *, data: DataFormat, written: DataFormat
) -> pl.Series:
    if item.kind.nature in {Nature.DAY, Nature.DAYS}:
        column = column.str.replace(_MIDNIGHT, "$1")
    try:
        column = rewritten(column, item.kind, data=data, written=written)
    except DataFileError:
        if not item.identifier:
            raise
        raise DataFileError(
            f"{column.name}: cells cannot be read in the way that [file] of the mapping declares; they "
            "name people and are not shown. Correct the file or the mapping"
        ) from None
    # An ISO date, as a workbook has them, can be no other day; a point may be a thousands separator.
    return as_the_trial_writes(column, item.kind, data) if item.kind.nature.has_a_day else column


def _answered(rows: pl.DataFrame, form: Form) -> tuple[pl.DataFrame, int]:
    """The rows with an answer to some item, and how many have a key alone."""
    blank = rows.with_columns(pl.exclude("__row").str.strip_chars() == "")
    items = [item.id for item in form.items if item.id in rows.columns]
    keys = [key for key in form.key if key in rows.columns]
    answered = blank.select(~pl.all_horizontal(pl.lit(value=True), *items)).to_series()
    named = blank.select(~pl.all_horizontal(pl.lit(value=True), *keys)).to_series()
    return rows.filter(answered), int((named & ~answered).sum())


def _numbered(rows: pl.DataFrame, form: Form) -> pl.DataFrame:
    """``repeat`` as the place among the rows of the same participant (and visit)."""
    within = [key for key in form.key if key != "repeat"]
    number = pl.int_range(1, pl.len() + 1).over(within).cast(pl.String)
    return rows.with_columns(number.alias("repeat"))


def _refuse_what_does_not_fit(
    source: SourceTable, form: Form, mapping: TableMapping, file: str
) -> None:
    complaints = Complaints(file or source.place)
    there = source.cells.columns
    table = f"tables {mapping.sheet or form.id}"
    wanted = [(f"{table}.columns", name, column) for name, column in mapping.columns.items()]
    wanted += [
        (f"{table}.visits.{visit}", name, column)
        for visit, own in mapping.visits.items()
        for name, column in own.items()
    ]
    wanted += [(table, "ignore", column) for column in mapping.ignore]
    for where, name, column in wanted:
        if column not in there:
            complaints.add(
                table=where,
                key=name,
                found=f"{column!r}, which is no column of {source.place}",
                expected=f"one of {_listed(there)}{suggestion(column, there)}",
            )
    found = complaints.all() + _keys_that_lack(source, form, mapping, table, file)
    if found:
        raise ProtocolError(found)


def _keys_that_lack(
    source: SourceTable, form: Form, mapping: TableMapping, table: str, file: str
) -> tuple[Complaint, ...]:
    have = {*_columns(form, source, mapping), *mapping.constants}
    have |= {"visit"} if mapping.visits else set()
    have |= {"repeat"} if mapping.number_rows else set()
    complaints = Complaints(file or source.place)
    how = {
        "visit": "a visit for each row: columns.visit, constants.visit or visits",
        "repeat": "a number for each row: columns.repeat, or number_rows = true",
    }
    for key in form.key:
        if key not in have:
            complaints.add(
                table=table,
                key=key,
                found=f"no column {key!r} in {source.place}",
                expected=how.get(key, "columns.subject_id, the column that names the participant")
                + f"; its columns are {_listed(source.cells.columns)}",
            )
    return complaints.all()


def _refuse_cells_without_value(source: SourceTable, used: Iterable[str]) -> None:
    wrong = [trouble for name in sorted(used) for trouble in source.troubles.get(name, ())]
    wrong += [
        f"cells {area} are merged; unmerge them, so that each has its own value"
        for area in source.merged
    ]
    if wrong:
        more = len(wrong) - _LISTED
        raise DataFileError(
            f"{source.place}: nothing was imported:\n  - "
            + "\n  - ".join(wrong[:_LISTED])
            + (f"\n  and {more} more" if more > 0 else "")
        )


def _left_out(
    source: SourceTable, form: Form, mapping: TableMapping, silent: int
) -> Iterable[LeftOut]:
    used = _used(source, form, mapping) | set(mapping.ignore)
    for name in source.cells.columns:
        if name in used or not (source.cells[name].str.strip_chars() != "").any():
            continue
        near = suggestion(name, list(form.entered))
        why = f"nothing that is entered on {form.id} is named so{near}"
        if name in mapping.constants:
            why = "the mapping says what it is in every row"
        yield LeftOut(place=source.place, found=f"column {name!r}", why=why)
    if silent:
        noun = by_number(silent, "row", "rows")
        yield LeftOut(
            place=source.place, found=f"{silent} {noun} with a key alone", why="nothing is answered"
        )
    taken = sum(count for name, count in source.formulas.items() if name in used)
    if taken:
        noun = "the formula of a cell" if taken == 1 else f"the formulas of {taken} cells"
        yield LeftOut(
            place=source.place, found=noun, why="the value that was last worked out was taken"
        )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
