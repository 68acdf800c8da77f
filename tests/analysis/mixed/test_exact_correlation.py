"""Exact limits of the correlation: Searle's where clusters are equal, coverage by the definition else."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f

from tests.analysis.mixed.mixed_cases import MADE_UP, made_up
from trialkit.analysis.mixed.exact_correlation import exact_limits
from trialkit.analysis.mixed.random_intercepts import random_intercepts


def test_equal_clusters_give_the_closed_form_of_searle() -> None:
    rng = np.random.default_rng(2)
    k, m = 12, 4
    cluster = np.repeat(np.arange(k), m)
    y = rng.normal(0, 2, k)[cluster] + rng.normal(0, 1.5, k * m)
    data = pd.DataFrame({"cluster": cluster, "arm": np.where(cluster < 6, "C", "E"), "y": y})
    fit = random_intercepts(data, **MADE_UP | {"covariates": []})
    means = data.groupby("cluster")["y"].mean()
    arms = means.groupby(np.repeat([0, 1], 6)).transform("mean")
    between, within = k - 2, k * (m - 1)
    ratio = (m * ((means - arms) ** 2).sum() / between) / (
        ((y - means.to_numpy()[cluster]) ** 2).sum() / within
    )
    limits = [(ratio / q - 1) / (ratio / q + m - 1) for q in f.ppf([0.975, 0.025], between, within)]
    (row,) = fit.icc().to_dict("records")
    assert row["limits"] == "exact"
    assert [row["conf_low"], row["conf_high"]] == pytest.approx(limits, rel=1e-9)
    assert row["estimate"] == pytest.approx((ratio - 1) / (ratio + m - 1), rel=1e-7)


def test_a_limit_is_where_the_pivot_is_its_quantile() -> None:
    data = made_up(9, clusters=10, sd=3)
    fit = random_intercepts(data, **MADE_UP)
    low, _ = exact_limits(fit.model.sums, conf_level=0.8)
    x = np.column_stack([np.ones(len(data)), data["x"], data["arm"] == "E"]).astype(float)
    z = np.eye(10)[data["cluster"]]
    y = data["y"].to_numpy()
    hat = np.linalg.pinv(np.column_stack([x, z]))
    error = y - np.column_stack([x, z]) @ (hat @ y)
    rank = np.linalg.matrix_rank(np.column_stack([x, z]))
    w = np.linalg.inv(np.eye(len(y)) + low / (1 - low) * z @ z.T)
    r = y - x @ np.linalg.solve(x.T @ w @ x, x.T @ w @ y)
    pivot = ((r @ w @ r - error @ error) / (rank - 3)) / (error @ error / (len(y) - rank))
    assert pivot == pytest.approx(f.ppf(0.9, rank - 3, len(y) - rank), rel=1e-8)


def test_clusters_alike_have_a_lower_limit_of_zero() -> None:
    low, high = exact_limits(
        random_intercepts(made_up(1, sd=0.0), **MADE_UP).model.sums, conf_level=0.95
    )
    assert low == 0
    assert 0 <= high < 1
