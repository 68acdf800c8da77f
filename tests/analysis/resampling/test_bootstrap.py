"""The bootstrap interval repeats with its seed and agrees with R's boot."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.resampling.bootstrap import bootstrap_difference
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
SLEEP = pd.read_csv(REFERENCE / "datasets_sleep.csv")


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
