"""The times at risk of those whom an analysis uses, one row a participant."""

import pandas as pd

from trialkit.errors import AnalysisError
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.time_points import in_its_unit
from trialkit.results.at_risk import AtRiskStatus

TIME, EVENT = "value", "event"
"""The columns that hold the time, and whether the event ended it."""
STATUS = "status"
"""The column that says which of the event, a competing one and censoring ended the time."""


def with_times(task: Task, specification: Specification) -> pd.DataFrame:
    """One row a participant: time, event, ``status`` and ``cause``, and the characteristics needed.

    Raises :class:`AnalysisError` where nobody had the event.
    """
    ended = task.at_risk.set_index("subject_id")[["status", "cause"]]
    frame = with_characteristics(task, specification).join(
        ended, on="subject_id", validate="one_to_one"
    )
    happened = frame["status"] == AtRiskStatus.EVENT
    if not happened.any():
        raise AnalysisError(
            f"nobody had the event {task.outcome.label}, so that there is nothing to compare"
        )
    return frame.assign(**{EVENT: happened})


def of_two_arms(frame: pd.DataFrame, reference: str, arm: str) -> pd.DataFrame:
    """The participants of an arm and of the reference."""
    own = frame[frame["arm"].isin([reference, arm])]
    return own.assign(arm=own["arm"].cat.set_categories([reference, arm]))


def censored_in(frame: pd.DataFrame) -> str | None:
    """What stands for none of the events in ``status``; None where nobody was censored."""
    censored = AtRiskStatus.CENSORED.value
    return censored if (frame[STATUS] == censored).any() else None


def refuse_beyond(when: float, frame: pd.DataFrame, task: Task, *, any_event: bool) -> None:
    """Raise :class:`AnalysisError` for a time until which not every arm was followed.

    It says until which they were. Who is known to have had the event (``any_event``: one of several)
    is followed for ever, so that the curve of an arm in which all had it is known at all times.
    """
    ends = {
        arm: _followed_until(own, any_event=any_event)
        for arm, own in frame.groupby("arm", observed=True)
    }
    short = [arm for arm, end in ends.items() if when > end * (1 + 1e-9)]
    if not short:
        return
    arms = " and ".join(
        f"{task.protocol.arm(str(arm)).label} (until {in_its_unit(ends[arm], task.outcome)})"
        for arm in short
    )
    raise AnalysisError(
        f"{in_its_unit(when, task.outcome)}, at which the plan compares, are later than anybody was followed "
        f"in {arms}; at most {in_its_unit(min(ends.values()), task.outcome)} would do"
    )


def _followed_until(own: pd.DataFrame, *, any_event: bool) -> float:
    last = own[TIME].max()
    at_end = own[own[TIME] >= last * (1 - 1e-9)]
    censored = (at_end[STATUS] == AtRiskStatus.CENSORED) if any_event else ~at_end[EVENT]
    return float(last) if censored.any() else float("inf")
