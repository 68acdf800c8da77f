"""A fitted linear model is that of statsmodels: coefficients, tests, robust covariances, influence."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.anova import anova_lm

from trialkit.analysis.linear.fitted_model import FittedModel, fit_model, robust_root
from trialkit.analysis.linear.linear_model import FactorColumn, NumericColumn
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import RobustCovariance, SumOfSquares
from trialkit.results.vocabulary import Stat

RNG = np.random.default_rng(12)
N = 30
CODES = np.arange(N) % 3
AGE = NumericColumn(name="age", values=RNG.normal(50, 10, N))
ARM = FactorColumn(name="arm", codes=CODES, levels=("P", "A", "B"))
X = np.column_stack([np.ones(N), AGE.values, CODES == 1, CODES == 2]).astype(float)
Y = 3 + 0.1 * AGE.values + CODES + RNG.normal(size=N) * (1 + CODES)
TERMS = (("age",), ("arm",))
PLAIN = sm.OLS(Y, X).fit()


def fitted(robust: RobustCovariance | None = None) -> FittedModel:
    return fit_model((AGE, ARM), TERMS, Y, robust=robust)


def hc4() -> np.ndarray:
    """Cribari-Neto 2004, which statsmodels lacks."""
    bread = np.linalg.inv(X.T @ X)
    hat = np.einsum("ij,jk,ik->i", X, bread, X)
    weights = PLAIN.resid**2 * (1 - hat) ** -np.minimum(4, N * hat / 4)
    return np.asarray(bread @ (X.T * weights) @ X @ bread)


def expected_covariance(robust: RobustCovariance | None) -> np.ndarray:
    if robust is None:
        return np.asarray(PLAIN.cov_params())
    if robust is RobustCovariance.HC4:
        return hc4()
    return np.asarray(getattr(PLAIN, f"cov_{robust.value}"))


EVERY = pytest.mark.parametrize("robust", [None, *RobustCovariance], ids=str)


@EVERY
def test_the_covariance_is_that_of_statsmodels(robust: RobustCovariance | None) -> None:
    fit, expected = fitted(robust), expected_covariance(robust)
    np.testing.assert_allclose(fit.covariance, expected, rtol=1e-8)
    rows = np.array([[1.0, 50, 1, 0], [0, 0, -1, 1]])
    np.testing.assert_allclose(fit.covariance_of(rows), rows @ expected @ rows.T, rtol=1e-8)
    if robust is not None:
        root = robust_root(X, fitted().fit, kind=robust)
        np.testing.assert_allclose(root @ root.T, expected, rtol=1e-8)


@EVERY
def test_coefficients_and_f_tests_use_it(robust: RobustCovariance | None) -> None:
    fit, covariance = fitted(robust), expected_covariance(robust)
    table = fit.coefficient_table(conf_level=0.9)
    assert list(table["term"]) == ["intercept", "age", "arm[A]", "arm[B]"]
    se = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose(table["estimate"], PLAIN.params)
    np.testing.assert_allclose(table["se"], se)
    t = PLAIN.params / se
    from_t = sm.OLS(Y, X).fit().t_test(np.eye(4), cov_p=covariance)
    np.testing.assert_allclose(table["statistic"], t)
    np.testing.assert_allclose(table["p_value"], from_t.pvalue, rtol=1e-7)
    limits = from_t.conf_int(alpha=0.1)
    np.testing.assert_allclose(table[["conf_low", "conf_high"]].to_numpy(), limits)
    assert set(table["df"]) == {26.0}
    assert set(table["conf_level"]) == {0.9}
    hypothesis = np.eye(4)[2:]
    test = PLAIN.f_test(hypothesis, cov_p=covariance)
    found = fit.f_test(hypothesis)
    assert (found.df_num, found.df_den) == (2, 26)
    assert found.statistic == pytest.approx(float(test.fvalue))
    assert found.p_value == pytest.approx(float(test.pvalue))


def test_the_analysis_of_variance_is_that_of_statsmodels() -> None:
    data = pd.DataFrame({"y": Y, "age": AGE.values, "arm": np.array(["P", "A", "B"])[CODES]})
    expected = anova_lm(sm.OLS.from_formula("y ~ age + C(arm)", data).fit(), typ=2)
    table = fitted().anova_table(SumOfSquares.HIERARCHICAL, conf_level=0.95).set_index("term")
    residual = expected.loc["Residual", "sum_sq"]
    for term, other in (("age", "age"), ("arm", "C(arm)")):
        row, own = table.loc[term], expected.loc[other]
        assert row[Stat.STATISTIC] == pytest.approx(own["F"])
        assert row[Stat.P_VALUE] == pytest.approx(own["PR(>F)"])
        assert (row[Stat.DF_NUM], row[Stat.DF_DEN]) == (own["df"], 26)
        assert row[Stat.SUM_SQUARES] == pytest.approx(own["sum_sq"])
        share = own["sum_sq"] / (own["sum_sq"] + residual)
        assert row[Stat.PARTIAL_ETA_SQUARED] == pytest.approx(share)
        low, high = row[Stat.PARTIAL_ETA_SQUARED_CONF_LOW], row[Stat.PARTIAL_ETA_SQUARED_CONF_HIGH]
        assert low < share < high
    robust = fitted(RobustCovariance.HC3).anova_table(SumOfSquares.HIERARCHICAL, conf_level=0.95)
    assert Stat.SUM_SQUARES.value not in robust
    assert Stat.PARTIAL_ETA_SQUARED.value not in robust


@pytest.mark.parametrize("robust", [None, RobustCovariance.HC2])
def test_added_terms_are_tested_in_the_larger_model(robust: RobustCovariance | None) -> None:
    found = fitted(robust).f_test_of_added((("age", "arm"),), Y)
    larger = np.column_stack([X, AGE.values * (CODES == 1), AGE.values * (CODES == 2)])
    fit = sm.OLS(Y, larger).fit()
    test = fit.f_test(np.eye(6)[4:], cov_p=fit.cov_HC2 if robust else None)
    assert (found.df_num, found.df_den) == (2, 24)
    assert found.statistic == pytest.approx(float(test.fvalue))
    assert found.p_value == pytest.approx(float(test.pvalue))


def test_an_interaction_with_an_empty_cell_has_the_degrees_of_freedom_that_it_has() -> None:
    # nobody of the third arm is at the second site
    codes = np.where(CODES == 2, 0, np.arange(N) // 3 % 2)
    site = FactorColumn(name="site", codes=codes, levels=("N", "S"))
    fit = fit_model((site, ARM), (("site",), ("arm",)), Y, robust=None)
    found = fit.f_test_of_added((("site", "arm"),), Y)
    small = np.column_stack([X[:, [0, 2, 3]], codes])
    whole = sm.OLS(Y, np.column_stack([small, codes * (CODES == 1)])).fit()
    assert (found.df_num, found.df_den) == (1, 25)
    assert found.statistic == pytest.approx(float(whole.tvalues[-1] ** 2))
    same = fit.f_test_of_added
    with pytest.raises(AnalysisError, match="no degree of freedom of the interaction"):
        same((("site",),), Y)


def test_an_interaction_may_leave_no_residual() -> None:
    few = np.array([0, 1, 2, 3, 4])
    age = NumericColumn(name="age", values=np.array([1.0, 2, 4, 8, 3]))
    arm = FactorColumn(name="arm", codes=np.array([0, 0, 1, 1, 1]), levels=("P", "A"))
    other = NumericColumn(name="other", values=np.array([3.0, 1, 4, 1, 5]))
    outcome = np.array([1.0, 5, 2, 8, 3])[few]
    fit = fit_model((age, arm, other), (("age",), ("arm",), ("other",)), outcome, robust=None)
    with pytest.raises(AnalysisError, match="leaves no degree of freedom"):
        fit.f_test_of_added((("age", "arm"),), outcome)


def test_the_influence_of_each_row_is_that_of_statsmodels() -> None:
    table, other = fitted().influence_table(), PLAIN.get_influence()
    np.testing.assert_allclose(table["fitted"], PLAIN.fittedvalues)
    np.testing.assert_allclose(table["residual"], PLAIN.resid)
    np.testing.assert_allclose(table["standardised_residual"], other.resid_studentized_internal)
    np.testing.assert_allclose(table["leverage"], other.hat_matrix_diag)
    np.testing.assert_allclose(table["cooks_distance"], other.cooks_distance[0])


def lone() -> FittedModel:
    codes = CODES.copy()
    codes[codes == 2] = 0
    codes[4] = 2
    arm = FactorColumn(name="arm", codes=codes, levels=("P", "A", "B"))
    return fit_model((AGE, arm), TERMS, Y, robust=None)


def test_a_row_that_determines_a_coefficient_alone_has_infinite_influence() -> None:
    row = lone().influence_table().iloc[4]
    assert (row["residual"], row["cooks_distance"]) == (0, np.inf)
    assert row["leverage"] == pytest.approx(1)
    assert row["leverage"] <= 1
    assert np.isfinite(lone().influence_table().drop(index=4).to_numpy()).all()


@pytest.mark.parametrize("kind", list(RobustCovariance))
def test_such_a_row_leaves_some_robust_covariances_undefined(kind: RobustCovariance) -> None:
    fit = lone()
    if kind in {RobustCovariance.HC0, RobustCovariance.HC1}:
        assert np.isfinite(robust_root(fit.design.matrix, fit.fit, kind=kind)).all()
        return
    with pytest.raises(AnalysisError, match=r"is not defined: a row determines .*; there are 1$"):
        robust_root(fit.design.matrix, fit.fit, kind=kind)


def test_an_outcome_that_the_model_reproduces_is_refused() -> None:
    with pytest.raises(AnalysisError, match="reproduces the outcome exactly"):
        fit_model((AGE, ARM), TERMS, 2 * AGE.values - 3 * (CODES == 1), robust=None)
    twin = NumericColumn(name="twin", values=2 * AGE.values + 1)
    with pytest.raises(AnalysisError, match="'twin' is a linear combination"):
        fit_model((AGE, twin), (("age",), ("twin",)), Y, robust=None)
