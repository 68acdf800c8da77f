"""Ranks."""

import numpy as np


def midranks(values: np.ndarray) -> np.ndarray:
    """The rank of each of ``values`` (n,), from 1; equal ones share the mean of theirs.

    No value may be missing.
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place])
