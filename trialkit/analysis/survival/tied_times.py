"""Which times are the same: a duration that was divided by 30.4375 is not told from itself."""

import numpy as np

SAME = 1e-9
"""Times that differ by no more than this share of their size are one time, to rounding."""


def distinct_times(time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different times (K,) in rising order, and the place of each of ``time`` (n,) among them.

    Of times that are the same to rounding the earliest stands for all.
    """
    times, place = np.unique(time, return_inverse=True)
    if len(times) < 2:
        return times, place
    new = np.append(True, np.diff(times) > SAME * np.abs(times[1:]))
    if new.all():
        return times, place
    return times[new], (np.cumsum(new) - 1)[place]


def place_of(at: np.ndarray, times: np.ndarray) -> np.ndarray:
    """How many of ``times`` (K,) are not later than each of ``at``, to rounding."""
    reach = at + SAME * np.abs(at)
    return np.asarray(np.searchsorted(times, reach, side="right"))
