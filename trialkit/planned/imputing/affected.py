"""From which visit on something is supposed of missing values, for each participant, and after what."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trialkit.datasets.measurements import STILL_TO_COME
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.imputing_method import MISSING, ImputingMethod

EVENT_COLUMNS = ("subject_id", "visit", "strategy", "event")


def events_of(
    rows: pd.DataFrame, intercurrent: pd.DataFrame, specification: ImputingMethod
) -> pd.DataFrame | None:
    """Each affected participant with the first affected visit and the strategy; None of no event.

    ``rows`` are the visits that are imputed, one row a participant and visit; ``intercurrent`` the
    events that the estimand names, as a Task has them. Whichever comes first counts, and of events
    that affect the same visit first the one that the plan names first; a visit that may be affected,
    since the day of the event is not known, is none.
    """
    coded = list(dict.fromkeys(intercurrent["event"].astype("str")))
    found = [
        missing_tails(rows).assign(event=MISSING)
        if each == MISSING
        else _recorded(intercurrent, each, rows)
        for each in specification.follows(coded)
    ]
    return first_affected(found, list(rows["visit"].cat.categories), specification)


def first_affected(
    found: Sequence[pd.DataFrame], visits: Sequence[str], specification: ImputingMethod
) -> pd.DataFrame | None:
    """What comes first of each participant, with its strategy; None where nobody is affected.

    Each of ``found`` has ``subject_id``, ``visit`` and ``event``; of what affects the same of the
    ``visits`` first, the former counts. Before the first visit no mean can be carried forward, so that
    who is affected from there on is at random then.
    """
    if not found:
        return None
    ranked = [each.assign(rank=rank) for rank, each in enumerate(found)]
    every = pd.concat(ranked, ignore_index=True)
    every = every.assign(at=[visits.index(each) for each in every["visit"]])
    first = every.sort_values(["subject_id", "at", "rank"]).drop_duplicates("subject_id")
    first = first.assign(
        strategy=[specification.strategy_of(each).value for each in first["event"]]
    )
    carried = first["strategy"] == ImputationStrategy.LAST_MEAN.value
    first = first[~(carried & (first["at"] == 0))].reset_index(drop=True)
    return first[list(EVENT_COLUMNS)] if len(first) else None


def _recorded(intercurrent: pd.DataFrame, event: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The participants who had an event, each with the first of the imputed visits that it affects."""
    visits = list(rows["visit"].cat.categories)
    own = intercurrent[(intercurrent["event"] == event) & intercurrent["visit"].notna()]
    order = list(intercurrent["visit"].cat.categories) if len(own) else []
    later = {
        each: next((visit for visit in visits if order.index(visit) >= order.index(each)), None)
        for each in own["visit"].astype("str").unique()
    }
    frame = pd.DataFrame(
        {
            "subject_id": own["subject_id"].astype("str").to_numpy(dtype=object),
            "visit": [later[each] for each in own["visit"].astype("str")],
            "event": event,
        }
    )
    analysed = frame["subject_id"].isin(rows["subject_id"])
    return frame[analysed & frame["visit"].notna()]


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
