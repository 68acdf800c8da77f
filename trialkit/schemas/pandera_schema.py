"""A form as a pandera schema: what a cell may hold, each check named for its rule.

The schema is generated from the form and never the other way round. It validates a table of parsed
values, with a column ``<item>__blank`` for each required item: nothing is coerced, unknown columns
are refused. Keys are the business of the shape phase, which lets only unique ones through.
Severity, label and message stay with the form; pandera knows only the rule's id.
"""

from datetime import date

import pandas as pd
import pandera.pandas as pa

from trialkit.schemas.built_in import BuiltIn
from trialkit.schemas.forms import Form, Item, ItemType, Range

BLANK = "__blank"
"""Behind an item's id: the column that says whether the cell was left blank."""

_DTYPES = {
    ItemType.TEXT: "str",
    ItemType.CHOICE: "category",
    ItemType.TIME: "str",
    ItemType.INTEGER: "Int64",
    ItemType.DECIMAL: "float64",
    ItemType.YES_NO: "boolean",
    ItemType.DATE: "datetime64[us]",
}


def pandera_schema(form: Form) -> pa.DataFrameSchema:
    """The schema of a form's parsed values: types, choices, ranges and blank required cells."""
    columns: dict[str, pa.Column] = {}
    for item in form.items:
        columns[item.id] = pa.Column(
            _DTYPES[item.type], checks=_checks(item), nullable=True, coerce=False
        )
        if item.required:
            columns[item.id + BLANK] = pa.Column(
                "bool",
                checks=[pa.Check.eq(value=False, name=BuiltIn.REQUIRED.value)],
                coerce=False,
            )
    return pa.DataFrameSchema(columns, name=form.id, strict=True, coerce=False)


def _checks(item: Item) -> list[pa.Check]:
    checks = []
    if item.type is ItemType.CHOICE:
        codes = [choice.code for choice in item.choices]
        checks.append(pa.Check.isin(codes, name=BuiltIn.NOT_A_CHOICE.value))
    checks += _limits(item.range, BuiltIn.OUT_OF_RANGE)
    checks += _limits(item.expected_range, BuiltIn.UNUSUAL)
    return checks


def _limits(limits: Range, rule: BuiltIn) -> list[pa.Check]:
    low, high = _limit(limits.low), _limit(limits.high)
    checks = []
    if low is not None:
        checks.append(pa.Check.ge(low, name=rule.value))
    if high is not None:
        checks.append(pa.Check.le(high, name=rule.value))
    return checks


def _limit(limit: float | date | None) -> float | pd.Timestamp | None:
    return pd.Timestamp(limit) if isinstance(limit, date) else limit
