"""Pairs of participants are told by their measure, and by what decides between equal levels."""

import pytest

from tests.report.words.specifications import told
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.pair_comparison import NextPriority, PairComparison
from trialkit.report.words.en.methods.pair_comparison import WORDS


@pytest.mark.parametrize(
    ("method", "meant"),
    [
        (Method.WIN_ODDS, "ties counted half (1: neither)"),
        (Method.WIN_RATIO, "ties left out (1: neither)"),
        (Method.NET_BENEFIT, "(0: neither)"),
    ],
)
def test_each_measure_says_where_neither_arm_is_better(method: Method, meant: str) -> None:
    text = WORDS.describe(PairComparison(method=method), told())
    assert meant in text
    assert "decided" not in text


def test_what_decides_between_equal_levels_is_told_in_its_order() -> None:
    protocol = told().protocol
    first, second = protocol.outcomes[:2]
    own = PairComparison(
        method=Method.WIN_RATIO,
        then=(
            NextPriority(outcome=first.code, more_than=3.0),
            NextPriority(outcome=second.code),
        ),
    )
    text = WORDS.describe(own, told())
    assert (
        f"by {first.label} ({first.direction.value} is better, by more than 3 {first.unit}), then by "
        f"{second.label} ({second.direction.value} is better)"
    ) in text
    assert "whoever lacks the first outcome is left out" in text
