"""What each strategy supposes, on one distribution."""

import numpy as np
import pytest

from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.strategies import STRATEGIES, VisitDistribution, supposed
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import ImputationStrategy

OWN = VisitDistribution(mean=np.array([[[10.0, 12.0, 15.0]]]), covariance=np.eye(3)[None] * 2)
REFERENCE = VisitDistribution(mean=np.array([[[9.0, 9.5, 9.0]]]), covariance=np.eye(3)[None] * 2)
AFTER_SECOND = np.array([True, True, False])
AT_ONCE = np.array([False, False, False])


@pytest.mark.parametrize(
    ("name", "mean", "at_once"),
    [
        ("missing-at-random", [10, 12, 15], [10, 12, 15]),
        ("jump-to-reference", [10, 12, 9], [9, 9.5, 9]),
        ("copy-reference", [9, 9.5, 9], [9, 9.5, 9]),
        ("copy-increments-in-reference", [10, 12, 11.5], [9, 9.5, 9]),
    ],
)
def test_means(name, mean, at_once):
    found = supposed(STRATEGIES[name], OWN, REFERENCE, AFTER_SECOND)
    assert found.mean[0, 0].tolist() == mean
    assert supposed(STRATEGIES[name], OWN, REFERENCE, AT_ONCE).mean[0, 0].tolist() == at_once


def test_the_last_mean_is_carried_forward_and_needs_one():
    function = STRATEGIES["last-mean-carried-forward"]
    assert supposed(function, OWN, REFERENCE, AFTER_SECOND).mean[0, 0].tolist() == [10, 12, 12]
    with pytest.raises(AnalysisError, match="needs a visit before the event"):
        supposed(function, OWN, REFERENCE, AT_ONCE)


def test_every_strategy_of_the_plan_has_its_function():
    assert set(STRATEGIES) == {each.value for each in ImputationStrategy}


def test_a_strategy_of_the_caller_is_used_and_its_shape_is_checked(trial, short):
    frame, events = trial(4)
    draws = imputation_draws(
        imputation_model(
            frame, covariates=["base"], events=events.assign(strategy="halfway"), **short
        )
    )

    def halfway(own, reference, at_random):
        mean = np.where(at_random, own.mean, (own.mean + reference.mean) / 2)
        return VisitDistribution(mean=mean, covariance=own.covariance)

    def shapeless(own, reference, at_random):
        return VisitDistribution(mean=own.mean[0], covariance=own.covariance)

    between = impute(draws, functions={"halfway": halfway}).values(slice(None))
    ends = [
        impute(draws, strategy=each).values(slice(None))
        for each in ("missing-at-random", "jump-to-reference")
    ]
    assert between == pytest.approx((ends[0] + ends[1]) / 2, rel=1e-9)
    with pytest.raises(AnalysisError, match="the strategy 'halfway' is not known"):
        impute(draws)
    with pytest.raises(AnalysisError, match="'shapeless' must give a VisitDistribution"):
        impute(draws, functions={"halfway": shapeless}).values(slice(None))
    with pytest.raises(AnalysisError, match="missing-at-random is what the imputation model"):
        impute(draws, functions={"missing-at-random": halfway})
