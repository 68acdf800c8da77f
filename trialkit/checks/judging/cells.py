"""The second and third phase: whether each cell can be read, and may hold what it says.

Only rows that can be placed are looked at. A cell has one finding of these phases at most: what
cannot be read has no range, what cannot be right is not also unusual.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging import wording
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.too_late import check_days
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item, Severity
from trialkit.schemas.forms.partial_dates import first_and_last_days
from trialkit.schemas.gate.gate import broken_rules
from trialkit.schemas.gate.pandera_schema import BLANK, EARLIEST, pandera_schema
from trialkit.schemas.gate.plain import plainly_right
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.patterns import matched, whole_text_pattern
from trialkit.store.data_days import NO_DAYS, DataDays
from trialkit.store.snapshot import FormData, as_pandas


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckedCells:
    """The cells of a form's usable rows, each on its own."""

    form: Form
    data: FormData
    written: DataFormat
    """How its cells are written, for the words of findings."""
    rows: np.ndarray
    """The numbers of the usable rows."""
    shared: np.ndarray
    """For all rows: whether another row has the same key, so that nobody knows which counts."""
    blank: Mapping[str, np.ndarray]
    """By item, for all rows: whether the cell holds nothing at all."""
    wrong: Mapping[str, np.ndarray]
    """By item, for all rows: whether what the cell holds cannot be right."""
    required: Mapping[str, np.ndarray]
    """By item: the rows that are blank although the item must always be answered."""
    unusual: Mapping[str, np.ndarray]
    """By item: the rows outside the expected range, but not wrong."""
    hits: tuple[Hits, ...]
    days: DataDays
    """The cut of the data and the last day they can know of, as rules read them."""


def check_cells(
    form: Form,
    data: FormData,
    usable: np.ndarray,
    *,
    written: DataFormat,
    shared: np.ndarray | None = None,
    files: frozenset[str] = frozenset(),
    days: DataDays = NO_DAYS,
) -> CheckedCells:
    """Which cells of the usable rows are blank, wrong or unusual.

    ``files`` are those attached, ``days`` the cut of the data and the last day they can know of.
    """
    rows = np.flatnonzero(usable)
    blank: dict[str, np.ndarray] = {}
    unread: dict[str, np.ndarray] = {}
    for item in form.items:
        blank[item.id], unread[item.id] = _blank_and_unread(data, item)
    found = _broken(form, data, _doubtful(form, data, usable, unread), blank, unread)
    hits: list[Hits] = []
    wrong: dict[str, np.ndarray] = {}
    for item in form.items:
        kinds: dict[BuiltIn, np.ndarray] = {
            BuiltIn.UNREADABLE: np.flatnonzero(unread[item.id] & usable),
            BuiltIn.NOT_A_CHOICE: found.get((item.id, BuiltIn.NOT_A_CHOICE.value), _NO_ROWS),
            BuiltIn.OUT_OF_RANGE: found.get((item.id, BuiltIn.OUT_OF_RANGE.value), _NO_ROWS),
        }
        if item.missing_codes is not None:
            kinds[BuiltIn.CODE_NOT_ALLOWED] = _with_refused_code(data, item, usable)
        if item.kind.names_a_file:
            there = data.typed[item.id].is_in(files).fill_null(value=True).to_numpy()
            kinds[BuiltIn.NO_SUCH_FILE] = np.flatnonzero(~there & usable)
        if item.pattern:
            kinds[BuiltIn.NOT_IN_FORM] = _in_another_form(data, item, usable)
        if item.kind.nature is Nature.CODE:
            kinds[BuiltIn.UNREADABLE] = _NO_ROWS
        if item.kind.nature is Nature.CODES:
            kinds[BuiltIn.NOT_A_CHOICE] = kinds.pop(BuiltIn.UNREADABLE)
        for rule, at in kinds.items():
            hits += hits_at_rows(
                form,
                data,
                at,
                partial(_WORDS[rule], item=item, data=written),
                item=item.id,
                rule_id=rule.value,
                severity=Severity.HARD,
            )
        wrong[item.id] = _marked(len(usable), *kinds.values())
        late = check_days(
            form, item, data, _without(rows, wrong[item.id]), days=days, written=written
        )
        hits += late
        wrong[item.id] |= _marked(len(usable), *(each.rows for each in late))
    unusual = {
        item.id: _without(found.get((item.id, BuiltIn.UNUSUAL.value), _NO_ROWS), wrong[item.id])
        for item in form.items
    }
    required = {
        item.id: found.get((item.id + BLANK, BuiltIn.REQUIRED.value), _NO_ROWS)
        for item in form.items
        if item.required
    }
    return CheckedCells(
        form=form,
        data=data,
        written=written,
        rows=rows,
        shared=np.zeros(len(usable), dtype=bool) if shared is None else shared,
        blank=blank,
        wrong=wrong,
        required=required,
        unusual=unusual,
        hits=tuple(hits),
        days=days,
    )


_NO_ROWS = np.array([], dtype=np.intp)


def _blank_and_unread(data: FormData, item: Item) -> tuple[np.ndarray, np.ndarray]:
    """Whether each cell holds nothing, and whether it holds what could not be read."""
    values = data.typed[item.id]
    nowhere = np.zeros(len(values), dtype=bool)
    if not values.null_count():
        return nowhere, nowhere
    empty = values.is_null() & data.coded[item.id].is_null()
    if not item.kind.is_asked:  # what was entered is compared later, by a check of its own
        return empty.to_numpy(), nowhere
    blank = nowhere.copy()
    at = empty.arg_true()
    blank[at.to_numpy()] = (data.entered[item.id].gather(at).str.strip_chars() == "").to_numpy()
    return blank, empty.to_numpy() & ~blank


def _with_refused_code(data: FormData, item: Item, usable: np.ndarray) -> np.ndarray:
    """The usable rows in which somebody entered a missing code that the item does not take."""
    codes = data.coded[item.id]
    at = (codes.is_not_null() & ~codes.is_in(item.missing_codes or ())).arg_true()
    entered = data.entered[item.id].gather(at).str.strip_chars() != ""  # no mark of not_done.csv
    rows = at.filter(entered).to_numpy()
    refused: np.ndarray = rows[usable[rows]]
    return refused


def _in_another_form(data: FormData, item: Item, usable: np.ndarray) -> np.ndarray:
    """The usable rows whose text does not have the form that the item's pattern states."""
    pattern = whole_text_pattern(item.pattern)
    fitting = data.typed.select(matched(pl.col(item.id), pattern)).to_series()
    rows: np.ndarray = np.flatnonzero(~fitting.fill_null(value=True).to_numpy() & usable)
    return rows


def _doubtful(
    form: Form, data: FormData, usable: np.ndarray, unread: Mapping[str, np.ndarray]
) -> np.ndarray:
    """The usable rows that the gate has to look at, found in one pass over the columns."""
    plain = pl.all_horizontal(plainly_right(item) for item in form.items)
    doubtful = data.typed.select(~plain).to_series().to_numpy()
    for item in form.items:
        if item.kind.nature is Nature.CODE:
            doubtful = doubtful | unread[item.id]
    rows: np.ndarray = np.flatnonzero(doubtful & usable)
    return rows


def _broken(
    form: Form,
    data: FormData,
    rows: np.ndarray,
    blank: Mapping[str, np.ndarray],
    unread: Mapping[str, np.ndarray],
) -> dict[tuple[str, str], np.ndarray]:
    """What the gate finds in these rows, by column and rule, as row numbers of the form's data."""
    gathered: dict[tuple[str, str], np.ndarray] = {}
    if not len(rows):
        return gathered
    columns: dict[str, pd.Series] = {}
    at = pl.Series(rows, dtype=pl.UInt32)
    for item in form.items:
        typed = data.typed[item.id].gather(at)
        values = as_pandas(typed)
        if item.kind.nature is Nature.CODE:
            odd = np.flatnonzero(unread[item.id][rows])
            entered = data.entered[item.id].gather(at.gather(pl.Series(odd)))
            values = _with_what_is_no_choice(values, odd, entered.str.strip_chars().to_list())
        if item.kind.nature is Nature.DAYS:
            first, last = first_and_last_days(typed)
            columns[item.id + EARLIEST], values = as_pandas(first), as_pandas(last)
        columns[item.id] = values
        if item.required:
            columns[item.id + BLANK] = pd.Series(blank[item.id][rows])
    table = pd.DataFrame(columns, copy=False)
    for broken in broken_rules(table, pandera_schema(form)):
        place = (broken.column.removesuffix(EARLIEST), broken.rule_id)
        # a range is two checks of one name, which no row can fail together
        both = np.concatenate((gathered.get(place, _NO_ROWS), rows[broken.rows]))
        gathered[place] = np.sort(both)
    return gathered


def _with_what_is_no_choice(values: pd.Series, at: np.ndarray, entered: list[str]) -> pd.Series:
    """The choices, and what was entered instead at some places as categories of its own."""
    if not entered:
        return values
    known = values.cat.categories
    odd = pd.Index(dict.fromkeys(entered), dtype=known.dtype).difference(known, sort=False)
    numbers = values.cat.codes.to_numpy(dtype="int64").copy()
    categories = known.append(odd)
    numbers[at] = categories.get_indexer(pd.Index(entered, dtype=known.dtype))
    return pd.Series(pd.Categorical.from_codes(numbers, categories=categories))


_WORDS = {
    BuiltIn.UNREADABLE: wording.unreadable,
    BuiltIn.NOT_A_CHOICE: wording.not_a_choice,
    BuiltIn.OUT_OF_RANGE: wording.out_of_range,
    BuiltIn.NOT_IN_FORM: wording.not_in_form,
    BuiltIn.CODE_NOT_ALLOWED: wording.code_not_allowed,
    BuiltIn.NO_SUCH_FILE: wording.no_such_file,
}


def _marked(length: int, *rows: np.ndarray) -> np.ndarray:
    marked = np.zeros(length, dtype=bool)
    for each in rows:
        marked[each] = True
    return marked


def _without(rows: np.ndarray, marked: np.ndarray) -> np.ndarray:
    kept: np.ndarray = rows[~marked[rows]]
    return kept
