"""The rows of a planned MMRM of complete data are those of least squares at each visit."""

import numpy as np
import pytest
import statsmodels.api as sm

from tests.planned.hand import ARM, ARMS, PAIN, Rows, task_of
from trialkit.errors import DesignError
from trialkit.planned.methods.kernel import SimulatedTrials
from trialkit.planned.methods.mmrm import MMRM, fit_mmrm, state_mmrm
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.repeated import CovarianceStructure
from trialkit.results.effect import Scale
from trialkit.results.series import SeriesKind
from trialkit.results.vocabulary import Stat

DESIGN = np.column_stack([np.ones(24), ARM == 1, ARM == 2, PAIN[:, 0]]).astype(float)
CONTRAST = (
    Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.STATISTIC, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH,
)  # fmt: skip
BY_VISIT = {"covariates": (), "covariates_by_visit": ("baseline",)}


def stated(**options: object) -> Rows:
    specification = Mmrm(**options)  # type: ignore[arg-type]
    return Rows(state_mmrm(task_of(specification), specification))


def numbers(fit: object, at: object) -> list[float]:
    test = fit.t_test(np.asarray(at, dtype=float))  # type: ignore[attr-defined]
    low, high = test.conf_int(alpha=0.1)[0]
    names = ("effect", "sd", "df_denom", "tvalue", "pvalue")
    return [*(float(np.squeeze(getattr(test, name))) for name in names), low, high]


def outcome(response: Response, place: int) -> np.ndarray:
    return PAIN[:, place] - (PAIN[:, 0] if response is Response.CHANGE else 0)


@pytest.mark.parametrize("response", list(Response))
def test_contrasts_and_means_are_those_of_each_visit(response: Response) -> None:
    rows = stated(response=response, **BY_VISIT)
    average = (outcome(response, 1) + outcome(response, 2)) / 2
    for visit, y in (
        ("V1", outcome(response, 1)),
        ("V2", outcome(response, 2)),
        ("average", average),
    ):
        fit = sm.OLS(y, DESIGN).fit()
        for code in (1, 2):
            found = rows.values(CONTRAST, term=f"A{code} - A0", visit=visit)
            np.testing.assert_allclose(found, numbers(fit, np.eye(4)[code]), rtol=1e-5)
        if visit == "average":
            continue
        for code, arm in enumerate(ARMS):
            at = [1.0, code == 1, code == 2, PAIN[:, 0].mean()]
            expected = numbers(fit, at)
            found = rows.values(
                (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.CONF_LOW, Stat.CONF_HIGH),
                term="marginal mean",
                visit=visit,
                arm=arm,
            )
            np.testing.assert_allclose(found, [*expected[:3], *expected[5:]], rtol=1e-5)
    row = rows.row(Stat.ESTIMATE, term="A1 - A0", visit="V2")
    assert (row.unit, row.method, row.scale) == ("mm", "mmrm", Scale.DIFFERENCE)


def test_the_covariance_is_that_of_the_residuals_and_belongs_to_its_visits() -> None:
    rows = stated(**BY_VISIT)
    left = np.column_stack(
        [sm.OLS(outcome(Response.CHANGE, k), DESIGN).fit().resid for k in (1, 2)]
    )
    sigma = left.T @ left / 20
    for term, u, v in (("V1, V1", 0, 0), ("V1, V2", 0, 1), ("V2, V2", 1, 1)):
        found = rows.values((Stat.COVARIANCE, Stat.CORRELATION), term=term)
        expected = [sigma[u, v], sigma[u, v] / np.sqrt(sigma[u, u] * sigma[v, v])]
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert rows.row(Stat.LOG_LIKELIHOOD).note == "unstructured covariance"
    assert len([row for row in rows.rows if row.stat_name is Stat.COVARIANCE]) == 3
    # REML: minus twice the log-likelihood in closed form
    n, p, m = 24, 4, 2
    logdet = np.linalg.slogdet(sigma)[1]
    columns = m * np.linalg.slogdet(DESIGN.T @ DESIGN)[1]
    minus_two = (n - p) * (m * np.log(2 * np.pi) + logdet + m) + columns
    log_likelihood, aic, bic = rows.values((Stat.LOG_LIKELIHOOD, Stat.AIC, Stat.BIC))
    assert -2 * log_likelihood == pytest.approx(minus_two, rel=1e-7)
    assert aic == pytest.approx(minus_two + 2 * 3)
    assert bic == pytest.approx(minus_two + 3 * np.log(24))


def test_terms_are_tested_together() -> None:
    rows = stated(**BY_VISIT)
    change = PAIN[:, 2] - PAIN[:, 1]
    for term, restriction in (
        ("arm:visit", np.eye(4)[1:3]),
        ("baseline:visit", np.eye(4)[3:]),
    ):
        test = sm.OLS(change, DESIGN).fit().f_test(restriction)
        found = rows.values((Stat.DF_NUM, Stat.DF_DEN, Stat.STATISTIC, Stat.P_VALUE), term=term)
        expected = [test.df_num, test.df_denom, float(test.fvalue), float(test.pvalue)]
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    average = (outcome(Response.CHANGE, 1) + outcome(Response.CHANGE, 2)) / 2
    test = sm.OLS(average, DESIGN).fit().f_test(np.eye(4)[1:3])
    assert rows.value(Stat.STATISTIC, term="arm") == pytest.approx(float(test.fvalue), rel=1e-5)


@pytest.mark.parametrize("response", list(Response))
def test_residuals_are_of_the_response(response: Response) -> None:
    series = {each.kind: each for each in stated(response=response, **BY_VISIT).series}
    drawn = series[SeriesKind.RESIDUALS].points[:-1]
    expected = []
    for place in (1, 2):
        fit = sm.OLS(outcome(response, place), DESIGN).fit()
        expected += list(zip(fit.resid, fit.fittedvalues, (ARMS[a] for a in ARM), strict=True))
    expected.sort()
    np.testing.assert_allclose([p.y for p in drawn], [each[0] for each in expected], atol=1e-4)
    np.testing.assert_allclose([p.x for p in drawn], [each[1] for each in expected], atol=1e-4)
    assert [p.arm for p in drawn] == [each[2] for each in expected]


def test_each_arm_may_have_a_covariance_of_its_own() -> None:
    rows = stated(covariates=(), covariance_by="arm", inference="satterthwaite")
    for code, arm in enumerate(ARMS):
        own = (PAIN[:, 1:] - PAIN[:, :1])[code == ARM]
        sigma = np.cov(own.T)
        found = [
            rows.value(Stat.COVARIANCE, term=term, arm=arm)
            for term in ("V1, V1", "V1, V2", "V2, V2")
        ]
        np.testing.assert_allclose(found, [sigma[0, 0], sigma[0, 1], sigma[1, 1]], rtol=1e-5)


def test_the_model_is_fitted_as_the_plan_has_it() -> None:
    asked = Mmrm(
        covariates=("baseline",),
        covariance=CovarianceStructure.SPATIAL_EXPONENTIAL,
        likelihood="ml",
        inference="satterthwaite",
    )
    fit = fit_mmrm(task_of(asked), asked)
    assert fit.visits == ("V1", "V2")
    assert fit.arms == ("A0", "A1", "A2")
    assert (fit.structure.value, fit.likelihood.value) == ("spatial-exponential", "ml")
    assert fit.inference.value == "satterthwaite"
    assert fit.terms == ("baseline", "arm", "visit", "arm:visit")
    # 28 days lie between the visits
    rho = fit.covariance_parameters().set_index("parameter")["estimate"]["correlation"]
    assert fit.correlation().iloc[0, 1] == pytest.approx(rho**28)


@pytest.mark.parametrize("response", list(Response))
def test_many_trials_at_once_decide_as_each_alone(response: Response) -> None:
    values = np.random.default_rng(5).normal(size=(3, 24, 3)) + 0.4 * ARM[:, None]
    trials = SimulatedTrials(
        values=values, arms=ARM, place=2, covariates=(), level=0.9, rng=np.random.default_rng(1)
    )
    kernel = MMRM.kernel
    assert kernel is not None
    asked = Mmrm(response=response, covariates=(), covariates_by_visit=("baseline",))
    found = kernel.decide(asked, trials)
    for at in range(3):
        y = values[at, :, 2] - (values[at, :, 0] if response is Response.CHANGE else 0)
        design = np.column_stack([np.ones(24), ARM == 1, ARM == 2, values[at, :, 0]])
        fit = sm.OLS(y, design.astype(float)).fit()
        np.testing.assert_allclose(found.estimate[at], fit.params[1:3], rtol=1e-5)
        np.testing.assert_allclose(found.se[at], fit.bse[1:3], rtol=1e-5)
        np.testing.assert_allclose(found.p_value[at], fit.pvalues[1:3], rtol=1e-4)
        limits = np.column_stack([found.conf_low[at], found.conf_high[at]])
        np.testing.assert_allclose(limits, fit.conf_int(alpha=0.1)[1:3], rtol=1e-4, atol=1e-6)


def test_a_model_that_cannot_be_simulated_is_an_error_of_the_design() -> None:
    flat = SimulatedTrials(
        values=np.ones((2, 24, 3)), arms=ARM, place=2, covariates=(), level=0.9,
        rng=np.random.default_rng(1),
    )  # fmt: skip
    kernel = MMRM.kernel
    assert kernel is not None
    with pytest.raises(DesignError, match="the planned MMRM cannot be simulated: "):
        kernel.decide(Mmrm(covariates=("baseline",)), flat)


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({}, False),
        ({"covariance_by": "arm"}, True),
        ({"weights": "form.item"}, True),
        ({"fallback": (CovarianceStructure.AR1,)}, True),
    ],
)
def test_what_has_no_kernel_is_said(options: dict[str, object], refused: bool) -> None:
    kernel = MMRM.kernel
    assert kernel is not None
    words = "an MMRM with covariance_by, weights or fallback has no kernel" if refused else ""
    assert kernel.refusal(Mmrm(**options)) == words  # type: ignore[arg-type]


def test_who_has_any_later_value_is_analysed() -> None:
    pain = PAIN.copy()
    pain[[3, 11], 1:] = np.nan
    pain[9, 2] = pain[20, 1] = np.nan
    pain[10, 0] = np.nan
    asked = Mmrm(**BY_VISIT)  # type: ignore[arg-type]
    rows = Rows(state_mmrm(task_of(asked, pain=pain), asked))
    counts = [rows.values((Stat.N, Stat.N_EXCLUDED), visit="V2", arm=arm) for arm in ARMS]
    # without a baseline there is no change and no covariate
    assert counts == [[7, 1], [6, 2], [8, 0]]
