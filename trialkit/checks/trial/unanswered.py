"""What became of a participant, where nobody says it: the report can count it as neither yes nor no.

A blank that must be answered, or a cell that cannot be read, has a finding of its own; a form that was
marked as not done has its reason, and what is not asked has none to have.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.others import Others, verdicts
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item, Purpose, Schemas, Severity

_NOBODY_KNOWS = {
    Purpose.ARM_RECEIVED: (
        "so that nobody knows what the participant received: the report counts it as not recorded. "
        "Enter the arm{none}, or confirm that it is not known."
    ),
    Purpose.DISCONTINUED: (
        "so that nobody knows whether the participant discontinued the intervention: the report "
        "counts it as not recorded. Enter yes or no, or confirm that it is not known."
    ),
    Purpose.COMPLETED: (
        "so that nobody knows whether the participant completed the study: the report does not "
        "count the participant among those who did. Enter yes or no, or confirm that it is not known."
    ),
}


def check_unanswered(
    schemas: Schemas, others: Others, *, people: pd.DataFrame, found: Sequence[Hits]
) -> tuple[Hits, ...]:
    """The randomised of whom it is not known what they received or how the trial ended for them.

    ``found`` is what earlier phases found in the cells.
    """
    randomised = people.loc[people["randomised"], "subject_id"]
    received_none = _with_a_value(Purpose.NOT_RECEIVED_REASON, schemas, others)
    hits: list[Hits] = []
    for form in schemas.forms:
        for item in form.items if form.key == ("subject_id",) else ():
            if item.purpose in _NOBODY_KNOWS:
                told = received_none if item.purpose is Purpose.ARM_RECEIVED else set()
                rows = _open_rows(item, others.cells[form.id], others)
                rows = np.setdiff1d(rows, _rows_found(found, form, item))
                subject = others.cells[form.id].data.values["subject_id"].iloc[rows]
                rows = rows[(subject.isin(randomised) & ~subject.isin(told)).to_numpy()]
                hits += _asked_about(rows, form, item, others)
    return tuple(hits)


def _asked_about(rows: np.ndarray, form: Form, item: Item, others: Others) -> tuple[Hits, ...]:
    none = (
        ", or the reason for receiving none"
        if _is_asked(Purpose.NOT_RECEIVED_REASON, others.schemas)
        else ""
    )
    words = _NOBODY_KNOWS[item.purpose].format(none=none) if item.purpose else ""
    return hits_at_rows(
        form,
        others.cells[form.id].data,
        rows,
        lambda entered: (
            f"{item.label}: "
            + entered.str.strip().mask(entered.str.strip() == "", "nothing")
            + f" was entered, {words}"
        ),
        item=item.id,
        rule_id=BuiltIn.UNANSWERED.value,
        severity=Severity.SOFT,
    )


def _is_asked(purpose: Purpose, schemas: Schemas) -> bool:
    return any(form.item_for(purpose) for form in schemas.forms)


def _open_rows(item: Item, cells: CheckedCells, others: Others) -> np.ndarray:
    """The entered rows without a value of an item that was to be asked, or may have been."""
    data, rows = cells.data, cells.rows
    without = data.values[item.id].iloc[rows].isna().to_numpy() & (data.lines[rows] > 0)
    asked: np.ndarray = rows[without]
    if item.shown_when:
        hidden = verdicts(cells.form.conditions[item.shown_when], cells, others).false
        asked = np.setdiff1d(asked, hidden)
    return asked


def _rows_found(found: Sequence[Hits], form: Form, item: Item) -> np.ndarray:
    """The rows in which the item has a finding of its own."""
    rows = [hits.rows for hits in found if (hits.form, hits.item) == (form, item.id)]
    return np.concatenate(rows) if rows else np.array([], dtype=np.intp)


def _with_a_value(purpose: Purpose, schemas: Schemas, others: Others) -> set[str]:
    """The subjects for whom an item of this purpose holds a value."""
    subjects: set[str] = set()
    for form in schemas.forms:
        item = form.item_for(purpose)
        if item is not None:
            values = others.cells[form.id].data.values
            subjects |= set(values.loc[values[item.id].notna(), "subject_id"].dropna())
    return subjects
