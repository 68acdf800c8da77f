"""Re-randomisation of an ANCOVA effect against refitting it, timed by pytest-benchmark.

Run ``python benchmarks/rerandomisation_benchmark.py`` (which runs pytest on it). All in one process
on one machine; the last lines print the ratios. Nothing is asserted about time.
"""

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from pytest_benchmark.fixture import BenchmarkFixture

from trialkit.analysis.resampling.rerandomisation import rerandomisation_test

REPLICATES = 100_000
REFITS = 200

Medians = dict[str, float]


@pytest.fixture(scope="module")
def medians() -> Medians:
    """The median seconds of each timed call, by name."""
    return {}


@pytest.fixture(scope="module")
def trial() -> pd.DataFrame:
    """Sixty participants in blocks of four, with a baseline value."""
    rng = np.random.default_rng(20250101)
    arm = np.concatenate([rng.permutation([0, 0, 1, 1]) for _ in range(15)])
    base = rng.normal(50, 9, 60)
    return pd.DataFrame(
        {
            "post": 0.6 * base + arm + rng.normal(0, 5, 60),
            "base": base,
            "arm": arm,
            "block": np.arange(60) // 4,
        }
    )


def timed(
    benchmark: BenchmarkFixture, medians: Medians, name: str, call: Callable[[], object]
) -> None:
    benchmark(call)
    medians[name] = benchmark.stats.stats.median


@pytest.mark.parametrize("block", ["block", None], ids=["in blocks", "without blocks"])
def test_an_ancova_effect(
    benchmark: BenchmarkFixture, medians: Medians, trial: pd.DataFrame, block: str | None
) -> None:
    benchmark.group = f"{REPLICATES} re-randomisations of an ANCOVA effect, n = 60"
    timed(
        benchmark,
        medians,
        "blocks" if block else "free",
        lambda: rerandomisation_test(
            trial,
            outcome="post",
            arm="arm",
            reference=0,
            covariates=("base",),
            block=block,
            replicates=REPLICATES,
            rng=np.random.default_rng(1),
        ).to_frame(),
    )


def test_refitting_by_least_squares(
    benchmark: BenchmarkFixture, medians: Medians, trial: pd.DataFrame
) -> None:
    benchmark.group = f"{REFITS} refits"
    design = np.column_stack([np.ones(60), trial["arm"], trial["base"]])
    post = trial["post"].to_numpy()

    def refit() -> None:
        rng = np.random.default_rng(1)
        for _ in range(REFITS):
            design[:, 1] = rng.permutation(design[:, 1])
            np.linalg.lstsq(design, post, rcond=None)

    timed(benchmark, medians, "lstsq", refit)


def test_refitting_by_statsmodels(
    benchmark: BenchmarkFixture, medians: Medians, trial: pd.DataFrame
) -> None:
    benchmark.group = f"{REFITS} refits"
    design = np.column_stack([np.ones(60), trial["arm"], trial["base"]])
    post = trial["post"].to_numpy()

    def refit() -> None:
        rng = np.random.default_rng(1)
        for _ in range(REFITS):
            design[:, 1] = rng.permutation(design[:, 1])
            sm.OLS(post, design).fit()

    timed(benchmark, medians, "statsmodels", refit)


def test_print_the_ratios(medians: Medians, capsys: pytest.CaptureFixture[str]) -> None:
    """Not a test: the summary, printed after all calls were timed."""
    with capsys.disabled():
        print()
        for name, label in (("blocks", "in blocks of 4"), ("free", "without blocks")):
            ours = medians[name]
            print(f"{REPLICATES} re-randomisations {label}: {ours:.3f} s (under 1 s wanted)")
            for other in ("lstsq", "statsmodels"):
                theirs = medians[other] * REPLICATES / REFITS
                print(f"  {other} refits would take {theirs:.1f} s: {theirs / ours:.0f} times ours")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "--benchmark-columns=median", "-q"]))
