"""Simulated analyses: 10 000 replicates by the batched kernels, and pingouin in a loop.

Run ``pytest benchmarks/simulation_benchmark.py -s``. All in one process on one machine; the last
lines print the ratios. Nothing is asserted about time; that simulated power agrees with the exact
within four Monte Carlo standard errors is.
"""

import json
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from trialkit.analysis.anova.batched_anova import mixed_anova_batch
from trialkit.analysis.means.batched_means import ancova_batch, compare_means_batch
from trialkit.analysis.repeated.batch import mmrm_batch

REPLICATES = 10_000
IN_A_LOOP = 40
ROOT = Path(__file__).parents[1]
POWER = json.loads((ROOT / "tests" / "reference" / "simulation" / "power.json").read_text())

Medians = dict[str, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """Data sets of two arms, values by replicate, subject and visit."""

    values: np.ndarray
    groups: np.ndarray


def drawn(name: str, difference: float, visits: int = 2) -> Drawn:
    """Data sets as the reference assumes them; the difference is at the last visit."""
    assumed = POWER[name]
    n, r = assumed["n_per_arm"], assumed.get("correlation", 0.5)
    root = np.linalg.cholesky(np.full((visits, visits), r) + (1 - r) * np.eye(visits))
    rng = np.random.default_rng(20260101)
    values = rng.standard_normal((REPLICATES, 2 * n, visits)) @ root.T
    values[:, n:, -1] += difference
    return Drawn(values=values, groups=np.repeat([0, 1], n))


@pytest.fixture(scope="module")
def medians() -> Iterator[Medians]:
    """The median seconds of each timed call for 10 000 replicates, printed at the end."""
    found: Medians = {}
    yield found
    for name, seconds in found.items():
        print(f"\n{REPLICATES} x {name}: {seconds:.4f} s", end="")
    if {"mixed_anova", "pingouin.mixed_anova"} <= set(found):
        ratio = found["pingouin.mixed_anova"] / found["mixed_anova"]
        print(f"\npingouin in a loop takes {ratio:,.0f} times as long as the kernel")


def agrees(p_values: np.ndarray, power: float) -> None:
    rejected = float((p_values <= 0.05).mean())
    noise = (power * (1 - power) / len(p_values)) ** 0.5
    print(f"\npower {rejected:.4f}, exact {power:.4f}, Monte Carlo SE {noise:.4f}", end="")
    assert rejected == pytest.approx(power, abs=4 * noise)


def test_mixed_anova(benchmark: BenchmarkFixture, medians: Medians) -> None:
    data = drawn("mixed_2x2", POWER["mixed_2x2"]["difference_in_change"])
    found = benchmark(lambda: mixed_anova_batch(data.values, data.groups).p_value)
    medians["mixed_anova"] = benchmark.stats.stats.median
    agrees(found[:, -1], POWER["mixed_2x2"]["power"])


def test_pingouin_in_a_loop(medians: Medians) -> None:
    data = drawn("mixed_2x2", POWER["mixed_2x2"]["difference_in_change"])
    n, visits = data.values.shape[1:]
    frame = pd.DataFrame(
        {
            "subject": np.repeat(np.arange(n), visits),
            "visit": np.tile(np.arange(visits), n),
            "group": np.repeat(data.groups, visits),
        }
    )
    kernel = mixed_anova_batch(data.values[:IN_A_LOOP], data.groups).p_value[:, -1]
    start, found = time.perf_counter(), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for values in data.values[:IN_A_LOOP]:
            table = pingouin.mixed_anova(
                frame.assign(y=values.ravel()), dv="y", within="visit", subject="subject",
                between="group",
            )  # fmt: skip
            found.append(float(table.filter(regex="^p.?unc$").iloc[-1, 0]))
    medians["pingouin.mixed_anova"] = (time.perf_counter() - start) / IN_A_LOOP * REPLICATES
    assert found == pytest.approx(kernel.tolist(), rel=1e-8)


def test_t(benchmark: BenchmarkFixture, medians: Medians) -> None:
    data = drawn("student_t", POWER["student_t"]["difference"])
    at_end = data.values[:, :, -1]
    found = benchmark(lambda: compare_means_batch(at_end, data.groups, method="student_t"))
    medians["student_t"] = benchmark.stats.stats.median
    agrees(found.p_value[:, 0], POWER["student_t"]["power"])


def test_ancova(benchmark: BenchmarkFixture, medians: Medians) -> None:
    data = drawn("ancova", POWER["ancova"]["difference"])
    found = benchmark(
        lambda: ancova_batch(data.values[:, :, -1], data.groups, data.values[:, :, :1])
    )
    medians["ancova"] = benchmark.stats.stats.median
    agrees(found.p_value[:, 0], POWER["ancova"]["power"])


def test_mmrm(benchmark: BenchmarkFixture, medians: Medians) -> None:
    """Lu, Luo and Chen's power is asymptotic: it may be off by a little more than the noise."""
    assumed = POWER["mmrm"]
    data = drawn("mmrm", assumed["difference"], visits=4)
    rng = np.random.default_rng(1)
    fate = rng.random((*data.values.shape[:2], 1))
    data.values[fate >= np.array(assumed["retention"])] = np.nan
    found = benchmark.pedantic(
        lambda: mmrm_batch(data.values, arm=data.groups), rounds=3, iterations=1
    )
    medians["mmrm, n = 174, 4 visits, dropout"] = benchmark.stats.stats.median
    assert found.converged.all()
    rejected = float((found.p_value[:, 0, -1] <= 0.05).mean())
    print(f"\npower {rejected:.4f}, Lu, Luo and Chen {assumed['power']:.4f}", end="")
    assert rejected == pytest.approx(assumed["power"], abs=0.02)
