"""Cumulative logits: gradient and information by differences, and a maximum that is one."""

import numpy as np
import pytest

from trialkit.analysis.ordinal.cumulative import CumulativeLogits, fit_cumulative

RNG = np.random.default_rng(9)
CODES = RNG.integers(0, 4, 60)
X = RNG.normal(size=(60, 2))


def log_likelihood(model: CumulativeLogits, at: np.ndarray) -> float:
    total = 0.0
    thresholds = model.levels - 1
    q = model.own.shape[1]
    for row, code in enumerate(model.codes):

        def below(k: int, row: int = row) -> float:
            if k < 0:
                return 0.0
            if k == thresholds:
                return 1.0
            own = model.own[row] @ at[k * q : (k + 1) * q]
            shift = model.shared[row] @ at[thresholds * q :] + model.offset[row]
            return float(1 / (1 + np.exp(-(own - shift))))

        total += np.log(below(code) - below(code - 1))
    return total


@pytest.mark.parametrize("nominal", [False, True])
def test_it_is_at_the_maximum_with_its_curvature(nominal: bool) -> None:
    own = np.column_stack([np.ones(60), -X[:, 0]]) if nominal else np.ones((60, 1))
    model = CumulativeLogits(
        codes=CODES, levels=4, own=own, shared=X[:, 1:] if nominal else X, offset=X[:, 0] / 3
    )
    found = fit_cumulative(model)
    at = found.parameters
    assert len(at) == model.parameters
    assert found.log_likelihood == pytest.approx(log_likelihood(model, at), rel=1e-12)
    steps = np.eye(len(at)) * 1e-4
    information = (
        -np.array(
            [
                [
                    log_likelihood(model, at + a + b)
                    - log_likelihood(model, at + a - b)
                    - log_likelihood(model, at - a + b)
                    + log_likelihood(model, at - a - b)
                    for b in steps
                ]
                for a in steps
            ]
        )
        / 4e-8
    )
    np.testing.assert_allclose(np.linalg.inv(found.covariance), information, rtol=1e-3, atol=1e-3)
    for step in steps:
        assert log_likelihood(model, at + 10 * step) < found.log_likelihood
        assert log_likelihood(model, at - 10 * step) < found.log_likelihood
