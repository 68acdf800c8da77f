"""A trial's data become a Snapshot: taken as text from their source, parsed, and cut at a date."""

from datetime import date

import polars as pl

from trialkit.files.csv_reading import RawTable
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.forms.not_done import not_done_form
from trialkit.schemas.items.integer import INTEGER
from trialkit.schemas.items.kind import Nature, Reading
from trialkit.schemas.values.parsing import parse_column, parse_items
from trialkit.store.calculating import with_calculations
from trialkit.store.cutting import cut_at
from trialkit.store.data_days import DataDays
from trialkit.store.not_done import at_the_cut, taken, with_not_done
from trialkit.store.snapshot import FormData, Snapshot
from trialkit.store.sources.source import Source


def freeze(
    source: Source, schemas: Schemas, *, cut: date | None = None, today: date | None = None
) -> Snapshot:
    """The data of the trial as they stand in their source, read-only.

    The cut is ``cut``, else that of the protocol, else ``today``, the day of the run: never a date of
    the data. Whatever happened after it is left out, as is everybody who was screened after it
    (:mod:`trialkit.store.cutting`), but for what cannot have happened then
    (:mod:`trialkit.store.data_days`). Without any of them there is no cut.

    Raises :class:`DataFileError` for a table that is missing, unreadable or of no form.
    """
    source.refuse_strangers(schemas)
    data = schemas.data
    days = DataDays.stated(protocol=data.cut, asked=cut, run=today)
    forms = {form.id: parsed(source.table(form, data), form, data) for form in schemas.forms}
    form_of_marks, marks = not_done_form(schemas), None
    entered = source.marks(form_of_marks, data)
    if entered is not None:
        marks = taken(parsed(entered, form_of_marks, data), forms, schemas)
        forms = with_not_done(forms, marks, schemas)
    cut_forms = cut_at(forms, schemas, days)
    if marks is not None:
        marks = at_the_cut(marks, forms, cut_forms.kept, schemas)
    return Snapshot(
        forms=with_calculations(cut_forms.kept, schemas, days),
        days=days,
        after_cut=cut_forms.later,
        left_out=sum(
            len(forms[each].lines) - len(data.lines) for each, data in cut_forms.kept.items()
        ),
        files=source.attached(schemas),
        not_done=marks,
    )


def parsed(raw: RawTable, form: Form, data: DataFormat) -> FormData:
    """The text of a form's table as values and missing codes; nothing is calculated yet."""
    typed: dict[str, pl.Series] = {}
    coded: dict[str, pl.Series] = {}
    codes = pl.Enum([code.code for code in data.all_missing_codes])
    for key in form.key:
        typed[key] = _key(raw.cells[key], data)
        coded[key] = pl.repeat(None, raw.cells.height, dtype=codes, eager=True)
    for item, column in zip(form.items, parse_items(raw.cells, form.items, data=data), strict=True):
        typed[item.id] = column.values
        if item.kind.nature is Nature.CODE:
            typed[item.id] = column.values.cast(pl.Enum(item.codes))
        coded[item.id] = column.codes.cast(codes)
    return FormData(
        form_id=form.id,
        file=raw.file,
        sha256=raw.sha256,
        entered=raw.cells,
        typed=pl.DataFrame(typed),
        coded=pl.DataFrame(coded),
        lines=raw.lines,
        counted=raw.counted,
    )


def _key(cells: pl.Series, data: DataFormat) -> pl.Series:
    """A key column: a number for ``repeat``, else text without the space around it."""
    if cells.name == "repeat":
        return parse_column(cells, INTEGER, Reading(data=data)).values
    stripped = pl.col(cells.name).str.strip_chars()
    key = pl.DataFrame(cells).select(pl.when(stripped != "").then(stripped))
    return key.to_series().alias(cells.name)
