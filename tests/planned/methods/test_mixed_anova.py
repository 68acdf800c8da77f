"""The rows of a planned mixed ANOVA, by sums of squares and least squares of the changes."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from tests.planned.hand import ARM, ARMS, PAIN, Rows, task_of
from trialkit.planned.methods.kernel import SimulatedTrials
from trialkit.planned.methods.mixed_anova import MIXED_ANOVA, state_hedges_g, state_mixed_anova
from trialkit.planned.task.stating import NO_VARIANCE, contrast_statement
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.results.effect import StandardisedBy, Status
from trialkit.results.series import SeriesKind
from trialkit.results.vocabulary import Stat

DESIGN = np.column_stack([np.ones(24), ARM == 1, ARM == 2]).astype(float)
CONTRAST = (
    Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.STATISTIC, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH,
)  # fmt: skip


def stated(**options: object) -> Rows:
    specification = MixedAnova(**options)  # type: ignore[arg-type]
    return Rows(state_mixed_anova(task_of(specification), specification))


def test_the_terms_are_those_of_the_balanced_sums_of_squares() -> None:
    rows = stated()
    grand = PAIN.mean()
    of_arm = np.array([PAIN[code == ARM].mean() for code in range(3)])
    of_visit = PAIN.mean(axis=0)
    cell = np.array([PAIN[code == ARM].mean(axis=0) for code in range(3)])
    of_subject = PAIN.mean(axis=1)
    between = 24 * ((of_arm - grand) ** 2).sum()
    error_between = 3 * ((of_subject - of_arm[ARM]) ** 2).sum()
    within = 24 * ((of_visit - grand) ** 2).sum()
    both = 8 * ((cell - of_arm[:, None] - of_visit + grand) ** 2).sum()
    left = PAIN - of_subject[:, None] - cell[ARM] + of_arm[ARM][:, None]
    error_within = (left**2).sum()
    for term, effect, df, error, df_error in (
        ("group", between, 2, error_between, 21),
        ("visit", within, 2, error_within, 42),
        ("group:visit", both, 4, error_within, 42),
    ):
        f = effect / df / (error / df_error)
        found = rows.values(
            (Stat.DF_NUM, Stat.DF_DEN, Stat.STATISTIC, Stat.P_VALUE, Stat.PARTIAL_ETA_SQUARED),
            term=term,
        )
        expected = [df, df_error, f, stats.f.sf(f, df, df_error), effect / (effect + error)]
        np.testing.assert_allclose(found, expected, rtol=1e-8)


def test_contrasts_are_of_the_changes_with_the_error_of_all_arms() -> None:
    rows = stated()
    for place, visit in ((1, "V1"), (2, "V2")):
        fit = sm.OLS(PAIN[:, place] - PAIN[:, 0], DESIGN).fit()
        for code, arm in ((1, "A1"), (2, "A2")):
            low, high = fit.conf_int(alpha=0.1)[code]
            expected = [
                fit.params[code], fit.bse[code], 21, fit.tvalues[code], fit.pvalues[code], low, high,
            ]  # fmt: skip
            found = rows.values(CONTRAST, term=f"{arm} - A0", visit=visit)
            np.testing.assert_allclose(found, expected, rtol=1e-8)
    assert not [row for row in rows.rows if row.visit == "V0" and row.stat_name is Stat.ESTIMATE]


def test_adjusted_p_values_answer_for_the_contrasts_of_a_visit() -> None:
    rows = stated(adjustment=ContrastAdjustment.BONFERRONI)
    for visit in ("V1", "V2"):
        for arm in ("A1", "A2"):
            about = {"term": f"{arm} - A0", "visit": visit}
            raw, adjusted = rows.values((Stat.P_VALUE, Stat.P_ADJUSTED), **about)
            assert adjusted == pytest.approx(min(1, 2 * raw))


@pytest.mark.parametrize("time_point", ["V1", "V2"])
def test_hedges_g_is_of_the_change_at_the_time_point(time_point: str) -> None:
    task = task_of(MixedAnova())
    moved = replace(task, outcome=replace(task.outcome, time_point=time_point))
    rows = Rows(state_hedges_g(contrast_statement(moved), moved))
    place = int(time_point[1])
    change = PAIN[:, place] - PAIN[:, 0]
    for code, arm in ((1, "A1"), (2, "A2")):
        own, other = change[code == ARM], change[ARM == 0]
        d = (own.mean() - other.mean()) / np.sqrt((own.var(ddof=1) + other.var(ddof=1)) / 2)
        row = rows.row(Stat.HEDGES_G, term=f"{arm} - A0", visit=time_point)
        assert row.stat == pytest.approx(d * (1 - 3 / 55), rel=2e-3)
        assert row.standardised_by is StandardisedBy.POOLED_CHANGE
    assert len(rows.rows) == 6


def test_residuals_are_deviations_from_the_means_of_arm_and_visit() -> None:
    series = {each.kind: each for each in stated().series}
    drawn = series[SeriesKind.RESIDUALS].points[:-1]
    cell = np.array([PAIN[code == ARM].mean(axis=0) for code in range(3)])
    np.testing.assert_allclose([p.y for p in drawn], np.sort((PAIN - cell[ARM]).ravel()), atol=1e-9)


def test_only_those_with_every_visit_are_analysed() -> None:
    pain = PAIN.copy()
    pain[4, 1] = np.nan
    rows = Rows(state_mixed_anova(task_of(MixedAnova(), pain=pain), MixedAnova()))
    counts = [rows.values((Stat.N, Stat.N_EXCLUDED), visit="V2", arm=arm) for arm in ARMS]
    assert counts == [[7, 1], [8, 0], [8, 0]]
    kept = np.arange(24) != 4
    fit = sm.OLS(PAIN[kept, 2] - PAIN[kept, 0], DESIGN[kept]).fit()
    found = rows.values((Stat.ESTIMATE, Stat.DF), term="A1 - A0", visit="V2")
    np.testing.assert_allclose(found, [fit.params[1], 20])


def test_many_trials_at_once_decide_as_each_alone() -> None:
    values = np.random.default_rng(5).normal(size=(5, 24, 3)) + 0.4 * ARM[:, None]
    values[1, [0, 9], [1, 2]] = np.nan
    values[2, [8, 1], [1, 2]] = np.nan
    values[3, ARM == 2, 2] = np.nan
    trials = SimulatedTrials(
        values=values, arms=ARM, place=1, covariates=(), level=0.9, rng=np.random.default_rng(1)
    )
    kernel = MIXED_ANOVA.kernel
    assert kernel is not None
    found = kernel.decide(MixedAnova(), trials)
    for at in (0, 1, 2, 4):
        kept = ~np.isnan(values[at]).any(axis=1)
        change = values[at, kept, 1] - values[at, kept, 0]
        fit = sm.OLS(change, DESIGN[kept]).fit()
        np.testing.assert_allclose(found.estimate[at], fit.params[1:])
        np.testing.assert_allclose(found.se[at], fit.bse[1:])
        np.testing.assert_allclose(found.p_value[at], fit.pvalues[1:])
        limits = np.column_stack([found.conf_low[at], found.conf_high[at]])
        np.testing.assert_allclose(limits, fit.conf_int(alpha=0.1)[1:])
    # an arm of nobody leaves nothing to decide
    assert np.isnan(found.estimate[3]).all()
    assert found.omnibus is not None
    assert np.isnan(found.omnibus[3])
    cell = np.array([values[0, code == ARM].mean(axis=0) for code in range(3)])
    both = 8 * ((cell - cell.mean(axis=1)[:, None] - cell.mean(axis=0) + cell.mean()) ** 2).sum()
    left = values[0] - values[0].mean(axis=1)[:, None] - cell[ARM] + cell.mean(axis=1)[ARM][:, None]
    f = (both / 4) / ((left**2).sum() / 42)
    assert found.omnibus[0] == pytest.approx(stats.f.sf(f, 4, 42))


def test_adjusted_contrasts_have_no_kernel() -> None:
    kernel = MIXED_ANOVA.kernel
    assert kernel is not None
    assert kernel.refusal(MixedAnova()) == ""
    asked = MixedAnova(adjustment=ContrastAdjustment.HOLM)
    assert kernel.refusal(asked) == "contrasts adjusted by holm have no kernel"


def test_where_all_change_alike_there_is_no_test_and_the_other_visits_have_theirs() -> None:
    pain = PAIN.copy()
    pain[:, 1] = (pain[:, 0] - 5.1).round(1)
    specification = MixedAnova(adjustment=ContrastAdjustment.DUNNETT)
    rows = Rows(state_mixed_anova(task_of(specification, pain=pain), specification))
    for term in ("A1 - A0", "A2 - A0"):
        for stat in (Stat.ESTIMATE, Stat.P_VALUE):
            row = rows.row(stat, term=term, visit="V1")
            assert (row.stat, row.status) == (None, Status.NOT_ESTIMABLE)
            assert row.note == NO_VARIANCE
        own = [each for each in rows.rows if (each.term, each.visit) == (term, "V1")]
        assert len(own) == 2
        assert 0 < rows.value(Stat.P_VALUE, term=term, visit="V2") < 1
        assert 0 < rows.value(Stat.P_ADJUSTED, term=term, visit="V2") < 1
