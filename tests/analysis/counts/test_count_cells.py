"""Counts summed over rows that no model can tell apart."""

import numpy as np

from trialkit.analysis.counts.count_cells import CountCells, cell_layout


def filled(design: np.ndarray, exposure: np.ndarray | None) -> CountCells:
    return cell_layout(COUNTS, design, exposure).filled(COUNTS, slice(None))


DESIGN = np.array([[1.0, 0], [1, 1], [1, 0], [1, 1]])
COUNTS = np.array([[1, 2, 3, 0], [0, 0, 4, 1]])


def test_some_replicates_are_filled_alone() -> None:
    layout = cell_layout(COUNTS, DESIGN, np.ones((2, 4)))
    part = layout.filled(COUNTS, slice(1, 2))
    assert part.sums.tolist() == [[0, 0, 4, 1]]
    assert part.exposure.shape == (1, 4)


def test_rows_alike_are_one_cell() -> None:
    cells = filled(DESIGN, None)
    assert cells.size.tolist() == [2, 2]
    assert cells.sums.tolist() == [[4, 2], [4, 1]]
    assert cells.squares.tolist() == [[10, 4], [16, 1]]
    assert cells.above.tolist() == [[3, 2, 1, 0], [2, 1, 1, 1]]
    assert cells.of(np.array([1])).sums.tolist() == [[4, 1]]


def test_sums_are_those_of_the_rows() -> None:
    time = np.array([1.0, 1.0, 2.0, 1.0])
    cells, rows = (filled(DESIGN, each) for each in (time, np.tile(time, (2, 1))))
    at = np.array([[0.1, -0.2], [0.3, 0.4]])
    assert len(cells.size) == 3
    assert len(rows.size) == 4
    for each in (cells, rows):
        mean = each.mean(at)
        total = (each.size * mean).sum(axis=1)
        np.testing.assert_allclose(total, (np.exp(at @ DESIGN.T) * time).sum(axis=1))
        np.testing.assert_allclose(
            each.information(each.size * mean),
            np.einsum("rn,np,nq->rpq", np.exp(at @ DESIGN.T) * time, DESIGN, DESIGN),
        )
        np.testing.assert_allclose(
            each.squared_residuals(mean).sum(axis=1),
            ((COUNTS - np.exp(at @ DESIGN.T) * time) ** 2).sum(axis=1),
        )
