"""Clusters, times to an event, ranks, and association, each against another program."""

from math import pi

import pytest

from tests.design.size_reference import PUBLISHED, R
from trialkit.design.sample_size import (
    ChiSquare,
    ClusterMeans,
    Correlation,
    LinearModelF,
    LogRank,
    MannWhitney,
    SignedRank,
    TwoSampleT,
)
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


@pytest.mark.parametrize("formula", ["schoenfeld", "freedman"])
def test_events_are_those_of_rpact(formula: str) -> None:
    expected = R["log_rank"]
    equal = LogRank(hazard_ratio=0.7, formula=formula).solve_n(0.8)
    assert equal.n_unrounded == pytest.approx(expected[formula], rel=1e-10)
    unequal = LogRank(hazard_ratio=0.7, formula=formula, allocation=(1, 2)).solve_n(0.8)
    assert unequal.n_unrounded == pytest.approx(expected[f"{formula}_2_to_1"], rel=1e-9)


def test_participants_follow_from_the_shares_with_an_event() -> None:
    trial = LogRank(hazard_ratio=0.7, event_share_reference=0.5, event_share_experimental=0.4)
    size = trial.solve_n(0.8, dropout=0.1)
    assert size.n == 247
    assert size.n_randomised == 610
    assert "247 events" in size.sentence
    assert "610 participants" in size.sentence
    alone = LogRank(hazard_ratio=0.7).solve_n(0.8)
    assert alone.n_randomised is None
    assert any("event_share_reference" in note for note in alone.notes)


@pytest.mark.parametrize(
    "trial",
    [
        LogRank(hazard_ratio=0.7),
        ClusterMeans(difference=0.5, icc=0.05, cluster_size=20),
        Correlation(correlation=0.3),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_trialkit_cannot_analyse_is_said(trial: object) -> None:
    assert any("cannot yet analyse" in note for note in trial.solve_n(0.8).notes)


def test_ranks_are_t_over_the_efficiency() -> None:
    size = MannWhitney(difference=0.5).solve_n(0.8)
    assert size.n_unrounded == pytest.approx(2 * R["mann_whitney"], rel=1e-10)
    assert size.n_by_arm == (67, 67)
    assert SignedRank(difference=0.5).solve_n(0.8).n_unrounded == pytest.approx(
        R["signed_rank"], rel=1e-10
    )
    uniform = MannWhitney(difference=0.5, parent="uniform")
    assert uniform.power(128) == pytest.approx(TwoSampleT(difference=0.5).power(128), abs=1e-12)
    logistic = MannWhitney(difference=0.5, parent="logistic").solve_n(0.8)
    assert logistic.n_unrounded == pytest.approx(2 * R["mann_whitney"] * (3 / pi) * 9 / pi**2)


def test_correlation_by_fishers_z_is_that_of_pwr() -> None:
    size = Correlation(correlation=0.3, test="fisher_z").solve_n(0.8)
    assert size.n_unrounded == pytest.approx(R["correlation_fisher_z"], rel=1e-6)


def test_exact_correlation_is_that_of_its_density() -> None:
    expected = R["correlation_exact_power"]
    assert Correlation(correlation=0.3).power(84) == pytest.approx(
        expected["rho_0.3_n_84"], abs=1e-10
    )
    assert Correlation(correlation=-0.6).power(12) == pytest.approx(
        expected["rho_0.6_n_12"], abs=1e-10
    )
    assert Correlation(correlation=0.3).solve_n(0.8).n == 84


def test_chi_square_and_linear_models_are_those_of_pwr() -> None:
    assert ChiSquare(w=0.3, df=1).solve_n(0.8).n_unrounded == pytest.approx(
        R["chi_square"], rel=1e-6
    )
    assert ChiSquare(w=0.3, df=4).solve_n(0.8).n_unrounded == pytest.approx(
        R["chi_square_df_4"], rel=1e-6
    )
    one = LinearModelF(f_squared=0.15, tested=1).solve_n(0.8)
    assert one.n_unrounded - 2 == pytest.approx(R["linear_model_v"], rel=1e-6)
    three = LinearModelF(f_squared=0.15, tested=3).solve_n(0.8)
    assert three.n_unrounded - 4 == pytest.approx(R["linear_model_v_u_3"], rel=1e-6)
    more = LinearModelF(f_squared=0.15, tested=1, predictors=4)
    assert more.power(60) < LinearModelF(f_squared=0.15, tested=1).power(60)


@pytest.mark.parametrize(
    "trial",
    [
        LogRank(hazard_ratio=0.7),
        LogRank(hazard_ratio=1.6, formula="freedman"),
        Correlation(correlation=-0.3),
        ChiSquare(w=0.3, df=2),
        LinearModelF(f_squared=0.15, tested=2, predictors=3),
        SignedRank(difference=-0.5),
        ClusterMeans(difference=-0.5, icc=0.05, cluster_size=20),
    ],
    ids=lambda each: f"{type(each).__name__} {each.assumed_effect}",
)
def test_the_detectable_effect_is_the_one_assumed(trial: object) -> None:
    size = trial.solve_n(0.8)
    found = trial.detectable(size.n_by_arm, size.power)
    assert found == pytest.approx(trial.assumed_effect, rel=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: LogRank(hazard_ratio=1),
        lambda: LogRank(hazard_ratio=0.7, event_share_reference=0.5),
        lambda: LogRank(hazard_ratio=0.7, event_share_reference=0, event_share_experimental=0.5),
        lambda: ClusterMeans(difference=0.5, icc=1, cluster_size=20),
        lambda: Correlation(correlation=0),
        lambda: LinearModelF(f_squared=0.1, tested=3, predictors=2),
    ],
    ids=lambda each: f"line {each.__code__.co_firstlineno}",
)
def test_what_cannot_be_is_refused(call: object) -> None:
    with pytest.raises(ProtocolError):
        call()
