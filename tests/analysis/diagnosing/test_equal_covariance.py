"""Box's M against pingouin's, and in exact arithmetic where pingouin's passes out of floats."""

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

from tests.analysis.engines.test_pingouin import wide_of
from trialkit.analysis.diagnosing.equal_covariance import box_m
from trialkit.errors import AnalysisError


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


def scatter_of(rows: list[list[int]]) -> list[list[Fraction]]:
    """The sums of squares and products about the means, exactly."""
    n, columns = len(rows), list(zip(*rows, strict=True))
    return [
        [
            Fraction(sum(x * y for x, y in zip(one, other, strict=True)))
            - Fraction(sum(one) * sum(other), n)
            for other in columns
        ]
        for one in columns
    ]


def determinant(matrix: list[list[Fraction]]) -> Fraction:
    """By elimination, exactly; no pivot of a covariance is zero."""
    rows, product = [list(row) for row in matrix], Fraction(1)
    for at, pivot in enumerate(rows):
        product *= pivot[at]
        for row in rows[at + 1 :]:
            share = row[at] / pivot[at]
            row[at:] = [x - share * y for x, y in zip(row[at:], pivot[at:], strict=True)]
    return product


def logarithm(value: Fraction) -> Decimal:
    return Decimal(value.numerator).ln() - Decimal(value.denominator).ln()


def exact_box_m(samples: list[list[list[int]]]) -> float:
    """Box 1949 by exact determinants and fifty digits: M (1 - c), as heplots and biotools have it."""
    p, df = len(samples[0][0]), [len(rows) - 1 for rows in samples]
    scatters = [scatter_of(rows) for rows in samples]
    with localcontext() as context:
        context.prec = 50
        pooled = [
            [sum(each[i][j] for each in scatters) / sum(df) for j in range(p)] for i in range(p)
        ]
        m = sum(df) * logarithm(determinant(pooled))
        for n, scatter in zip(df, scatters, strict=True):
            m -= n * logarithm(determinant([[x / n for x in row] for row in scatter]))
        shrinks = Fraction(2 * p * p + 3 * p - 1, 6 * (p + 1) * (len(df) - 1))
        shrinks *= sum(Fraction(1, n) for n in df) - Fraction(1, sum(df))
        kept = 1 - shrinks
        return float(m * kept.numerator / kept.denominator)


@pytest.mark.parametrize(
    ("sizes", "spreads"),
    [
        ((20, 30, 25), (10, 11, 12)),
        ((30, 30), (16, 10)),
        ((1300, 1300), (16, 11)),
        ((20, 30), (1, 10**7)),
        ((20, 30), (10**12, 10**15)),
    ],
)
def test_it_is_what_exact_arithmetic_gives(
    sizes: tuple[int, ...], spreads: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(5)
    samples = [
        np.rint(spread * (rng.normal(size=(n, 4)) * 10 + rng.normal(size=(n, 1)) * 8))
        for n, spread in zip(sizes, spreads, strict=True)
    ]
    expected = exact_box_m([[[int(x) for x in row] for row in sample] for sample in samples])
    found = box_m(samples)
    assert found.statistic == pytest.approx(expected, rel=1e-9)
    assert found.p_value == pytest.approx(stats.chi2.sf(expected, 10 * (len(sizes) - 1)), abs=1e-12)


def test_13_000_in_each_arm_with_unlike_variances_have_a_finite_statistic() -> None:
    """A statistic was infinite from 2,600 subjects on with SDs of 16 and 11."""
    rng = np.random.default_rng(6)
    found = box_m([16 * rng.normal(size=(13_000, 4)), 11 * rng.normal(size=(13_000, 4))])
    # n ln of the ratio of the pooled variance to the geometric mean, for each of four visits
    expected = 26_000 * 4 * np.log((16**2 + 11**2) / 2 / (16 * 11))
    assert found.statistic == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("scale", [1e-60, 1e-12, 1e12, 1e60])
def test_neither_the_unit_nor_that_of_one_column_matters(scale: float) -> None:
    values, groups = wide_of("sim_3x4_unbal")
    expected = box_m(by_group(values, groups))
    for factor in (scale, np.array([scale, 1, 1, 1])):
        found = box_m(by_group(values * factor, groups))
        assert found.statistic == pytest.approx(expected.statistic, rel=1e-6)


def test_what_has_no_determinant_is_refused() -> None:
    values, groups = wide_of("sim_3x4_unbal")
    double = np.column_stack([values[:, :3], values[:, 0]])
    with pytest.raises(AnalysisError, match="covariance of an arm is singular"):
        box_m(by_group(double, groups))
    still = values * np.array([1, 1, 1, 0])
    with pytest.raises(AnalysisError, match="covariance of an arm is singular"):
        box_m(by_group(still, groups))
    with pytest.raises(AnalysisError, match=r"no more subjects than there are visits \(4\)"):
        box_m([values[:4], values[4:]])
