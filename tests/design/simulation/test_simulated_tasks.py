"""What is simulated: each analysis, scenario and mechanism once, of the visits and covariates that it reads."""

from dataclasses import replace

import pytest

from tests.design.simulation.reference import assuming, planning
from trialkit.design.simulation.assumptions import Scenario
from trialkit.design.simulation.mechanisms import DropoutMechanism, LeavingDependsOn
from trialkit.design.simulation.simulated_tasks import simulated_tasks, terms_of
from trialkit.errors import DesignError
from trialkit.protocol.methods.ancova import Ancova

SCENARIOS = (Scenario(name="none", effect=0.0), Scenario(name="half", effect=0.5))
TRIAL = planning(Ancova(covariates=("baseline", "demographics.activity")))
ASSUMED = replace(
    assuming(TRIAL, participants=100, difference=2.0, dropout=0.2), scenarios=SCENARIOS
)


def test_each_scenario_has_a_stream_which_its_mechanisms_share() -> None:
    ways = tuple(
        DropoutMechanism(name=name, mechanism=LeavingDependsOn.NOTHING, dropout=share)
        for name, share in (("few", 0.1), ("many", 0.4))
    )
    tasks, left_out = simulated_tasks(
        TRIAL.protocol, TRIAL.schemas, replace(ASSUMED, mechanisms=ways), ()
    )
    assert [
        (each.scenario.name, each.mechanism.name, each.stream, each.course.staying[-1])
        for each in tasks
        if each.mechanism is not None
    ] == [
        ("none", "few", 0, pytest.approx(0.9)),
        ("none", "many", 0, pytest.approx(0.6)),
        ("half", "few", 1, pytest.approx(0.9)),
        ("half", "many", 1, pytest.approx(0.6)),
    ]
    assert left_out == ()


def test_a_task_has_the_truth_of_its_scenario_and_what_its_analysis_reads() -> None:
    tasks, _ = simulated_tasks(TRIAL.protocol, TRIAL.schemas, ASSUMED, ())
    assert [each.truth for each in tasks] == [(0.0,), (pytest.approx(1.0),)]
    half = tasks[1]
    item = TRIAL.schemas.form("demographics").item("activity")
    assert half.kernel.covariates == (("demographics.activity", len(item.offered)),)
    visits = TRIAL.protocol.visit_codes
    later = visits[visits.index(TRIAL.protocol.baseline.code) :]
    assert later[half.kernel.place] == half.outcome.time_point
    assert half.course.staying[-1] == pytest.approx(0.8)
    assert (half.mechanism, half.strategy) == (None, "")
    assert terms_of(half, TRIAL.protocol) == ["EG - CG"]


def test_an_analysis_that_the_plan_does_not_have_is_refused() -> None:
    with pytest.raises(DesignError, match="no analysis 'other' in the plan"):
        simulated_tasks(TRIAL.protocol, TRIAL.schemas, ASSUMED, ("other",))
