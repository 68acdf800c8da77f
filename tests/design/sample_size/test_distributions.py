"""Power by the noncentral distributions, against their own integrals and simulated draws."""

from math import sqrt

import numpy as np
import pytest
from scipy.stats import chi2, f, ncf, nct, ncx2, norm, t

from trialkit.design.sample_size.distributions import (
    ChiSquareTest,
    FTestPower,
    NormalTest,
    TTestPower,
    scale_of_two_means,
)


@pytest.mark.parametrize("shift", [2.1, -2.1])
def test_t_counts_both_tails_for_two_sides_and_the_effects_own_for_one(shift: float) -> None:
    test = TTestPower(df=14, noncentrality=shift)
    limit = t.isf(0.02, 14)
    assert test.critical(0.04, 2) == test.critical(0.02, 1) == pytest.approx(limit)
    assert test.power(0.02, 1) == pytest.approx(nct.sf(limit, 14, 2.1), abs=1e-12)
    both = nct.sf(limit, 14, 2.1) + nct.cdf(-limit, 14, 2.1)
    assert test.power(0.04, 2) == pytest.approx(both, abs=1e-12)
    many = test.power_at(np.array([-1.0, 0.0, 3.0]), 0.04, 2)
    expected = [nct.sf(limit, 14, each) + nct.cdf(-limit, 14, each) for each in (1, 0, 3)]
    assert many == pytest.approx(expected, abs=1e-9)
    # without an effect the power is the level
    assert many[1] == pytest.approx(0.04, abs=1e-12)
    assert test.power_at(np.array([0.0]), 0.04, 1) == pytest.approx([0.04])


def test_f_and_chi_square_by_their_noncentral_tails() -> None:
    by_f = FTestPower(df_num=3, df_den=40, noncentrality=7.5)
    assert by_f.critical(0.02) == pytest.approx(f.isf(0.02, 3, 40))
    assert by_f.power(0.02) == pytest.approx(ncf.sf(f.isf(0.02, 3, 40), 3, 40, 7.5))
    nothing = FTestPower(df_num=3, df_den=40, noncentrality=0.0)
    assert nothing.power(0.02) == pytest.approx(0.02)
    table = ChiSquareTest(df=3, noncentrality=7.5)
    assert table.critical(0.02) == pytest.approx(chi2.isf(0.02, 3))
    assert table.power(0.02) == pytest.approx(ncx2.sf(chi2.isf(0.02, 3), 3, 7.5))


@pytest.mark.parametrize("shift", [2.1, -2.1])
def test_the_normal_has_a_spread_of_its_own_under_the_alternative(shift: float) -> None:
    test = NormalTest(shift=shift, spread=1.2)
    two, one = norm.isf(0.02), norm.isf(0.04)
    assert test.power(0.04, 2) == pytest.approx(norm.sf(two, 2.1, 1.2))
    assert test.power(0.04, 1) == pytest.approx(norm.sf(one, 2.1, 1.2))
    both = norm.sf(two, 2.1, 1.2) + norm.cdf(-two, 2.1, 1.2)
    assert test.power_either_way(0.04, 2) == pytest.approx(both)
    assert test.power_either_way(0.04, 1) == pytest.approx(norm.sf(one, 2.1, 1.2))
    assert NormalTest(shift=0).power_either_way(0.04, 2) == pytest.approx(0.04)


def test_the_scale_of_a_difference_of_two_means() -> None:
    assert scale_of_two_means(4, 16) == pytest.approx(sqrt(1 / 4 + 1 / 16))
