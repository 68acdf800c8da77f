"""What a result rests on: who is in it, who was left out and why, and the cells that were read."""

from dataclasses import dataclass, field

import pandas as pd

from trialkit.results.results import Result
from trialkit.results.series import Series

LEFT_OUT = ["subject_id", "arm", "reason"]


def nobody_left_out() -> pd.DataFrame:
    """Who is left out of a result that leaves out nobody, or periods of one that is of none."""
    return pd.DataFrame({name: [] for name in LEFT_OUT}, dtype="str")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trail:
    """The way back from a statistic, or from what a figure draws, to what was entered."""

    origin: Result | Series
    used: tuple[str, ...]
    """The participants whose values are in the result, or whom it counts among or out of."""
    left_out: pd.DataFrame
    """``subject_id``, ``arm``, ``reason`` of everybody else who was randomised into its arms; of a
    comparison of treatments once a participant, ``arm`` the sequence."""
    cells: pd.DataFrame
    """One row a cell: ``arm`` (of a period of a crossover trial its treatment, blank of a cell of no
    period), and the columns of :data:`trialkit.trails.cells.COLUMNS`."""
    is_among: bool = False
    """Whether the result counts some of those who are ``used``, as their cells say which."""
    periods_left_out: pd.DataFrame = field(default_factory=nobody_left_out)
    """Of participants who are ``used``, each period that is not: ``arm`` its treatment, else as above."""
    without: str = ""
    """Why there is no cell to show; empty where there are some."""
