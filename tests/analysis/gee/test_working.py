"""Working correlations estimated from residuals."""

import numpy as np
import pytest

from trialkit.analysis.gee.long_rows import VisitPattern
from trialkit.analysis.gee.working import estimate_correlation, whitening
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import WorkingCorrelation

RNG = np.random.default_rng(6)
LAGS = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
TRUE = 0.6 ** LAGS.astype(float)
RESIDUALS = (RNG.normal(size=(4000, 4)) @ np.linalg.cholesky(TRUE).T).ravel()
WHOLE = (VisitPattern(visits=np.arange(4), rows=np.arange(16_000).reshape(-1, 4)),)


def estimate(kind: WorkingCorrelation) -> tuple[np.ndarray, np.ndarray]:
    return estimate_correlation(RESIDUALS, WHOLE, kind=kind, visits=4, scale=1.0)


def test_each_kind_finds_what_it_describes() -> None:
    alpha, matrix = estimate(WorkingCorrelation.AR1)
    assert alpha[0] == pytest.approx(0.6, abs=0.02)
    np.testing.assert_allclose(matrix, TRUE, atol=0.03)
    pairs, free = estimate(WorkingCorrelation.UNSTRUCTURED)
    np.testing.assert_allclose(free, TRUE, atol=0.06)
    assert estimate(WorkingCorrelation.EXCHANGEABLE)[0][0] == pytest.approx(pairs.mean())
    none, identity = estimate(WorkingCorrelation.INDEPENDENCE)
    assert len(none) == 0
    assert (identity == np.eye(4)).all()


def test_whitening_takes_the_correlation_away() -> None:
    for visits in (np.arange(4), np.array([0, 3])):
        white = whitening(TRUE, visits)
        np.testing.assert_allclose(
            white @ TRUE[np.ix_(visits, visits)] @ white.T, np.eye(len(visits)), atol=1e-12
        )
    with pytest.raises(AnalysisError, match="not positive definite"):
        whitening(np.array([[1.0, 1.2], [1.2, 1.0]]), np.arange(2))
