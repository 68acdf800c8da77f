"""A grid of deltas is as if each had been analysed; contours are where they say."""

import numpy as np
import pytest

from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.crossings import crossings
from trialkit.analysis.imputation.deltas import imputation_deltas
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.moving import moved_estimates
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.analysis.imputation.tipping import TippedConclusion, tipping_point
from trialkit.errors import AnalysisError

FILE = "rbmi_antidepressant.json"
ANALYSIS = ImputedAncova(covariates=["base"], visits=[3])
METHODS = (
    {"method": "conditional-mean-jackknife"},
    {"method": "approximate-bayes", "draws": 8, "seed": 1},
    {"method": "bootstrapped-maximum-likelihood", "draws": 20, "nested": 4, "seed": 1},
)


@pytest.fixture(scope="module")
def model(trial, short):
    frame, events = trial(4)
    return imputation_model(frame, covariates=["base"], events=events, **short)


def added(imputations, one, other):
    """The frame of deltas that adds to every missing value of an arm."""
    frame = imputation_deltas(imputations)
    by_arm = frame["arm"].map({"E": one, "C": other})
    return frame.assign(delta=by_arm.where(frame["is_missing"], 0.0))


@pytest.mark.parametrize("method", METHODS, ids=lambda each: each["method"])
def test_each_point_is_its_own_analysis(model, method):
    imputations = impute(imputation_draws(model, **method))
    grid = tipping_point(
        imputations, ANALYSIS, arm="E", deltas=[-4, 0, 3], other="C", other_deltas=[-1, 2]
    )
    for delta, other in grid.pooled.keys:
        alone = pool_imputations(
            analyse_imputations(imputations, ANALYSIS, deltas=added(imputations, delta, other))
        ).effect(3, "difference", "E")
        found = grid.pooled.effect(delta, other)
        for name in ("estimate", "se", "p_value", "df", "conf_low"):
            assert getattr(found, name) == pytest.approx(getattr(alone, name), rel=1e-7), name


def test_the_published_delta_is_a_point_of_the_grid(jackknifed, rbmi):
    grid = tipping_point(
        impute(jackknifed),
        ImputedAncova(covariates=["BASVAL"], visits=["7"]),
        arm="DRUG",
        deltas=[0, 5],
    )
    name = "jump-to-reference and 5 added to the missing values of DRUG"
    expected = rbmi["conditional_mean_jackknife"][name]
    found = grid.pooled.effect(5.0, 0.0)
    assert -found.estimate == pytest.approx(expected["estimate"], rel=1e-4)
    assert found.se == pytest.approx(expected["se"], rel=1e-4)
    assert grid.table("estimate").loc[5.0, 0.0] == found.estimate


@pytest.mark.parametrize("method", METHODS[:2], ids=lambda each: each["method"])
def test_contours_are_where_p_is_alpha_and_the_estimate_important(model, method):
    imputations = impute(imputation_draws(model, **method), strategy="missing-at-random")
    middle = tipping_point(imputations, ANALYSIS, arm="E", deltas=[0]).pooled.effects[0]
    grid = tipping_point(
        imputations,
        ANALYSIS,
        arm="E",
        deltas=np.arange(-30, 31, 6),
        other="C",
        other_deltas=[-2, 0, 2],
        important=middle.estimate + 0.5,
    )
    assert {each.conclusion for each in grid.crossings} == set(TippedConclusion)
    for each in grid.crossings:
        point = tipping_point(
            imputations,
            ANALYSIS,
            arm="E",
            deltas=[each.delta],
            other="C",
            other_deltas=[each.delta_other],
        ).pooled.effects[0]
        if each.conclusion is TippedConclusion.SIGNIFICANCE:
            assert point.p_value == pytest.approx(0.05, rel=1e-6)
        else:
            assert point.estimate == pytest.approx(middle.estimate + 0.5, rel=1e-8)
    tip = grid.tipping_point()
    assert tip is not None
    on_line = [
        each.delta
        for each in grid.crossings
        if each.delta_other == 0 and each.conclusion is TippedConclusion.SIGNIFICANCE
    ]
    assert abs(tip) == min(map(abs, on_line))
    assert len(grid.contours()) == len(grid.crossings)


def test_a_conclusion_that_does_not_change_has_no_tipping_point(model):
    imputations = impute(imputation_draws(model))
    grid = tipping_point(imputations, ANALYSIS, arm="E", deltas=[0.0, 1e-6])
    assert grid.tipping_point() is None
    assert grid.contours().empty


def test_deltas_by_time_since_the_event(model):
    imputations = impute(imputation_draws(model))
    unit = imputation_deltas(imputations, delta=[1, 1, 1], lag=[1, 1, 1])
    grid = tipping_point(imputations, ANALYSIS, arm="E", deltas=[0, 2], unit=unit)
    frame = imputation_deltas(imputations, delta={"E": [2, 2, 2]}, lag=[1, 1, 1])
    alone = pool_imputations(analyse_imputations(imputations, ANALYSIS, deltas=frame))
    expected = alone.effect(3, "difference", "E")
    assert grid.pooled.effect(2.0, 0.0).estimate == pytest.approx(expected.estimate, rel=1e-9)


def test_variances_are_quadratic_in_both_deltas(model):
    draws = imputation_draws(model, method="approximate-bayes", draws=3, seed=1)
    imputations = impute(draws)
    units = [
        np.where((model.trial.arm == arm)[:, None], model.trial.missing, 0.0) for arm in (1, 0)
    ]
    moved, visit = moved_estimates(imputations, ANALYSIS, 0, tuple(units))
    assert visit == 3
    found = moved.analyses(np.array([[2.5, -1.5]]))
    alone = analyse_imputations(imputations, ANALYSIS, deltas=added(imputations, 2.5, -1.5))
    assert found.variances[:, 0] == pytest.approx(alone.variances[:, 0], rel=1e-9)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"arm": "X", "deltas": [0]}, "arm='X' is not an arm"),
        ({"arm": "E", "deltas": [1, 0]}, "deltas must be numbers that ascend"),
        ({"arm": "E", "deltas": [0], "other": "E"}, "arm and other are both 'E'"),
        ({"arm": "E", "deltas": [0], "other_deltas": [1]}, "other_deltas need the arm"),
        ({"arm": "E", "deltas": [0], "compared": "C"}, "say which arm is compared with 'C'"),
    ],
)
def test_grids_that_mean_nothing_are_refused(model, given, message):
    with pytest.raises(AnalysisError, match=message):
        tipping_point(impute(imputation_draws(model)), ANALYSIS, **given)


def test_several_visits_and_unknown_statistics_are_refused(model):
    imputations = impute(imputation_draws(model))
    with pytest.raises(AnalysisError, match="is of one visit"):
        tipping_point(imputations, ImputedAncova(), arm="E", deltas=[0])
    grid = tipping_point(imputations, ANALYSIS, arm="E", deltas=[0, 1])
    with pytest.raises(AnalysisError, match="no statistic 'p'"):
        grid.table("p")
    assert grid.title == "Difference of E at 3, imputed values with 0 to 1 added in E"


def test_crossings_of_a_plane_lie_on_it():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0])
    heights = x[:, None] + 2 * y[None] - 1.5
    found = crossings(x, y, heights, lambda a, b: a + 2 * b - 1.5)
    assert found == [
        (0.0, pytest.approx(0.75)),
        (1.0, pytest.approx(0.25)),
        (pytest.approx(1.5), 0.0),
    ]
    exact = crossings(x, y, heights - 0.5, lambda a, b: a + 2 * b - 2)
    assert exact == [(0.0, 1.0), (1.0, pytest.approx(0.5)), (2.0, 0.0)]
