"""Linear models against pingouin and statsmodels, timed by pytest-benchmark.

Run ``python benchmarks/anova_benchmark.py`` (which runs pytest on it). All in one process on one
machine; the last lines print the ratios, which are what counts, beside what is wanted. Nothing is
asserted about time.
"""

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.formula.api as smf
from pytest_benchmark.fixture import BenchmarkFixture
from statsmodels.stats.anova import anova_lm

from trialkit.analysis.anova.batched_anova import mixed_anova_batch
from trialkit.analysis.anova.mixed_anova import mixed_anova
from trialkit.analysis.linear.ancova import ancova

pytestmark = pytest.mark.filterwarnings("ignore")

REPLICATES = 10_000
SHAPES = {"26 x 2": (26, 2, 2), "60 x 3 x 4": (60, 3, 4)}

Medians = dict[str, float]


@pytest.fixture(scope="module")
def medians() -> Medians:
    """The median seconds of each timed call, by name."""
    return {}


def timed(
    benchmark: BenchmarkFixture, medians: Medians, name: str, call: Callable[[], object]
) -> None:
    benchmark(call)
    medians[name] = benchmark.stats.stats.median


def repeated(shape: str) -> pd.DataFrame:
    """Long data with text subjects and ordered categories, as a trial hands them over."""
    subjects, groups, visits = SHAPES[shape]
    rng = np.random.default_rng(20250722)
    group_names = [f"G{i}" for i in range(groups)]
    visit_names = [f"V{i}" for i in range(visits)]
    values = rng.normal(50, 3, (subjects, 1)) + rng.normal(0, 2, (subjects, visits))
    frame = pd.DataFrame(
        {
            "id": np.repeat([f"S{i:03d}" for i in range(subjects)], visits),
            "group": np.repeat(np.resize(group_names, subjects), visits),
            "time": np.tile(visit_names, subjects),
            "y": values.ravel(),
        }
    )
    return frame.astype(
        {
            "group": pd.CategoricalDtype(group_names, ordered=True),
            "time": pd.CategoricalDtype(visit_names, ordered=True),
        }
    )


def one_arm_against_another(subjects: int) -> pd.DataFrame:
    rng = np.random.default_rng(20250722)
    arm = pd.Categorical(np.resize(["C", "E"], subjects), ["C", "E"], ordered=True)
    frame = pd.DataFrame({"arm": arm, "base": rng.normal(50, 9, subjects)})
    return frame.assign(post=0.6 * frame["base"] + rng.normal(0, 5, subjects))


@pytest.mark.parametrize("shape", SHAPES)
def test_one_mixed_anova(benchmark: BenchmarkFixture, medians: Medians, shape: str) -> None:
    benchmark.group = f"mixed ANOVA {shape}"
    frame = repeated(shape)
    timed(
        benchmark,
        medians,
        f"trialkit {shape}",
        lambda: mixed_anova(
            frame, outcome="y", subject="id", between="group", within="time"
        ).to_frame(),
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_one_mixed_anova_of_pingouin(
    benchmark: BenchmarkFixture, medians: Medians, shape: str
) -> None:
    benchmark.group = f"mixed ANOVA {shape}"
    frame = repeated(shape).astype({"group": str, "time": str})
    timed(
        benchmark,
        medians,
        f"pingouin {shape}",
        lambda: pingouin.mixed_anova(frame, dv="y", subject="id", between="group", within="time"),
    )


def test_a_batch_of_replicates(benchmark: BenchmarkFixture, medians: Medians) -> None:
    benchmark.group = f"{REPLICATES} replicates of 2 x 2, n = 26, p values included"
    rng = np.random.default_rng(20250722)
    values = rng.normal(size=(REPLICATES, 26, 2)) + rng.normal(size=(REPLICATES, 26, 1))
    groups = np.repeat([0, 1], 13)
    timed(benchmark, medians, "trialkit batch", lambda: mixed_anova_batch(values, groups).p_value)


def test_one_ancova(benchmark: BenchmarkFixture, medians: Medians) -> None:
    benchmark.group = "ANCOVA n = 26"
    frame = one_arm_against_another(26)

    def analyse() -> None:
        result = ancova(frame, outcome="post", arm="arm", reference="C", covariates=("base",))
        result.to_frame()
        result.contrasts()

    timed(benchmark, medians, "trialkit ancova", analyse)


def test_one_ancova_of_statsmodels_formulas(benchmark: BenchmarkFixture, medians: Medians) -> None:
    benchmark.group = "ANCOVA n = 26"
    frame = one_arm_against_another(26)

    def analyse() -> None:
        fit = smf.ols("post ~ base + C(arm, Sum)", frame).fit()
        anova_lm(fit, typ=3)
        fit.conf_int()

    timed(benchmark, medians, "statsmodels ancova", analyse)


def test_print_the_ratios(medians: Medians, capsys: pytest.CaptureFixture[str]) -> None:
    """Not a test: the summary, printed after all calls were timed."""
    with capsys.disabled():
        print()
        for shape in SHAPES:
            ours, theirs = medians[f"trialkit {shape}"], medians[f"pingouin {shape}"]
            print(
                f"mixed_anova {shape}: {ours * 1e3:.2f} ms, pingouin {theirs * 1e3:.2f} ms: "
                f"{ours / theirs:.3f} of its time (at most 0.333 wanted)"
            )
        batch, all_of_pingouin = medians["trialkit batch"], medians["pingouin 26 x 2"] * REPLICATES
        print(
            f"{REPLICATES} replicates: {batch * 1e3:.1f} ms, pingouin's median call times "
            f"{REPLICATES} {all_of_pingouin:.0f} s: {all_of_pingouin / batch:.0f} times faster "
            "(1000 wanted)"
        )
        ours, theirs = medians["trialkit ancova"], medians["statsmodels ancova"]
        print(
            f"ancova: {ours * 1e3:.2f} ms, statsmodels' formulas {theirs * 1e3:.2f} ms: "
            f"{ours / theirs:.3f} of its time"
        )


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "--benchmark-columns=median", "-q"]))
