"""Models of many replicates at once are the models of each."""

import numpy as np
import pandas as pd
import pytest

from tests.analysis.counts.rate_cases import read
from trialkit.analysis.counts.batched_counts import (
    BatchedRates,
    negative_binomial_batch,
    poisson_batch,
)
from trialkit.analysis.counts.negative_binomial import negative_binomial_regression
from trialkit.analysis.counts.poisson import poisson_regression
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import CountVariance

REPLICATES, N = 40, 60
DESIGN = np.column_stack([np.ones(N), np.arange(N) % 2]).astype(float)


def made_up(dispersed: float = 1.2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(20260701)
    time = rng.uniform(0.3, 1.0, N)
    mean = 2 * time * np.exp(-0.3 * DESIGN[:, 1])
    frailty = rng.gamma(dispersed, 1 / dispersed, (REPLICATES, N))
    return rng.poisson(mean * frailty), time


def as_frame(counts: np.ndarray, time: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"arm": np.where(DESIGN[:, 1] > 0, "E", "C"), "y": counts, "t": time})


@pytest.mark.parametrize("case", ["counts_epilepsy_total", "counts_falls_simulated"])
def test_a_batch_of_one_is_the_reference(case: str) -> None:
    expected, frame = read(case)
    experimental = (frame["arm"] == expected["arms"][1]).to_numpy(float)
    design = np.column_stack([np.ones(len(frame)), experimental])
    counts, time = frame["y"].to_numpy()[None, :], frame["t"].to_numpy(float)
    found = negative_binomial_batch(counts, design, exposure=time)
    wanted = expected["unadjusted"]
    np.testing.assert_allclose(found.coefficients[0], wanted["negbin"]["coef"], rtol=1e-8)
    np.testing.assert_allclose(found.se[0], wanted["negbin"]["se"], rtol=1e-8)
    assert found.theta[0] == pytest.approx(wanted["theta"], rel=1e-8)
    for variance, se in (
        ("model", wanted["poisson"]["se"]),
        ("HC0", wanted["poisson_robust_HC0"]),
        ("HC1", wanted["poisson_robust_HC1"]),
        ("quasi", wanted["quasi"]["se"]),
    ):
        poisson = poisson_batch(counts, design, exposure=time, variance=variance)
        np.testing.assert_allclose(poisson.coefficients[0], wanted["poisson"]["coef"], rtol=1e-8)
        np.testing.assert_allclose(poisson.se[0], se, rtol=1e-8)


@pytest.mark.parametrize("own_times", [False, True])
def test_each_replicate_is_the_single_model(own_times: bool) -> None:
    counts, time = made_up()
    times = np.tile(time, (REPLICATES, 1)) if own_times else time
    found = negative_binomial_batch(counts, DESIGN, exposure=times)
    assert found.converged.all()
    for index in range(REPLICATES):
        one = negative_binomial_regression(
            as_frame(counts[index], time), outcome="y", arm="arm", reference="C", exposure="t"
        )
        table = one.coefficients()
        np.testing.assert_allclose(found.coefficients[index], table["estimate"], atol=1e-7)
        np.testing.assert_allclose(found.se[index], table["se"], rtol=1e-6)
        np.testing.assert_allclose(found.p_value[index], table["p_value"], rtol=1e-5)
        assert found.theta[index] == one.theta or found.theta[index] == pytest.approx(
            one.theta, rel=1e-5
        )


@pytest.mark.parametrize("variance", list(CountVariance))
def test_each_poisson_replicate_is_the_single_model(variance: CountVariance) -> None:
    counts, time = made_up()
    found = poisson_batch(counts, DESIGN, exposure=time, variance=variance)
    for index in range(0, REPLICATES, 8):
        one = poisson_regression(
            as_frame(counts[index], time),
            outcome="y",
            arm="arm",
            reference="C",
            exposure="t",
            variance=variance,
        ).coefficients()
        np.testing.assert_allclose(found.coefficients[index], one["estimate"], rtol=1e-8)
        np.testing.assert_allclose(found.se[index], one["se"], rtol=1e-8)
        np.testing.assert_allclose(found.p_value[index], one["p_value"], rtol=1e-7)


def test_rows_alike_are_summed_without_a_change() -> None:
    counts, _ = made_up()
    same = negative_binomial_batch(counts, DESIGN)
    rng = np.random.default_rng(3)
    nearly = np.ones(N) + rng.uniform(-1, 1, N) * 1e-13  # no two rows alike: nothing is summed
    other = negative_binomial_batch(counts, DESIGN, exposure=nearly)
    np.testing.assert_allclose(same.coefficients, other.coefficients, atol=1e-8)
    np.testing.assert_allclose(same.se, other.se, rtol=1e-7)


def test_replicates_without_a_maximum_are_told() -> None:
    counts, _ = made_up()
    counts[0, DESIGN[:, 1] > 0] = 0
    counts[1] = 0
    batches: list[BatchedRates] = [
        negative_binomial_batch(counts, DESIGN),
        poisson_batch(counts, DESIGN),
    ]
    for found in batches:
        assert not found.converged[:2].any()
        assert found.converged[2:].all()
        assert np.isnan(found.coefficients[:2]).all()
        assert np.isnan(found.se[:2]).all()
        assert np.isfinite(found.p_value[2:]).all()


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, time = made_up()
    whole = negative_binomial_batch(counts, DESIGN, exposure=time)
    monkeypatch.setattr("trialkit.analysis.counts.batched_counts.CHUNK", 7 * N)
    parts = negative_binomial_batch(counts, DESIGN, exposure=time)
    np.testing.assert_allclose(whole.coefficients, parts.coefficients, atol=1e-12)


@pytest.mark.parametrize(
    ("counts", "design", "exposure", "message"),
    [
        (np.zeros((2, 3)), np.ones((4, 1)), None, "must have the shape"),
        (np.full((2, 4), 0.5), np.ones((4, 1)), None, "whole numbers"),
        (np.ones((2, 4)), np.ones((4, 2)), None, "combinations of each other"),
        (np.ones((2, 4)), np.ones((4, 1)), np.ones(3), r"shape \(rows,\)"),
        (np.ones((2, 4)), np.ones((4, 1)), np.zeros(4), "above 0"),
    ],
)
def test_what_is_no_batch_is_refused(
    counts: np.ndarray, design: np.ndarray, exposure: np.ndarray | None, message: str
) -> None:
    with pytest.raises(AnalysisError, match=message):
        negative_binomial_batch(counts, design, exposure=exposure)
