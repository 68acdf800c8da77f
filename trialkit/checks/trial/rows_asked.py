"""What findings have in common whose rules ask other rows of a participant.

What a rule counts is the same in each row that asks, so that all of these rows are one defect; a value
that is wrong breaks a rule in its own row and in the row that looks back at it.
"""

from collections.abc import Iterator

import pandas as pd
import polars as pl

from trialkit.checks.queries.grounds import CellAddress, expression_of
from trialkit.schemas.forms.expressions import Condition, Looking, OtherRows, every_look
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.rules.names import KEYS
from trialkit.store.snapshot import Snapshot


def condition_with_looks(rule_id: str, form: Form, item: str) -> Condition | None:
    """The condition of a rule that asks other rows; None for any other."""
    expression = expression_of(rule_id, form, item)
    condition = form.conditions[expression] if expression else None
    return condition if condition is not None and condition.looks else None


def goes_with_the_visit(condition: Condition, form: Form) -> bool:
    """Whether what it says of all rows is of one visit."""
    return any(
        "visit" in each.key and each.form != form.id and not each.visit
        for each in every_look(condition.looks)
    )


def cells_before(
    rows: pd.DataFrame, condition: Condition, form: Form, snapshot: Snapshot
) -> Iterator[tuple[pd.DataFrame, CellAddress]]:
    """The cells of earlier rows that are read, each with the findings under the keys of those rows."""
    for look in every_look(condition.looks):
        if look.how is Looking.PREVIOUS and look.form == form.id:
            there = _with_keys_before(rows, look, snapshot)
            for name in dict.fromkeys(each.item for each in look.references):
                if name not in KEYS:
                    yield there, CellAddress(form=form.id, item=name)


def _with_keys_before(rows: pd.DataFrame, look: OtherRows, snapshot: Snapshot) -> pd.DataFrame:
    *whose, last = look.key
    keys = snapshot[look.form].typed.select(look.key).drop_nulls().unique()
    order = pl.col(last).cast(pl.Enum(look.visits), strict=False) if last == "visit" else last
    before = (
        keys.sort([*whose, order])
        .with_columns(pl.col(last).shift(look.back).over(whose).alias("before"))
        .drop_nulls("before")
        .select(pl.all().cast(pl.String))
    )
    asked = pl.DataFrame({name: rows[name].tolist() for name in look.key}).with_row_index("at")
    found = asked.join(before, on=list(look.key), how="inner", maintain_order="left")
    there = rows.iloc[found["at"].to_list()]
    return there.assign(**{last: found["before"].to_list()})
