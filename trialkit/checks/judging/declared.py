"""What follows from what the forms say of their items: sums, sides, dates and sessions.

Each is a rule that nobody has to write. Where a hard rule of the form is broken about the same
item, the form's own words are enough.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from trialkit.checks.judging import wording
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, doubted_rows, hits_at_rows
from trialkit.checks.judging.rule_tables import verdicts
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item, Purpose, Schemas, Severity
from trialkit.schemas.rules.expression import condition
from trialkit.schemas.rules.names import MISSING, Scope

IN_ORDER = (
    (Purpose.CONSENT_DATE, Purpose.RANDOMISATION_DATE),
    (Purpose.SCREENING_DATE, Purpose.RANDOMISATION_DATE),
    (Purpose.CONSENT_DATE, Purpose.VISIT_DATE),
    (Purpose.RANDOMISATION_DATE, Purpose.SESSION_DATE),
    (Purpose.RANDOMISATION_DATE, Purpose.END_DATE),
)
"""Of two dates with these purposes, the second is never the earlier one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Follows:
    """A condition that follows from what a form says of its items."""

    item: Item
    expression: str
    rule: BuiltIn
    severity: Severity
    says: str
    """What is wrong where it does not hold, after what was entered for the item."""


def check_declared(
    cells: CheckedCells,
    scope: Scope,
    tables: Mapping[str, pl.DataFrame],
    *,
    schemas: Schemas,
    found: Sequence[Hits],
) -> tuple[Hits, ...]:
    """Sums that are wrong, sides that lack, and dates in the wrong order.

    ``found`` is what the rules of the form found.
    """
    form = cells.form
    hits: list[Hits] = []
    for each in (*_sums(form), *_sides(form), *_dates(form, schemas)):
        rows = verdicts(condition(each.expression, scope), form, tables).false
        hits += _about(
            cells, np.setdiff1d(rows, doubted_rows([*found, *hits], form, each.item)), each
        )
    return tuple(hits)


def declared_conditions(form: Form, schemas: Schemas) -> tuple[str, ...]:
    """The conditions that follow from what a form says of its items, as expressions."""
    follows = (*_sums(form), *_sides(form), *_dates(form, schemas))
    return tuple(each.expression for each in follows)


def _about(cells: CheckedCells, rows: np.ndarray, each: _Follows) -> tuple[Hits, ...]:
    label = each.item.label
    return hits_at_rows(
        cells.form,
        cells.data,
        rows,
        lambda entered: f"{label}: " + wording.shown(entered) + each.says,
        item=each.item.id,
        rule_id=each.rule.value,
        severity=each.severity,
    )


def _sums(form: Form) -> Iterator[_Follows]:
    for item in form.items:
        if item.sum_of:
            total = " + ".join(item.sum_of)
            yield _Follows(
                item=item,
                expression=f"{item.id} = {total}",
                rule=BuiltIn.WRONG_SUM,
                severity=Severity.HARD,
                says=f" is not the sum {total}; correct the total, or the item that is wrong.",
            )


def _sides(form: Form) -> Iterator[_Follows]:
    """A side without value and without reason, while the other one was measured."""
    for item in form.items:
        if item.other_side:
            other = form.item(item.other_side)
            for here, there in ((item, other), (other, item)):
                nothing = f"{here.id} IS NULL AND {here.id}{MISSING} IS NULL"
                yield _Follows(
                    item=here,
                    expression=f"NOT ({nothing} AND {there.id} IS NOT NULL)",
                    rule=BuiltIn.ONE_SIDE_ONLY,
                    severity=Severity.SOFT,
                    says=f"is blank, but {there.label!r} was measured; enter it, or a missing code "
                    "that says why only one side was.",
                )


def _dates(form: Form, schemas: Schemas) -> Iterator[_Follows]:
    for first, second in IN_ORDER:
        item = form.item_for(second)
        sources = ((each, each.item_for(first)) for each in schemas.forms)
        where, earlier = next(
            ((each, found) for each, found in sources if found and each.key == ("subject_id",)),
            (form, None),
        )
        if item is None or earlier is None:
            continue
        name = earlier.id if where is form else f"{where.id}.{earlier.id}"
        yield _Follows(
            item=item,
            expression=f"{name} <= {item.id}",
            rule=BuiltIn.DATE_ORDER,
            severity=Severity.HARD,
            says=f" is before {earlier.label!r} of the form {where.title!r}; correct the one that "
            "is wrong.",
        )
