"""Which times are the same: a duration that was divided by 30.4375 is not told from itself."""

import numpy as np

_SHORT = np.iinfo(np.uint16).max
SAME = 1e-9
"""Times that differ by no more than this share of their size are one time, to rounding."""


def distinct_times(time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different times (K,) in rising order, and the place of each of ``time`` (n,) among them.

    Of times that are the same to rounding the earliest stands for all. Whole numbers, such as days,
    are counted and not sorted.
    """
    whole = _whole(time)
    if whole is not None:
        counted, place = distinct_codes(whole)
        return counted.astype(float), place
    times, place = np.unique(time, return_inverse=True)
    if len(times) < 2:
        return times, place
    new = np.append(True, np.diff(times) > SAME * np.abs(times[1:]))
    if new.all():
        return times, place
    return times[new], (np.cumsum(new) - 1)[place]


def distinct_codes(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different codes (K,), whole numbers of 0 or more, rising, and the place of each (n,) among them."""
    if not _is_dense(codes):
        return np.unique(codes, return_inverse=True)
    there = np.bincount(codes) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[codes]


def counted_by_whole_times(
    time: np.ndarray, event: np.ndarray, groups: np.ndarray, number: int
) -> np.ndarray | None:
    """How many of each of ``number`` groups end at times 0, 1, 2 ... without and with the event, (K, number, 2).

    The rows (n,) are gone through once and none is sorted. None where times are not whole numbers, or
    where there would be more counts than rows.
    """
    cell = _whole(time)
    if cell is None:
        return None
    span = int(cell.max()) + 1
    if span * number > 4 * len(cell) + 1000:
        return None
    cell *= 2 * number
    cell += 2 * groups
    cell += event
    return np.bincount(cell, minlength=2 * span * number).reshape(span, number, 2)


def stable_order(codes: np.ndarray) -> np.ndarray:
    """The order (n,) of codes of 0 or more, equal ones as they stand; of few codes without comparing."""
    if len(codes) and codes.max() <= _SHORT:
        codes = codes.astype(np.uint16)
    return np.argsort(codes, kind="stable")


def _whole(time: np.ndarray) -> np.ndarray | None:
    """Times as whole numbers that can be counted; None where they are none."""
    if not len(time) or not time.max() <= 4 * len(time) + 1000 or time.min() < 0:
        return None
    whole = time.astype(np.int64)
    return whole if (whole == time).all() else None


def _is_dense(codes: np.ndarray) -> bool:
    return bool(len(codes)) and int(codes.max()) <= 4 * len(codes) + 1000


def place_of(at: np.ndarray, times: np.ndarray) -> np.ndarray:
    """How many of ``times`` (K,) are not later than each of ``at``, to rounding."""
    reach = at + SAME * np.abs(at)
    return np.asarray(np.searchsorted(times, reach, side="right"))
