"""The fifth phase goes on: visits outside their windows around the planned day.

A date that is wrong already, by itself or by a hard rule of its form, is not out of window too.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trialkit.checks.judging import wording
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, doubted_rows, hits_at_rows
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Purpose, Severity
from trialkit.store.due import windows


def check_windows(
    cells: CheckedCells, protocol: Protocol, *, people: pd.DataFrame, found: Sequence[Hits]
) -> tuple[Hits, ...]:
    """Visit dates outside the window around the date of randomisation and the target day.

    ``people`` have no date of randomisation where it is in doubt; ``found`` is what the rules of
    the forms found.
    """
    form, data = cells.form, cells.data
    item = form.item_for(Purpose.VISIT_DATE)
    if item is None or not form.visits:
        return ()
    right = cells.rows[~cells.wrong[item.id][cells.rows]]
    rows = np.setdiff1d(right, doubted_rows(found, form, item))
    keys = data.values.loc[rows, ["subject_id", "visit"]].reset_index(drop=True)
    dates = data.values.loc[rows, item.id].reset_index(drop=True)
    by_subject = people.set_index("subject_id")["randomisation_date"]
    randomised = by_subject.reindex(keys["subject_id"]).reset_index(drop=True)
    window = windows(keys.assign(randomisation_date=randomised), protocol.visits)
    opens, closes = window.opens, window.closes
    outside = ((dates < opens) | (dates > closes)).to_numpy(dtype=bool)
    return hits_at_rows(
        form,
        data,
        rows[outside],
        lambda entered: (
            f"{item.label}: "
            + wording.shown(entered)
            + " is outside the window of visit "
            + keys.loc[outside, "visit"].reset_index(drop=True)
            + ", which runs from "
            + _iso(opens[outside])
            + " to "
            + _iso(closes[outside])
            + ". Correct it, or confirm it."
        ),
        item=item.id,
        rule_id=BuiltIn.VISIT_WINDOW.value,
        severity=Severity.SOFT,
    )


def _iso(days: pd.Series) -> pd.Series:
    text: pd.Series = days.dt.strftime("%Y-%m-%d").reset_index(drop=True)
    return text
