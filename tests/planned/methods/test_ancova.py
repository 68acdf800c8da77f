"""The rows of a planned ANCOVA are those of statsmodels on the array of the trial."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from tests.planned.hand import ARM, ARMS, PAIN, Rows, task_of
from trialkit.planned.methods.ancova import ANCOVA, fit_ancova, state_ancova
from trialkit.planned.methods.kernel import SimulatedTrials
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    OutcomeScale,
    RobustCovariance,
)
from trialkit.protocol.methods.method import Response
from trialkit.results.effect import Scale
from trialkit.results.series import SeriesKind
from trialkit.results.vocabulary import Stat

CONTRAST = (
    Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.STATISTIC, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH,
    Stat.CONF_LEVEL,
)  # fmt: skip
MEAN = (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.CONF_LOW, Stat.CONF_HIGH)
DESIGN = np.column_stack([np.ones(24), ARM == 1, ARM == 2, PAIN[:, 0]]).astype(float)


def stated(**options: object) -> Rows:
    specification = Ancova(**options)  # type: ignore[arg-type]
    return Rows(state_ancova(task_of(specification), specification))


def numbers(test: object) -> list[float]:
    """What statsmodels has of one contrast, at 90 %."""
    low, high = test.conf_int(alpha=0.1)[0]  # type: ignore[attr-defined]
    names = ("effect", "sd", "df_denom", "tvalue", "pvalue")
    return [*(float(np.squeeze(getattr(test, name))) for name in names), low, high, 0.9]


@pytest.mark.parametrize("response", list(Response))
@pytest.mark.parametrize("robust", [None, RobustCovariance.HC3])
def test_contrasts_and_means_are_those_of_least_squares(
    response: Response, robust: RobustCovariance | None
) -> None:
    outcome = PAIN[:, 2] - (PAIN[:, 0] if response is Response.CHANGE else 0)
    fit = sm.OLS(outcome, DESIGN).fit()
    if robust:
        fit = fit.get_robustcov_results("HC3", use_t=True)
    rows = stated(response=response, robust=robust)
    for place, arm in ((1, "A1"), (2, "A2")):
        found = rows.values(CONTRAST, term=f"{arm} - A0", visit="V2")
        np.testing.assert_allclose(found, numbers(fit.t_test(np.eye(4)[place])), rtol=1e-8)
    for place, arm in enumerate(ARMS):
        at = np.array([1.0, place == 1, place == 2, PAIN[:, 0].mean()])
        estimate, se, df, _, _, low, high, _ = numbers(fit.t_test(at))
        found = rows.values(MEAN, term="adjusted mean", visit="V2", arm=arm)
        np.testing.assert_allclose(found, [estimate, se, df, low, high], rtol=1e-8)
    row = rows.row(Stat.ESTIMATE, term="A1 - A0", visit="V2")
    assert (row.unit, row.method, row.scale) == ("mm", "ancova", Scale.DIFFERENCE)


def test_all_pairs_are_compared_and_adjusted_by_the_studentised_range() -> None:
    rows = stated(comparisons=Comparisons.ALL_PAIRS, adjustment=ContrastAdjustment.TUKEY)
    fit = sm.OLS(PAIN[:, 2], DESIGN).fit()
    for term, contrast in (
        ("A1 - A0", [0, 1, 0, 0]),
        ("A2 - A0", [0, 0, 1, 0]),
        ("A2 - A1", [0, -1, 1, 0]),
    ):
        about = {"term": term, "visit": "V2"}
        expected = fit.t_test(np.array(contrast, dtype=float))
        assert rows.value(Stat.ESTIMATE, **about) == pytest.approx(float(expected.effect[0]))
        assert rows.value(Stat.P_VALUE, **about) == pytest.approx(float(expected.pvalue))
    # with a covariate the range is an approximation to what is computed
    t = abs(fit.t_test(np.array([0.0, 1, 0, 0])).tvalue.item())
    adjusted = stats.studentized_range.sf(t * np.sqrt(2), 3, 20)
    found = rows.value(Stat.P_ADJUSTED, term="A1 - A0", visit="V2")
    assert found == pytest.approx(adjusted, rel=0.05)


def test_an_adjusted_p_value_is_stated_only_where_it_is_asked_for() -> None:
    assert Stat.P_ADJUSTED not in {row.stat_name for row in stated().rows}
    rows = stated(adjustment=ContrastAdjustment.BONFERRONI)
    about = {"term": "A1 - A0", "visit": "V2"}
    raw = rows.value(Stat.P_VALUE, **about)
    assert rows.value(Stat.P_ADJUSTED, **about) == pytest.approx(min(1, 2 * raw))


def test_a_model_of_logarithms_states_ratios_without_a_unit() -> None:
    rows = stated(scale=OutcomeScale.LOG)
    fit = sm.OLS(np.log(PAIN[:, 2]), DESIGN).fit()
    low, high = fit.conf_int(alpha=0.1)[2]
    about = {"term": "A2 / A0", "visit": "V2"}
    found = rows.values((Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH), **about)
    np.testing.assert_allclose(found, np.exp([fit.params[2], low, high]), rtol=1e-8)
    row = rows.row(Stat.ESTIMATE, **about)
    assert (row.unit, row.scale) == ("", Scale.RATIO)
    mean = rows.row(Stat.ESTIMATE, term="adjusted mean", visit="V2", arm="A0")
    assert mean.unit == "mm"


def test_residuals_stand_over_what_was_fitted_in_their_arm() -> None:
    fit = sm.OLS(PAIN[:, 2], DESIGN).fit()
    series = {each.kind: each for each in stated().series}
    drawn = series[SeriesKind.RESIDUALS].points[:-1]
    expected = sorted(zip(fit.resid, fit.fittedvalues, (ARMS[a] for a in ARM), strict=True))
    np.testing.assert_allclose([p.y for p in drawn], [each[0] for each in expected], rtol=1e-8)
    np.testing.assert_allclose([p.x for p in drawn], [each[1] for each in expected], rtol=1e-8)
    assert [p.arm for p in drawn] == [each[2] for each in expected]


def test_who_lacks_the_value_is_not_in_the_model_and_is_counted_out() -> None:
    pain = PAIN.copy()
    pain[[2, 9, 10], 2] = np.nan
    specification = Ancova()
    task = task_of(specification, pain=pain)
    rows = Rows(state_ancova(task, specification))
    kept = ~np.isnan(pain[:, 2])
    fit = sm.OLS(pain[kept, 2], DESIGN[kept]).fit()
    assert rows.value(Stat.ESTIMATE, term="A1 - A0", visit="V2") == pytest.approx(fit.params[1])
    counts = [
        rows.values((Stat.N, Stat.N_EXCLUDED), visit="V2", arm=arm) for arm in ("A0", "A1", "A2")
    ]
    assert counts == [[7, 1], [6, 2], [8, 0]]
    own = fit_ancova(task, specification)
    np.testing.assert_allclose(np.sort(own.rows.outcome), np.sort(pain[kept, 2]))


@pytest.mark.parametrize("response", list(Response))
def test_many_trials_at_once_decide_as_each_alone(response: Response) -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(size=(4, 24, 3)) + 0.3 * ARM[:, None]
    values[1, 3, 2] = np.nan
    trials = SimulatedTrials(
        values=values, arms=ARM, place=2, covariates=(), level=0.9, rng=np.random.default_rng(1)
    )
    kernel = ANCOVA.kernel
    assert kernel is not None
    found = kernel.decide(Ancova(response=response), trials)
    for at in range(4):
        outcome = values[at, :, 2] - (values[at, :, 0] if response is Response.CHANGE else 0)
        kept = ~np.isnan(outcome)
        design = np.column_stack([np.ones(24), ARM == 1, ARM == 2, values[at, :, 0]])[kept]
        fit = sm.OLS(outcome[kept], design.astype(float)).fit()
        np.testing.assert_allclose(found.estimate[at], fit.params[1:3])
        np.testing.assert_allclose(found.se[at], fit.bse[1:3])
        np.testing.assert_allclose(found.p_value[at], fit.pvalues[1:3])
        limits = fit.conf_int(alpha=0.1)[1:3]
        np.testing.assert_allclose(
            np.column_stack([found.conf_low[at], found.conf_high[at]]), limits
        )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ""),
        ({"adjustment": ContrastAdjustment.HOLM}, "contrasts adjusted by holm have no kernel"),
        ({"robust": RobustCovariance.HC3}, "a robust or logarithmic ANCOVA has no kernel"),
        ({"scale": OutcomeScale.LOG}, "a robust or logarithmic ANCOVA has no kernel"),
        ({"comparisons": Comparisons.ALL_PAIRS}, "comparisons of all pairs have no kernel"),
    ],
)
def test_what_cannot_be_simulated_is_said(options: dict[str, object], words: str) -> None:
    kernel = ANCOVA.kernel
    assert kernel is not None
    assert kernel.refusal(Ancova(**options)) == words  # type: ignore[arg-type]
