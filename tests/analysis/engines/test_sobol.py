"""Sobol's points."""

import numpy as np

from trialkit.analysis.engines.sobol import scrambled_points


def test_they_fill_the_cube_evenly_and_are_the_same_for_a_seed() -> None:
    points = scrambled_points(3, log2_points=8, seed=5)
    assert points.shape == (256, 3)
    for column in points.T:
        counts, _ = np.histogram(column, bins=64, range=(0, 1))
        assert set(counts) == {4}
    np.testing.assert_array_equal(points, scrambled_points(3, log2_points=8, seed=5))
    assert (points != scrambled_points(3, log2_points=8, seed=6)).any()
