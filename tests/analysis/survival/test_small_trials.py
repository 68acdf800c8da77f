"""Small trials by chance, with ties, times of 0 and late entries: everything that R gives of them."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.survival.trials import REFERENCE, made_up
from tests.conftest import examples
from trialkit.analysis.survival.cox import cox_regression
from trialkit.analysis.survival.cumulative_incidence import cumulative_incidence
from trialkit.analysis.survival.fine_gray import fine_gray
from trialkit.analysis.survival.gray import gray_test
from trialkit.analysis.survival.kaplan_meier import kaplan_meier
from trialkit.analysis.survival.log_rank import log_rank
from trialkit.errors import AnalysisError

DATA = pd.read_csv(REFERENCE / "small_trials.csv")
EXPECTED = json.loads((REFERENCE / "small_trials.json").read_text(encoding="utf-8"))
TRIALS = sorted(EXPECTED, key=int)
ONE = {"time": "time", "event": "event", "arm": "arm"}
MANY = {"time": "time", "event": "cause", "arm": "arm", "censored": 0}
MODELS = {
    "efron": {"strata": ("stratum",)},
    "breslow": {"strata": ("stratum",), "ties": "breslow"},
    "exact": {"strata": ("stratum",), "ties": "exact"},
    "robust": {"robust": True},
    "late": {"start": "start"},
}


def small(number):
    return DATA[DATA["trial"] == int(number)]


def watched(table, frame):
    """The rows of times until which the arm was watched: R gives no others."""
    return table[table["time"] <= table["arm"].map(frame.groupby("arm")["time"].max())]


@pytest.mark.parametrize("number", TRIALS)
def test_curves_and_rank_tests_are_those_of_r(number):
    frame, expected = small(number), EXPECTED[number]
    curves = kaplan_meier(frame, **ONE)
    at = watched(curves.at([1, 3]), frame)
    assert at["survival"].tolist() == pytest.approx(expected["survival"], rel=1e-12)
    assert at["se"].tolist() == pytest.approx(expected["se"], rel=1e-11)
    medians = [np.nan if each is None else each for each in expected["medians"]]
    assert curves.to_frame()["median"].tolist() == pytest.approx(medians, nan_ok=True)
    for key, options in (
        ("log_rank", {}),
        ("within_strata", {"strata": ("stratum",)}),
        ("peto", {"weights": "peto-peto"}),
    ):
        assert log_rank(frame, **ONE, **options).statistic == pytest.approx(
            expected[key][0], rel=1e-10
        )


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("number", TRIALS)
def test_hazard_models_are_those_of_r(number, model):
    frame, expected = small(number), EXPECTED[number][model]
    if model == "late":
        frame = frame[frame["time"] > 0]
    found = cox_regression(frame, **ONE, reference=0, covariates=("x",), **MODELS[model])
    table = found.coefficients()
    assert table["estimate"].tolist() == pytest.approx(expected["estimate"], rel=1e-7)
    assert table["se"].tolist() == pytest.approx(expected["se"], rel=1e-7)
    assert found.log_likelihood == pytest.approx(expected["loglik"][1], rel=1e-10)
    if model == "efron":
        tests = found.proportional_hazards()["statistic"].tolist()
        assert tests == pytest.approx(EXPECTED[number]["zph"], rel=1e-6)


@pytest.mark.parametrize("number", TRIALS)
def test_competing_events_are_those_of_r(number):
    frame, expected = small(number), EXPECTED[number]
    found = cumulative_incidence(frame, **MANY).at([1, 3])
    at = found.sort_values(["cause", "arm", "time"], kind="stable")
    known = [each is not None for each in expected["incidence"]]
    ours = at[["incidence", "se"]].to_numpy()[known]
    assert ours[:, 0].tolist() == pytest.approx([e for e in expected["incidence"] if e is not None])
    variance = [e for e in expected["variance"] if e is not None]
    assert (ours[:, 1] ** 2).tolist() == pytest.approx(variance, rel=1e-9, abs=1e-15)
    tests = [gray_test(frame, **MANY, cause=each).statistic for each in (1, 2)]
    assert tests == pytest.approx(expected["gray"], rel=1e-9)
    if "fine_gray" in expected:
        model = fine_gray(frame, **MANY, cause=1, reference=0, covariates=("x",)).coefficients()
        assert model["estimate"].tolist() == pytest.approx(
            expected["fine_gray"]["estimate"], rel=1e-6
        )
        assert model["se"].tolist() == pytest.approx(expected["fine_gray"]["se"], rel=1e-6)


@settings(max_examples=examples(100))
@given(st.integers(0, 100_000), st.integers(6, 16), st.booleans())
def test_where_little_is_known_the_answer_is_finite_or_says_that_it_is_not(seed, n, late):
    """Few subjects, three arms, strata and late entries: most such likelihoods have no maximum."""
    frame = made_up(seed, n=n, arms=3)
    frame["start"] = (
        np.floor(frame["time"] * 0.8 * np.random.default_rng(seed).random(n) * 100) / 100
    )
    frame = frame[frame["start"] < frame["time"]]
    options = {"start": "start"} if late else {}
    try:
        found = cox_regression(
            frame, **ONE, reference=0, covariates=("x",), strata=("stratum",), **options
        )
    except AnalysisError as error:
        assert error.reason  # noqa: PT017  (a small trial may say nothing)
        return
    for row in found.coefficients().to_dict("records"):
        if row["status"] == "estimated":
            assert np.isfinite(row["estimate"])
            assert 0 < row["se"] < 1e4
        else:
            assert np.isinf(row["estimate"])
            assert np.isnan(row["p_value"])
