"""Questions of a questionnaire that were left blank while the others were answered.

A score is often reckoned in spite of them, so that nobody would notice. Ticks that are left out mean no,
and attempts at a test need not all be made: only ratings and choices are looked at, and none that is
blank so often that it seems to be optional.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.others import Others, verdicts
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item, Severity
from trialkit.schemas.items.kind import Nature

_QUESTIONS = 5
"""The ratings of one score from which on it is a questionnaire."""
_OPTIONAL = 0.2
_NAMED = 5


def check_blank_answers(cells: CheckedCells, others: Others) -> tuple[Hits, ...]:
    """One finding for each row in which some questions of a score are blank, and most are not."""
    form = cells.form
    asked = {item.id: _open(item, cells, others) for item in questions(form)}
    hits: list[Hits] = []
    for items in _scored(form):
        open_cells = np.column_stack([asked[item.id] for item in items])
        answered = np.column_stack(
            [cells.data.typed[item.id].is_not_null().to_numpy()[cells.rows] for item in items]
        )
        rows = answered.sum(axis=1) * 2 > len(items)
        seldom = open_cells[rows].mean(axis=0) <= _OPTIONAL if rows.any() else np.zeros(len(items))
        lacking = open_cells & rows[:, None] & (seldom.astype(bool) | (rows.sum() < _QUESTIONS))
        hits += _said(items, lacking, answered.sum(axis=1), cells)
    return tuple(hits)


def questions(form: Form) -> tuple[Item, ...]:
    """The ratings and choices that scores of the form are reckoned from, each once."""
    return tuple(dict.fromkeys(item for items in _scored(form) for item in items))


def _scored(form: Form) -> Iterator[tuple[Item, ...]]:
    """The questions of each score, of those that read the same only once."""
    seen: set[str] = set()
    for item in form.calculated:
        read = {each.item for each in form.calculations[item.calculation].references}
        rated = tuple(
            each
            for each in form.asked
            if each.id in read - seen
            and (each.kind.nature is Nature.CODE or (each.kind.is_number and _is_rating(each)))
        )
        if len(rated) >= _QUESTIONS:
            seen |= {each.id for each in rated}
            yield rated


def _is_rating(item: Item) -> bool:
    """Whether a number is a step of a short scale, and nothing that was measured."""
    low, high = item.range.low, item.range.high
    return isinstance(low, (int, float)) and isinstance(high, (int, float)) and high - low <= 10


def _open(item: Item, cells: CheckedCells, others: Others) -> np.ndarray:
    """For each usable row, whether the item was asked, need not be answered and is blank."""
    blank: np.ndarray = cells.blank[item.id][cells.rows]
    if item.required or item.required_when:
        return np.zeros(len(cells.rows), dtype=bool)
    if item.shown_when and blank.any():
        shown = verdicts(cells.form.conditions[item.shown_when], cells, others).true
        blank = blank & np.isin(cells.rows, shown)
    return blank


def _said(
    items: tuple[Item, ...], lacking: np.ndarray, answered: np.ndarray, cells: CheckedCells
) -> Iterator[Hits]:
    labels = np.array([item.label for item in items], dtype=object)
    first = np.where(lacking.any(axis=1), lacking.argmax(axis=1), -1)
    for number, item in enumerate(items):
        rows = np.flatnonzero(first == number)
        named = [_named(labels[lacking[row]].tolist(), answered[row]) for row in rows]
        said = pd.Series(named, dtype="str")
        yield from hits_at_rows(
            cells.form,
            cells.data,
            cells.rows[rows],
            lambda _, said=said: said,  # type: ignore[misc]
            item=item.id,
            rule_id=BuiltIn.BLANK_ANSWER.value,
            severity=Severity.SOFT,
        )


def _named(labels: list[str], answered: int) -> str:
    more = len(labels) - _NAMED
    listed = ", ".join(f"“{label}”" for label in labels[:_NAMED])
    listed += f" and {more} more" if more > 0 else ""
    return f"{listed} " + (
        f"is blank, while {answered} questions of the score were answered. Enter the answer, or a "
        "missing code that says why there is none."
        if len(labels) == 1
        else f"are blank, while {answered} questions of the score were answered. Enter the answers, or "
        "a missing code that says why there are none."
    )
