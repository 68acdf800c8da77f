"""Which levels are compared, and how a family of contrasts is adjusted."""

import numpy as np
import pytest
from scipy import stats

from trialkit.analysis.linear.contrasts import (
    Estimates,
    choose_adjustment,
    compared_levels,
    t_critical,
    t_p_value,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment

ARMS = ("A", "B", "C")


def test_contrasts_are_other_minus_reference() -> None:
    pairs = compared_levels(ARMS, comparisons=Comparisons.REFERENCE, reference="B")
    assert pairs == [(0, 1), (2, 1)]


def test_all_pairs_begin_with_those_against_the_reference() -> None:
    pairs = compared_levels(ARMS, comparisons=Comparisons.ALL_PAIRS, reference="B")
    assert pairs == [(0, 1), (2, 1), (2, 0)]


def test_tiny_p_values_keep_their_precision() -> None:
    assert t_p_value(np.array([-40.0]), 30)[0] == pytest.approx(2 * stats.t.sf(40, 30), rel=1e-9)
    assert 0 < t_p_value(np.array([40.0]), 30)[0] < 1e-20


def test_critical_values_are_those_of_t() -> None:
    assert t_critical(0.95, 12) == pytest.approx(stats.t.ppf(0.975, 12))
    assert t_critical(0.95, 12, of=4) == pytest.approx(stats.t.ppf(1 - 0.05 / 8, 12))


def estimates() -> Estimates:
    return Estimates(
        values=np.array([1.0, 2.0, 3.0, 4.0]),
        covariance=np.eye(4) + 0.5,
        df=20,
        family=np.array([0, 0, 1, 1]),
        means=2,
    )


def test_each_family_is_adjusted_by_itself() -> None:
    table = estimates().test(conf_level=0.95, adjustment=ContrastAdjustment.BONFERRONI)
    np.testing.assert_allclose(table["p_adjusted"], np.minimum(1, 2 * table["p_value"]))
    holm = estimates().test(conf_level=0.95, adjustment=ContrastAdjustment.HOLM)
    assert holm["p_adjusted"][1] == pytest.approx(2 * holm["p_value"][1])
    assert holm["p_adjusted"][0] == pytest.approx(max(holm["p_value"][0], 2 * holm["p_value"][1]))


def test_limits_widen_when_they_answer_for_a_family() -> None:
    widths = [
        (table["conf_high"] - table["conf_low"]).iloc[0]
        for table in (
            estimates().test(conf_level=0.95, adjustment=adjustment)
            for adjustment in (
                ContrastAdjustment.NONE,
                ContrastAdjustment.DUNNETT,
                ContrastAdjustment.BONFERRONI,
            )
        )
    ]
    assert widths == sorted(widths)
    assert len(set(widths)) == 3


@pytest.mark.parametrize(
    ("adjustment", "comparisons"),
    [("tukey", Comparisons.REFERENCE), ("dunnett", Comparisons.ALL_PAIRS)],
)
def test_an_adjustment_for_other_comparisons_is_refused(
    adjustment: str, comparisons: Comparisons
) -> None:
    with pytest.raises(AnalysisError, match="comparisons="):
        choose_adjustment(adjustment, comparisons=comparisons)
