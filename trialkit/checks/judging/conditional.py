"""The third phase goes on: blank required cells, answers that were not to be given, odd values.

What is asked only under a condition is required only where the condition is known to hold, and must
be empty only where it is known not to hold.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from trialkit.checks.judging import wording
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.others import Others, Verdicts, verdicts
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Item, Severity
from trialkit.schemas.rules.condition_words import words_of_a_finding

_NOWHERE = np.array([], dtype=np.intp)


def check_conditional(
    cells: CheckedCells, others: Others, *, items: Sequence[Item] | None = None
) -> tuple[Hits, ...]:
    """Blank required cells, answers to questions that were not asked, and unusual values.

    Of all items of the form, or of those that are named.
    """
    hits: list[Hits] = []
    for item in cells.form.items if items is None else items:
        shown = _judged(item.shown_when, cells, others)
        needed = _judged(item.required_when, cells, others)
        hits += _required(item, cells, others, shown=shown, needed=needed)
        hidden = _NOWHERE if shown is None else _answered(item, cells, shown.false)
        when = _words(item.shown_when, hidden, cells, others)
        hits += hits_at_rows(
            cells.form,
            cells.data,
            hidden,
            partial(wording.not_shown, item=item, when=when),
            item=item.id,
            rule_id=BuiltIn.NOT_SHOWN.value,
            severity=Severity.HARD,
        )
        hits += hits_at_rows(
            cells.form,
            cells.data,
            np.setdiff1d(cells.unusual[item.id], hidden),
            partial(wording.unusual, item=item, data=cells.written),
            item=item.id,
            rule_id=BuiltIn.UNUSUAL.value,
            severity=Severity.SOFT,
        )
    return tuple(hits)


def _judged(expression: str, cells: CheckedCells, others: Others) -> Verdicts | None:
    if not expression:
        return None
    return verdicts(cells.form.conditions[expression], cells, others)


def _required(
    item: Item,
    cells: CheckedCells,
    others: Others,
    *,
    shown: Verdicts | None,
    needed: Verdicts | None,
) -> tuple[Hits, ...]:
    rule, rows = BuiltIn.REQUIRED, cells.required.get(item.id, _NOWHERE)
    words = partial(wording.required, item=item, data=cells.written)
    if needed is not None:
        rule, rows = BuiltIn.REQUIRED_WHEN, needed.true[cells.blank[item.id][needed.true]]
        when = _words(item.required_when, rows, cells, others)
        words = partial(wording.required_when, item=item, data=cells.written, when=when)
    asked = rows if shown is None else np.intersect1d(rows, shown.true)
    return hits_at_rows(
        cells.form,
        cells.data,
        asked,
        words,
        item=item.id,
        rule_id=rule.value,
        severity=Severity.HARD,
    )


def _words(condition: str, rows: np.ndarray, cells: CheckedCells, others: Others) -> str:
    """The condition in words, where any row has to say it."""
    return words_of_a_finding(condition, cells.form, others.schemas) if rows.size else ""


def _answered(item: Item, cells: CheckedCells, rows: np.ndarray) -> np.ndarray:
    """The rows in which the item holds a value that could be right; a missing code is none."""
    value = cells.data.values[item.id].iloc[rows].notna().to_numpy()
    answered: np.ndarray = rows[value & ~cells.wrong[item.id][rows]]
    return answered
