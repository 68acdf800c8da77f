"""Subjects with an event, out of all subjects of an arm."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, numbers, plain
from trialkit.analysis.frames.groups import arm_codes, excluded_rows, refuse_empty
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.errors import AnalysisError


def without_limits(authors: str) -> str:
    """That limits named after their authors (``greenland_robins``) do not exist."""
    *others, last = (each.capitalize() for each in authors.split("_"))
    names = f"{', '.join(others)} and {last}" if others else last
    return f"the interval of {names} does not exist"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCount:
    """How many of an arm's subjects had the event."""

    arm: str
    events: int
    n: int

    def __post_init__(self) -> None:
        if self.n < 1 or not 0 <= self.events <= self.n:
            raise AnalysisError(
                f"arm {self.arm}: {self.events} events in {self.n} subjects are not possible"
            )

    @property
    def risk(self) -> float:
        """The proportion of subjects with the event."""
        return self.events / self.n

    @property
    def without(self) -> int:
        """How many subjects had no event."""
        return self.n - self.events


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventCounts:
    """The counts of each arm in its stated order, and the rows that count nowhere."""

    arms: tuple[ArmCount, ...]
    levels: tuple[object, ...]
    excluded: pd.DataFrame

    def against(self, reference: object) -> tuple[tuple[ArmCount, ArmCount], ...]:
        """Each other arm with the reference arm, experimental first."""
        control = self.arms[self.levels.index(reference)]
        return tuple((each, control) for each in self.arms if each is not control)


def binary(frame: pd.DataFrame, name: str, *, event: object | None = None) -> np.ndarray:
    """The column as 1 (event), 0 (none) and NaN (missing).

    True/False and 1/0 speak for themselves; of any other two levels ``event`` names the event,
    which need not have happened: a column that holds the other level only counts as none.
    """
    found = column(frame, name, parameter="outcome")
    if event is not None:
        _refuse_unknown_event(found, name, event)
        missing = found.isna().to_numpy()
        happened = np.asarray(found.astype(object) == event, dtype=bool)
        return np.where(missing, np.nan, happened.astype(float))
    if not pd.api.types.is_numeric_dtype(found.dtype):
        present = list(pd.unique(found.dropna()))
        if {type(each) for each in present} <= {bool, np.bool_} and present:
            flags = [np.nan if pd.isna(each) else float(each) for each in found]
            return np.array(flags, dtype=float)
        raise AnalysisError(
            f"outcome={name!r} must be True/False or 1/0, got a column of type {found.dtype}; "
            "name the level that counts as the event with event=..."
        )
    values = numbers(frame, name, parameter="outcome")
    known = values[~np.isnan(values)]
    strange = known[(known != 0) & (known != 1)]
    if len(strange):
        raise AnalysisError(
            f"outcome={name!r} must be 1 (event) or 0 (none), got {strange[0]:g}; "
            "name the level that counts as the event with event=..."
        )
    return values


def _refuse_unknown_event(found: pd.Series, name: str, event: object) -> None:
    """Refuse an event that is no level of the column, or whose column has a third level.

    Where one level only is in the data and nothing states the others, the event may be the one
    that nobody had; but it must be of the levels' kind, as 'yes' is of 'no' and 1 is not.
    """
    present = plain(pd.unique(found.dropna()))
    categorical = isinstance(found.dtype, pd.CategoricalDtype)
    known = plain(found.cat.categories) if categorical else present
    may_be_absent = not categorical and len(present) < 2
    alike = all(_of_one_kind(each, event) for each in present)
    if (event in known or (may_be_absent and alike)) and len({*present, event}) <= 2:
        return
    listed = ", ".join(repr(each) for each in known[:6]) or "no value"
    raise AnalysisError(
        f"event={event!r} must be one of the two levels of outcome={name!r}; it holds {listed}"
    )


def _of_one_kind(level: object, event: object) -> bool:
    """Whether both could be levels of one column; 'Yes' beside 'yes' is a slip of the pen."""
    if isinstance(level, str) and isinstance(event, str):
        return level == event or level.strip().casefold() != event.strip().casefold()
    return isinstance(level, str) == isinstance(event, str)


def count_events(
    frame: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    reference: object | None = None,
    event: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> EventCounts:
    """Subjects with and without the event in each arm; one row of ``frame`` is one subject."""
    happened = binary(frame, outcome, event=event)
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    keep = (codes >= 0) & ~np.isnan(happened)
    sizes = tuple(
        (str(name), int((keep & (codes == index)).sum())) for index, name in enumerate(arms)
    )
    refuse_empty(sizes, of=outcome, arm=arm)
    refuse_repeated(frame, subject, used=keep)
    counts = tuple(
        ArmCount(arm=name, events=int(happened[keep & (codes == index)].sum()), n=n)
        for index, (name, n) in enumerate(sizes)
    )
    excluded = excluded_rows(
        frame,
        subject=subject,
        reasons=((codes < 0, f"{arm} is missing"), (np.isnan(happened), f"{outcome} is missing")),
    )
    return EventCounts(arms=counts, levels=arms, excluded=excluded)
