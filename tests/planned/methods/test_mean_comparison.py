"""The rows of planned comparisons of means are those of scipy on the array of the trial."""

import numpy as np
import pytest
from scipy import stats

from tests.planned.hand import ARM, ARMS, PAIN, Rows, task_of
from trialkit.planned.methods.kernel import SimulatedTrials
from trialkit.planned.methods.mean_comparison import MEAN_COMPARISON, state_mean_comparison
from trialkit.planned.task.stating import NO_LIMITS
from trialkit.protocol.methods.comparisons import Alternative
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.results.effect import Scale, Status
from trialkit.results.series import SeriesKind
from trialkit.results.vocabulary import Stat

OUTCOMES = {Response.CHANGE: PAIN[:, 2] - PAIN[:, 0], Response.FINAL: PAIN[:, 2]}


def stated(**options: object) -> Rows:
    specification = MeanComparison(**options)  # type: ignore[arg-type]
    return Rows(state_mean_comparison(task_of(specification), specification))


@pytest.mark.parametrize("response", list(Response))
@pytest.mark.parametrize("method", [Method.WELCH_T, Method.STUDENT_T])
def test_each_arm_is_compared_with_the_reference(method: Method, response: Response) -> None:
    rows = stated(method=method, response=response)
    y = OUTCOMES[response]
    for code, arm in ((1, "A1"), (2, "A2")):
        own, other = y[code == ARM], y[ARM == 0]
        test = stats.ttest_ind(own, other, equal_var=method is Method.STUDENT_T)
        low, high = test.confidence_interval(0.9)
        found = rows.values(
            (Stat.ESTIMATE, Stat.DF, Stat.STATISTIC, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH),
            term=f"{arm} - A0",
            visit="V2",
        )
        difference = own.mean() - other.mean()
        expected = [difference, test.df, test.statistic, test.pvalue, low, high]
        np.testing.assert_allclose(found, expected, rtol=1e-9)
        pooled = np.sqrt((own.var(ddof=1) + other.var(ddof=1)) / 2)
        hedges = rows.row(Stat.HEDGES_G, term=f"{arm} - A0", visit="V2")
        correction = 1 - 3 / (4 * 14 - 1)
        assert hedges.stat == pytest.approx(difference / pooled * correction, rel=2e-3)
        assert hedges.scale is Scale.STANDARDISED_DIFFERENCE
        what = "change" if response is Response.CHANGE else "final value"
        assert hedges.note == f"standardised by the pooled SD of the {what}"
    row = rows.row(Stat.ESTIMATE, term="A1 - A0", visit="V2")
    assert (row.method, row.unit, row.analysis_id) == (method.value, "mm", "mine")


@pytest.mark.parametrize("alternative", [Alternative.GREATER, Alternative.LESS])
def test_a_direction_asks_on_one_side(alternative: Alternative) -> None:
    rows = stated(method=Method.WELCH_T, alternative=alternative)
    y = OUTCOMES[Response.CHANGE]
    test = stats.ttest_ind(y[ARM == 1], y[ARM == 0], equal_var=False, alternative=alternative.value)
    assert rows.value(Stat.P_VALUE, term="A1 - A0", visit="V2") == pytest.approx(test.pvalue)


@pytest.mark.parametrize(
    ("method", "of"),
    [(Method.ONE_WAY_ANOVA, stats.f_oneway), (Method.KRUSKAL_WALLIS, stats.kruskal)],
)
@pytest.mark.parametrize("response", list(Response))
def test_a_test_of_all_arms_is_a_row_about_the_groups(
    method: Method, of: object, response: Response
) -> None:
    rows = stated(method=method, response=response)
    y = OUTCOMES[response]
    test = of(*(y[code == ARM] for code in range(3)))  # type: ignore[operator]
    about = {"term": "group", "visit": "V2"}
    found = rows.values((Stat.STATISTIC, Stat.P_VALUE), **about)
    np.testing.assert_allclose(found, [test.statistic, test.pvalue])
    terms = {row.term for row in rows.rows} - {""}
    assert terms == {"group"}
    if method is Method.ONE_WAY_ANOVA:
        assert rows.values((Stat.DF_NUM, Stat.DF_DEN), **about) == [2, 21]
    else:
        assert rows.value(Stat.DF, **about) == 2


def test_residuals_of_t_tests_are_deviations_from_the_means_of_the_arms() -> None:
    for response, y in OUTCOMES.items():
        series = {
            each.kind: each for each in stated(method=Method.WELCH_T, response=response).series
        }
        drawn = series[SeriesKind.RESIDUALS].points[:-1]
        means = np.array([y[code == ARM].mean() for code in range(3)])[ARM]
        np.testing.assert_allclose([p.y for p in drawn], np.sort(y - means), atol=1e-9)
    assert stated(method=Method.MANN_WHITNEY).series == []


def test_everybody_with_a_value_is_counted() -> None:
    rows = stated(method=Method.WELCH_T)
    for arm in ARMS:
        assert rows.values((Stat.N, Stat.N_EXCLUDED), visit="V2", arm=arm) == [8, 0]


@pytest.mark.parametrize("response", list(Response))
@pytest.mark.parametrize("method", [Method.WELCH_T, Method.STUDENT_T])
def test_many_trials_at_once_decide_as_each_alone(method: Method, response: Response) -> None:
    values = np.random.default_rng(5).normal(size=(3, 24, 3)) * (1 + ARM[:, None])
    trials = SimulatedTrials(
        values=values, arms=ARM, place=1, covariates=(), level=0.9, rng=np.random.default_rng(1)
    )
    kernel = MEAN_COMPARISON.kernel
    assert kernel is not None
    asked = MeanComparison(method=method, response=response, alternative=Alternative.GREATER)
    found = kernel.decide(asked, trials)
    y = trials.response(response)
    for at in range(3):
        for code in (1, 2):
            own, other = y[at, code == ARM], y[at, ARM == 0]
            test = stats.ttest_ind(
                own, other, equal_var=method is Method.STUDENT_T, alternative="greater"
            )
            assert found.estimate[at, code - 1] == pytest.approx(own.mean() - other.mean())
            assert found.p_value[at, code - 1] == pytest.approx(test.pvalue)
            low = test.confidence_interval(0.9).low
            assert found.conf_low[at, code - 1] == pytest.approx(low)
    assert kernel.refusal(asked) == ""


def test_so_few_values_have_no_limits_of_ranks_and_that_is_said() -> None:
    pain = PAIN.copy()
    pain[np.arange(24) % 8 > 1, 2] = np.nan
    two_sided = MeanComparison(method=Method.MANN_WHITNEY)
    one_sided = MeanComparison(method=Method.MANN_WHITNEY, alternative=Alternative.GREATER)
    whole = Rows(state_mean_comparison(task_of(one_sided), one_sided))
    few = Rows(state_mean_comparison(task_of(two_sided, pain=pain), two_sided))
    about = {"term": "A1 - A0", "visit": "V2", "by": "mann_whitney"}
    for stat in (Stat.CONF_LOW, Stat.CONF_HIGH):
        row = few.row(stat, **about)
        assert (row.status, row.note) == (Status.NOT_ESTIMABLE, NO_LIMITS)
        # a one-sided interval has one limit, and needs no word
        assert (whole.row(stat, **about).status, whole.row(stat, **about).note) == (
            Status.ESTIMATED, "",
        )  # fmt: skip
    for stat in (Stat.ESTIMATE, Stat.P_VALUE):
        assert (few.row(stat, **about).status, few.row(stat, **about).note) == (
            Status.ESTIMATED, "",
        )  # fmt: skip
