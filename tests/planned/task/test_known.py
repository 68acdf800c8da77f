"""All unknown is not "there is none": every method refuses, in the words of the trial."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.conftest import few_at_once
from tests.planned.feeling import AGE, SEX, SIDE, Tried, tried
from tests.variations import specification_of
from trialkit.datasets.model import Datasets
from trialkit.errors import AnalysisError
from trialkit.planned.methods.methods import card_of
from trialkit.planned.task.known import in_trial_words, refuse_unknown
from trialkit.planned.task.task import Task, tasks
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.trial.people import Characteristic

PYTHON = ("'value'", "'change'", "'baseline'", "'final'", "of the order", "order=", "column")
"""Words of the Python interface, which no plan has."""
WORDS = {AGE: "Age", SEX: "Sex", SIDE: "Side"}


def specified(method: Method) -> Iterator[Specification]:
    """The method, with a characteristic in every option that names one."""
    least = specification_of(method, category=SEX)
    yield replace(least, replicates=999) if hasattr(least, "replicates") else least
    if isinstance(least, ResponderComparison):
        yield replace(least, missing=MissingRule.NON_RESPONDER)
    for option in least.OF_BASELINE:
        several = isinstance(getattr(least, option), tuple)
        name = SEX if option in {"by", "strata", "covariance_by"} else AGE
        yield replace(least, **{option: (name,) if several else name})


def task(trial: Tried, specification: Specification, outcome: str, datasets: Datasets) -> Task:
    alone = Analysis(
        id="alone",
        role=AnalysisRole.PRIMARY,
        outcomes=(outcome,),
        population="itt",
        estimand="E1",
        specification=specification,
    )
    plan = replace(trial.protocol.plan, families=(), analyses=(alone,))
    named = tuple(
        Characteristic(form=name.split(".")[0], item=name.split(".")[1], label=label)
        for name, label in WORDS.items()
    )
    protocol = replace(trial.protocol, plan=plan, characteristics=named)
    return tasks(protocol, datasets)[0]


def refusal(made: Task) -> str:
    specification = made.analysis.specification
    with pytest.raises(AnalysisError) as refused:
        card_of(specification).analyse(made, specification)
    said = str(refused.value)
    assert not [word for word in PYTHON if word in said], said
    return said


CASES = [
    pytest.param(own, id=f"{method.value}-{number}")
    for method in SPECIFICATIONS
    for number, own in enumerate(specified(method))
]


def in_arms(datasets: Datasets, rows: pd.DataFrame, arms: tuple[str, ...]) -> pd.Series:
    of = datasets.subjects.set_index("subject_id")["arm"]
    return rows["subject_id"].map(of).isin(arms)


@pytest.mark.parametrize("one_arm", [False, True])
@pytest.mark.parametrize("own", few_at_once(CASES, 12))
def test_an_outcome_that_nobody_has_is_named_by_its_label(own: Specification, one_arm) -> None:
    trial = tried()[3]
    arms = trial.protocol.arm_codes[1:2] if one_arm else trial.protocol.arm_codes
    for outcome in trial.outcomes_for(own):
        data, label = trial.datasets, trial.protocol.outcome(outcome).label
        rows = data.measurements
        gone = (rows["visit"] == trial.protocol.outcome(outcome).time_point) & in_arms(
            data, rows, arms
        )
        emptied = rows.assign(
            value=rows["value"].mask(gone),
            change=rows["change"].mask(gone),
            missing_reason=rows["missing_reason"].astype("object").mask(gone, "moved away"),
        )
        made = task(trial, own, outcome, replace(data, measurements=emptied))
        visit = trial.protocol.visit(trial.protocol.outcome(outcome).time_point).label
        if one_arm and not own.COMPARES_ARMS:
            assert card_of(own).analyse(made, own)  # the others have their own change
            continue
        said = refusal(made)
        assert f"{label} at {visit}" in said or f"{label} after" in said
        if one_arm:
            assert f"nobody in {trial.protocol.arm(arms[0]).label} has what" in said


@pytest.mark.parametrize("own", few_at_once(CASES, 12))
def test_a_baseline_that_nobody_has_is_named(own: Specification) -> None:
    trial = tried()[3]
    for outcome in trial.outcomes_for(own):
        data = trial.datasets
        made = task(trial, own, outcome, data)
        if not own.uses_baseline(made.protocol.measured(made.outcome)):
            continue
        rows = data.measurements
        first = rows["visit"] == trial.protocol.baseline.code
        emptied = rows.assign(
            value=rows["value"].mask(first), baseline=np.nan, change=np.nan,
            missing_reason=rows["missing_reason"].astype("object").mask(first, "moved away"),
        )  # fmt: skip
        said = refusal(task(trial, own, outcome, replace(data, measurements=emptied)))
        label = trial.protocol.outcome(outcome).label
        baseline = trial.protocol.baseline.label
        if isinstance(own, ConstrainedLongitudinal):  # of which the baseline is an outcome
            assert f"no value of {label} at {baseline}: " in said
            continue
        assert f"no value of {label} at {baseline} is known for any of" in said


@pytest.mark.parametrize("one_arm", [False, True])
@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("own", CASES)
def test_a_characteristic_that_nobody_has_is_named(own: Specification, name: str, one_arm) -> None:
    trial = tried()[3]
    arms = trial.protocol.arm_codes[:1] if one_arm else trial.protocol.arm_codes
    for outcome in trial.outcomes_for(own):
        data = trial.datasets
        if name not in own.baseline_items(trial.protocol.outcome(outcome).kind):
            continue
        rows = data.characteristics
        gone = (rows["characteristic"] == name) & in_arms(data, rows, arms)
        emptied = rows.assign(value=rows["value"].mask(gone), category=rows["category"].mask(gone))
        said = refusal(task(trial, own, outcome, replace(data, characteristics=emptied)))
        assert (WORDS[name] if one_arm else f"{WORDS[name]} ({name})") in said


@pytest.mark.parametrize("column", ["block", "stratum"])
@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("unknown", [1, 36])
def test_blocks_and_strata_that_are_not_known_of_everybody_are_no_freedom(
    column: str, asked: bool, unknown: int
) -> None:
    trial = tried()[3]
    data = trial.datasets
    subjects = data.subjects.assign(block="1", stratum="north")
    subjects[column] = subjects[column].mask(np.arange(len(subjects)) < unknown)
    restrictions = {column: f"randomisation.{column}"} if asked else {}
    (own, *_) = specified(Method.RERANDOMISATION)
    outcome = next(trial.outcomes_for(own))
    made = task(trial, own, outcome, replace(data, subjects=subjects, restrictions=restrictions))
    if unknown > 1 and column == "stratum" and not asked:
        # the protocol has none, no form asks for it, nobody has one
        assert card_of(own).analyse(made, own)
        return
    item = f"randomisation.{column}" if asked else "no form asks for it"
    assert f"the {column} of the randomisation ({item}) is not known of" in refusal(made)


def test_what_is_there_is_no_obstacle() -> None:
    trial = tried()[3]
    own = specification_of(Method.ANCOVA, category=SEX)
    refuse_unknown(task(trial, own, next(trial.outcomes_for(own)), trial.datasets))


def test_columns_of_a_complaint_are_said_in_the_words_of_the_protocol() -> None:
    trial = tried()[3]
    own = specification_of(Method.ANCOVA, category=SEX)
    made = task(trial, own, next(trial.outcomes_for(own)), trial.datasets)
    place = f"{made.outcome.label} at {made.protocol.visit(made.outcome.time_point).label}"
    arm, first = made.protocol.arms[0], made.protocol.baseline
    told = {
        "outcome='value' has values of 0 or less": f"{place} has values of 0 or less",
        f"covariate '{AGE}' has one level": f"covariate Age ({AGE}) has one level",
        "nobody has 'change' at": f"nobody has the change in {place} at",
        f"'{BASELINE}' is the same": f"{made.outcome.label} at {first.label} is the same",
        f"nobody in arm '{arm.code}'": f"nobody in arm {arm.label}",
        "'S-value' is a subject": "'S-value' is a subject",
        f"'arm[{arm.code}]:visit[{first.code}]' follows from {AGE}[x]": (
            f"'{arm.label} at {first.label}' follows from Age ({AGE}) x"
        ),
    }
    for said, expected in told.items():
        assert in_trial_words(said, made) == expected
