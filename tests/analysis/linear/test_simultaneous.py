"""Tukey's and Dunnett's distributions against R and scipy."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from tests.conftest import examples
from trialkit.analysis.linear import simultaneous
from trialkit.analysis.linear.simultaneous import (
    dunnett_critical,
    dunnett_tail,
    tukey_critical,
    tukey_tail,
)
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "ancova"
CRITICAL = json.loads((REFERENCE / "simultaneous.json").read_text(encoding="utf-8"))


def equal_groups(count: int) -> np.ndarray:
    return np.where(np.eye(count, dtype=bool), 1.0, 0.5)


@pytest.mark.parametrize("row", CRITICAL["dunnett_two_sided_equal_groups"])
def test_dunnett_is_the_multivariate_t_of_mvtnorm(row: dict[str, float]) -> None:
    correlation = equal_groups(int(row["contrasts"]))
    found = dunnett_critical(row["level"], correlation=correlation, df=row["df"])
    assert found == pytest.approx(row["critical"], abs=2e-5)


@pytest.mark.parametrize("row", CRITICAL["tukey"])
def test_tukey_is_the_studentised_range_of_r(row: dict[str, float]) -> None:
    found = tukey_critical(row["level"], means=int(row["means"]), df=row["df"]) * np.sqrt(2)
    assert found == pytest.approx(row["q"], rel=1e-7)


@pytest.mark.parametrize("means", [2, 3, 6, 12])
@pytest.mark.parametrize("df", [1, 2.5, 12, 240])
@pytest.mark.parametrize("q", [0.5, 2.0, 4.5])
def test_tukey_is_scipys_studentised_range(means: int, df: float, q: float) -> None:
    expected = stats.studentized_range.sf(q, means, df)
    assert tukey_tail(q, means=means, df=df) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("t", [0.3, 2.0, 7.0, 15.0])
def test_two_means_are_an_ordinary_t_test(t: float) -> None:
    expected = 2 * special.stdtr(17, -t)
    assert tukey_tail(t * np.sqrt(2), means=2, df=17) == pytest.approx(expected, rel=1e-9)
    assert dunnett_tail(t, correlation=np.eye(1), df=17) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("t", [0.8, 2.4, 6.0])
def test_the_two_quadratures_of_dunnett_agree(count: int, t: float) -> None:
    correlation = equal_groups(count)
    scales, weights = simultaneous._scale_rule(20)
    root = np.linalg.cholesky(correlation)
    nested = simultaneous._tails_nested(t * scales, root) @ weights
    assert dunnett_tail(t, correlation=correlation, df=20) == pytest.approx(nested, rel=1e-9)


@pytest.mark.parametrize("count", [3, 5])
def test_an_arbitrary_correlation_is_scipys_multivariate_t(count: int) -> None:
    rng = np.random.default_rng(5)
    loadings = rng.normal(size=(count, count + 1))
    covariance = loadings @ loadings.T
    scale = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(scale, scale)
    inside = stats.multivariate_t.cdf(
        np.full(count, 2.3),
        shape=correlation,
        df=15,
        lower_limit=np.full(count, -2.3),
        random_state=1,
        maxpts=200_000,
    )
    assert dunnett_tail(2.3, correlation=correlation, df=15) == pytest.approx(1 - inside, abs=2e-5)


def test_independent_contrasts_with_many_degrees_of_freedom_are_sidaks() -> None:
    single = 2 * special.ndtr(-2.2)
    found = dunnett_tail(2.2, correlation=np.eye(3), df=1e9)
    assert found == pytest.approx(1 - (1 - single) ** 3, rel=1e-7)


@settings(max_examples=examples(30), deadline=None)
@given(st.floats(0.01, 30), st.integers(2, 6), st.floats(1, 500))
def test_a_simultaneous_p_value_lies_between_the_single_and_bonferronis(
    t: float, count: int, df: float
) -> None:
    single = 2 * special.stdtr(df, -t)
    dunnett = dunnett_tail(t, correlation=equal_groups(count), df=df)
    tukey = tukey_tail(t * np.sqrt(2), means=count, df=df)
    pairs = count * (count - 1) / 2
    assert single * (1 - 1e-6) <= dunnett <= min(1, count * single) * (1 + 1e-6)
    assert single * (1 - 1e-6) <= tukey <= min(1, pairs * single) * (1 + 1e-6)


def test_no_difference_at_all_has_the_p_value_one() -> None:
    assert tukey_tail(0.0, means=3, df=10) == 1.0
    assert dunnett_tail(0.0, correlation=equal_groups(3), df=10) == 1.0


def test_contrasts_that_depend_on_each_other_are_refused() -> None:
    weights = np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0], [1.0, 0.0, -1.0]])
    covariance = weights @ weights.T
    scale = np.sqrt(np.diag(covariance))
    with pytest.raises(AnalysisError, match="depend on each other"):
        dunnett_tail(2.0, correlation=covariance / np.outer(scale, scale), df=10)
