"""The likelihood of a random intercept against integration by brute force, and lme4's Laplace."""

from typing import Any

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import norm, poisson

from tests.analysis.gee.visit_cases import MODELS, expected, frame
from trialkit.analysis.gee.long_rows import LongRows, read_long_rows, repeated_unit
from trialkit.analysis.gee.quadrature import RandomInterceptLikelihood
from trialkit.protocol.methods.generalised_models import ResponseFamily


def long_rows() -> LongRows:
    model: dict[str, Any] = MODELS["long_epilepsy"] | {"family": ResponseFamily.POISSON}
    return read_long_rows(
        frame("long_epilepsy"), outcome="y", arm="arm", unit=repeated_unit("id", "visit", None),
        by_visit=False, event=None, exposure=None, order=None, **model,
    )  # fmt: skip


def likelihood(nodes: int) -> RandomInterceptLikelihood:
    return RandomInterceptLikelihood(long=long_rows(), family=ResponseFamily.POISSON, nodes=nodes)


def parameters(wanted: dict[str, Any]) -> np.ndarray:
    return np.array([*wanted["coef"], wanted["sd_intercept"]])


def test_it_is_the_integral() -> None:
    at, of = parameters(expected("glmm_long_epilepsy")), likelihood(25)
    predictor = of.long.design @ at[:-1]
    grid = np.linspace(-6, 6, 12_001)  # eleven standard deviations either way
    total = 0.0
    for subject in range(of.long.n_subjects):
        own = of.long.subject == subject
        logs = poisson.logpmf(of.long.outcome[own, None], np.exp(predictor[own, None] + grid)).sum(
            axis=0
        ) + norm.logpdf(grid, scale=at[-1])
        total += logsumexp(logs) + np.log(grid[1] - grid[0])
    assert of.evaluate(at)[0] == pytest.approx(total, rel=1e-10)


def test_the_gradient_is_the_slope() -> None:
    at, of = parameters(expected("glmm_long_epilepsy")) + 0.01, likelihood(25)
    slope = of.evaluate(at)[1]
    for index in range(len(at)):
        move = np.zeros(len(at))
        move[index] = 1e-5
        found = (of.evaluate(at + move)[0] - of.evaluate(at - move)[0]) / 2e-5
        assert slope[index] == pytest.approx(found, rel=1e-5, abs=1e-4)


def test_one_node_is_laplaces_and_near_lme4s() -> None:
    wanted = expected("glmm_long_epilepsy")["laplace"]
    assert likelihood(1).evaluate(parameters(wanted))[0] == pytest.approx(
        wanted["loglik"], abs=5e-4
    )
