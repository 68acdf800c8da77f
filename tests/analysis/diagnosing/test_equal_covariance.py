"""Box's M against pingouin's, and where pingouin's passes out of what a float can hold."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

from tests.analysis.engines.test_pingouin import wide_of
from trialkit.analysis.diagnosing.equal_covariance import box_m


def by_group(values: np.ndarray, groups: np.ndarray) -> list[np.ndarray]:
    return [values[groups == group] for group in np.unique(groups)]


@pytest.mark.parametrize("case", ["sim_2x3_unbal", "sim_3x4_unbal", "sim_2x2_n13"])
def test_it_is_pingouins(case: str) -> None:
    values, groups = wide_of(case)
    names = [f"v{number}" for number in range(values.shape[1])]
    frame = pd.DataFrame(values, columns=names).assign(group=groups)
    expected = pingouin.box_m(frame, dvs=names, group="group").iloc[0]
    found = box_m(by_group(values, groups))
    assert found.statistic == pytest.approx(expected["Chi2"], rel=1e-9)
    assert found.df_num == expected["df"]
    assert found.df_den is None
    assert found.p_value == pytest.approx(expected["pval"], rel=1e-9)


def test_each_row_many_times_over_moves_it_as_the_degrees_of_freedom_do() -> None:
    """M is a sum over degrees of freedom; the covariances of 26,000 copies hardly change."""
    values, groups = wide_of("sim_2x2_n13")
    samples = by_group(values, groups)
    many = [np.tile(sample, (1000, 1)) for sample in samples]
    k, p = len(samples), values.shape[1]
    df = np.array([len(sample) for sample in samples])
    covariances = [np.cov(sample.T, ddof=0) for sample in samples]
    pooled = sum(n * each for n, each in zip(df, covariances, strict=True)) / df.sum()
    m = 1000 * df.sum() * np.log(np.linalg.det(pooled))
    m -= 1000 * sum(n * np.log(np.linalg.det(s)) for n, s in zip(df, covariances, strict=True))
    found = box_m(many)
    assert found.statistic == pytest.approx(m, rel=1e-3)
    assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic, p * (p + 1) * (k - 1) / 2))


def test_samples_of_the_same_covariance_have_none() -> None:
    values, _ = wide_of("sim_2x2_n13")
    found = box_m([values, values + 5])
    assert found.statistic == pytest.approx(0, abs=1e-10)
    assert found.p_value == pytest.approx(1)
