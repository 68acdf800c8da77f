"""Of a crossover trial the cells of each period, and who was left out of a period or of all."""

from collections.abc import Collection

import pandas as pd

from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.trails.cells import EnteredCells


def cells_by_period(
    rows: pd.DataFrame,
    outcome: Outcome,
    visits: Collection[str],
    protocol: Protocol,
    entered: EnteredCells,
) -> list[pd.DataFrame]:
    """The cells of an outcome at these visits of each period in ``rows``, ``arm`` its treatment.

    ``rows`` have ``subject_id``, ``period`` and ``arm``, the treatment that was planned in it.
    """
    found = []
    for period in protocol.periods:
        own = {*visits} & {*period.visits}
        given = rows.loc[rows["period"] == period.code, ["subject_id", "arm"]].astype("str")
        if own and len(given):
            cells = entered.of_outcome(outcome, [*given["subject_id"]], own)
            by = given.set_index("subject_id")["arm"]
            found.append(cells.assign(arm=cells["subject_id"].map(by)))
    return found


def parted(
    left_out: pd.DataFrame, used: Collection[str], subjects: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who was left out altogether, once each in their sequence, and periods of those who were not."""
    who = left_out["subject_id"].astype("str")
    whole = left_out[~who.isin(used)].drop_duplicates("subject_id")
    sequence = subjects.set_index("subject_id")["arm"].astype("object")
    return (
        whole.assign(arm=whole["subject_id"].map(sequence)),
        left_out[who.isin(used)],
    )
