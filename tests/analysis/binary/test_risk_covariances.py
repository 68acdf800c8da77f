"""The influence function is the derivative of the standardised risk by a subject's weight."""

import numpy as np

from trialkit.analysis.binary.risk_covariances import risk_covariance
from trialkit.analysis.generalised.families import Binomial
from trialkit.analysis.generalised.scoring import fit_generalised
from trialkit.protocol.methods.generalised_models import RiskVariance


def test_all_variances_come_to_one_where_the_model_is_right_and_subjects_are_many() -> None:
    rng = np.random.default_rng(12)
    n = 20_000
    codes, x = rng.integers(0, 2, n), rng.normal(size=n)
    design = np.column_stack([np.ones(n), codes, x])
    mean = 1 / (1 + np.exp(0.5 + 0.4 * codes - 0.8 * x))
    fit = fit_generalised(design, (rng.random(n) < mean).astype(float), Binomial())
    arms = tuple(np.column_stack([np.ones(n), np.full(n, arm), x]) for arm in (0, 1))
    found = {kind: risk_covariance(fit, arms, codes, kind) for kind in RiskVariance}
    np.testing.assert_allclose(
        found[RiskVariance.YE], found[RiskVariance.INFLUENCE], rtol=0.05, atol=1e-8
    )
    np.testing.assert_allclose(
        found[RiskVariance.HC0], found[RiskVariance.MODEL], rtol=0.05, atol=1e-8
    )
    np.testing.assert_allclose(
        found[RiskVariance.HC3], found[RiskVariance.HC0], rtol=0.01, atol=1e-8
    )
    # covariates taken as sampled vary too; of the difference nearly nothing is left of that
    assert (np.diag(found[RiskVariance.YE]) > np.diag(found[RiskVariance.MODEL])).all()
    by = np.array([-1.0, 1.0])
    assert by @ found[RiskVariance.YE] @ by < 1.05 * (by @ found[RiskVariance.MODEL] @ by)
