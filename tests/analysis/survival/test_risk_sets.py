"""Who is at risk, how the likelihood is summed, and how its maximum is found."""

import numpy as np
import pytest

from tests.analysis.survival.trials import made_up
from trialkit.analysis.survival.baseline_hazard import baseline_steps
from trialkit.analysis.survival.cox_fit import clustered, fit_cox
from trialkit.analysis.survival.cox_rows import read_cox_rows
from trialkit.analysis.survival.exact_ties import exact
from trialkit.analysis.survival.newton import inverse_of, maximise, solved
from trialkit.analysis.survival.partial_likelihood import breslow, efron
from trialkit.analysis.survival.proportional_hazards import proportionality_tests
from trialkit.analysis.survival.ratio_tables import coefficient_table, ratio_table
from trialkit.analysis.survival.risk_sets import risk_sets
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.time_to_event import TiedEvents, TimeScale

TIME = np.array([3.0, 1.0, 2.0, 2.0, 5.0, 4.0])
EVENT = np.array([True, True, True, False, False, True])
STRATA = np.array([0, 0, 0, 0, 1, 1])


def test_those_at_risk_are_summed_within_strata():
    sets = risk_sets(TIME, EVENT, STRATA)
    assert sets.times.tolist() == [1, 2, 3, 4]
    assert sets.stratum.tolist() == [0, 0, 0, 1]
    assert sets.over_those_at_risk(np.ones(6)).tolist() == [4, 3, 1, 2]
    assert sets.while_at_risk(np.ones(4)).tolist() == [1, 2, 2, 3, 1, 1]
    assert sets.tied.tolist() == [1, 1, 1, 1]


def test_who_has_not_entered_is_not_at_risk():
    start = np.array([2.0, 0.0, 1.0, 0.0, 4.0, 0.0])
    sets = risk_sets(TIME, EVENT, STRATA, start=start)
    # at 1: those of 0 to 1 and 0 to 2; at 2: 1 to 2 and 0 to 2; at 3: 2 to 3; at 4 of stratum 1: 0 to 4
    assert sets.over_those_at_risk(np.ones(6)).tolist() == [2, 2, 1, 1]
    met = dict(zip(sets.order.tolist(), sets.while_at_risk(np.ones(4)).tolist(), strict=True))
    assert met == {1: 1, 2: 1, 3: 2, 0: 1, 5: 1, 4: 0}


@pytest.mark.parametrize("make", [efron, breslow, exact])
def test_gradient_and_information_are_the_derivatives(make):
    rng = np.random.default_rng(3)
    time, event = np.ceil(rng.exponential(4, 40)), rng.random(40) < 0.7
    sets = risk_sets(time, event, rng.integers(0, 2, 40))
    likelihood = make(sets, rng.normal(size=(2, 40)))
    beta, step = np.array([0.3, -0.2]), 1e-5
    here = likelihood.at(beta)
    for place in range(2):
        move = step * np.eye(2)[place]
        up, down = likelihood.at(beta + move), likelihood.at(beta - move)
        slope = (up.log_likelihood - down.log_likelihood) / (2 * step)
        assert here.score[place] == pytest.approx(slope, rel=1e-6, abs=1e-7)
        curve = (up.score - down.score) / (2 * step)
        assert (-here.information[place]).tolist() == pytest.approx(curve.tolist(), rel=1e-6)


def test_score_residuals_add_up_to_the_score():
    rng = np.random.default_rng(5)
    time, event = np.ceil(rng.exponential(4, 40)), rng.random(40) < 0.7
    start = np.floor(time * 0.4)
    sets = risk_sets(time, event, np.zeros(40, dtype=int), start=start - (start == time))
    likelihood = efron(sets, rng.normal(size=(2, 40)))
    beta = np.array([0.5, 0.1])
    residuals = likelihood.score_residuals(beta)
    assert residuals.sum(axis=0).tolist() == pytest.approx(likelihood.at(beta).score.tolist())
    assert clustered(residuals, np.zeros(40, dtype=int)).shape == (1, 2)


def test_without_ties_efron_is_breslow():
    sets = risk_sets(np.arange(1.0, 9), np.ones(8, dtype=bool), np.zeros(8, dtype=int))
    assert efron(sets, np.ones((1, 8))).taken is None


def test_sums_over_sets_do_not_overflow():
    """1,000 at risk of whom 400 have the event at once: more sets than a float has numbers."""
    rng = np.random.default_rng(8)
    sets = risk_sets(np.ones(1000), np.arange(1000) < 400, np.zeros(1000, dtype=int))
    here = exact(sets, rng.normal(size=(1, 1000))).at(np.array([1.5]))
    assert np.isfinite(here.log_likelihood)
    assert here.information[0, 0] > 0


def test_more_events_at_once_than_a_float_can_count_are_refused():
    x = np.linspace(-40, 40, 3000)[None]
    sets = risk_sets(np.ones(3000), np.arange(3000) < 1500, np.zeros(3000, dtype=int))
    with pytest.raises(AnalysisError, match="1500 events at one time"):
        exact(sets, x).at(np.array([1.0]))


def test_a_matrix_of_unequal_sizes_is_inverted_and_an_empty_one_refused():
    matrix = np.diag([1e-12, 1e12]) + np.array([[0, 0.1], [0.1, 0]])
    exact_inverse = np.array([[1e12, -0.1], [-0.1, 1e-12]]) / 0.99
    assert inverse_of(matrix).ravel().tolist() == pytest.approx(exact_inverse.ravel().tolist())
    with pytest.raises(AnalysisError, match="does not vary"):
        solved(np.zeros((1, 1)), np.ones(1))
    with pytest.raises(AnalysisError, match="told apart"):
        solved(np.ones((2, 2)), np.ones(2))


def test_newton_finds_the_maximum_or_says_in_which_direction_it_lies():
    sets = risk_sets(np.arange(1.0, 9), np.ones(8, dtype=bool), np.zeros(8, dtype=int))
    balanced = maximise(breslow(sets, np.array([[0.0, 1, 1, 0, 0, 1, 1, 0]])), 1)
    assert balanced.unbounded.tolist() == [0]
    assert np.abs(balanced.at.score).max() < 1e-9
    separated = maximise(breslow(sets, np.array([[1.0, 1, 1, 1, 0, 0, 0, 0]])), 1)
    assert separated.unbounded.tolist() == [1]
    assert np.isnan(separated.covariance).all()


def test_a_fit_and_its_steps_hold_the_rows_they_came_from():
    frame = made_up(2, n=40)
    rows = read_cox_rows(
        frame, time="time", event="event", arm="arm", reference=0, covariates=("x",)
    )
    assert [name for name, _ in rows.terms] == ["x", "arm"]
    fit = fit_cox(rows, ties=TiedEvents.EFRON, robust=False)
    assert fit.rows is rows
    steps = baseline_steps(fit)
    assert steps["cumulative_hazard"].is_monotonic_increasing
    assert len(steps) == frame.loc[frame["event"], "time"].nunique()
    assert proportionality_tests(fit, TimeScale.RANK)["term"].tolist() == ["x", "arm", "global"]


def test_the_table_of_ratios_is_the_one_of_coefficients_turned_round():
    frame = made_up(4, n=60, arms=3)
    rows = read_cox_rows(
        frame, time="time", event="event", arm="arm", reference=0, covariates=("x",)
    )
    fit = fit_cox(rows, ties=TiedEvents.BRESLOW, robust=True)
    logs = coefficient_table(fit, conf_level=0.9).set_index("coefficient")
    ratios = ratio_table(fit, 0, comparisons="reference", conf_level=0.9).set_index("contrast")
    for contrast, coefficient in (("1 - 0", "arm[1]"), ("2 - 0", "arm[2]")):
        ours, theirs = ratios.loc[contrast], logs.loc[coefficient]
        for name in ("estimate", "conf_low", "conf_high"):
            assert ours[name] == pytest.approx(np.exp(theirs[name]))
        assert ours["se"] == pytest.approx(theirs["se"])
        assert ours["p_value"] == pytest.approx(theirs["p_value"])
    assert (logs["se"] != logs["model_se"]).all()


@pytest.mark.parametrize("method", [efron, breslow])
@pytest.mark.parametrize("weighed", [False, True])
def test_sums_over_ties_are_those_over_their_events_one_by_one(method, weighed):
    rng = np.random.default_rng(3)
    time, event, strata = rng.integers(1, 9, 60) * 1.0, rng.random(60) < 0.7, np.arange(60) % 2
    sets = risk_sets(time, event, strata)
    found = method(sets, rng.normal(size=(3, 60))).moments(np.array([0.4, -1.0, 2.0]))
    assert len(sets.deaths) > len(sets.times)
    weights = rng.random(len(sets.deaths)) if weighed else None
    one_by_one = (found.mean * (1.0 if weights is None else weights)) @ found.mean.T
    np.testing.assert_allclose(found.products_of_means(weights), one_by_one, rtol=1e-12)
    np.testing.assert_allclose(found.sum_of_means, found.mean.sum(axis=1), rtol=1e-12)
