"""Comparisons of times at one time: what they say where a number is not to be had, and of three arms."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.report.return_to_sport import write_return_to_sport
from tests.report.test_return_to_sport import Ran, ran
from trialkit.errors import AnalysisError
from trialkit.planned.methods.cumulative_incidence import CUMULATIVE_INCIDENCE
from trialkit.planned.methods.fine_gray import FINE_GRAY
from trialkit.planned.methods.methods import card_of
from trialkit.planned.methods.milestone import MILESTONE, bare, no_variance
from trialkit.planned.methods.restricted_mean import RESTRICTED_MEAN
from trialkit.planned.methods.times_at import time_of, unit_of, when_of
from trialkit.planned.task.task import Task, tasks
from trialkit.planned.task.times import EVENT, STATUS, censored_in, of_two_arms, refuse_beyond
from trialkit.protocol.methods.at_a_time import AtATime
from trialkit.protocol.methods.cumulative_incidence import IncidenceComparison
from trialkit.protocol.methods.fine_gray import SubdistributionHazards
from trialkit.protocol.methods.milestone import Milestone
from trialkit.protocol.methods.restricted_mean import RestrictedMean
from trialkit.protocol.methods.specification import Specification
from trialkit.results.at_risk import AtRiskStatus
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

AT_A_TIME = [RestrictedMean(), Milestone(), IncidenceComparison()]


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran(write_return_to_sport(tmp_path_factory.mktemp("times") / "trial"))


def task_of(trial: Ran, specification: Specification) -> Task:
    protocol, datasets, _ = trial
    (analysis,) = (each for each in protocol.plan.analyses if each.id == "primary")
    plan = replace(
        protocol.plan, analyses=(replace(analysis, specification=specification),), families=()
    )
    return next(iter(tasks(replace(protocol, plan=plan), datasets)))


def changed(task: Task, at_risk: pd.DataFrame) -> Task:
    """The task with other times; who is analysed has the same ones."""
    own = at_risk.set_index("subject_id")["time"]
    rows = task.included.measurements
    values = rows.assign(value=rows["subject_id"].map(own).to_numpy())
    return replace(task, at_risk=at_risk, included=replace(task.included, measurements=values))


def stated(task: Task, specification: Specification) -> list[Result]:
    found = card_of(specification).analyse(task, specification)
    return [each for each in found if isinstance(each, Result)]


def of_contrast(rows: list[Result], task: Task) -> dict[Stat, Result]:
    method = task.analysis.specification.method.value
    return {
        row.stat_name: row for row in rows if row.term == "TRAIN - CARE" and row.method == method
    }


def test_the_time_is_that_of_the_plan_or_the_time_point_in_the_unit_of_the_outcome(
    trial: Ran,
) -> None:
    task = task_of(trial, Milestone())
    assert [time_of(task, each) for each in (Milestone(), Milestone(at=8.5))] == [12.0, 8.5]
    assert when_of(task, Milestone(at=8.5)) == "8.5 weeks"
    assert unit_of(task) == "weeks"
    for card in (RESTRICTED_MEAN, MILESTONE, CUMULATIVE_INCIDENCE, FINE_GRAY):
        assert card.kernel is None


@pytest.mark.parametrize("specification", AT_A_TIME, ids=lambda each: each.method.value)
def test_a_time_after_an_arm_was_followed_is_refused_with_one_that_would_do(
    specification: AtATime, trial: Ran
) -> None:
    task = task_of(trial, specification)
    rows = task.at_risk
    late = (rows["arm"] == "CARE") & (rows["time"] > 6)
    short = rows.assign(
        time=rows["time"].mask(late, 6.0),
        status=rows["status"].mask(late, AtRiskStatus.CENSORED),
        cause=rows["cause"].mask(late, None),
    )
    with pytest.raises(AnalysisError) as raised:
        stated(changed(task, short), specification)
    assert raised.value.reason == (
        "12 weeks, at which the plan compares, are later than anybody was followed in Usual care (until "
        "6 weeks); at most 6 weeks would do"
    )
    earlier = replace(specification, at=6.0)
    found = of_contrast(stated(changed(task_of(trial, earlier), short), earlier), task)
    assert found[Stat.ESTIMATE].stat is not None


@pytest.mark.parametrize("specification", AT_A_TIME[1:], ids=lambda each: each.method.value)
def test_an_arm_without_an_event_by_then_leaves_no_limits(
    specification: AtATime, trial: Ran
) -> None:
    task = task_of(trial, specification)
    rows = task.at_risk
    early = (rows["arm"] == "CARE") & (rows["status"] == AtRiskStatus.EVENT)
    free = rows.assign(
        status=rows["status"].mask(early, AtRiskStatus.CENSORED),
        cause=rows["cause"].mask(early, None),
    )
    found = of_contrast(stated(changed(task, free), specification), task)
    assert found[Stat.ESTIMATE].stat is None
    assert found[Stat.ESTIMATE].status is Status.NOT_ESTIMABLE
    assert "variance by then in Usual care (" in found[Stat.ESTIMATE].note
    assert Stat.CONF_LOW not in found
    # Gray's test needs no variance of the curve
    tested = found[Stat.P_VALUE].stat is not None
    assert tested is (specification.method is IncidenceComparison().method)


def test_a_subdistribution_ratio_without_an_event_in_an_arm_says_who_had_it(trial: Ran) -> None:
    specification = SubdistributionHazards()
    task = task_of(trial, specification)
    rows = task.at_risk
    early = (rows["arm"] == "CARE") & (rows["status"] == AtRiskStatus.EVENT)
    free = rows.assign(
        status=rows["status"].mask(early, AtRiskStatus.CENSORED),
        cause=rows["cause"].mask(early, None),
    )
    found = of_contrast(stated(changed(task, free), specification), task)
    note = found[Stat.ESTIMATE].note
    assert found[Stat.ESTIMATE].stat is None
    assert note.startswith("not estimable: 0 of 40 in Usual care, ")
    assert note.endswith(
        "so that the subdistribution hazard ratio has no finite estimate and no Wald limits"
    )


def test_nobody_had_the_event_is_one_reason_for_all(trial: Ran) -> None:
    for specification in (*AT_A_TIME, SubdistributionHazards()):
        task = task_of(trial, specification)
        none = task.at_risk.assign(status=AtRiskStatus.CENSORED, cause=None)
        with pytest.raises(AnalysisError, match="nobody had the event Return to sport"):
            stated(changed(task, none), specification)


def test_who_all_had_an_event_at_the_end_are_followed_for_ever(trial: Ran) -> None:
    """Of any event where a curve is of all events, and of the event itself where it is of that one."""
    task = task_of(trial, Milestone())
    frame = pd.DataFrame(
        {
            "value": [1.0, 2.0, 3.0, 4.0],
            STATUS: ["event", "competing", "censored", "event"],
            EVENT: [True, False, False, True],
            "arm": pd.Categorical(["CARE", "CARE", "TRAIN", "TRAIN"], ["CARE", "TRAIN"]),
        }
    )
    refuse_beyond(12.0, frame, task, any_event=True)
    with pytest.raises(
        AnalysisError, match=r"in Usual care .until 2 weeks.; at most 2 weeks would"
    ):
        refuse_beyond(12.0, frame, task, any_event=False)
    own = of_two_arms(frame, "TRAIN", "CARE")
    assert list(own["arm"].cat.categories) == ["TRAIN", "CARE"]
    assert censored_in(frame) == "censored"
    assert censored_in(frame[frame["arm"] == "CARE"]) is None


def test_shares_of_none_and_all_are_bare(trial: Ran) -> None:
    task = task_of(trial, Milestone())
    row = {"estimate": 1.0, "se": 0.0, "conf_low": 1.0, "conf_high": 1.0, "conf_level": 0.95}
    assert {name for name, value in bare(row).items() if value is not None} == {"estimate"}
    assert bare({**row, "estimate": 0.4}) == {**row, "estimate": 0.4}
    shares = {"CARE": {"estimate": 1.0}, "TRAIN": {"estimate": 0.4}}
    assert no_variance(shares, ("TRAIN",), task, had="with") == ""
    assert "in Usual care (all with it)" in no_variance(shares, ("CARE", "TRAIN"), task, had="with")
