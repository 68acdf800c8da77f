"""Sizes and boundaries, timed, and simulated power held against the exact one.

Run ``pytest benchmarks/design_benchmark.py``. The last lines print what counts beside what is
wanted. Nothing is asserted about time; the simulations are held to four Monte Carlo errors.
"""

from collections.abc import Callable

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.stats import f as f_distribution
from scipy.stats import t as t_distribution

from trialkit.analysis.anova.batched_anova import mixed_anova_batch
from trialkit.design.sample_size import Ancova, MixedAnova, TwoProportions, TwoSampleT
from trialkit.design.sequential import (
    BetaSpending,
    GroupSequentialDesign,
    OBrienFleming,
    OBrienFlemingSpending,
    Pocock,
    boundaries,
    equal_looks,
)

REPLICATES = 100_000
FIVE = equal_looks(5)
DESIGNS = {
    "O'Brien-Fleming": GroupSequentialDesign(times=FIVE, efficacy=OBrienFleming()),
    "Pocock": GroupSequentialDesign(times=FIVE, efficacy=Pocock()),
    "Lan-DeMets": GroupSequentialDesign(times=FIVE),
    "Lan-DeMets, beta spending": GroupSequentialDesign(
        times=FIVE, futility=BetaSpending(spending=OBrienFlemingSpending())
    ),
    "Lan-DeMets, binding": GroupSequentialDesign(
        times=FIVE, futility=BetaSpending(spending=OBrienFlemingSpending()), binding=True
    ),
}
SIZES: dict[str, Callable[[], object]] = {
    "two-sample t": lambda: TwoSampleT(difference=10, sd=24).solve_n(0.9),
    "mixed ANOVA": lambda: MixedAnova(f=0.25, visits=3, correlation=0.5).solve_n(0.9),
    "chi-square, exact": lambda: TwoProportions(risk_reference=0.25, risk_experimental=0.4).solve_n(
        0.8
    ),
    "Fisher, exact": lambda: TwoProportions(
        risk_reference=0.25, risk_experimental=0.4, test="fisher_exact"
    ).solve_n(0.8),
}

Medians = dict[str, float]


@pytest.fixture(scope="module")
def medians() -> Medians:
    """The median seconds of each timed call, by name."""
    return {}


@pytest.mark.parametrize("name", DESIGNS)
def test_five_stage_boundaries(benchmark: BenchmarkFixture, medians: Medians, name: str) -> None:
    benchmark.group = "five-stage boundaries, drift and inflation"
    benchmark(lambda: boundaries(DESIGNS[name]))
    medians[name] = benchmark.stats.stats.median


@pytest.mark.parametrize("name", SIZES)
def test_one_size(benchmark: BenchmarkFixture, medians: Medians, name: str) -> None:
    benchmark.group = "one sample size"
    benchmark(SIZES[name])
    medians[name] = benchmark.stats.stats.median


def within_error(rejected: float, exact: float) -> bool:
    return abs(rejected - exact) <= 4 * (exact * (1 - exact) / REPLICATES) ** 0.5


def test_simulated_mixed_anova_has_the_exact_power() -> None:
    rng = np.random.default_rng(20260117)
    size = MixedAnova(f=0.25, visits=2, correlation=0.5).solve_n(0.8)
    groups = np.repeat([0, 1], size.n // 2)
    shared = rng.normal(0, 0.5**0.5, (REPLICATES, size.n, 1))
    values = shared + rng.normal(0, 0.5**0.5, (REPLICATES, size.n, 2))
    # f of 1/4 with SD 1: means ±1/4 that cross
    values += 0.25 * np.where(groups, 1, -1)[:, None] * np.array([1, -1])
    p = mixed_anova_batch(values, groups).p_value
    interaction = np.asarray(p)[..., -1]
    assert within_error(float((interaction <= 0.05).mean()), size.power)


def test_simulated_t_has_the_exact_power() -> None:
    rng = np.random.default_rng(20260118)
    trial, (n0, n1) = TwoSampleT(difference=0.5), (28, 35)
    means = rng.normal(0.5, (1 / n0 + 1 / n1) ** 0.5, REPLICATES)
    variance = rng.chisquare(n0 + n1 - 2, REPLICATES) / (n0 + n1 - 2)
    t = np.abs(means) / (variance * (1 / n0 + 1 / n1)) ** 0.5
    rejected = float((t > t_distribution.isf(0.025, n0 + n1 - 2)).mean())
    assert within_error(rejected, trial.power((n0, n1)))


def test_simulated_ancova_has_the_power_over_random_covariates() -> None:
    rng = np.random.default_rng(20260119)
    n, rho = 12, 0.7
    arm = np.repeat([0.0, 1.0], n)
    x = rng.normal(size=(REPLICATES, 2 * n))
    y = rho * x + 0.8 * arm + (1 - rho**2) ** 0.5 * rng.normal(size=(REPLICATES, 2 * n))
    centred = [
        values
        - np.where(arm, values[:, n:].mean(1, keepdims=True), values[:, :n].mean(1, keepdims=True))
        for values in (x, y)
    ]
    sxx, syy, sxy = (
        (a * b).sum(1) for a, b in ((centred[0],) * 2, (centred[1],) * 2, (centred[0], centred[1]))
    )
    gap_x, gap_y = (v[:, n:].mean(1) - v[:, :n].mean(1) for v in (x, y))
    effect = gap_y - sxy / sxx * gap_x
    residual = (syy - sxy**2 / sxx) / (2 * n - 3)
    f = effect**2 / (residual * (2 / n + gap_x**2 / sxx))
    rejected = float((f > f_distribution.isf(0.05, 1, 2 * n - 3)).mean())
    trial = Ancova(difference=0.8, correlation=rho, balance="random")
    assert within_error(rejected, trial.power(2 * n))


def test_simulated_looks_have_the_exact_errors() -> None:
    rng = np.random.default_rng(20260120)
    planned = boundaries(DESIGNS["Lan-DeMets, beta spending"])
    steps = rng.normal(size=(REPLICATES, 5)) * 0.2**0.5
    for drift in (0.0, planned.drift):
        z = np.cumsum(steps + 0.2 * drift, axis=1) / np.sqrt(FIVE)
        up, down = z >= planned.upper, z <= planned.lower
        first = np.argmax(up | down, axis=1)
        shown = up[np.arange(REPLICATES), first]
        assert within_error(float(shown.mean()), planned.power(drift))


def test_print_the_figures(medians: Medians, capsys: pytest.CaptureFixture[str]) -> None:
    """Not a test: the summary, printed after all calls were timed."""
    with capsys.disabled():
        print()
        for name in (*DESIGNS, *SIZES):
            if name in medians:
                wanted = " (under 50 ms wanted)" if name in DESIGNS else ""
                print(f"{name}: {medians[name] * 1e3:.1f} ms{wanted}")
