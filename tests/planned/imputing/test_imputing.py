"""Which rows are imputed, from when on something is supposed of them, and by which model."""

import numpy as np
import pandas as pd

from tests.planned.hand import PAIN, SUBJECTS, task_of
from trialkit.datasets.measurements import NOT_YET_DUE
from trialkit.datasets.model import nobody_had_any
from trialkit.planned.imputing.affected import events_of, missing_tails
from trialkit.planned.imputing.imputing import (
    planned_imputation_model,
    planned_imputations,
    rows_to_impute,
)
from trialkit.planned.imputing.shifting import planned_deltas
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


def test_tails_have_the_strategy_of_the_plan() -> None:
    nothing = nobody_had_any()
    assert events_of(rows(), nothing, MultipleImputation()) is None
    found = events_of(rows(), nothing, JUMP)
    assert found is not None
    assert set(found["strategy"]) == {"jump-to-reference"}
    last = MultipleImputation(strategy=ImputationStrategy.LAST_MEAN)
    carried = events_of(rows(last), nothing, last)
    assert carried is not None
    assert list(carried["subject_id"]) == [
        SUBJECTS[3]
    ]  # the other one was never seen after baseline


def intercurrent(*happened: tuple[int, str, str | None]) -> pd.DataFrame:
    """Who had which event, and the first visit that it affects."""
    order = pd.CategoricalDtype(["V0", "V1", "V2"], ordered=True)
    return pd.DataFrame(
        {
            "subject_id": [SUBJECTS[who] for who, _, _ in happened],
            "event": [event for _, event, _ in happened],
            "visit": pd.Series([visit for _, _, visit in happened]).astype(order),
        }
    )


def affected(specification: MultipleImputation, events: pd.DataFrame) -> dict[str, tuple[str, str]]:
    found = events_of(rows(specification), events, specification)
    assert found is not None
    return {row.subject_id: (row.visit, row.strategy) for row in found.itertuples()}


def test_whichever_comes_first_counts_and_of_two_at_once_the_one_named_first() -> None:
    events = intercurrent((3, "stopped", "V1"), (12, "stopped", "V2"), (7, "surgery", "V2"))
    copy = {"surgery": ImputationStrategy.COPY_REFERENCE}
    asked = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE, strategies=copy)
    assert affected(asked, events) == {
        SUBJECTS[3]: ("V1", "jump-to-reference"),
        SUBJECTS[12]: ("V1", "jump-to-reference"),
        SUBJECTS[7]: ("V2", "copy-reference"),
    }
    alone = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE, after=("surgery",))
    assert affected(alone, events) == {SUBJECTS[7]: ("V2", "jump-to-reference")}
    both = intercurrent((7, "surgery", "V2"), (7, "stopped", "V2"))
    first = MultipleImputation(after=("stopped", "surgery"), strategies=copy)
    assert affected(first, both) == {SUBJECTS[7]: ("V2", "missing-at-random")}


def test_an_event_affects_the_first_of_the_visits_that_are_imputed() -> None:
    asked = MultipleImputation(after=("stopped",), visits=("V2",))
    events = intercurrent((3, "stopped", "V1"), (7, "stopped", None))
    assert affected(asked, events) == {SUBJECTS[3]: ("V2", "missing-at-random")}
    assert events_of(rows(asked), intercurrent(), asked) is None


def test_model_imputations_and_analysis_are_those_of_the_plan() -> None:
    asked = MultipleImputation(auxiliary=("demographics.age",), covariance="ar1")
    task = task_of(asked, pain=gaps())
    model = planned_imputation_model(task, asked)
    assert model.fit.structure.value == "ar1"
    assert model.trial.arms == ("A0", "A1", "A2")
    imputations = planned_imputations(model, asked)
    assert imputations.n_imputations == 25
    assert asked.analysed_covariates == ("baseline",)


def test_a_delta_is_added_after_events_by_arm_and_visit() -> None:
    asked = MultipleImputation(delta={"A0": {"V2": 3.0}, "A1": 2.0})
    task = task_of(asked, pain=gaps())
    imputations = planned_imputations(planned_imputation_model(task, asked), asked)
    deltas = planned_deltas(imputations, {arm: asked.deltas_of(arm) for arm in asked.delta})
    assert deltas is not None
    added = deltas[deltas["delta"] != 0]
    assert {(row.subject_id, row.visit, row.delta) for row in added.itertuples()} == {
        (SUBJECTS[3], "V2", 3.0),
        (SUBJECTS[12], "V1", 2.0),
        (SUBJECTS[12], "V2", 2.0),
    }  # a gap is no event
    assert planned_deltas(imputations, {"A0": {"": 0.0}}) is None
