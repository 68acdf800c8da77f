"""The treatment of the period before."""

import numpy as np
import pytest

from trialkit.analysis.linear.linear_model import FactorColumn
from trialkit.analysis.mixed.carry_over import carry_over_column, treatment_before
from trialkit.errors import AnalysisError

SUBJECT = np.array([0, 0, 0, 1, 1])
PERIOD = np.array([0, 1, 2, 0, 2])
TREATMENT = np.array([0, 1, 2, 0, 2])


def test_it_is_the_subjects_own_or_that_of_the_sequence() -> None:
    before, unknown = treatment_before(SUBJECT, PERIOD, TREATMENT, None)
    assert before.tolist() == [-1, 0, 1, -1, -1]
    assert unknown.tolist() == [False, False, False, False, True]
    before, unknown = treatment_before(SUBJECT, PERIOD, TREATMENT, np.zeros(5, dtype=int))
    assert before.tolist() == [-1, 0, 1, -1, 1]
    assert not unknown.any()


def test_the_reference_and_nothing_are_the_base() -> None:
    treatment = FactorColumn(name="t", codes=TREATMENT, levels=("A", "B", "C"), base=1)
    column = carry_over_column(np.array([-1, 0, 1, 2, 2]), treatment)
    assert column.levels == ("B", "A", "C")
    assert column.codes.tolist() == [0, 1, 0, 2, 2]
    with pytest.raises(AnalysisError, match="no treatment precedes another"):
        carry_over_column(np.array([-1, 1]), treatment)
