"""As many pairs of rows are expected to agree as do in made-up data."""

import numpy as np
import polars as pl
import pytest

from trialkit.checks.trial.coincidences import pairs_alike_by_chance


def drawn(correlation: float) -> pl.DataFrame:
    """Three measurements of 600 rows, rounded."""
    covariance = np.full((3, 3), correlation) + (1 - correlation) * np.eye(3)
    values = np.random.default_rng(1).multivariate_normal(np.zeros(3), covariance * 25, 600)
    return pl.DataFrame(values.round(), schema=["a", "b", "c"])


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_the_expected_number_of_pairs_is_there(correlation):
    rows = drawn(correlation)
    counts = rows.group_by("a", "b", "c").len()["len"].to_numpy()

    there = (counts * (counts - 1) / 2).sum()

    expected = pairs_alike_by_chance(rows, ["a", "b", "c"])
    assert there == pytest.approx(expected, rel=0.25)
    assert there > 20


def test_a_measurement_that_follows_from_others_makes_any_number_of_pairs_likely():
    rows = drawn(0.0).with_columns(c="a")

    assert pairs_alike_by_chance(rows, ["a", "b", "c"]) == float("inf")
