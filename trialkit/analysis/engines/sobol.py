"""Sobol's points of scipy.stats.qmc, loaded when first asked for: few trials compare so many arms."""

from importlib import import_module

import numpy as np


def scrambled_points(dimensions: int, *, log2_points: int, seed: int) -> np.ndarray:
    """Points (2^log2_points, dimensions) that fill the unit cube evenly, the same for a seed."""
    qmc = import_module("scipy.stats.qmc")
    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    return np.asarray(sequence.random_base2(log2_points))
