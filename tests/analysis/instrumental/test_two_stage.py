"""Two stages from their definitions, and against statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.sandbox.regression.gmm import IV2SLS

from tests.analysis.instrumental.received_cases import made_up
from tests.conftest import examples
from trialkit.analysis.instrumental.two_stage import TwoStageFit, two_stage_least_squares
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import RobustCovariance


def fit(seed: int) -> TwoStageFit:
    frame = made_up(seed)
    return two_stage_least_squares(
        frame["y"].to_numpy(),
        frame["received"].to_numpy(dtype=float),
        np.column_stack([np.ones(len(frame)), frame["x"]]),
        (frame["arm"] == "E").to_numpy(dtype=float)[:, None],
    )


def test_it_is_statsmodels_and_its_sandwich_from_the_definition() -> None:
    found = fit(3)
    endogenous = np.column_stack([found.treatment, found.exogenous])
    instruments = np.column_stack([found.instruments, found.exogenous])
    other = IV2SLS(found.outcome, endogenous, instruments).fit()
    np.testing.assert_allclose(found.coefficients, other.params, rtol=1e-9)
    np.testing.assert_allclose(found.se(None), other.bse, rtol=1e-8)
    n, p = endogenous.shape
    back = np.linalg.inv(instruments.T @ endogenous)  # as many instruments as coefficients
    scores = instruments * found.residuals[:, None]
    robust = np.sqrt(np.diag(back @ scores.T @ scores @ back.T))
    np.testing.assert_allclose(found.se(RobustCovariance.HC0), robust, rtol=1e-8)
    np.testing.assert_allclose(
        found.se(RobustCovariance.HC1), robust * np.sqrt(n / (n - p)), rtol=1e-8
    )


def test_the_first_stage_is_least_squares() -> None:
    found = fit(4)
    design = np.column_stack([found.exogenous, found.instruments])
    for kind, name in ((None, "nonrobust"), (RobustCovariance.HC1, "HC1")):
        other = sm.OLS(found.treatment, design).fit(cov_type=name, use_t=True)
        f = other.f_test(np.array([[0.0, 0, 1]]))
        ours = found.first_stage(kind)
        assert ours.statistic == pytest.approx(float(f.fvalue), rel=1e-9)
        assert ours.p_value == pytest.approx(float(f.pvalue), rel=1e-6)


@settings(max_examples=examples(40))
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.8, 0.95]))
def test_limits_for_weak_instruments_are_what_the_f_test_does_not_reject(
    seed: int, level: float
) -> None:
    found = fit(seed)
    low, high = found.anderson_rubin(level)
    design = np.column_stack([found.exogenous, found.instruments])
    assert low <= found.coefficients[0] <= high
    for bound in (low, high):
        if np.isfinite(bound):
            at = sm.OLS(found.outcome - bound * found.treatment, design).fit()
            assert at.pvalues[-1] == pytest.approx(1 - level, rel=1e-6)
    # none is excluded exactly where the difference by arm is significant
    by_arm = sm.OLS(found.outcome, design).fit().pvalues[-1]
    if np.isfinite([low, high]).all() and abs(by_arm - (1 - level)) > 1e-9:
        assert (low <= 0 <= high) == (by_arm > 1 - level)


def test_arms_that_move_nothing_are_refused() -> None:
    frame = made_up(1)
    one, arm = np.ones((len(frame), 1)), np.tile([0.0, 1.0], 60)[:, None]
    same = np.repeat(np.tile([0.0, 1.0], 30), 2)
    with pytest.raises(AnalysisError, match="do not differ in what was received"):
        two_stage_least_squares(frame["y"].to_numpy(), same, one, arm)
    received = frame["received"].to_numpy(dtype=float)
    with pytest.raises(AnalysisError, match="reproduces the outcome exactly"):
        two_stage_least_squares(3 * received + 1, received, one, arm)
