"""Sums, sides, dates and sessions that are not as the forms say of their items.

Where a hard rule of the form is broken about the same item,
the form's own words are enough.
"""

from collections.abc import Sequence

import numpy as np

from trialkit.checks.judging import wording
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, doubted_rows, hits_at_rows
from trialkit.checks.judging.others import Others, verdicts
from trialkit.schemas.forms.declared import Follows, declared


def check_declared(
    cells: CheckedCells, others: Others, *, found: Sequence[Hits]
) -> tuple[Hits, ...]:
    """Sums that are wrong, sides that lack, and dates in the wrong order.

    ``found`` is what the rules of the form found.
    """
    return check_follows(declared(cells.form, others.schemas.forms), cells, others, found=found)


def check_follows(
    follows: Sequence[Follows], cells: CheckedCells, others: Others, *, found: Sequence[Hits]
) -> tuple[Hits, ...]:
    """Where some of what follows from what the form says does not hold; ``found`` as above."""
    form = cells.form
    hits: list[Hits] = []
    for each in follows:
        rows = verdicts(form.conditions[each.expression], cells, others).false
        hits += _about(
            cells, np.setdiff1d(rows, doubted_rows([*found, *hits], form, each.item)), each
        )
    return tuple(hits)


def _about(cells: CheckedCells, rows: np.ndarray, each: Follows) -> tuple[Hits, ...]:
    label = each.item.label
    return hits_at_rows(
        cells.form,
        cells.data,
        rows,
        lambda entered: (
            label + ("" if each.of_a_blank else ": ") + wording.shown(entered) + each.says
        ),
        item=each.item.id,
        rule_id=each.rule.value,
        severity=each.severity,
    )
