"""Which rows of a file may have a finding, as one polars expression over its columns.

The expression is quick and errs on one side only: it may suspect a row that is in order, and never
passes one that is not. A glance errs oftener than a close look, which is for those that the glance
left. Suspects are then judged by the checks that judge every trial.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial, reduce
from operator import and_, or_
from typing import TypeAlias

import polars as pl

from trialkit.checks.judging.too_late import after, may_be_too_late
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.declared import declared
from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.gate.plain import within
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.kind import Nature, TypedColumn
from trialkit.schemas.rules.names import CUT, NO_ITEMS, TODAY
from trialkit.schemas.values.distinct import once_for_each
from trialkit.schemas.values.parsing import item_value
from trialkit.store.data_days import NO_DAYS, DataDays
from trialkit.store.one_file.scanning import text_of

SUSPECT = "__suspect"
_MANY_DIGITS = 10**15 - 1
_FINITE = Range(low=-sys.float_info.max, high=sys.float_info.max)
_FEW = 8
_IN_PARTS = {Nature.DAYS, Nature.CODES}
"""Values that conditions read in parts; where one does, every row is looked at."""
_PARTS = ("value", "code", "blank", "fine")
Doubt: TypeAlias = Callable[[pl.Expr], pl.Expr]
"""What is doubtful, of where a condition holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """What the checks need to know of a cell, as expressions."""

    value: pl.Expr
    """The value as conditions compute with it, null where there is none."""
    code: pl.Expr
    """The missing code."""
    blank: pl.Expr
    """Whether nothing was entered; never null."""
    fine: pl.Expr
    """Whether it plainly holds what is allowed; false or null where it may not, or is blank."""
    read: bool = False
    """Whether a text is read for it, which takes longer than telling the texts of a column apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """The expression while it is made."""

    schemas: Schemas
    form: Form
    cells: Mapping[str, _Cell]
    days: DataDays
    fine: list[pl.Expr] = field(default_factory=list)
    """What all has to hold of a row that is passed; null is as good as false."""


def with_suspects(
    frame: pl.LazyFrame,
    form: Form,
    schemas: Schemas,
    *,
    files: frozenset[str],
    days: DataDays = NO_DAYS,
    glance: bool = False,
) -> pl.LazyFrame:
    """The frame with a column that says of each row whether it may have a finding.

    ``form`` is one whose conditions read a row alone. A ``glance`` also suspects rows with a missing
    code where a choice is asked for, and subjects that begin or end with a letter beyond ASCII.
    """
    schema = frame.collect_schema()
    named = _names_in_conditions(form)
    cells = {
        item.id: _cell(item, schema[item.id], schemas.data, files=files, needed=item.id in named)
        for item in form.items
    }
    frame, cells = _read_once(frame, cells, form)
    if glance:
        cells |= {
            item.id: replace(cells[item.id], fine=_one_of(pl.col(item.id), item.codes))
            for item in form.items
            if item.kind.nature is Nature.CODE and schema[item.id] == pl.String
        }
    search = _Search(schemas=schemas, form=form, cells=cells, days=days)
    search.fine.extend(_keys(form, schema, glance=glance))
    for item in form.items:
        cell = cells[item.id]
        needed = item.required and not item.shown_when
        search.fine.append(cell.fine if needed else cell.fine | cell.blank)
        if days.today is not None and may_be_too_late(item):
            late = after(cell.value, item, days.today)
            search.fine.append(~late.fill_null(value=False))
    for number, (expression, doubt) in enumerate(_conditions(search)):
        judged = _judged(frame, expression, search, f"__holds_{number}")
        if judged is None:
            search.fine.append(pl.lit(value=False))
        else:
            frame, holds = judged
            search.fine.append(~doubt(holds).fill_null(value=False))
    passed = reduce(and_, search.fine).fill_null(value=False)
    return frame.with_columns((~passed).alias(SUSPECT))


def _read_once(
    frame: pl.LazyFrame, cells: Mapping[str, _Cell], form: Form
) -> tuple[pl.LazyFrame, dict[str, _Cell]]:
    """The frame with what is known of each cell whose text is read, a text of a column once."""
    known, read = dict(cells), {}
    for item in form.items:
        if not cells[item.id].read:
            continue
        name = f"__read_{item.id}"
        parts = {part: getattr(cells[item.id], part) for part in _PARTS}
        schema = frame.select(item.id).select(**parts).collect_schema()
        read[name] = pl.col(item.id).map_batches(
            partial(_told, parts=parts), return_dtype=pl.Struct(schema), is_elementwise=True
        )
        told = pl.col(name).struct
        known[item.id] = _Cell(**{part: told.field(part) for part in _PARTS}, read=True)
    return frame.with_columns(**read), known


def _told(column: pl.Series, parts: Mapping[str, pl.Expr]) -> pl.Series:
    return once_for_each(column, lambda table: table.select(**parts)).to_struct()


def _keys(form: Form, schema: Mapping[str, pl.DataType], *, glance: bool) -> list[pl.Expr]:
    """A key that plainly is whole: not blank, no space around it, one of the visits, a number."""
    subject = pl.col("subject_id")
    if schema["subject_id"].is_numeric():
        fine = [text_of(subject, schema["subject_id"]) != ""]
    else:
        text = subject.cast(pl.String)
        bare = text.str.strip_chars()
        fine = [_in_print(text) if glance else (bare == text) & (text != "")]
    if "visit" in form.key:
        fine.append(pl.col("visit").cast(pl.String).is_in(list(form.visits)))
    if "repeat" in form.key and schema["repeat"].is_integer():
        fine.append(pl.col("repeat").is_between(-_MANY_DIGITS, _MANY_DIGITS))
    elif "repeat" in form.key:
        text = text_of(pl.col("repeat"), schema["repeat"])
        fine.append(text.str.contains(r"^[0-9]{1,15}$"))
    return fine


def _in_print(text: pl.Expr) -> pl.Expr:
    """Whether a text begins and ends in visible ASCII: its bytes say so sooner than it is stripped."""
    last = text.cast(pl.Binary).bin.get(-1, null_on_oob=True)
    return text.is_between(pl.lit("!"), pl.lit("\x7f")) & last.is_between(ord("!"), ord("~"))


def _cell(
    item: Item, dtype: pl.DataType, data: DataFormat, *, files: frozenset[str], needed: bool
) -> _Cell:
    typed = _cell_of_its_type(item, dtype)
    return typed or _cell_of_text(item, dtype, data, files=files, needed=needed)


def _cell_of_its_type(item: Item, dtype: pl.DataType) -> _Cell | None:
    """A cell of a column that has the type of the item, where there is such a type."""
    cell = pl.col(item.id)
    if item.kind.typed_column is TypedColumn.WHOLE and dtype.is_integer():
        bounds = Range(low=-_MANY_DIGITS, high=_MANY_DIGITS)
        return _typed(cell.cast(pl.Float64), within(cell, item, bounds))
    if item.kind.typed_column is TypedColumn.NUMBER and dtype.is_float():
        number = cell.cast(pl.Float64)
        return _typed(number.fill_nan(None), within(number, item, _FINITE))
    if item.kind.typed_column is TypedColumn.TRUTH and dtype == pl.Boolean:
        return _typed(cell, cell.is_not_null())
    if item.kind.typed_column is TypedColumn.DATE and dtype == pl.Date:
        bounds = Range(low=date.min, high=date.max)
        return _typed(cell, within(cell, item, bounds))
    return None


def _cell_of_text(
    item: Item, dtype: pl.DataType, data: DataFormat, *, files: frozenset[str], needed: bool
) -> _Cell:
    """A cell that is text, or becomes the text that a person would have entered."""
    cell = pl.col(item.id)
    text = text_of(cell, dtype, moment=item.kind.nature is Nature.MOMENT)
    if item.kind.nature is Nature.CODE:  # space around a code is rare: it makes a suspect
        value: pl.Expr = pl.when(text.is_in(list(item.codes))).then(text)
        fine = _one_of(text, [*item.codes, *_allowed_codes(item, data)])
        return _Cell(value=value, code=_code(text, data), blank=text == "", fine=fine)
    code = _code(text, data)
    blank = text.str.strip_chars() == ""
    if item.kind.takes_any_text and not needed:
        return _Cell(value=text, code=code, blank=blank, fine=code.is_null() & ~blank)
    value = item_value(item, text, data=data)
    allowed = code.is_in(_allowed_codes(item, data)).fill_null(value=False)
    fine = value.is_not_null() & ~_outside(value, item)
    if item.kind.names_a_file:
        fine = fine & value.is_in(list(files))
    if item.kind.nature is Nature.WHOLE:
        value = value.cast(pl.Float64)
    return _Cell(value=value, code=code, blank=blank, fine=fine | allowed, read=True)


def _one_of(text: pl.Expr, texts: Sequence[str]) -> pl.Expr:
    """Whether a text is one of some; a few are found sooner by comparing than by a table."""
    if len(texts) > _FEW:
        return text.is_in(list(texts))
    return reduce(or_, (text == each for each in texts))


def _typed(value: pl.Expr, fine: pl.Expr) -> _Cell:
    """A cell of a column whose type is that of the item; missing is blank there."""
    nothing = pl.lit(None, dtype=pl.String)
    return _Cell(value=value, code=nothing, blank=value.is_null(), fine=fine)


def _code(text: pl.Expr, data: DataFormat) -> pl.Expr:
    stripped = text.str.strip_chars()
    return pl.when(stripped.is_in([code.code for code in data.all_missing_codes])).then(stripped)


def _allowed_codes(item: Item, data: DataFormat) -> list[str]:
    """The missing codes that the item may have."""
    codes = [code.code for code in data.all_missing_codes]
    return codes if item.missing_codes is None else [*item.missing_codes]


def _outside(value: pl.Expr, item: Item) -> pl.Expr:
    """Whether a value is outside a range; of ends that are no plain days or numbers, any value."""
    if item.kind.nature in {Nature.DAYS, Nature.MOMENT}:
        limited = {item.range, item.expected_range} != {Range()}
        return value.is_not_null() if limited else pl.lit(value=False)
    outside = pl.lit(value=False)
    for limits in (item.range, item.expected_range):
        if limits.low is not None:
            outside = outside | (value < limits.low)
        if limits.high is not None:
            outside = outside | (value > limits.high)
    return outside.fill_null(value=False)


def _conditions(search: _Search) -> Iterator[tuple[str, Doubt]]:
    """The conditions of a form, each with what is doubtful where it does or does not hold."""
    for rule in search.form.rules:
        yield rule.expression, _where_false
    for each in declared(search.form, search.schemas.forms):
        yield each.expression, _where_false
    for item in search.form.items:
        cell = search.cells[item.id]
        if item.shown_when:
            yield item.shown_when, partial(_asked_or_not, cell=cell, required=item.required)
        if item.required_when:
            yield item.required_when, partial(_blank_where_true, cell=cell)


def _where_false(holds: pl.Expr) -> pl.Expr:
    return ~holds


def _blank_where_true(holds: pl.Expr, *, cell: _Cell) -> pl.Expr:
    return holds & cell.blank


def _asked_or_not(holds: pl.Expr, *, cell: _Cell, required: bool) -> pl.Expr:
    """Answered though it is not asked, or asked, required and blank."""
    lacking = holds & cell.blank if required else pl.lit(value=False)
    return (~holds & ~cell.blank) | lacking


def _names_in_conditions(form: Form) -> frozenset[str]:
    """The items that any condition reads."""
    return frozenset(
        reference.item for each in form.conditions.values() for reference in each.references
    )


def _judged(
    frame: pl.LazyFrame, expression: str, search: _Search, name: str
) -> tuple[pl.LazyFrame, pl.Expr] | None:
    """The frame with a column that says where a condition holds.

    None for a condition that reads an item in parts, so that every row has to be looked at.
    """
    stated = search.form.conditions[expression]
    columns: dict[str, pl.Expr] = {}
    for each in stated.references:
        if each.item in search.form.key:
            key = pl.col(each.item)
            columns[each.column] = key.cast(pl.Float64 if each.item == "repeat" else pl.String)
        elif each.item in NO_ITEMS:
            days = {TODAY: search.days.today, CUT: search.days.cut}
            columns[each.column] = pl.lit(days.get(each.item), dtype=pl.Date)
        elif search.form.item(each.item).kind.nature in _IN_PARTS and not each.code:
            return None
        else:
            cell = search.cells[each.item]
            columns[each.column] = cell.code if each.code else cell.value
        columns[each.wrong] = pl.lit(value=False)
    frame = frame.with_columns(each.alias(column) for column, each in columns.items())
    frame = frame.with_columns(*stated.literals)
    for step in stated.steps:
        frame = frame.with_columns(step)
    return frame.with_columns(stated.holds.alias(name)), pl.col(name)
