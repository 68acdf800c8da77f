"""The change from baseline in each arm by a paired test: description, never evidence of an effect."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import pandas as pd

from trialkit.analysis.means.paired_means import compare_paired
from trialkit.errors import AnalysisError
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.known import in_trial_words
from trialkit.planned.task.stating import (
    records,
    state_contrast,
    state_hedges,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.results.effect import EXACT, POINTWISE, Effect, Scale, StandardisedBy, Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

OWN_CHANGE = Effect(scale=Scale.STANDARDISED_DIFFERENCE, standardised_by=StandardisedBy.OWN_CHANGE)
CAUTION = "a change within one arm is no evidence of an effect; compare the arms"


def state_within_arms(task: Task, specification: WithinArms) -> Iterator[Result]:
    """One paired comparison an arm: time point minus baseline."""
    yield from state_numbers_analysed(task)
    pair = (task.protocol.baseline.code, task.outcome.time_point)
    rows = task.included.measurements
    frame = rows[rows["visit"].isin(pair)].copy()
    frame["visit"] = pd.Categorical(frame["visit"].astype("str"), categories=pair, ordered=True)
    measured = [arm for arm in task.arms if (frame["arm"] == arm).any()]
    yield from state_unmeasured(task, measured)
    for arm in measured:
        try:
            stated = list(_of_arm(arm, frame[frame["arm"] == arm], task, specification))
        except AnalysisError as error:  # the other arms have their own pairs
            stated = [state_no_change(arm, task, in_trial_words(error.reason, task))]
        yield from stated


def _of_arm(
    arm: str, frame: pd.DataFrame, task: Task, specification: WithinArms
) -> Iterator[Result]:
    found = compare_paired(
        frame,
        outcome="value",
        subject="subject_id",
        within="visit",
        reference=task.protocol.baseline.code,
        method=specification.method.value,
        conf_level=task.level,
    )
    ranks_exactly = specification.method is Method.SIGNED_RANK
    statement = replace(statement_of(task), limits=EXACT if ranks_exactly else POINTWISE)
    for row in records(found.to_frame()):
        about = statement.about(
            visit=task.outcome.time_point, term=str(row["contrast"]), arm=arm, note=CAUTION
        )
        yield from state_contrast(about, row)
        yield from state_hedges(about.of(OWN_CHANGE), row)


def state_unmeasured(task: Task, measured: Collection[str]) -> Iterator[Result]:
    """A row without a number for each arm in which nobody has both values, where another arm has."""
    for arm in task.arms if measured else ():
        if arm not in measured:
            yield state_no_change(arm, task, "nobody has both values")


def state_no_change(arm: str, task: Task, why: str) -> Result:
    """The row of an arm whose change these data do not give."""
    label, visit = task.protocol.arm(arm).label, task.outcome.time_point
    note = f"not estimable in {label}: {why}"
    about = statement_of(task).about(visit=visit, term=pair_of(task), arm=arm, note=note)
    return replace(about.state(Stat.ESTIMATE, None), status=Status.NOT_ESTIMABLE)


def pair_of(task: Task) -> str:
    """How the results name the comparison."""
    return f"{task.outcome.time_point} - {task.protocol.baseline.code}"


WITHIN_ARMS = MethodCard(specification=WithinArms, carry_out=state_within_arms)
