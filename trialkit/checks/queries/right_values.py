"""The right values that a site gave become texts as the data would hold them, or are refused.

They are judged as a cell of the data is, and refused in the same words.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from trialkit.checks.judging.cells import check_cells
from trialkit.checks.queries.answer_files import AnswerRow
from trialkit.checks.queries.queries import CLEARED, Query
from trialkit.files.csv_reading import RawTable
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Item, Schemas, Severity
from trialkit.schemas.forms.not_done import NOT_DONE
from trialkit.schemas.values.offered import meant, seen
from trialkit.schemas.values.writing import as_the_trial_writes
from trialkit.store.freezing import parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class RightValues:
    """What became of the right values of some rows."""

    texts: Mapping[int, str]
    """By the number of the row, as the data would hold it; :data:`CLEARED` for a blank cell."""
    complaints: tuple[str, ...]
    """Those that the data could not hold, each with its place."""


def right_values(
    rows: Sequence[AnswerRow], queries: Mapping[str, Query], schemas: Schemas
) -> RightValues:
    """The right values of rows about these queries."""
    texts: dict[int, str] = {}
    complaints: dict[int, str] = {}
    cells: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        query = queries[row.query_key]
        if not row.right_value:
            continue
        why = why_no_value_fits(query, schemas)
        if why:
            complaints[number] = why
        elif seen(row.right_value) == CLEARED:
            texts[number] = CLEARED
        else:
            cells[query.form, query.item].append(number)
    for (form_id, item_id), given in cells.items():
        form = schemas.form(form_id)
        written = [_written(rows[number], form.item(item_id), schemas.data) for number in given]
        refused = _refused(written, form, form.item(item_id), schemas.data)
        for number, text, why in zip(given, written, refused, strict=True):
            if why:
                complaints[number] = why
            else:
                texts[number] = text
    return RightValues(
        texts=texts,
        complaints=tuple(
            f"{rows[number].place}: {complaints[number]}" for number in sorted(complaints)
        ),
    )


def why_no_value_fits(query: Query, schemas: Schemas) -> str:
    """Why no right value can be written where the query is about; empty where one can."""
    if query.form == NOT_DONE:
        return (
            f"has a right value, but the query is about a mark of what was not done; correct its line of "
            f"{NOT_DONE}.csv, or say in the reason what is right"
        )
    form = next((form for form in schemas.forms if form.id == query.form), None)
    if form is None:
        return "has a right value, but the trial has no such form any more"
    if not query.item:
        return (
            "has a right value, but the query is about a whole form and not about one answer; enter "
            "the answers in the entry workbook"
        )
    if query.item in form.key:
        return (
            "has a right value, but the query is about which row this is; say in the reason what is "
            "right, so that the coordinator can correct it"
        )
    if query.item not in {item.id for item in form.asked}:
        return (
            "has a right value, but this answer is calculated; give the right value of what it is "
            "calculated from, or say in the reason what is right"
        )
    return ""


def _written(row: AnswerRow, item: Item, data: DataFormat) -> str:
    """The text as the data would hold it, where it can be read at all."""
    text = row.right_value.strip()
    text = meant(item, data.all_missing_codes).get(seen(text), text)
    if row.is_number and data.decimal == ",":
        text = text.replace(".", ",")
    if not item.kind.nature.has_a_day:
        return text
    return str(as_the_trial_writes(pl.Series("text", [text]), item.kind, data)[0])


def _refused(texts: Iterable[str], form: Form, item: Item, data: DataFormat) -> list[str]:
    """For each text what is wrong with it as a value of the item, in the words of a finding."""
    cells = pl.DataFrame({item.id: list(texts)}, schema={item.id: pl.String})
    keys = (pl.lit("1").alias(key) for key in form.key)
    alone = replace(form, items=(item,), rules=())
    raw = RawTable(
        file="",
        sha256="",
        cells=cells.select(*keys, item.id),
        lines=np.arange(1, cells.height + 1),
        left_out=(),
    )
    everywhere = np.ones(cells.height, dtype=bool)
    checked = check_cells(alone, parsed(raw, alone, data), everywhere, written=data)
    found = [""] * cells.height
    for hits in checked.hits:
        if hits.severity is Severity.HARD:
            messages = hits.places["message"].tolist()
            for number, message in zip(hits.rows.tolist(), messages, strict=True):
                found[number] = found[number] or message
    return found
