"""Rates of clusters: Hayes and Bennett's formula with t, and what a simulation shows of it."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from scipy.stats import nct, norm, t, ttest_ind

from tests.design.size_reference import PUBLISHED, values_of
from trialkit.design.sample_size.cluster_rates import ClusterRates
from trialkit.errors import DesignError, ProtocolError

TRIAL = ClusterRates(rate_reference=0.2, rate_ratio=0.5, rate_cv=0.1, cluster_size=10)


def test_rates_of_clusters_are_those_that_clusterpower_prints() -> None:
    """It adds a cluster an arm to the size by the normal distribution, as Hayes and Bennett do."""
    printed = PUBLISHED["cluster_rates"]
    wanted = norm.isf(0.025) + norm.isf(0.2)

    def shift(clusters: int) -> float:
        return -float(dict(values_of(TRIAL.quantities((clusters, clusters))))["noncentrality"])

    assert shift(printed["clusters"] - 1) > wanted > shift(printed["more_than"] - 1)
    assert TRIAL.solve_n(0.8).n_by_arm == (printed["clusters"],) * 2


def test_the_power_is_that_of_t_over_rates_with_variance_between_clusters() -> None:
    trial = ClusterRates(
        rate_reference=0.5, rate_ratio=1.6, rate_cv=0.3, cluster_size=12, exposure=2, size_cv=0.4,
        alpha=0.1,
    )  # fmt: skip
    between = 1.16 * 0.09
    poisson = 0.5 / 24 / 9 + 0.8 / 24 / 14
    variance = poisson + between * (0.25 / 9 + 0.64 / 14)
    shift, limit = 0.3 / sqrt(variance), t.isf(0.05, 21)
    power = nct.sf(limit, 21, shift) + nct.cdf(-limit, 21, shift)
    assert trial.power((9, 14)) == pytest.approx(power, abs=1e-9)
    assert values_of(trial.quantities((9, 14))) == [
        ("rate_experimental", pytest.approx(0.8)),
        ("events_expected", pytest.approx(24 * (9 * 0.5 + 14 * 0.8))),
        ("design_effect", pytest.approx(variance / poisson)),
        ("noncentrality", pytest.approx(shift)),
        ("critical_t", pytest.approx(limit)),
        ("df", 21),
    ]
    assert trial.participants_of((9, 14)) == (108, 168)
    assert [trial.possible(each) for each in [(1, 2), (1, 1), (0, 9)]] == [True, False, False]


@pytest.mark.parametrize(("clusters", "pooled"), [((12, 12), True), ((9, 14), False)])
def test_simulated_rates_are_told_apart_as_often_as_the_power_says(
    clusters: tuple[int, int], pooled: bool
) -> None:
    """Poisson events about gamma rates, by t of the clusters' rates: 12,000 trials.

    Within three points: rates are skew. Of unequal arms a pooled variance is not that of the difference.
    """
    trial = replace(TRIAL, rate_cv=0.4, cluster_size=50, rate_ratio=0.55)
    rng, at_risk = np.random.default_rng(4), 50.0
    arms = []
    for rate, count in zip((0.2, 0.11), clusters, strict=True):
        own = rng.gamma(1 / 0.16, rate * 0.16, (12_000, count))
        arms.append(rng.poisson(own * at_risk) / at_risk)
    found = ttest_ind(arms[1], arms[0], axis=1, equal_var=pooled)
    assert np.mean(found.pvalue < 0.05) == pytest.approx(trial.power(clusters), abs=0.03)
    difference = arms[1].mean(1) - arms[0].mean(1)
    error = 0.09 / dict(values_of(trial.quantities(clusters)))["noncentrality"]
    assert difference.std() == pytest.approx(-error, rel=0.02)


def test_unequal_arms_have_a_note_on_their_variances() -> None:
    assert TRIAL.notes() == ()
    (said,) = replace(TRIAL, allocation=(1, 2)).notes()
    assert said.startswith("the arm with the higher rate has the larger variance")


def test_clusters_of_unequal_time_at_risk_count_by_it() -> None:
    """The variance of events over time, of two sizes in each arm: simulated, and by the formula."""
    trial = replace(TRIAL, rate_cv=0.5, cluster_size=50, size_cv=0.6)
    rng = np.random.default_rng(5)
    at_risk = np.array([20.0, 80.0] * 4)
    rates = []
    for rate in (0.2, 0.1):
        own = rng.gamma(4, rate / 4, (20_000, 8))
        rates.append(rng.poisson(own * at_risk).sum(1) / at_risk.sum())
    error = -0.1 / dict(values_of(trial.quantities((8, 8))))["noncentrality"]
    assert (rates[1] - rates[0]).std() == pytest.approx(error, rel=0.02)


def test_alike_clusters_have_no_design_effect_and_exchanged_arms_the_same_power() -> None:
    alike = replace(TRIAL, rate_cv=0)
    assert alike.design_effect((7, 9)) == 1
    assert replace(alike, size_cv=0.7).power((7, 9)) == alike.power((7, 9))
    turned = replace(TRIAL, rate_reference=0.1, rate_ratio=2)
    assert turned.power((9, 7)) == pytest.approx(TRIAL.power((7, 9)))
    longer = replace(TRIAL, cluster_size=5, exposure=2)
    assert longer.power((7, 9)) == pytest.approx(TRIAL.power((7, 9)))
    assert replace(TRIAL, rate_cv=0.4).power((7, 9)) < TRIAL.power((7, 9))


@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_the_detectable_ratio_has_the_power_asked_for(ratio: float) -> None:
    trial = replace(TRIAL, rate_ratio=ratio, cluster_size=40)
    least = trial.detectable(20, 0.8)
    assert replace(trial, rate_ratio=least).power((10, 10)) == pytest.approx(0.8, abs=1e-6)


def test_words_are_of_rates_of_clusters() -> None:
    assert replace(TRIAL, size_cv=0.3).question() == (
        "to detect a rate ratio of 0.5 (rate 0.2 in the reference arm, exposure 1) with a coefficient of "
        "variation of 0.1 between the rates of clusters and clusters of 10, CV of their time at risk 0.3, "
        "by a two-sided t test of cluster rates at the level 0.05"
    )
    assert "clusters of 10, by a" in TRIAL.question()
    assert "50 clusters (25 reference and 25 experimental)" in TRIAL.solve_n(0.8).sentence
    with pytest.raises(DesignError, match="cluster_size"):
        TRIAL.solve_n(0.8, dropout=0.1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rate_reference": 0.0}, "rate_reference must be above 0"),
        ({"rate_ratio": 1.0}, "there is nothing to detect"),
        ({"rate_ratio": 0.0}, "rate_ratio must be above 0"),
        ({"rate_cv": -0.1}, "rate_cv must be 0 or more"),
        ({"exposure": 0.0}, "exposure must be above 0"),
        ({"cluster_size": 0.5}, "cluster_size must be 1 or more"),
        ({"size_cv": -0.1}, "size_cv must be 0 or more"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        replace(TRIAL, **wrong)
