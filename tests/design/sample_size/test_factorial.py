"""Two factors of two levels: the margin, the interaction, and that it takes four times as many."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nct, t

from tests.conftest import examples
from tests.design.size_reference import PUBLISHED, values_of
from trialkit.design.sample_size.ancova import AncovaF
from trialkit.design.sample_size.factorial import AT_MARGIN, TwoByTwo
from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.design import FactorialTest

INTERACTION = FactorialTest.INTERACTION


def test_superpower_prints_the_same_for_each_effect_of_one_table() -> None:
    """Means of 20, 20, 20 and 25: each margin differs by 2.5, and the differences by 5."""
    expected = PUBLISHED["factorial_means"]["superpower"]
    n = 4 * expected["per_cell"]
    one, both = expected["means"][0], expected["means"][3]
    margin = TwoByTwo(difference=(both - one) / 2, sd=expected["sd"])
    together = TwoByTwo(difference=both - one, sd=expected["sd"], effect=INTERACTION)
    for trial in (margin, together):
        assert abs(trial.power(n) - expected["power"]) < expected["tolerance"]


def test_a_trial_sized_for_the_margin_has_little_power_for_an_interaction_of_its_size() -> None:
    expected = PUBLISHED["factorial_means"]["brookes"]
    margin = TwoByTwo(difference=0.2)
    n = margin.solve_n(expected["power_of_effect"]).n
    assert n is not None
    together = TwoByTwo(difference=0.2, effect=INTERACTION)
    assert round(100 * together.power(n)) == expected["power_of_interaction_percent"]
    needed = together.solve_n(expected["power_of_effect"]).n
    assert needed == pytest.approx(expected["times_as_many"] * n, rel=0.005)


def test_the_power_is_that_of_the_noncentral_t() -> None:
    trial = TwoByTwo(difference=-5, sd=12, correlation=0.6, alpha=0.02, sides=1)
    shift = 5 / (12 * 0.8 * sqrt(4 / 80))
    limit = t.isf(0.02, 80 - 4)
    assert trial.power(80) == pytest.approx(nct.sf(limit, 76, shift), abs=1e-10)
    assert values_of(trial.quantities((20, 20, 20, 20))) == [
        ("noncentrality", pytest.approx(-shift)),
        ("critical_t", pytest.approx(limit)),
        ("df", 76),
    ]


@settings(deadline=None, max_examples=examples(40))
@given(
    sizes=st.tuples(*(st.integers(2, 40),) * 4),
    effect=st.floats(0.1, 2),
)
def test_an_interaction_is_the_f_of_a_contrast_of_cells(
    sizes: tuple[int, int, int, int], effect: float
) -> None:
    """By f, whose square is what the contrast explains of the variance, for each participant."""
    n = sum(sizes)
    f = effect / sqrt(sum(1 / each for each in sizes)) / sqrt(n)
    general = AncovaF(f=f, groups=4, df_num=1).power(n)
    trial = TwoByTwo(difference=effect, effect=INTERACTION)
    assert trial.power(sizes) == pytest.approx(general, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("effect", list(FactorialTest))
def test_simulated_trials_reject_as_often(effect: FactorialTest) -> None:
    sizes, runs = (10, 14, 12, 20), 20_000
    rng = np.random.default_rng(3)
    cells = np.repeat(np.arange(4), sizes)
    one, other = cells // 2, cells % 2
    columns = [np.ones(len(cells)), one, other]
    product = one * other
    design = np.column_stack([*columns, product] if effect is INTERACTION else columns)
    tested = 3 if effect is INTERACTION else 1
    shift = 0.9 * (product if effect is INTERACTION else one)
    y = rng.normal(size=(runs, len(cells))) + shift
    inverse = np.linalg.inv(design.T @ design)
    fitted = y @ design @ inverse
    left = y - fitted @ design.T
    df = len(cells) - design.shape[1]
    se = np.sqrt((left**2).sum(axis=1) / df * inverse[tested, tested])
    rejected = np.abs(fitted[:, tested] / se) > t.isf(0.025, df)
    expected = TwoByTwo(difference=0.9, effect=effect).power(sizes)
    assert rejected.mean() == pytest.approx(expected, abs=0.012)


def test_words_say_what_is_tested_and_what_the_margin_leaves_open() -> None:
    trial = TwoByTwo(difference=8, sd=20, correlation=0.5)
    assert trial.question() == (
        "to detect a difference at the margin of 8 with an SD of 20, a correlation of 0.5 with the "
        "baseline value in a 2 × 2 factorial trial, by a two-sided t test of least squares at the level "
        "0.05"
    )
    assert trial.notes() == (AT_MARGIN,)
    together = TwoByTwo(difference=8, effect=INTERACTION)
    assert together.question().startswith("to detect an interaction (a difference of differences)")
    assert together.notes() == ()
    assert [trial.possible(each) for each in ((1, 1, 2, 2), (2, 1, 1, 1), (0, 9, 9, 9))] == [
        True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"difference": 0}, {"sd": 0}, {"correlation": 1}, {"sides": 3}, {"allocation": (1, 1)}],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        TwoByTwo(**{"difference": 1} | wrong)  # type: ignore[arg-type]
