"""Analysis of covariance against closed forms and G*Power, and random covariates by simulation."""

from math import sqrt

import numpy as np
import pytest
from scipy.stats import f, ncf, nct, t

from tests.design.size_reference import PUBLISHED, values_of
from trialkit.design.sample_size.ancova import Ancova, AncovaF, residual_sd
from trialkit.design.sample_size.distributions import TTestPower
from trialkit.design.sample_size.t_tests import TwoSampleT


@pytest.mark.parametrize(("rho", "n", "power"), PUBLISHED["ancova"]["rows"])
def test_the_size_by_baseline_correlation(rho: float, n: int, power: float) -> None:
    size = Ancova(difference=0.5, correlation=rho).solve_n(0.8)
    assert size.n_by_arm == (n, n)
    assert f"{size.power:.5f}" == f"{power:.5f}"


def test_the_factor_of_borm_is_short() -> None:
    borm = 64 * (1 - 0.5**2)
    trial = Ancova(difference=0.5, correlation=0.5)
    assert trial.power((48, 48)) < 0.8 < trial.power((49, 49))
    assert borm == 48


def test_the_example_of_gpower() -> None:
    expected = PUBLISHED["ancova_f"]
    size = AncovaF(f=0.3692745, groups=4, df_num=1).solve_n(0.9)
    found = {each.name: each.value for each in size.quantities}
    assert size.n == expected["n"]
    assert found["df_den"] == expected["df_den"]
    assert found["noncentrality"] == pytest.approx(expected["noncentrality"], abs=5.1e-8)
    assert found["critical_f"] == pytest.approx(expected["critical_f"], abs=5.1e-8)
    assert size.power == pytest.approx(expected["power"], abs=5.1e-8)


def test_a_covariate_without_correlation_costs_a_degree_of_freedom() -> None:
    with_one = Ancova(difference=0.5, correlation=0.0).power(128)
    assert with_one < TwoSampleT(difference=0.5).power(128)


@pytest.mark.parametrize("covariates", [1, 3])
def test_power_over_random_covariates_is_that_of_simulated_imbalance(covariates: int) -> None:
    trial = Ancova(difference=0.9, correlation=0.6, covariates=covariates, balance="random")
    n0, n1, replicates = 12, 18, 4000
    rng = np.random.default_rng(20260101)
    covariate = rng.normal(size=(replicates, n0 + n1, covariates))
    arm = np.repeat([0.0, 1.0], [n0, n1])
    design = np.concatenate(
        [np.broadcast_to(np.column_stack([np.ones(n0 + n1), arm]), (replicates, n0 + n1, 2)),
         covariate], axis=2
    )  # fmt: skip
    variance = np.linalg.inv(design.transpose(0, 2, 1) @ design)[:, 1, 1]
    sd, df = 0.8, n0 + n1 - 2 - covariates
    powers = [
        TTestPower(df=df, noncentrality=0.9 / (sd * v**0.5)).power(0.05, 2) for v in variance[:1500]
    ]
    error = np.std(powers) / len(powers) ** 0.5
    assert trial.power((n0, n1)) == pytest.approx(np.mean(powers), abs=4 * error)


def test_random_covariates_cost_power() -> None:
    balanced = Ancova(difference=0.5, correlation=0.5)
    random = Ancova(difference=0.5, correlation=0.5, balance="random")
    assert balanced.power(98) - 0.01 < random.power(98) < balanced.power(98)


def test_two_covariates_unequal_arms_and_the_sd_are_in_the_noncentral_t() -> None:
    trial = Ancova(difference=-3, correlation=0.6, sd=5, covariates=2, alpha=0.02)
    df, shift = 30 + 18 - 4, 3 / (5 * 0.8 * sqrt(1 / 30 + 1 / 18))
    limit = t.isf(0.01, df)
    both = nct.sf(limit, df, shift) + nct.cdf(-limit, df, shift)
    assert residual_sd(trial) == pytest.approx(4)
    assert trial.power((30, 18)) == pytest.approx(both, abs=1e-10)
    assert values_of(trial.quantities((30, 18))) == [
        ("residual_sd", pytest.approx(4)),
        ("noncentrality", pytest.approx(-shift)),
        ("critical_t", pytest.approx(limit)),
        ("df", 44),
    ]
    one_sided = Ancova(difference=-3, correlation=0.6, sd=5, covariates=2, alpha=0.02, sides=1)
    expected = nct.sf(t.isf(0.02, df), df, shift)
    assert one_sided.power((30, 18)) == pytest.approx(expected, abs=1e-10)
    assert dict(values_of(one_sided.quantities((30, 18))))["critical_t"] == pytest.approx(
        t.isf(0.02, df)
    )


def test_an_f_test_counts_groups_and_covariates() -> None:
    trial = AncovaF(f=0.3, groups=3, df_num=2, covariates=4, alpha=0.01)
    df_den, shift = 60 - 3 - 4, 0.09 * 60
    limit = f.isf(0.01, 2, df_den)
    assert trial.power(60) == pytest.approx(ncf.sf(limit, 2, df_den, shift), abs=1e-12)
    assert values_of(trial.quantities((20, 20, 20))) == [
        ("noncentrality", pytest.approx(shift)),
        ("critical_f", pytest.approx(limit)),
        ("df_num", 2),
        ("df_den", 53),
    ]
    assert trial.shares == (1, 1, 1)


def test_a_test_needs_somebody_in_each_arm_and_a_degree_of_freedom() -> None:
    trial = Ancova(difference=1, correlation=0.5, covariates=2)
    sizes = [(1, 4), (1, 3), (0.9, 9), (9, 0.9)]
    assert [trial.possible(each) for each in sizes] == [True, False, False, False]
    by_f = AncovaF(f=0.3, groups=3, df_num=2, covariates=2)
    sizes = [(1, 1, 4), (1, 1, 3), (1, 0, 9)]
    assert [by_f.possible(each) for each in sizes] == [True, False, False]


def test_the_question_names_every_assumption() -> None:
    one = Ancova(difference=2.5, correlation=0.4, sd=8, alpha=0.02)
    assert one.question() == (
        "to detect a difference in adjusted means of 2.5 with an SD of 8 and a covariate that "
        "correlates 0.4 with the outcome by a two-sided analysis of covariance at the level 0.02"
    )
    three = Ancova(difference=2.5, correlation=0.4, covariates=3, sides=1)
    assert (
        "and 3 covariates that together correlate 0.4 with the outcome by a one-sided"
        in three.question()
    )
    assert AncovaF(f=0.3, groups=4, df_num=2, covariates=1).question() == (
        "to detect an effect of f = 0.3 with 2 numerator degree(s) of freedom in 4 groups by an "
        "analysis of covariance with 1 covariate(s) at the level 0.05"
    )


@pytest.mark.parametrize("trial", [Ancova(difference=-2, correlation=0.5), AncovaF(f=0.4, groups=3, df_num=2)],
                         ids=["t", "F"])  # fmt: skip
def test_the_detectable_effect_is_the_one_assumed(trial: Ancova | AncovaF) -> None:
    power = trial.power(60)
    assert trial.detectable(60, power) == pytest.approx(trial.assumed_effect, rel=1e-6)
