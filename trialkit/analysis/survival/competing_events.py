"""Which of several events ended a subject's time, of which each keeps the others from happening."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, plain
from trialkit.analysis.survival.follow_up import FollowUp, follow_up_of
from trialkit.errors import AnalysisError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompetingEvents:
    """The follow-up, whose ``event`` (n,) is 0 where censored and else the number of its cause from 1."""

    follow_up: FollowUp
    causes: tuple[object, ...]

    def number_of(self, cause: object) -> int:
        """The number of a cause; an error lists the causes where it is none of them."""
        return cause_number(self.causes, cause)


def cause_number(causes: tuple[object, ...], cause: object) -> int:
    """The number, from 1, of a cause among those that happened."""
    if cause not in causes:
        listed = ", ".join(repr(each) for each in causes) or "none"
        raise AnalysisError(f"nobody had the event {cause!r}; the events of the data are {listed}")
    return causes.index(cause) + 1


def read_competing(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    censored: object | None,
    arm: str | None,
    reference: object | None = None,
    strata: tuple[str, ...] = (),
    subject: str | None = None,
    order: Order | None = None,
) -> CompetingEvents:
    """The rows with time, event, arm and stratum; the others are listed as excluded.

    Raises :class:`AnalysisError` as ``read_follow_up`` and :func:`read_causes` do.
    """
    values, causes = read_causes(frame, event, censored=censored)
    known = follow_up_of(
        values,
        frame,
        time=time,
        event=event,
        arm=arm,
        reference=reference,
        strata=strata,
        subject=subject,
        order=order,
    )
    return CompetingEvents(follow_up=replace(known, event=known.event.astype(int)), causes=causes)


def read_causes(
    frame: pd.DataFrame, name: str, *, censored: object | None
) -> tuple[np.ndarray, tuple[object, ...]]:
    """The number of each row's cause (0 censored, NaN missing) and the causes that happened.

    Causes are in the order of a category, else sorted. Raises :class:`AnalysisError` where
    ``censored`` is not among the values or categories (a slip of the pen would make censoring an event) and where
    nothing else is.
    """
    found = column(frame, name, parameter="event")
    present = plain(pd.unique(found.dropna()))
    category = isinstance(found.dtype, pd.CategoricalDtype)
    known = plain(found.cat.categories) if category else present
    if censored is not None and censored not in known:
        listed = ", ".join(repr(each) for each in known[:8]) or "no value"
        raise AnalysisError(
            f"censored={censored!r} is not among the values of event={name!r}: {listed}",
            advice="where nobody was censored pass censored=None",
        )
    if category:
        ordered = [each for each in known if each in present]
    else:
        ordered = sorted(present, key=lambda each: (isinstance(each, str), each))
    causes = tuple(each for each in ordered if each != censored)
    if not causes:
        raise AnalysisError(
            f"nobody had an event in {name!r}: all are censored",
            advice="report the numbers at risk and the time of follow-up",
        )
    values = np.zeros(len(frame))
    for number, cause in enumerate(causes, start=1):
        values[(found.astype(object) == cause).to_numpy(dtype=bool)] = number
    values[found.isna().to_numpy()] = np.nan
    return values, causes
