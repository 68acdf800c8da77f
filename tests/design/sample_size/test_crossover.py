"""Two treatments in two periods, counted with t of half the differences between the periods."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nct, t

from tests.conftest import examples
from tests.design.size_reference import PUBLISHED, values_of
from trialkit.analysis.means.batched_means import compare_means_batch
from trialkit.design.sample_size.crossover import TwoPeriodMeans
from trialkit.design.sample_size.t_tests import TwoSampleT
from trialkit.errors import ProtocolError


def test_the_size_is_that_of_the_closed_form() -> None:
    expected = PUBLISHED["crossover_means"]
    size = TwoPeriodMeans(difference=5, sd=10).solve_n(0.9)
    assert size.n == expected["n"]
    assert f"{size.power:.5f}" == str(expected["power"])


def test_the_power_is_that_of_the_noncentral_t() -> None:
    trial = TwoPeriodMeans(difference=-4, sd=12, correlation=0.75, alpha=0.02, sides=1)
    shift = 4 / (12 * sqrt(0.25) / sqrt(2) * sqrt(1 / 10 + 1 / 14))
    limit = t.isf(0.02, 22)
    assert trial.power((10, 14)) == pytest.approx(nct.sf(limit, 22, shift), abs=1e-10)
    assert values_of(trial.quantities((10, 14))) == [
        ("sd_within", pytest.approx(6.0)),
        ("noncentrality", pytest.approx(-shift)),
        ("critical_t", pytest.approx(limit)),
        ("df", 22),
    ]
    assert [trial.possible(each) for each in ((1, 2), (1, 1), (0, 9))] == [True, False, False]


@settings(deadline=None, max_examples=examples(40))
@given(
    sizes=st.tuples(st.integers(2, 60), st.integers(2, 60)),
    difference=st.floats(0.1, 2),
    correlation=st.floats(-0.9, 0.95),
)
def test_it_is_two_samples_of_half_differences(
    sizes: tuple[int, int], difference: float, correlation: float
) -> None:
    half = sqrt((1 - correlation) / 2)
    two = TwoSampleT(difference=difference, sd=half).power(sizes)
    trial = TwoPeriodMeans(difference=difference, correlation=correlation)
    assert trial.power(sizes) == pytest.approx(two, abs=1e-9)


@pytest.mark.slow
def test_simulated_trials_reject_as_often() -> None:
    sizes, runs = (12, 16), 20_000
    rng = np.random.default_rng(4)
    people = rng.normal(size=(runs, sum(sizes), 1)) * sqrt(0.6)
    values = people + rng.normal(size=(runs, sum(sizes), 2)) * sqrt(0.4) + np.array([0, 0.3])
    first = np.repeat([0, 1], sizes)
    values[:, first == 0, 1] += 0.7  # the reference first, the other second
    values[:, first == 1, 0] += 0.7
    half = (values[:, :, 1] - values[:, :, 0]) / 2
    tested = compare_means_batch(half, first, method="student_t")
    found = float(np.mean(tested.p_value < 0.05))
    expected = TwoPeriodMeans(difference=0.7, correlation=0.6).power(sizes)
    assert found == pytest.approx(expected, abs=4 * sqrt(expected * (1 - expected) / runs))


def test_words_say_within_whom_the_spread_is() -> None:
    assert TwoPeriodMeans(difference=5, sd=10).question() == (
        "to detect a difference in means of 5 with an SD of 10 within participants in a crossover trial of "
        "two treatments in two periods, by a two-sided t test at the level 0.05"
    )
    correlated = TwoPeriodMeans(difference=5, sd=10, correlation=0.5).question()
    assert "with an SD of 10, a correlation of 0.5 between the periods in a crossover" in correlated


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"difference": 0}, "there is nothing to detect"),
        ({"sd": 0}, "sd must be above 0"),
        ({"correlation": 1}, "correlation must"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        TwoPeriodMeans(**{"difference": 5} | wrong)  # type: ignore[arg-type]
