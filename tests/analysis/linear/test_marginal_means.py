"""Which average a marginal mean is."""

import numpy as np

from trialkit.analysis.linear.linear_model import FactorColumn, NumericColumn, build_design
from trialkit.analysis.linear.marginal_means import marginal_row
from trialkit.protocol.methods.linear_models import MarginalWeights

AGE = NumericColumn(name="age", values=np.array([3.0, 5, 8, 13, 21, 34, 55, 89]))
ARM = FactorColumn(
    name="arm", codes=np.array([0, 1, 2, 0, 1, 2, 0, 0]), levels=("P", "A", "B"), base=1
)


def test_a_marginal_row_weights_levels_equally_or_as_they_occur() -> None:
    design = build_design((AGE, ARM), (("age",), ("arm",)))
    equal = marginal_row(design, at={}, weights=MarginalWeights.EQUAL)
    np.testing.assert_allclose(equal, [1, AGE.values.mean(), 1 / 3, 1 / 3])
    occurring = marginal_row(design, at={}, weights=MarginalWeights.PROPORTIONAL)
    np.testing.assert_allclose(occurring, design.matrix.mean(axis=0))


def test_a_factor_held_at_a_level_is_not_averaged() -> None:
    design = build_design((AGE, ARM), (("age",), ("arm",)))
    row = marginal_row(design, at={"arm": 2}, weights=MarginalWeights.EQUAL)
    np.testing.assert_allclose(row, [1, AGE.values.mean(), 0, 1])
