"""A form as a pandera schema: what a cell may hold, each check named for its rule.

The schema is generated from the form and never the other way round. It validates a table of parsed
values, with a column ``<item>__blank`` for each required item, and of a partial date its latest day
with its earliest in ``<item>__earliest``: nothing is coerced, unknown columns are refused. Keys are the business of the shape phase, which lets only unique ones through.
Severity, label and message stay with the form; pandera knows only the rule's id.
"""

from datetime import date

import pandas as pd
import pandera.pandas as pa

from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.items.kind import Nature

BLANK = "__blank"
"""Behind an item's id: the column that says whether the cell was left blank."""

EARLIEST = "__earliest"
"""Behind the id of a partial date: the column of its first possible days."""

_DAY = pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)


def pandera_schema(form: Form) -> pa.DataFrameSchema:
    """The schema of a form's parsed values: types, choices, ranges and blank required cells."""
    columns: dict[str, pa.Column] = {}
    for item in form.items:
        lowest, highest = _limits(item)
        if item.kind.nature is Nature.DAYS:
            columns[item.id] = _column(item, lowest)
            columns[item.id + EARLIEST] = _column(item, highest)
        else:
            columns[item.id] = _column(item, [*_among_choices(item), *lowest, *highest])
        if item.required:
            columns[item.id + BLANK] = pa.Column(
                "bool",
                checks=[pa.Check.eq(value=False, name=BuiltIn.REQUIRED.value)],
                coerce=False,
            )
    return pa.DataFrameSchema(columns, name=form.id, strict=True, coerce=False)


def _column(item: Item, checks: list[pa.Check]) -> pa.Column:
    return pa.Column(item.kind.nature.dtype, checks=checks, nullable=True, coerce=False)


def _among_choices(item: Item) -> list[pa.Check]:
    """Of several choices the parser sees to it that they are choices, since a cell is a list."""
    if item.kind.nature is not Nature.CODE:
        return []
    return [pa.Check.isin(list(item.codes), name=BuiltIn.NOT_A_CHOICE.value)]


def _limits(item: Item) -> tuple[list[pa.Check], list[pa.Check]]:
    """The checks of the lowest and of the highest value, hard and soft."""
    rules = ((BuiltIn.OUT_OF_RANGE, item.range), (BuiltIn.UNUSUAL, item.expected_range))
    lowest = [
        pa.Check.ge(_limit(limits.low), name=rule.value)
        for rule, limits in rules
        if limits.low is not None
    ]
    highest = [
        pa.Check.le(_limit(limits.high, through=item.kind.nature is Nature.MOMENT), name=rule.value)
        for rule, limits in rules
        if limits.high is not None
    ]
    return lowest, highest


def _limit(limit: float | date, *, through: bool = False) -> float | pd.Timestamp:
    """A limit as pandas compares with it; of a moment, a day goes through to its end."""
    if not isinstance(limit, date):
        return limit
    return pd.Timestamp(limit) + _DAY if through else pd.Timestamp(limit)
