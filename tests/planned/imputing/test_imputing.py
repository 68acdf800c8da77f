"""Which rows are imputed, from when on something is supposed of them, and by which model."""

import numpy as np
import pandas as pd

from tests.planned.hand import PAIN, SUBJECTS, task_of
from trialkit.datasets.measurements import NOT_YET_DUE
from trialkit.planned.imputing.imputing import (
    planned_ancova,
    planned_imputation_model,
    planned_imputations,
    rows_to_impute,
)
from trialkit.planned.imputing.tails import events_of, missing_tails
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.multiple_imputation import MultipleImputation

JUMP = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE)


def gaps() -> np.ndarray:
    pain = PAIN.copy()
    pain[3, 2] = np.nan
    pain[12, 1:] = np.nan
    pain[5, 1] = np.nan
    return pain


def rows(specification: MultipleImputation = JUMP) -> pd.DataFrame:
    return rows_to_impute(task_of(specification, pain=gaps()), specification)


def test_rows_are_those_after_baseline_that_the_plan_names() -> None:
    assert list(rows()["visit"].cat.categories) == ["V1", "V2"]
    assert len(rows()) == 48
    assert list(rows(MultipleImputation(visits=("V2",)))["visit"].unique()) == ["V2"]


def test_a_tail_begins_after_the_last_value_and_a_gap_is_none() -> None:
    found = missing_tails(rows())
    assert dict(zip(found["subject_id"], found["visit"], strict=True)) == {
        SUBJECTS[3]: "V2",
        SUBJECTS[12]: "V1",
    }


def test_who_is_still_followed_up_has_not_left() -> None:
    own = rows()
    coming = (own["subject_id"] == SUBJECTS[12]) & (own["visit"] == "V2")
    own.loc[coming, "missing_reason"] = NOT_YET_DUE
    assert SUBJECTS[12] in set(missing_tails(own)["subject_id"])  # missed V1, too
    both = own["subject_id"] == SUBJECTS[12]
    own.loc[both, "missing_reason"] = NOT_YET_DUE
    assert set(missing_tails(own)["subject_id"]) == {SUBJECTS[3]}


def test_events_have_the_strategy_of_the_plan() -> None:
    assert events_of(rows(), MultipleImputation()) is None
    found = events_of(rows(), JUMP)
    assert found is not None
    assert set(found["strategy"]) == {"jump-to-reference"}
    last = MultipleImputation(strategy=ImputationStrategy.LAST_MEAN)
    carried = events_of(rows(last), last)
    assert carried is not None
    assert list(carried["subject_id"]) == [
        SUBJECTS[3]
    ]  # the other one was never seen after baseline


def test_model_imputations_and_analysis_are_those_of_the_plan() -> None:
    asked = MultipleImputation(auxiliary=("demographics.age",), covariance="ar1")
    task = task_of(asked, pain=gaps())
    model = planned_imputation_model(task, asked)
    assert model.fit.structure.value == "ar1"
    assert model.trial.arms == ("A0", "A1", "A2")
    imputations = planned_imputations(model, asked)
    assert imputations.n_imputations == 25
    assert tuple(planned_ancova(asked).covariates) == ("baseline",)
