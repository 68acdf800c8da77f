"""From which visit on what is supposed of missing values holds for each participant."""

import numpy as np
import pandas as pd

from trialkit.datasets.measurements import STILL_TO_COME
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.imputing_method import MISSING, ImputingMethod

EVENT_COLUMNS = ("subject_id", "visit", "strategy")


def events_of(rows: pd.DataFrame, specification: ImputingMethod) -> pd.DataFrame | None:
    """Each affected participant with the first affected visit and the strategy; None of no event.

    ``rows`` are the visits that are imputed, one row a participant and visit.
    """
    if MISSING not in specification.follows:
        return None
    found = missing_tails(rows).assign(strategy=specification.strategy.value)
    if specification.strategy is ImputationStrategy.LAST_MEAN:
        # before the first visit there is no mean that could be carried forward
        found = found[found["visit"] != rows["visit"].cat.categories[0]]
    return found[list(EVENT_COLUMNS)] if len(found) else None


def missing_tails(rows: pd.DataFrame) -> pd.DataFrame:
    """``subject_id`` and ``visit``: the first of the visits from which to the last no value is there.

    Who is still followed up has not gone: of values that are yet to come nothing is supposed.
    """
    visits = list(rows["visit"].cat.categories)
    who, subjects = pd.factorize(rows["subject_id"].astype("str"), sort=True)
    there = np.zeros((len(subjects), len(visits)), dtype=bool)
    coming = np.zeros_like(there)
    place = (who, rows["visit"].cat.codes.to_numpy())
    there[place] = rows["value"].notna().to_numpy()
    coming[place] = rows["missing_reason"].isin(STILL_TO_COME).to_numpy()
    last = np.where(there.any(axis=1), len(visits) - 1 - there[:, ::-1].argmax(axis=1), -1)
    after = np.arange(len(visits)) > last[:, None]
    gone = (after & ~coming).any(axis=1)
    return pd.DataFrame(
        {
            "subject_id": np.asarray(subjects, dtype=object)[gone],
            "visit": np.asarray(visits, dtype=object)[last[gone] + 1],
        }
    )
