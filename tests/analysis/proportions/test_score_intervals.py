"""Miettinen and Nurminen's score limits, by a numerical maximum of the likelihood."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import xlogy

from tests.conftest import examples
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.odds_ratio import risk_ratio
from trialkit.analysis.proportions.score_intervals import (
    difference_limits,
    difference_z,
    odds_ratio_limits,
    ratio_limits,
    restricted_risks,
)

TABLES = [(56, 70, 48, 80), (0, 13, 4, 13), (5, 56, 0, 29), (11, 13, 5, 13), (3, 5, 40, 90)]
QUANTILE = 1.959963984540054


def arms(a, n1, c, n2):
    return ArmCount(arm="EG", events=a, n=n1), ArmCount(arm="CG", events=c, n=n2)


def likeliest(a, n1, c, n2, first_of):
    """The reference risk that maximises the likelihood when ``first_of`` it is the other one."""

    def lost(p2):
        p1 = first_of(p2)
        if not 0 <= p1 <= 1:
            return 1e9 * (1 + abs(p1))
        gained = xlogy(a, p1) + xlogy(n1 - a, 1 - p1) + xlogy(c, p2) + xlogy(n2 - c, 1 - p2)
        return -gained if np.isfinite(gained) else 1e9

    grid = np.linspace(0, 1, 4001)
    best = grid[int(np.argmin([lost(p) for p in grid]))]
    found = minimize_scalar(
        lost,
        bounds=(max(best - 5e-4, 0), min(best + 5e-4, 1)),
        method="bounded",
        options={"xatol": 1e-13},
    )
    return found.x


@given(
    table=st.sampled_from(TABLES), difference=st.integers(-19, 19).map(lambda k: k / 20)
)  # fmt: skip
@settings(max_examples=examples(30), deadline=None)
def test_restricted_risks_maximise_the_likelihood(table, difference):
    p1, p2 = restricted_risks(*arms(*table), difference)
    assert p1 - p2 == pytest.approx(difference, abs=1e-9)
    assert p2 == pytest.approx(likeliest(*table, lambda p: p + difference), abs=2e-6)


@pytest.mark.parametrize("table", TABLES)
def test_the_statistic_is_the_quantile_at_the_limits(table):
    pair = arms(*table)
    for small_sample in (True, False):
        low, high = difference_limits(*pair, conf_level=0.95, small_sample=small_sample)
        z = [difference_z(*pair, limit, small_sample=small_sample) for limit in (low, high)]
        assert z == pytest.approx([QUANTILE, -QUANTILE], rel=1e-6)


@pytest.mark.parametrize("table", TABLES)
def test_ratio_limits_are_those_of_the_score_test(table):
    a, n1, c, n2 = table
    total = (n1 + n2) / (n1 + n2 - 1)
    for ratio, sign in zip(ratio_limits(*arms(*table), conf_level=0.95), (1, -1), strict=True):
        if not 0 < ratio < np.inf:
            continue
        p2 = likeliest(*table, lambda p, r=ratio: r * p)
        p1 = ratio * p2
        variance = p1 * (1 - p1) / n1 + ratio**2 * p2 * (1 - p2) / n2
        z = (a / n1 - ratio * c / n2) / np.sqrt(variance * total)
        assert z == pytest.approx(sign * QUANTILE, rel=1e-4)


@pytest.mark.parametrize("table", TABLES)
def test_odds_ratio_limits_are_those_of_the_score_test(table):
    a, n1, _, n2 = table
    total = (n1 + n2) / (n1 + n2 - 1)
    for odds, sign in zip(odds_ratio_limits(*arms(*table), conf_level=0.95), (1, -1), strict=True):
        if not 0 < odds < np.inf:
            continue
        p2 = likeliest(*table, lambda p, o=odds: o * p / (1 - p + o * p))
        p1 = odds * p2 / (1 - p2 + odds * p2)
        information = 1 / (n1 * p1 * (1 - p1)) + 1 / (n2 * p2 * (1 - p2))
        z = (a - n1 * p1) * np.sqrt(information / total)
        assert z == pytest.approx(sign * QUANTILE, rel=1e-4)


def test_a_risk_ratio_of_certainties_has_score_limits():
    table = (13, 13, 20, 20)
    found = risk_ratio(*arms(*table), interval="miettinen_nurminen")
    assert found.estimate == 1
    assert found.conf_low < 1 < found.conf_high
    # under a ratio below 1 the likeliest risks are the ratio and 1
    for ratio, n, risk in ((found.conf_low, 13, found.conf_low), (1 / found.conf_high, 20, None)):
        assert risk is None or risk == ratio
        z = (1 - ratio) / np.sqrt(ratio * (1 - ratio) / n * 33 / 32)
        assert z == pytest.approx(QUANTILE, rel=1e-9)
