"""Two subjects compared."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.ordinal.pairwise_wins import (
    RankedOutcome,
    TimedOutcome,
    read_outcome,
    win_shares,
)

FRAME = pd.DataFrame(
    {"t": [5.0, 3.0, 3.0, 8.0], "d": [1, 1, 0, 0], "w": ["good", "bad", "good", None]}
)
LEVELS = {"w": ["bad", "good"]}


@pytest.mark.parametrize(
    ("one", "two", "result"),
    [(0, 1, 1), (1, 0, -1), (1, 2, -1), (2, 1, 1), (0, 2, 0), (2, 3, 0), (3, 0, 1), (0, 3, -1)],
)
def test_whoever_is_known_to_have_gone_on_longer_wins(one: int, two: int, result: int) -> None:
    read = read_outcome(FRAME, TimedOutcome(time="t", event="d"), order=None)
    shares = win_shares([read], np.array([one]), np.array([two]))
    assert shares.wins[0] - shares.losses[0] == result
    sooner = read_outcome(
        FRAME, TimedOutcome(time="t", event="d", later_is_better=False), order=None
    )
    turned = win_shares([sooner], np.array([one]), np.array([two]))
    assert turned.wins[0] - turned.losses[0] == -result


def test_levels_have_their_order_and_none_tells_nobody_apart() -> None:
    read = read_outcome(FRAME, RankedOutcome(column="w"), order=LEVELS)
    assert read.value.tolist()[:3] == [1, 0, 1]
    shares = win_shares([read], np.array([0, 3]), np.array([1, 2]))
    assert shares.wins.tolist() == [0.5, 0]
    assert shares.wins_over.tolist() == [0.5, 0]
    assert shares.by_outcome.tolist() == [[0.25, 0]]
