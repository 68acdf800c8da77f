"""Limits of the difference of two risks in the same subjects, and what must hold of them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.analysis.proportions.paired_difference import PairedCounts, paired_difference_limits
from trialkit.analysis.proportions.paired_proportions import compare_paired_proportions
from trialkit.errors import AnalysisError, ProtocolError
from trialkit.protocol.methods.comparisons import PairedInterval


def limits(both: int, gained: int, lost: int, neither: int, **options: object) -> list[float]:
    pairs = PairedCounts(both=both, gained=gained, lost=lost, neither=neither)
    return list(paired_difference_limits(pairs, **options))  # type: ignore[arg-type]


COUNTS = st.tuples(*[st.integers(0, 40)] * 4).filter(any)


@given(counts=COUNTS, interval=st.sampled_from(PairedInterval), level=st.sampled_from([0.8, 0.95]))
def test_limits_mirror_hold_the_difference_and_widen_with_the_level(
    counts, interval, level
) -> None:
    both, gained, lost, neither = counts
    low, high = limits(both, gained, lost, neither, interval=interval, conf_level=level)
    difference = (gained - lost) / sum(counts)
    assert -1 <= low <= difference + 1e-9
    assert difference - 1e-9 <= high <= 1
    # the other measurement first turns the signs, and no event for event does, too
    np.testing.assert_allclose(
        limits(both, lost, gained, neither, interval=interval, conf_level=level), [-high, -low],
        atol=1e-9,
    )  # fmt: skip
    np.testing.assert_allclose(
        limits(neither, lost, gained, both, interval=interval, conf_level=level), [-high, -low],
        atol=1e-9,
    )  # fmt: skip
    wider = limits(both, gained, lost, neither, interval=interval, conf_level=0.99)
    assert wider[0] <= low + 1e-9
    assert wider[1] >= high - 1e-9


@given(counts=COUNTS)
def test_tango_rejects_no_difference_as_mcnemar_does(counts) -> None:
    """At no difference the score statistic is McNemar's, whose square is (b − c)² / (b + c)."""
    both, gained, lost, neither = counts
    low, high = limits(both, gained, lost, neither, interval="tango")
    changed = gained + lost
    square = (gained - lost) ** 2 / changed if changed else 0.0
    if abs(square - 1.959963984540054**2) > 1e-6:
        assert (low > 0 or high < 0) == (square > 1.959963984540054**2)


def test_where_nobody_changes_the_limits_are_wilson_s() -> None:
    """Tango's are those of no event in n, on either side: z² / (z² + n)."""
    z2 = 1.959963984540054**2
    assert limits(0, 0, 0, 5, interval="tango") == pytest.approx([-z2 / (z2 + 5), z2 / (z2 + 5)])
    assert limits(0, 5, 0, 0, interval="tango")[1] == 1
    assert limits(0, 0, 5, 0, interval="tango")[0] == -1


def test_a_comparison_has_the_limits_that_were_asked_for() -> None:
    counts = {"both": (1, 1, 53), "gained": (0, 1, 16), "lost": (1, 0, 8), "neither": (0, 0, 9)}
    frame = pd.DataFrame(
        [row for first, second, n in counts.values() for row in [(first, second)] * n],
        columns=["before", "after"],
    )
    for interval in PairedInterval:
        found = compare_paired_proportions(
            frame, first="before", second="after", interval=interval, conf_level=0.9
        )
        expected = limits(53, 16, 8, 9, interval=interval, conf_level=0.9)
        assert [found.difference_low, found.difference_high] == expected
        row = found.to_frame().iloc[0]
        assert [row["difference_low"], row["difference_high"], row["interval"]] == [
            *expected, interval.value,
        ]  # fmt: skip
        assert row["risk_difference"] == pytest.approx(8 / 86)


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (-1, 2, 0, 0), (1, 1, 1, -1)])
def test_counts_that_are_none_are_refused(counts: tuple[int, ...]) -> None:
    with pytest.raises(AnalysisError, match="pairs are counted from 0 on"):
        limits(*counts)


def test_an_interval_or_level_that_is_none_is_refused() -> None:
    with pytest.raises((AnalysisError, ProtocolError), match="wald"):
        limits(1, 1, 1, 1, interval="wald")
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        limits(1, 1, 1, 1, conf_level=95)
