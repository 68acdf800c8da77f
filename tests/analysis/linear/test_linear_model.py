"""Design matrices and hypotheses against hand-made ones."""

import numpy as np
import pytest

from trialkit.analysis.linear.linear_model import (
    Coding,
    FactorColumn,
    NumericColumn,
    build_design,
    independent_columns,
    refuse_collinear,
    term_hypotheses,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import SumOfSquares

CODES = np.array([0, 1, 2, 0, 1, 2, 0, 0])
AGE = NumericColumn(name="age", values=np.array([3.0, 5, 8, 13, 21, 34, 55, 89]))
ARM = FactorColumn(name="arm", codes=CODES, levels=("P", "A", "B"), base=1)


def test_treatment_coding_is_against_the_base_level() -> None:
    design = build_design((AGE, ARM), (("age",), ("arm",)))
    assert design.names == ("intercept", "age", "arm[P]", "arm[B]")
    np.testing.assert_array_equal(design.matrix[:, 2], CODES == 0)
    np.testing.assert_array_equal(design.matrix[:, 3], CODES == 2)
    np.testing.assert_array_equal(design.term_of, [0, 1, 2, 2])


def test_sum_coding_sums_to_zero_over_the_levels() -> None:
    np.testing.assert_array_equal(ARM.contrast_matrix(Coding.SUM).sum(axis=0), [0, 0])


def test_an_interaction_is_the_product_of_its_columns() -> None:
    design = build_design((AGE, ARM), (("age",), ("arm",), ("age", "arm")))
    assert design.names[-2:] == ("age:arm[P]", "age:arm[B]")
    np.testing.assert_array_equal(design.matrix[:, -1], AGE.values * (CODES == 2))


@pytest.mark.parametrize("coding", list(Coding))
def test_the_row_of_a_subject_is_its_row_of_the_matrix(coding: Coding) -> None:
    design = build_design((AGE, ARM), (("age",), ("arm",), ("age", "arm")), coding=coding)
    for i in range(8):
        row = design.row({"age": AGE.values[i], "arm": np.eye(3)[CODES[i]]})
        np.testing.assert_allclose(row, design.matrix[i])


def test_all_types_agree_on_the_highest_interaction() -> None:
    design = build_design((AGE, ARM), (("age",), ("arm",), ("age", "arm")))
    spans = []
    for kind in SumOfSquares:
        basis, _ = np.linalg.qr(term_hypotheses(design, kind)[2].T)
        spans.append(basis @ basis.T)
    np.testing.assert_allclose(spans[0], spans[1], atol=1e-9)
    np.testing.assert_allclose(spans[0], spans[2], atol=1e-9)


def test_a_collinear_column_is_named() -> None:
    twin = NumericColumn(name="twin", values=2 * AGE.values - 7)
    with pytest.raises(AnalysisError, match="'twin' is a linear combination"):
        refuse_collinear(build_design((AGE, twin, ARM), (("age",), ("twin",), ("arm",))))
    flat = NumericColumn(name="flat", values=np.full(8, 1e9))
    with pytest.raises(AnalysisError, match="'flat' is the same in all rows"):
        refuse_collinear(build_design((flat, ARM), (("flat",), ("arm",))))


def test_columns_that_depend_on_those_before_them_are_found() -> None:
    twin = NumericColumn(name="twin", values=2 * AGE.values - 7)
    flat = NumericColumn(name="flat", values=np.full(8, 1e9))
    none = NumericColumn(name="none", values=np.zeros(8))
    columns = (AGE, twin, flat, none, ARM)
    design = build_design(columns, tuple((each.name,) for each in columns))
    found = independent_columns(design)
    np.testing.assert_array_equal(found, [True, True, False, False, False, True, True])


def test_more_columns_than_rows_have_as_many_independent_ones_as_rows() -> None:
    rng = np.random.default_rng(3)
    columns = tuple(NumericColumn(name=f"x{i}", values=rng.normal(size=4)) for i in range(7))
    design = build_design(columns, tuple((each.name,) for each in columns))
    assert independent_columns(design).sum() == 4


def test_a_covariate_far_from_zero_is_not_called_constant() -> None:
    far = NumericColumn(name="far", values=1e7 + AGE.values)
    refuse_collinear(build_design((far, ARM), (("far",), ("arm",))))
