"""Quantile regression between arms (printed numbers of quantreg.json are held by the published tests)."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.linear.contrasts import t_critical
from trialkit.analysis.quantiles.quantile_regression import quantile_regression
from trialkit.analysis.quantiles.rank_inversion import rank_limits
from trialkit.analysis.quantiles.rank_scores import RankScoreTest
from trialkit.errors import AnalysisError


def made_up(seed: int, *, n: int = 41) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    arm = np.arange(n) % 2
    x = rng.normal(size=n)
    return pd.DataFrame(
        {"arm": np.where(arm, "E", "C"), "x": x, "y": 20 + 2 * x + 3 * arm + rng.normal(size=n) * 4}
    )


def fit(frame: pd.DataFrame, **changed: Any) -> pd.Series:
    asked: dict[str, Any] = {"outcome": "y", "arm": "arm", "reference": "C"}
    return quantile_regression(frame, **asked | changed).to_frame().iloc[0]


def test_without_covariates_it_is_the_difference_of_the_arms_medians() -> None:
    for n in (41, 44, 18):
        frame = made_up(n, n=n)
        medians = frame.groupby("arm")["y"].median()
        row = fit(frame)
        assert row["estimate"] == pytest.approx(medians["E"] - medians["C"], rel=1e-9)
        evenly = (frame["arm"].value_counts() % 2 == 0).any()
        assert ("several lines fit alike" in row["note"]) == evenly


def test_it_is_statsmodels_to_its_tolerance() -> None:
    frame = made_up(3, n=61)
    for quantile in (0.5, 0.75):
        other = smf.quantreg("y ~ C(arm) + x", frame).fit(q=quantile, p_tol=1e-10, max_iter=5000)
        row = fit(frame, covariates=["x"], quantile=quantile)
        assert row["estimate"] == pytest.approx(other.params["C(arm)[T.E]"], rel=1e-4)


def test_the_limits_are_where_the_median_test_of_moved_arms_turns() -> None:
    """By counting alone: between the steps of the test on either side of each limit."""
    frame = made_up(7, n=40)
    arm, y = (frame["arm"] == "E").to_numpy(), frame["y"].to_numpy()
    row = fit(frame)
    critical = t_critical(0.95, 38)

    def statistic(slope: float) -> float:
        moved = y - slope * arm
        above = moved > np.median(moved)
        return float((above[arm].sum() - 10) / np.sqrt(0.25 * 10))

    steps = np.unique(np.subtract.outer(y[arm], y[~arm]))
    middles = (steps[1:] + steps[:-1]) / 2
    kept = np.array([abs(statistic(each)) <= critical for each in middles])
    inside = np.flatnonzero(kept)
    # within the last step that is not rejected, or at its end
    assert row["conf_high"] <= steps[inside[-1] + 1] + 1e-9
    assert row["conf_low"] >= steps[inside[0]] - 1e-9
    assert row["conf_low"] < row["estimate"] < row["conf_high"]


@settings(max_examples=examples(12))
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 0.3]), st.booleans())
def test_a_swap_mirrors_units_scale_and_a_shift_shifts(seed: int, tau: float, ties: bool) -> None:
    frame = made_up(seed % 100_000, n=30)
    if ties:
        frame = frame.assign(y=frame["y"].round(), x=frame["x"].round())
    asked: dict[str, Any] = {"covariates": ["x"], "quantile": tau}
    row = fit(frame, **asked)
    names = ["estimate", "conf_low", "conf_high"]
    turned = fit(frame.sample(frac=1, random_state=1), reference="E", **asked)
    np.testing.assert_allclose(
        turned[["estimate", "conf_high", "conf_low"]].astype(float),
        -row[names].astype(float),
        rtol=1e-5,
        atol=1e-6,
    )
    moved = fit(frame.assign(y=2 * frame["y"] + 6 * (frame["arm"] == "E") + frame["x"]), **asked)
    np.testing.assert_allclose(
        moved[names].astype(float), 2 * row[names].astype(float) + 6, rtol=1e-5, atol=1e-6
    )
    upside = fit(frame.assign(y=-frame["y"]), covariates=["x"], quantile=1 - tau)
    assert upside["estimate"] == pytest.approx(-row["estimate"], rel=1e-6, abs=1e-7)
    assert row["conf_low"] <= row["lowest"] <= row["estimate"] <= row["highest"] <= row["conf_high"]


def test_few_rows_reject_nothing_and_have_no_limits() -> None:
    row = fit(made_up(1, n=5))
    assert (row["conf_low"], row["conf_high"]) == (-np.inf, np.inf)
    test = RankScoreTest(
        basis=np.full((4, 1), 0.5),
        column=np.array([0.0, 0, 1, 1]),
        outcome=np.arange(4.0) / 3,
        quantile=0.5,
    )
    assert rank_limits(test, 2 / 3, 50.0) == (-np.inf, np.inf)


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1), st.floats(-6, 6), st.sampled_from([0.5, 0.7]), st.booleans())
def test_p_is_small_exactly_where_the_limits_leave_out_0(
    seed: int, shift: float, tau: float, ties: bool
) -> None:
    frame = made_up(seed % 100_000, n=36)
    frame = frame.assign(y=frame["y"] + shift * (frame["arm"] == "E"))
    row = fit(frame.assign(y=frame["y"].round() if ties else frame["y"]), quantile=tau)
    if min(abs(row["conf_low"]), abs(row["conf_high"]), abs(row["p_value"] - 0.05)) > 1e-3:
        assert (row["p_value"] < 0.05) == (not row["conf_low"] < 0 < row["conf_high"])


def test_what_has_no_quantile_is_refused_in_words() -> None:
    frame = made_up(1)
    for data, asked, message in (
        (frame, {"quantile": 1}, "between 0 and 1"),
        (frame.assign(y=3.0), {}, "the same in all rows used"),
        (frame.assign(x=1.0), {"covariates": ["x"]}, "the same in all rows used"),
        (frame[frame["arm"] == "C"], {}, "two arms or more"),
    ):
        with pytest.raises(AnalysisError, match=message):
            fit(data, **asked)
    frame.loc[0, "y"] = None
    found = quantile_regression(frame, outcome="y", arm="arm", reference="C")
    assert found.excluded["reason"].tolist() == ["y is missing"]
    assert "Quantile 0.5 of y" in found.title
