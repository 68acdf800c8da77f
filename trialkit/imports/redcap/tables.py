"""The records of an export become one table for each form, keyed by subject, visit and repeat.

A box that is ticked on a form says so; that none is ticked says nothing while the form is incomplete.
It counts as an answer, ``none_of_these``, when the form was marked unverified or complete, the field
is always shown, need not be answered, and has no choice of its own for "none of the above". In every
other case nobody knows whether the question was seen, and the cell stays blank.
"""

from collections.abc import Sequence

import polars as pl

from trialkit.imports.redcap.drafting import DraftedForm, Project
from trialkit.imports.redcap.export import Export, own_rows
from trialkit.imports.redcap.items import DraftedItem
from trialkit.imports.redcap.layout import Layout
from trialkit.imports.redcap.limits import has_decimal_comma
from trialkit.imports.redcap.system_fields import (
    COMPLETE,
    EVENT,
    INSTANCE,
    NOT_COMPLETED,
    UNVERIFIED,
    status_field,
    time_field,
)
from trialkit.imports.taking_in.incoming import IncomingTable
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.items.answers import NONE_CHOSEN
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.values.writing import as_the_trial_writes


def tables(
    exports: Sequence[Export], project: Project, data: DataFormat
) -> tuple[IncomingTable, ...]:
    """One table for each form that an export has something of."""
    found = []
    for drafted in project.forms:
        parts = [_table(export, drafted, project.layout, data) for export in exports]
        parts = [part for part in parts if part.cells.height or len(part.cells.columns) > 1]
        if parts:
            found.append(_together(parts))
    return tuple(found)


def _together(parts: Sequence[IncomingTable]) -> IncomingTable:
    cells = pl.concat([part.cells for part in parts], how="diagonal").with_columns(
        pl.all().fill_null("")
    )
    places = tuple(place for part in parts for place in part.places)
    return IncomingTable(form_id=parts[0].form_id, cells=cells, places=places)


def _table(export: Export, drafted: DraftedForm, layout: Layout, data: DataFormat) -> IncomingTable:
    rows = own_rows(export, drafted.name)
    columns = {"subject_id": export.system(export.dictionary.record_id)}
    if drafted.form.visits:
        event = export.system(EVENT)
        columns["visit"] = event.replace_strict(layout.visit_of, default=event)
    if drafted.form.repeating:
        instance = export.system(INSTANCE)
        columns["repeat"] = pl.when(instance == "").then(pl.lit("1")).otherwise(instance)
    for draft in drafted.items:
        cell = _cell(export, drafted, draft)
        if cell is not None:
            columns[draft.item.id] = cell
    cells = rows.select(**{name: column.cast(pl.String) for name, column in columns.items()})
    if data.dates is not DateOrder.YMD or data.decimal != ".":
        cells = cells.with_columns(
            as_the_trial_writes(cells[item.id], item.kind, data)
            for item in drafted.form.items
            if item.id in columns
        )
    lines = export.lines[rows["__row"].to_numpy()] if rows.height else []
    return IncomingTable(
        form_id=drafted.form.id,
        cells=cells,
        places=tuple(f"{export.file}, line {line}" for line in lines),
    )


def _cell(export: Export, drafted: DraftedForm, draft: DraftedItem) -> pl.Expr | None:
    """The cells of an item; None where the file has no column for it."""
    field, kind = draft.field, draft.item.kind
    if export.ticks(field):
        return _ticked(export, drafted, draft)
    if not export.has(field.name):
        return None
    text = pl.col(field.name)
    stripped = text.str.strip_chars()
    if field.name == time_field(drafted.name):
        text = stripped.replace({NOT_COMPLETED: ""})
    elif kind.nature is Nature.TRUTH:
        text = stripped.replace({"1": "yes", "0": "no"})
    elif kind.has_decimals and has_decimal_comma(field.validation):
        text = stripped.str.replace(",", ".", literal=True)
    known = {choice.in_redcap for choice in draft.choices}
    changed = {code: reason for code, reason in export.reasons.items() if code not in known}
    changed |= _new_codes(draft)
    coded = stripped.is_in(list(changed))
    return pl.when(coded).then(stripped.replace(changed)).otherwise(text) if changed else text


def _new_codes(draft: DraftedItem) -> dict[str, str]:
    return {choice.raw: choice.code for choice in draft.choices if choice.raw}


def _ticked(export: Export, drafted: DraftedForm, draft: DraftedItem) -> pl.Expr:
    """The codes that are ticked, with a space between; a reason where that is ticked."""
    ticks, new = export.ticks(draft.field), _new_codes(draft)
    chosen = pl.concat_str(
        [
            pl.when(export.system(tick.column) == "1").then(pl.lit(new.get(tick.code, tick.code)))
            for tick in ticks
        ],
        separator=" ",
        ignore_nulls=True,
    )
    seen = pl.all_horizontal([export.system(tick.column) != "" for tick in ticks])
    otherwise = pl.lit("")
    if _none_is_an_answer(draft) and export.has(status_field(drafted.name)):
        settled = export.system(status_field(drafted.name)).is_in([UNVERIFIED, COMPLETE])
        otherwise = pl.when(seen & settled).then(pl.lit(NONE_CHOSEN)).otherwise(otherwise)
    answered = pl.when(chosen != "").then(chosen).otherwise(otherwise)
    for tick in export.reason_ticks(draft.field):
        reason = pl.lit(export.reasons[tick.code])
        answered = pl.when(export.system(tick.column) == "1").then(reason).otherwise(answered)
    return answered


def _none_is_an_answer(draft: DraftedItem) -> bool:
    alone = any(choice.alone for choice in draft.item.choices)
    return not (draft.field.branching or draft.field.required or alone)
