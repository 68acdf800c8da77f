"""The bootstrap interval repeats with its seed and agrees with R's boot."""

import json
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from trialkit.analysis.resampling.bootstrap import bootstrap_difference
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
SLEEP = pd.read_csv(REFERENCE / "datasets_sleep.csv").drop(columns="ID")  # as if of 20 people


def resample(frame=SLEEP, seed=1, **options):
    defaults = {"outcome": "extra", "arm": "group", "reference": 1}
    return bootstrap_difference(frame, **(defaults | options), rng=np.random.default_rng(seed))


def test_the_interval_agrees_with_boot_up_to_monte_carlo_error():
    case = json.loads((REFERENCE / "bootstrap.json").read_text(encoding="utf-8"))
    row = resample(replicates=20_000).to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(case["estimate"])
    assert row["se"] == pytest.approx(case["se"], rel=0.03)
    # means of ten values of resolution 0.1 lie 0.01 apart
    assert row[["conf_low", "conf_high"]].to_list() == pytest.approx(case["bca"], abs=0.06)
    assert row["contrast"] == "2 - 1"


def test_the_seed_alone_decides():
    pd.testing.assert_frame_equal(resample(seed=5).to_frame(), resample(seed=5).to_frame())
    assert resample(seed=5).to_frame()["se"].item() != resample(seed=6).to_frame()["se"].item()


@pytest.mark.parametrize(
    ("estimator", "value"),
    [
        ("median_difference", 1.40),
        ("hedges_g", 0.796935239191122),
        ("probability_of_superiority", 0.745),
    ],
)
def test_other_estimates_have_an_interval_around_them(estimator, value):
    row = resample(estimator=estimator, replicates=999).to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(value, rel=1e-10)
    assert row["conf_low"] < value < row["conf_high"]
    assert row["estimator"] == estimator


def test_a_ratio_of_means_needs_a_denominator_that_stays_away_from_zero():
    row = resample(SLEEP.assign(extra=SLEEP["extra"] + 5), estimator="mean_ratio").to_frame()
    assert row["estimate"].item() == pytest.approx(7.33 / 5.75)
    with pytest.raises(AnalysisError, match="no number for some resamples"):
        resample(estimator="mean_ratio")


def test_any_function_of_two_arms_will_do():
    def spread_ratio(x, y):
        return np.std(x, ddof=1) / np.std(y, ddof=1)

    row = resample(estimator=spread_ratio, replicates=500).to_frame().iloc[0]
    assert row["estimator"] == "spread_ratio"
    assert row["estimate"] == pytest.approx(np.sqrt(1.2525950355841))


def limits(frame=SLEEP, **options):
    return resample(frame, **options).to_frame().iloc[0][["conf_low", "conf_high"]].to_list()


def resampled_by_scipy(method, *, level=0.95):
    """The difference of means from the same generator, by scipy alone."""
    values = [SLEEP.loc[SLEEP["group"] == group, "extra"].to_numpy() for group in (2, 1)]
    return stats.bootstrap(
        values, lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis), vectorized=True,
        n_resamples=999, confidence_level=level, method=method, rng=np.random.default_rng(1),
    )  # fmt: skip


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_every_interval_is_that_of_the_same_resamples(level):
    options = {"replicates": 999, "conf_level": level}
    bca, percentile = (resampled_by_scipy(each, level=level) for each in ("BCa", "percentile"))
    assert limits(**options) == pytest.approx(bca.confidence_interval)
    assert limits(interval="percentile", **options) == pytest.approx(percentile.confidence_interval)
    drawn, normal = percentile.bootstrap_distribution, NormalDist()
    observed = SLEEP.groupby("group")["extra"].mean().diff().iloc[-1]
    below = (np.mean(drawn < observed) + np.mean(drawn <= observed)) / 2
    ends = [
        normal.cdf(2 * normal.inv_cdf(below) + normal.inv_cdf(tail))
        for tail in ((1 - level) / 2, (1 + level) / 2)
    ]
    assert limits(interval="bc", **options) == pytest.approx(np.quantile(drawn, ends))
    assert limits(interval="bc", **options) != limits(interval="percentile", **options)


def test_where_the_jackknife_is_symmetric_bca_is_bc():
    values = [1.0, 2, 3, 4, 5, 6, 7, 2, 4, 4, 6]
    frame = pd.DataFrame({"extra": values, "group": [2] * 7 + [1] * 4})
    corrected = limits(frame, replicates=500, interval="bc")
    assert limits(frame, replicates=500) == pytest.approx(corrected, rel=1e-12)
    assert limits(SLEEP, replicates=500) != limits(SLEEP, replicates=500, interval="bc")


def test_the_choice_of_the_interval_leaves_estimate_and_error_alone():
    rows = [resample(replicates=500, interval=each) for each in ("bca", "bc", "percentile")]
    frames = [each.to_frame().iloc[0] for each in rows]
    assert len({(each["estimate"], each["se"]) for each in frames}) == 1
    assert [each["method"] for each in frames] == [
        "bootstrap_bca", "bootstrap_bc", "bootstrap_percentile",
    ]  # fmt: skip
    assert [each.title.rpartition(", ")[2] for each in rows] == [
        "BCa over 500 resamples", "BC over 500 resamples", "percentiles over 500 resamples",
    ]  # fmt: skip


def test_where_there_is_no_acceleration_another_interval_can_be_asked_for():
    """Medians with so many ties that they are the same whoever is left out."""
    values = [1.0, 3, 3, 3, 3, 3, 9, 0, 2, 2, 2, 2, 2, 5]
    frame = pd.DataFrame({"extra": values, "group": [2] * 7 + [1] * 7})
    options = {"estimator": "median_difference", "replicates": 999}
    with pytest.raises(AnalysisError, match=r"no acceleration.*'bc' or 'percentile'"):
        limits(frame, **options)
    for interval in ("bc", "percentile"):
        low, high = limits(frame, interval=interval, **options)
        assert low <= 1 <= high
    with pytest.raises(AnalysisError, match="known are bca, bc, percentile"):
        limits(frame, interval="basic")


def test_an_estimate_beside_all_resamples_has_no_bias_to_correct():
    def largest(x, y):
        return x.max() - x.mean() / 1e6 if len(set(x)) == len(x) else x.max() - 1.0

    for interval in ("bca", "bc"):
        with pytest.raises(AnalysisError, match=r"one side of the estimate.*'percentile'"):
            limits(estimator=largest, interval=interval, replicates=200)
    low, high = limits(estimator=largest, interval="percentile", replicates=200)
    assert low < high


def test_what_cannot_be_resampled_is_refused():
    with pytest.raises(AnalysisError, match="known are mean_difference"):
        resample(estimator="mean")
    with pytest.raises(AnalysisError, match="100 replicates"):
        resample(replicates=10)
    with pytest.raises(AnalysisError, match="does not vary within any arm"):
        resample(SLEEP.assign(extra=SLEEP["group"].astype(float)))
    with pytest.raises(AnalysisError, match="2 subjects an arm"):
        resample(SLEEP.iloc[[0, 10, 11]])
    with pytest.raises(AnalysisError, match="gives nan for the observed data"):
        resample(estimator=lambda x, y: float("nan"))
    with pytest.raises(AnalysisError, match="always the same"):
        resample(estimator=lambda x, y: 1.0, replicates=200)
