"""Somebody who was randomised, and of whom no consent is recorded.

A consent after something that needs it is an order of dates (``date_order``).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows, hits_without_row
from trialkit.checks.judging.wording import shown
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Expected, Form, Item, Purpose, Schemas, Severity


def check_consent(
    schemas: Schemas,
    *,
    people: pd.DataFrame,
    cells: Mapping[str, CheckedCells],
    found: Sequence[Hits],
) -> tuple[Hits, ...]:
    """Randomised participants without a date of consent; ``found`` is what earlier phases found."""
    randomised = people.loc[people["randomised"], "subject_id"]
    hits: list[Hits] = []
    for form in schemas.forms:
        item = form.item_for(Purpose.CONSENT_DATE)
        if item is not None and form.key == ("subject_id",):
            hits += _without_date(form, item, cells[form.id], randomised, found)
            if form.expected is Expected.AS_NEEDED:
                hits += _without_row(form, item, cells[form.id], randomised)
    return tuple(hits)


def _without_date(
    form: Form, item: Item, cells: CheckedCells, randomised: pd.Series, found: Sequence[Hits]
) -> tuple[Hits, ...]:
    without = cells.data.typed[item.id].is_null().to_numpy() & ~cells.wrong[item.id]
    told = [hits.rows for hits in found if (hits.form.id, hits.item) == (form.id, item.id)]
    rows = np.setdiff1d(cells.rows[without[cells.rows]], np.concatenate(told) if told else [])
    rows = rows.astype(np.intp)
    subject = cells.data.values["subject_id"].iloc[rows]
    return hits_at_rows(
        form,
        cells.data,
        rows[subject.isin(randomised).to_numpy()],
        lambda entered: (
            f"{item.label}: "
            + shown(entered).mask(entered.str.strip() == "", "nothing")
            + " was entered, but the participant was randomised. Enter the date, or report that there "
            "is no consent."
        ),
        item=item.id,
        rule_id=BuiltIn.NO_CONSENT.value,
        severity=Severity.HARD,
    )


def _without_row(
    form: Form, item: Item, cells: CheckedCells, randomised: pd.Series
) -> tuple[Hits, ...]:
    subject = cells.data.values["subject_id"].iloc[cells.rows]
    missing = randomised[~randomised.isin(subject)]
    message = (
        f"The participant was randomised, but there is no {form.title!r} row with the "
        f"{item.label!r}. Enter it, or report that there is no consent."
    )
    return hits_without_row(
        form,
        missing,
        pd.Series(message, index=missing.index, dtype="str"),
        item=item.id,
        rule_id=BuiltIn.NO_CONSENT.value,
        severity=Severity.HARD,
    )
