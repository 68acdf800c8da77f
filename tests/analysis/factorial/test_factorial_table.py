"""The cells of a factorial table, and the contrasts of them."""

import numpy as np

from trialkit.analysis.factorial.factorial_table import FactorialTable
from trialkit.analysis.linear.linear_model import FactorColumn


def table(*shape: int) -> FactorialTable:
    return FactorialTable(
        factors=tuple(
            FactorColumn(name="abc"[i], codes=np.arange(size), levels=tuple(range(size)))
            for i, size in enumerate(shape)
        )
    )


def test_two_by_two_has_two_effects_four_inside_and_one_interaction() -> None:
    found = table(2, 2).contrasts()
    told = [(each.effect.value, each.factor, each.held, each.weights.tolist()) for each in found]
    assert told == [
        ("averaged inside", "a", "", [-0.5, -0.5, 0.5, 0.5]),
        ("averaged inside", "b", "", [-0.5, 0.5, -0.5, 0.5]),
        ("inside the table", "a", "b = 0", [-1, 0, 1, 0]),
        ("inside the table", "a", "b = 1", [0, -1, 0, 1]),
        ("inside the table", "b", "a = 0", [-1, 1, 0, 0]),
        ("inside the table", "b", "a = 1", [0, 0, -1, 1]),
        ("interaction", "a x b", "", [1, -1, -1, 1]),
    ]
    assert found[-1].contrast == "(1 - 0) x (1 - 0)"


def test_larger_tables_have_as_many_interactions_as_degrees_of_freedom() -> None:
    for shape in ((2, 3), (3, 3), (2, 2, 2), (2, 3, 2)):
        found = table(*shape).contrasts()
        assert all(abs(each.weights.sum()) < 1e-12 for each in found)
        own = [each.weights for each in found if each.effect.value != "inside the table"]
        # with the mean, as many as there are cells, and no one a combination of the others
        assert np.linalg.matrix_rank(np.array([*own, np.ones(np.prod(shape))])) == np.prod(shape)
        assert len(own) == np.prod(shape) - 1


def test_a_row_is_in_its_cell() -> None:
    found = FactorialTable(
        factors=(
            FactorColumn(name="a", codes=np.array([0, 1, 1]), levels=("no", "yes")),
            FactorColumn(name="b", codes=np.array([2, 0, 1]), levels=(1, 2, 3)),
        )
    )
    assert [found.cells[each] for each in found.cell_of] == [("no", 3), ("yes", 1), ("yes", 2)]
    assert found.named(("no", 3)) == "a = no, b = 3"
    assert found.as_one().levels == found.cells
