"""Rows of a frame as times of follow-up: until when a subject was watched, and what ended it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, numbers, plain
from trialkit.analysis.frames.groups import (
    arm_codes,
    excluded_rows,
    none_applies,
    of_rows,
    refuse_empty,
)
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.survival.tied_times import SAME, distinct_codes
from trialkit.errors import AnalysisError

LARGEST_TIME = 1e15
"""A time beyond this is none that anybody measured; its square can still be computed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FollowUp:
    """One row a subject: ``time`` (n,), whether the ``event`` ended it, arm and stratum codes.

    ``arms`` are in their stated order. ``strata`` is all zero where there are none.
    """

    time: np.ndarray
    event: np.ndarray
    codes: np.ndarray
    arms: tuple[object, ...]
    strata: np.ndarray
    excluded: pd.DataFrame

    @property
    def names(self) -> tuple[str, ...]:
        """The arms as they are printed."""
        return tuple(str(each) for each in self.arms)

    def of_arm(self, code: int) -> tuple[np.ndarray, np.ndarray]:
        """Times and events of one arm."""
        here = self.codes == code
        return self.time[here], self.event[here]

    def in_stratum(self, stratum: int) -> Self:
        """The follow-up of the subjects of one stratum."""
        here = self.strata == stratum
        return type(self)(
            time=self.time[here],
            event=self.event[here],
            codes=self.codes[here],
            arms=self.arms,
            strata=self.strata[here],
            excluded=self.excluded,
        )


def read_follow_up(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    arm: str | None,
    reference: object | None = None,
    strata: tuple[str, ...] = (),
    event_value: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> FollowUp:
    """The rows with time, event, arm and stratum; the others are listed as excluded, with the reason.

    Without ``arm`` everybody is of one, named ``all``. Raises :class:`AnalysisError` for a negative
    or unworkable time, an event that is not yes or no, fewer than two arms or an arm without a row,
    and two rows of a subject.
    """
    _refuse_one_column(time, event)
    known = follow_up_of(
        read_event(frame, event, event_value=event_value),
        frame,
        time=time,
        event=event,
        arm=arm,
        reference=reference,
        strata=strata,
        subject=subject,
        order=order,
    )
    return replace(known, event=known.event == 1)


def follow_up_of(
    values: np.ndarray,
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    arm: str | None,
    reference: object | None,
    strata: tuple[str, ...],
    subject: str | None,
    order: Order | None,
) -> FollowUp:
    """The follow-up whose ``event`` are ``values`` (n,) as they are, NaN where missing.

    Raises :class:`AnalysisError` as :func:`read_follow_up` does.
    """
    _refuse_one_column(time, event)
    times, times_missing = read_times(frame, time, parameter="time")
    codes, arms = read_arms(frame, arm, reference=reference, order=order)
    places = None
    reasons = [
        (codes < 0, f"{arm} is missing"),
        (times_missing, f"{time} is missing"),
        (np.isnan(values), f"{event} is missing"),
    ]
    if strata:
        places = stratum_codes(frame, strata)
        reasons.append((places < 0, f"{' or '.join(strata)} is missing"))
    keep = none_applies(reasons)
    refuse_repeated(frame, subject, used=keep)
    sizes = np.bincount(of_rows(codes, keep), minlength=len(arms))
    refuse_empty(
        tuple((str(name), int(n)) for name, n in zip(arms, sizes, strict=True)),
        of=time,
        arm=arm or "the data",
    )
    return FollowUp(
        time=of_rows(times, keep),
        event=of_rows(values, keep),
        codes=of_rows(codes, keep),
        arms=arms,
        strata=strata_used(places, keep),
        excluded=excluded_rows(frame, subject=subject, reasons=tuple(reasons)),
    )


def _refuse_one_column(time: str, event: str) -> None:
    if time == event:
        raise AnalysisError(f"time and event are both {time!r}; they must be two columns")


def read_times(frame: pd.DataFrame, name: str, *, parameter: str) -> tuple[np.ndarray, np.ndarray]:
    """The column as times (n,), and where they are missing; a time is 0 or more."""
    dtype = column(frame, name, parameter=parameter).dtype
    if pd.api.types.is_timedelta64_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype):
        raise AnalysisError(
            f"{parameter}={name!r} holds {dtype}; give it as a number of days, weeks or months "
            "since the origin, such as (end - start).dt.days"
        )
    values = numbers(frame, name, parameter=parameter)
    if (values < 0).any():
        first = plain(values[values < 0][:1])[0]
        raise AnalysisError(
            f"{parameter}={name!r} holds {int((values < 0).sum())} negative time(s), such as "
            f"{first!r}; time counts from the origin of each subject: correct the dates"
        )
    if (values > LARGEST_TIME).any():
        raise AnalysisError(f"{parameter}={name!r} holds a time above {LARGEST_TIME!r}")
    return values, np.isnan(values)


def refuse_backwards(starts: np.ndarray, stops: np.ndarray, *, start: str, stop: str) -> None:
    """Refuse intervals that do not end after they start, to rounding."""
    backwards = stops <= starts * (1 + SAME)
    if backwards.any():
        place = int(np.flatnonzero(backwards)[0])
        raise AnalysisError(
            f"{int(backwards.sum())} interval(s) do not end after they start, such as from "
            f"{start} {float(starts[place])!r} to {stop} {float(stops[place])!r}; nobody was watched "
            "in them: correct them, or leave them out; intervals_of_events sets several events of one "
            "day apart"
        )


def read_event(frame: pd.DataFrame, name: str, *, event_value: object | None = None) -> np.ndarray:
    """The column as 1 (the event), 0 (censored) and NaN (missing).

    True/False and 1/0 speak for themselves; of other columns ``event_value`` names what counts as
    the event, and everything else is censoring.
    """
    found = column(frame, name, parameter="event")
    if event_value is None and pd.api.types.is_numeric_dtype(found.dtype):
        values = numbers(frame, name, parameter="event")
        strange = (values != 0) & (values != 1) & ~np.isnan(values)
        _refuse_strange(found[strange].tolist(), name)
        return values
    missing = found.isna().to_numpy()
    present = plain(pd.unique(found.dropna()))
    if event_value is None:
        _refuse_strange([each for each in present if not isinstance(each, bool)], name)
        event_value = True
    else:
        known = plain(found.cat.categories) if _is_category(found) else present
        if event_value not in known:
            listed = ", ".join(repr(each) for each in known[:8]) or "no value"
            raise AnalysisError(
                f"event_value={event_value!r} is not among the values of event={name!r}: {listed}",
                advice="a column in which nobody had the event is written as True and False, or 1 and 0",
            )
    happened = (found.astype(object) == event_value).to_numpy(dtype=bool)
    return np.where(missing, np.nan, happened.astype(float))


def _refuse_strange(values: Sequence[object], name: str) -> None:
    """Refuse an event that is neither yes nor no."""
    if len(values):
        raise AnalysisError(
            f"event={name!r} must be True or 1 (event) and False or 0 (censored), got "
            f"{plain(values[:1])[0]!r}; name what counts as the event with event_value=..."
        )


def read_arms(
    frame: pd.DataFrame, arm: str | None, *, reference: object | None, order: Order | None
) -> tuple[np.ndarray, tuple[object, ...]]:
    """Arm codes (n,), −1 where missing, and the arms; one arm named ``all`` without a column."""
    if arm is not None:
        return arm_codes(frame, arm, reference=reference, order=order)
    if reference is not None:
        raise AnalysisError("reference names an arm, and no column of arms is given: pass arm=...")
    return np.zeros(len(frame), dtype=np.intp), ("all",)


def stratum_codes(frame: pd.DataFrame, names: tuple[str, ...]) -> np.ndarray:
    """The stratum of each row (n,), one for each combination of the columns; −1 where any is missing.

    Which stratum comes first changes no result, so that nobody need state their order.
    """
    parts = []
    for name in names:
        found = column(frame, name, parameter="strata")
        parts.append(pd.factorize(found)[0])
    missing = np.any([part < 0 for part in parts], axis=0)
    combined = np.zeros(len(frame), dtype=np.intp)
    for part in parts:
        combined = combined * (part.max(initial=0) + 1) + part
    _, places = np.unique(combined, return_inverse=True)
    places[missing] = -1
    return np.asarray(places, dtype=np.intp)


def strata_used(places: np.ndarray | None, keep: np.ndarray) -> np.ndarray:
    """The strata of the rows used, numbered anew; all zero without strata."""
    if places is None:
        return np.zeros(int(np.count_nonzero(keep)), dtype=np.intp)
    return distinct_codes(places[keep])[1]


def reference_code(arms: tuple[object, ...], reference: object) -> int:
    """The number of the reference arm among ``arms``."""
    if reference not in arms:
        listed = ", ".join(repr(each) for each in arms)
        raise AnalysisError(f"reference={reference!r} is not among the arms {listed}")
    return arms.index(reference)


def _is_category(found: pd.Series) -> bool:
    return isinstance(found.dtype, pd.CategoricalDtype)
