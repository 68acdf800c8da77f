"""Cells and their blocks: what of the rows the likelihood needs."""

import numpy as np
import pytest

from trialkit.analysis.mixed import cell_sums
from trialkit.analysis.mixed.cell_sums import gather_cells
from trialkit.analysis.mixed.groupings import RowGrouping
from trialkit.errors import AnalysisError


def _grouping(codes: list[int]) -> RowGrouping:
    return RowGrouping(name="g", codes=np.array(codes), levels=tuple(range(max(codes) + 1)))


def test_a_cluster_is_its_mean_and_its_deviations() -> None:
    columns = np.array([[1.0, 2], [1, 4], [1, 9], [1, 5]])
    sums = gather_cells(
        columns, (_grouping([0, 0, 1, -1]),), np.zeros(4, dtype=int), n_classes=1, log_columns=0.0
    )
    (stack,) = sums.stacks
    np.testing.assert_allclose(stack.rows[:, 0], [[np.sqrt(2), 3 * np.sqrt(2)], [1, 9]])
    np.testing.assert_allclose(stack.shared[0].ravel(), [2, 1])
    # the deviations −1 and 1, and the row of no cluster as it is
    np.testing.assert_allclose(sums.within[0], [[1, 5], [5, 2 + 25]])
    assert sums.within_df.tolist() == [2]
    assert (sums.n, sums.p, len(sums.within)) == (4, 1, 1)


def test_cells_that_share_a_level_by_way_of_others_are_one_block() -> None:
    one, other = _grouping([0, 0, 1, 2, 3]), _grouping([0, 1, 1, 2, 2])
    sums = gather_cells(
        np.ones((5, 2)), (one, other), np.zeros(5, dtype=int), n_classes=1, log_columns=0.0
    )
    assert sorted(stack.rows.shape[:2] for stack in sums.stacks) == [(1, 2), (1, 3)]


def test_clusters_of_equal_pattern_are_computed_together() -> None:
    classes = np.tile([0, 1], 20)
    sums = gather_cells(
        np.ones((40, 2)), (_grouping(list(np.repeat(range(10), 4))),), classes,
        n_classes=2, log_columns=0.0,
    )  # fmt: skip
    (stack,) = sums.stacks
    assert stack.rows.shape == (10, 2, 2)
    assert sums.within_df.tolist() == [10, 10]


def test_too_large_a_block_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_sums, "MOST_AT_ONCE", 2)
    with pytest.raises(AnalysisError, match="one block of 3 cells, more than the 2"):
        gather_cells(
            np.ones((3, 2)), (_grouping([0, 0, 0]), _grouping([0, 1, 2])),
            np.zeros(3, dtype=int), n_classes=1, log_columns=0.0,
        )  # fmt: skip
