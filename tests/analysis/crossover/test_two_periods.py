"""Who had which treatment first."""

import numpy as np

from tests.analysis.crossover.crossover_cases import COLUMNS, long
from trialkit.analysis.crossover.two_periods import read_two_periods


def test_values_stand_by_period_and_sequence_whatever_the_rows() -> None:
    frame = long([1, 2, 3, 4], [5, 6, 7, 8], [True, False, True, False])
    frame = frame.sample(frac=1, random_state=4)
    found = read_two_periods(
        frame, frame["y"].to_numpy(dtype=float), outcome="y", reference="A", order=None, **COLUMNS
    )
    both = sorted(zip(found.first, found.second, found.experimental_first, strict=True))
    assert both == [(1, 5, True), (2, 6, False), (3, 7, True), (4, 8, False)]
    assert found.sequences == ("B, A", "A, B")
    assert found.sizes == (2, 2)
    assert found.periods == ("1", "2")
    assert not np.isnan(found.first).any()
