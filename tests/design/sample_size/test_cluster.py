"""Clusters counted with t, by their design effect."""

from dataclasses import replace
from math import sqrt

import pytest
from scipy.stats import nct, norm, t

from tests.design.size_reference import PUBLISHED, values_of
from trialkit.design.sample_size.cluster import ClusterMeans, ClusterProportions
from trialkit.design.sample_size.t_tests import TwoSampleT
from trialkit.errors import DesignError, ProtocolError


def test_clusters_are_counted_with_t() -> None:
    expected = PUBLISHED["cluster_means"]
    size = ClusterMeans(difference=0.5, icc=0.05, cluster_size=20).solve_n(0.8)
    assert size.n_by_arm == (expected["clusters"],) * 2
    assert size.n_randomised == 320
    assert f"{size.power:.5f}" == str(expected["power"])
    varying = ClusterMeans(difference=0.5, icc=0.05, cluster_size=20, size_cv=0.4)
    assert f"{varying.solve_n(0.8).power:.5f}" == str(expected["power_cv"])
    assert varying.design_effect == pytest.approx(expected["design_effect_cv"])


def test_clusters_of_one_are_participants() -> None:
    single = ClusterMeans(difference=0.5, icc=0.3, cluster_size=1)
    assert single.power((30, 40)) == pytest.approx(TwoSampleT(difference=0.5).power((30, 40)))


def test_cluster_dropout_is_in_the_cluster_size() -> None:
    with pytest.raises(DesignError, match="cluster_size"):
        ClusterMeans(difference=0.5, icc=0.05, cluster_size=20).solve_n(0.8, dropout=0.1)


def test_the_power_is_that_of_t_over_means_of_correlated_participants() -> None:
    """Eight against twelve clusters of 10 ± 5: 1 + ((1 + 0.25) 10 - 1) 0.2 = 3.3 times 36 / 10."""
    trial = ClusterMeans(
        difference=-4, icc=0.2, cluster_size=10, size_cv=0.5, sd=6, alpha=0.02, sides=1
    )
    shift = 4 / sqrt(3.3 * 36 / 10 * (1 / 8 + 1 / 12))
    limit = t.isf(0.02, 18)
    assert trial.design_effect == pytest.approx(3.3)
    assert trial.power((8, 12)) == pytest.approx(nct.sf(limit, 18, shift), abs=1e-10)
    assert values_of(trial.quantities((8, 12))) == [
        ("design_effect", pytest.approx(3.3)),
        ("noncentrality", pytest.approx(-shift)),
        ("critical_t", pytest.approx(limit)),
        ("df", 18),
    ]
    assert trial.participants_of((8, 12)) == (80, 120)
    sizes = [(1, 2), (1, 1), (0, 9)]
    assert [trial.possible(each) for each in sizes] == [True, False, False]


def test_words_are_of_clusters_and_of_who_takes_part_in_them() -> None:
    trial = ClusterMeans(difference=0.5, icc=0.05, cluster_size=20, size_cv=0.4)
    assert trial.question() == (
        "to detect a difference in means of 0.5 with an SD of 1, an intracluster correlation of "
        "0.05 and clusters of 20, CV of size 0.4, by a two-sided t test of cluster means at the "
        "level 0.05"
    )
    one_size = ClusterMeans(difference=0.5, icc=0.05, cluster_size=20)
    assert "clusters of 20, by a two-sided" in one_size.question()
    size = one_size.solve_n(0.8)
    assert "16 clusters (8 reference and 8 experimental) must be analysed" in size.sentence
    assert size.sentence.endswith(
        " 320 participants (160 reference and 160 experimental) take part in them."
    )
    assert size.notes == ()


def test_the_detectable_difference_is_the_one_assumed() -> None:
    trial = ClusterMeans(difference=-0.5, icc=0.05, cluster_size=20)
    assert trial.detectable((9, 9), trial.power((9, 9))) == pytest.approx(-0.5, rel=1e-6)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"icc": 1}, "icc must be from 0 to below 1, got 1"),
        ({"icc": -0.01}, "icc must be from 0 to below 1, got -0.01"),
        ({"cluster_size": 0.5}, "cluster_size must be 1 or more, got 0.5"),
        ({"size_cv": -1}, "size_cv must be 0 or more, got -1"),
        ({"sd": 0}, "sd must be above 0, got 0"),
        ({"difference": 0}, "difference is 0: there is nothing to detect"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict, said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        ClusterMeans(**{"difference": 0.5, "icc": 0.05, "cluster_size": 20} | wrong)


def test_risks_of_clusters_are_those_that_clusterpower_prints() -> None:
    """Its help page has them by the normal distribution; by t one cluster more is needed an arm."""
    printed = PUBLISHED["cluster_proportions"]
    trial = ClusterProportions(risk_reference=0.1, risk_experimental=0.2, icc=0.1, cluster_size=10)
    wanted = norm.isf(0.025) + norm.isf(0.2)

    def shift(tried: ClusterProportions, clusters: int) -> float:
        return float(dict(values_of(tried.quantities((clusters, clusters))))["noncentrality"])

    assert shift(trial, printed["clusters"]) > wanted > shift(trial, printed["more_than"])
    least = replace(trial, risk_experimental=printed["detectable"])
    assert shift(least, printed["clusters"]) == pytest.approx(wanted, abs=2e-5)
    assert trial.solve_n(0.8).n_by_arm == (printed["clusters"] + 1,) * 2


def test_the_power_for_risks_is_that_of_t_over_proportions_of_correlated_participants() -> None:
    trial = ClusterProportions(
        risk_reference=0.4, risk_experimental=0.2, icc=0.05, cluster_size=15, size_cv=0.6, alpha=0.1
    )
    effect = 1 + ((1 + 0.36) * 15 - 1) * 0.05
    shift = 0.2 / sqrt(effect / 15 * (0.24 / 9 + 0.16 / 14))
    limit = t.isf(0.05, 21)
    power = nct.sf(limit, 21, shift) + nct.cdf(-limit, 21, shift)
    assert trial.design_effect == pytest.approx(effect)
    assert trial.power((9, 14)) == pytest.approx(power, abs=1e-9)
    assert trial.participants_of((9, 14)) == (135, 210)
    assert dict(values_of(trial.quantities((9, 14))))["df"] == 21
    assert [trial.possible(each) for each in [(1, 2), (1, 1), (0, 9)]] == [True, False, False]


def test_risks_of_clusters_of_one_grow_with_correlation_and_size_alone() -> None:
    """Without correlation size is all that counts, and exchanging the risks changes nothing."""
    trial = ClusterProportions(risk_reference=0.3, risk_experimental=0.5, icc=0, cluster_size=10)
    assert trial.design_effect == 1
    turned = replace(trial, risk_reference=0.5, risk_experimental=0.3)
    assert turned.power((8, 8)) == pytest.approx(trial.power((8, 8)))
    assert replace(trial, icc=0.1).power((8, 8)) < trial.power((8, 8))
    least = trial.detectable(10, 0.8)
    assert replace(trial, risk_experimental=least).power((5, 5)) == pytest.approx(0.8, abs=1e-6)
    assert 0.3 < least < 1
    assert "a risk of 0.5 against 0.3 with an intracluster correlation of 0" in trial.question()
