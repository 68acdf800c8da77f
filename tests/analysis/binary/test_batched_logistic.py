"""Logistic regressions of many data sets are each that of the single model, where it is separated, too."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.binary.batched_logistic import logistic_batch
from trialkit.analysis.binary.logistic import logistic_regression
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import RatioLimits, WhenSeparated


def drawn(arms: int) -> tuple[np.ndarray, np.ndarray]:
    """Some data sets have an arm in which nobody has the event, and one has nobody with it."""
    rng = np.random.default_rng(arms)
    groups = np.arange(36) % arms
    values = (rng.random((25, 36)) < np.array([0.15, 0.4, 0.25])[groups]).astype(float)
    values[:4, groups == 0] = 0
    values[4] = 0
    values[:, 5] = np.nan
    return values, groups


@pytest.mark.parametrize("arms", [2, 3])
@pytest.mark.parametrize("limits", [RatioLimits.PROFILE, RatioLimits.WALD])
def test_each_data_set_has_the_model_that_it_has_alone(arms: int, limits: RatioLimits) -> None:
    values, groups = drawn(arms)
    found = logistic_batch(values, groups, limits=limits, conf_level=0.9)
    separated = 0
    for place, row in enumerate(values):
        frame = pd.DataFrame({"y": row, "arm": groups})
        if place == 4:
            assert not found.usable[place].any()
            continue
        fit = logistic_regression(frame, outcome="y", arm="arm", reference=0)
        separated += bool(fit.infinite)
        rows = fit.contrasts(limits=limits, conf_level=0.9)
        p = rows if limits is RatioLimits.WALD else fit.contrast_ratio_tests()
        for wanted, numbers in (
            (rows["log_estimate"], found.estimate),
            (rows["se"], found.se),
            (p["p_value"], found.p_value),
            (np.log(rows["conf_low"]), found.conf_low),
            (np.log(rows["conf_high"]), found.conf_high),
        ):
            np.testing.assert_allclose(numbers[place], wanted, rtol=1e-5, atol=1e-6)
    assert separated >= 4


def test_limits_are_where_the_likelihood_has_fallen() -> None:
    """3 of 20 against 9 of 22, the likelihood written out at its best common risk."""
    groups = np.repeat([0, 1], [20, 22])
    values = np.zeros((1, 42))
    values[0, [0, 1, 2, *range(20, 29)]] = 1
    found = logistic_batch(values, groups)

    def likelihood(log_odds_ratio: float) -> float:
        odds = np.exp(np.linspace(-6, 3, 400_001))
        p, q = odds / (1 + odds), odds * np.exp(log_odds_ratio)
        q = q / (1 + q)
        return float((3 * np.log(p) + 17 * np.log1p(-p) + 9 * np.log(q) + 13 * np.log1p(-q)).max())

    top = likelihood(found.estimate[0, 0])
    for limit in (found.conf_low, found.conf_high):
        assert 2 * (top - likelihood(limit[0, 0])) == pytest.approx(3.841458820694124, abs=1e-6)
    assert found.statistic[0, 0] == pytest.approx(2 * (top - likelihood(0.0)), abs=1e-6)


def test_turning_the_arms_or_the_outcome_turns_the_sign() -> None:
    values, groups = drawn(2)
    found = logistic_batch(values, groups)
    for other in (logistic_batch(values, 1 - groups), logistic_batch(1 - values, groups)):
        np.testing.assert_allclose(found.estimate, -other.estimate, atol=1e-9)
        np.testing.assert_allclose(found.conf_low, -other.conf_high, atol=1e-9)
        np.testing.assert_allclose(found.p_value, other.p_value, atol=1e-9)


def test_without_firth_a_separated_data_set_is_not_usable() -> None:
    values, groups = drawn(2)
    found = logistic_batch(values, groups, when_separated=WhenSeparated.LIKELIHOOD)
    assert not found.usable[:5].any()
    assert found.usable[5:].any()


@pytest.mark.parametrize(
    ("values", "groups", "said"),
    [
        (np.ones(3), np.zeros(3, dtype=int), "must be of shape"),
        (np.full((2, 3), 2.0), np.array([0, 1, 1]), "must be 1 .event. and 0"),
        (np.ones((2, 3)), np.zeros(3, dtype=int), "two arms or more"),
    ],
)
def test_what_is_no_trial_is_refused(values: np.ndarray, groups: np.ndarray, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        logistic_batch(values, groups)
