"""What a result rests on: who is in it, who was left out and why, and the cells that were read."""

from dataclasses import dataclass

import pandas as pd

from trialkit.results.results import Result
from trialkit.results.series import Series


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trail:
    """The way back from a statistic, or from what a figure draws, to what was entered."""

    origin: Result | Series
    used: tuple[str, ...]
    """The participants whose values are in the result, or whom it counts among or out of."""
    left_out: pd.DataFrame
    """``subject_id``, ``arm``, ``reason`` of everybody else who was randomised into its arms."""
    cells: pd.DataFrame
    """One row a cell: ``arm``, and the columns of :data:`trialkit.trails.cells.COLUMNS`."""
    is_among: bool = False
    """Whether the result counts some of those who are ``used``, as their cells say which."""
    without: str = ""
    """Why there is no cell to show; empty where there are some."""
