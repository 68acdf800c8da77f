"""Whether an outcome is due at a visit by the data cut: whether most have reached the visit."""

from dataclasses import dataclass

import pandas as pd

from trialkit.datasets.at_risk import AT_CUT
from trialkit.datasets.flags import is_no
from trialkit.datasets.measurements import NOT_YET_DUE, STILL_TO_COME
from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How many of the randomised have reached a visit, and of how many it is still to come.

    Who left the trial without a value is neither.
    """

    visit: str
    reached: int
    to_come: int
    randomised: int

    @property
    def is_due(self) -> bool:
        """Whether most have reached it, or nobody is left to wait for; not before anybody is there."""
        return self.reached > self.to_come or (self.to_come == 0 and self.randomised > 0)


def times_to_come(outcome: Outcome, protocol: Protocol, at_risk: pd.DataFrame) -> pd.Series:
    """Of each row of the times of an outcome whether the event may still come before the time point.

    So it is of those whom the data cut found before it without an end, and of those whose time at risk
    begins after the cut. ``at_risk`` has the columns of the Datasets.
    """
    risk = outcome.risk or TimeAtRisk()
    planned = protocol.visit(outcome.time_point).day / risk.unit.days
    last = min(planned, risk.horizon or planned)
    waiting = (at_risk["reason"] == AT_CUT) & (at_risk["time"] < last)
    return waiting | at_risk["reason"].isin(STILL_TO_COME)


def without_times_to_come(
    measurements: pd.DataFrame, protocol: Protocol, at_risk: pd.DataFrame
) -> pd.DataFrame:
    """The measurements, in which a time that the data cut ended before its time point is not yet due.

    Such a time is known, and analysed as censored; it is no final one. Both frames are those of the
    Datasets.
    """
    waited: list[tuple[str, str]] = []
    for outcome in protocol.outcomes:
        if outcome.kind.is_of_time:
            own = at_risk[at_risk["outcome"] == outcome.code]
            names = own.loc[times_to_come(outcome, protocol, own), "subject_id"]
            waited += [(str(name), outcome.code) for name in names]
    if not waited:
        return measurements
    keys = pd.MultiIndex.from_frame(measurements[["subject_id", "outcome"]].astype("object"))
    coming = pd.Series(keys.isin(waited), index=measurements.index)
    reason = measurements["missing_reason"]
    return measurements.assign(
        value=measurements["value"].mask(coming),
        missing_reason=reason.astype("object").mask(coming, NOT_YET_DUE).astype(reason.dtype),
    )


def due_of_times(outcome: Outcome, protocol: Protocol, at_risk: pd.DataFrame) -> Due:
    """The same of an event in time: to come of those whom the data cut found before the time point.

    ``at_risk`` are the times of the outcome, as in Datasets.
    """
    coming = int(times_to_come(outcome, protocol, at_risk).sum())
    return Due(
        visit=outcome.time_point,
        reached=len(at_risk) - coming,
        to_come=coming,
        randomised=at_risk["subject_id"].nunique(),
    )


def due(outcome: Outcome, visit: str, measurements: pd.DataFrame, subjects: pd.DataFrame) -> Due:
    """The randomised at a visit of an outcome; the frames are those of the Datasets."""
    rows = measurements[
        (measurements["outcome"] == outcome.code) & (measurements["visit"] == visit)
    ]
    missing = rows[rows["value"].isna()]
    coming = missing["missing_reason"].isin(STILL_TO_COME)
    left = missing["subject_id"].isin(subjects.loc[is_no(subjects["completed"]), "subject_id"])
    return Due(
        visit=visit,
        reached=len(rows) - int((coming | left).sum()),
        to_come=int((coming & ~left).sum()),
        randomised=rows["subject_id"].nunique(),
    )
