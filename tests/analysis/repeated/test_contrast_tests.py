"""Tests and intervals of contrasts, against scipy's t and values worked out by hand."""

import numpy as np
import pytest
from scipy import stats

from tests.analysis.repeated.test_fitted import fitted
from trialkit.analysis.repeated.contrast_tests import (
    MatrixTest,
    VectorTest,
    estimate_contrasts,
    student,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import Inference


def test_student_gives_two_sided_tests_and_intervals_of_the_level():
    estimate, se, df = np.array([2.0, -3.0]), np.array([0.5, 2.0]), np.array([7.0, 30.0])
    found = student(estimate, se, df, conf_level=0.9)
    np.testing.assert_allclose(found.statistic, [4.0, -1.5])
    np.testing.assert_allclose(found.p_value, 2 * stats.t.sf([4.0, 1.5], [7, 30]))
    low, high = stats.t.interval(0.9, df, loc=estimate, scale=se)
    np.testing.assert_allclose(found.conf_low, low)
    np.testing.assert_allclose(found.conf_high, high)
    for name, given in (("estimate", estimate), ("se", se), ("df", df)):
        np.testing.assert_array_equal(getattr(found, name), given)


def residual_fit():
    # 20 observations and 2 coefficients: 18 residual degrees of freedom
    basis = np.array([[1.0, 0.0], [0.0, 2.0]])
    fit = fitted([4.0, 1.5], [[4.0, 1.0], [1.0, 2.25]], basis)
    return type(fit)(
        **{name: getattr(fit, name) for name in fit.__dataclass_fields__} | {"n_observations": 20}
    )


def test_contrasts_are_those_of_the_reported_coefficients():
    # reported: 4 and 3, with variances 4 and 9 and covariance 2
    found = estimate_contrasts(
        residual_fit(),
        Inference.RESIDUAL,
        np.array([[1.0, 0], [0, 1.0], [1.0, -1.0]]),
        conf_level=0.95,
    )
    np.testing.assert_allclose(found.estimate, [4, 3, 1])
    np.testing.assert_allclose(found.se, [2, 3, 3])
    np.testing.assert_allclose(found.df, 18)
    np.testing.assert_allclose(found.conf_high, found.estimate + stats.t.ppf(0.975, 18) * found.se)


def test_a_contrast_without_variance_is_named_by_its_place():
    with pytest.raises(AnalysisError, match="contrast 2 has no positive variance"):
        estimate_contrasts(
            residual_fit(), Inference.RESIDUAL, np.array([[1.0, 0], [0, 0]]), conf_level=0.95
        )


def test_a_vector_test_is_one_row_of_its_numbers():
    numbers = {
        "estimate": 1.0,
        "se": 2.0,
        "df": 3.0,
        "statistic": 4.0,
        "p_value": 5.0,
        "conf_low": 6.0,
        "conf_high": 7.0,
        "conf_level": 8.0,
    }
    made = VectorTest(**numbers)
    assert made.to_frame().to_dict("records") == [numbers]
    assert list(made.to_frame()) == list(numbers)
    assert made.title == "t test of a contrast of the fixed effects"


def test_a_matrix_test_is_one_row_of_its_numbers():
    made = MatrixTest(statistic=3.0, df_num=1, df_den=2.5, p_value=4.0)
    assert made.to_frame().to_dict("records") == [
        {"df_num": 1, "df_den": 2.5, "statistic": 3.0, "p_value": 4.0}
    ]
    assert made.title == "F test of contrasts of the fixed effects"
