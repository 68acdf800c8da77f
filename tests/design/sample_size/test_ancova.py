"""Analysis of covariance against closed forms and G*Power, and random covariates by simulation."""

import numpy as np
import pytest

from tests.design.size_reference import PUBLISHED
from trialkit.design.sample_size import Ancova, AncovaF, TwoSampleT
from trialkit.design.sample_size.distributions import TTestPower


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
