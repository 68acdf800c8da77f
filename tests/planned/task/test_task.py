"""A task has the data of its analysis, in the order of the plan."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.planned.hand import PAIN, SUBJECTS, VISITS, datasets_of, task_of, three_by_three
from trialkit.planned.task.task import response_column, tasks
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.mixed_anova import MixedAnova


def test_there_is_a_task_for_each_analysis_and_outcome_in_the_order_of_the_plan() -> None:
    protocol = three_by_three()
    first, second = protocol.plan.analyses
    other = replace(protocol.outcomes[0], code="sleep")
    both = replace(second, outcomes=("better", "sleep"), population="safety")
    protocol = replace(
        protocol,
        outcomes=(*protocol.outcomes, other),
        plan=replace(protocol.plan, analyses=(both, first)),
    )
    data = datasets_of(protocol)
    pain = data.measurements[data.measurements["outcome"] == "pain"]
    more = pd.concat([data.measurements, pain.assign(outcome="sleep")], ignore_index=True)
    found = tasks(protocol, replace(data, measurements=more))
    assert [(each.analysis.id, each.outcome.code, each.population.code) for each in found] == [
        ("secondary", "better", "safety"),
        ("secondary", "sleep", "safety"),
        ("primary", "pain", "itt"),
    ]
    assert found[0].characteristics is data.characteristics
    assert found[0].subjects is data.subjects


def test_a_task_names_level_reference_and_arms_of_the_protocol() -> None:
    task = task_of(Ancova())
    assert (task.level, task.reference, task.arms) == (0.9, "A0", ("A0", "A1", "A2"))


def test_the_rows_at_the_time_point_are_one_a_participant() -> None:
    task = task_of(Ancova())
    at_end = task.at_time_point()
    assert list(at_end.index) == list(range(24))
    assert dict(zip(at_end["subject_id"], at_end["value"], strict=True)) == dict(
        zip(SUBJECTS, PAIN[:, 2], strict=True)
    )
    at_first = replace(task, outcome=replace(task.outcome, time_point="V1")).at_time_point()
    assert dict(zip(at_first["subject_id"], at_first["value"], strict=True)) == dict(
        zip(SUBJECTS, PAIN[:, 1], strict=True)
    )


@pytest.mark.parametrize("baseline", ["V0", "V1"])
def test_rows_from_baseline_on_have_no_visit_before_it(baseline: str) -> None:
    task = task_of(MixedAnova())
    visits = tuple(
        replace(visit, baseline=visit.code == baseline) for visit in task.protocol.visits
    )
    moved = replace(task, protocol=replace(task.protocol, visits=visits))
    found = moved.from_baseline_on()
    kept = list(VISITS[VISITS.index(baseline) :])
    assert list(found["visit"].cat.categories) == kept
    assert len(found) == 24 * len(kept)


def test_the_response_is_the_change_or_the_value() -> None:
    assert response_column(Response.CHANGE) == "change"
    assert response_column(Response.FINAL) == "value"


def test_a_task_of_some_arms_knows_nothing_of_the_others() -> None:
    pain = PAIN.copy()
    pain[[0, 9, 20], 2] = np.nan  # one of each arm
    whole = task_of(Ancova(response=Response.CHANGE, covariates=()), pain=pain)
    two = whole.of_arms(("A0", "A2"))
    assert (two.arms, two.reference) == (("A0", "A2"), "A0")
    for rows in (two.included.measurements, two.population.members, two.included.excluded):
        assert set(rows["arm"]) == {"A0", "A2"}
    assert list(two.at_time_point()["arm"].cat.categories) == ["A0", "A2"]
    assert set(two.included.lacking["subject_id"]) == {SUBJECTS[0], SUBJECTS[20]}
    kept = whole.at_time_point()
    kept = kept[kept["arm"] != "A1"]
    assert two.at_time_point()["value"].tolist() == kept["value"].tolist()
