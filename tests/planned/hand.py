"""A trial of three arms and three visits whose numbers are an array, and rows asked of its tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from tests.report.factory import made_up_datasets, made_up_protocol
from trialkit.datasets.model import CharacteristicKind, Datasets
from trialkit.decimals.columns import difference
from trialkit.planned.task.task import Task, tasks
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.clusters import Clusters
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

PER_ARM = 8
ARMS = ("A0", "A1", "A2")
VISITS = ("V0", "V1", "V2")
ARM = np.repeat([0, 1, 2], PER_ARM)
RNG = np.random.default_rng(17)
# subjects by visits; every arm and visit has a mean and a spread of its own
PAIN = (
    (60 + 8 * RNG.normal(size=(24, 1)))
    + RNG.normal(size=(24, 3)) * np.array([3.0, 4.0, 5.0])
    - np.array([[0, 2, 3], [0, 7, 9], [0, 12, 18]])[ARM]
).round(1)
BETTER = np.array(
    [
        [0, 1, 0], [0, 0, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 0], [0, 0, 1], [0, 0, 0],
        [0, 1, 1], [0, 0, 1], [0, 0, 0], [1, 1, 1], [0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1],
        [0, 1, 1], [0, 1, 1], [1, 1, 1], [0, 1, 1], [0, 0, 0], [0, 1, 1], [0, 0, 1], [0, 1, 1],
    ],
    dtype=float,
)  # fmt: skip
SUBJECTS = tuple(f"{ARMS[arm]}-{n % PER_ARM:02d}" for n, arm in enumerate(ARM))
REASON = "moved away"


def measurements(pain: np.ndarray = PAIN, better: np.ndarray = BETTER) -> pd.DataFrame:
    """The rows of both outcomes; what is NaN has a reason.

    Made once of the same numbers; the frame is the caller's own, of which pandas copies what is
    written to.
    """
    return _measurements(pain.tobytes(), better.tobytes()).copy(deep=False)


@cache
def _measurements(*numbers: bytes) -> pd.DataFrame:
    pain, better = (np.frombuffer(each).reshape(len(SUBJECTS), len(VISITS)) for each in numbers)
    frames = [
        pd.DataFrame(
            {
                "subject_id": SUBJECTS,
                "arm": [ARMS[arm] for arm in ARM],
                "outcome": name,
                "visit": visit,
                "value": values[:, place],
                "baseline": values[:, 0],
                "change": difference(values[:, place], values[:, 0]),
                "missing_reason": np.where(np.isnan(values[:, place]), REASON, None),
                "not_applicable": False,
            }
        )
        for name, values in (("pain", pain), ("better", better))
        for place, visit in enumerate(VISITS)
    ]
    together = pd.concat(frames, ignore_index=True)
    ordered = {"arm": ARMS, "visit": VISITS, "outcome": ("pain", "better")}
    for name, levels in ordered.items():
        together[name] = pd.Categorical(together[name], categories=list(levels), ordered=True)
    return together


def datasets_of(
    protocol: Protocol, pain: np.ndarray = PAIN, better: np.ndarray = BETTER
) -> Datasets:
    made = made_up_datasets(protocol, per_arm=PER_ARM)
    place = {subject: str(number % 4) for number, subject in enumerate(SUBJECTS)}
    arm = made.subjects["arm"].astype("str")
    subjects = made.subjects.assign(cluster=arm + "-" + made.subjects["subject_id"].map(place))
    return replace(made, subjects=subjects, measurements=measurements(pain, better))


def three_by_three() -> Protocol:
    """With classes of two, of which a model of some arms reads those of the experimental ones."""
    return replace(
        made_up_protocol(arms=3, visits=3),
        clusters=Clusters(label="class", plural="classes", randomised=False, arms=ARMS[1:]),
    )


def task_of(
    specification: Specification,
    outcome: str = "pain",
    *,
    pain: np.ndarray = PAIN,
    better: np.ndarray = BETTER,
    characteristics: pd.DataFrame | None = None,
    kinds: Mapping[str, CharacteristicKind] | None = None,
) -> Task:
    """The task of an analysis of one outcome, as the plan would make it."""
    protocol = three_by_three()
    analysis = Analysis(
        id="mine",
        role=AnalysisRole.PRIMARY,
        outcomes=(outcome,),
        population="itt",
        estimand="E1",
        specification=specification,
    )
    plan = replace(protocol.plan, analyses=(analysis,), families=())
    protocol = replace(protocol, plan=replace(plan, confidence_level=0.9))
    data = datasets_of(protocol, pain, better)
    if characteristics is not None:
        data = replace(data, characteristics=characteristics, characteristic_kinds=kinds)
    return tasks(protocol, data)[0]


class Rows:
    """The rows that an analysis stated, found by what they are about."""

    def __init__(self, stated: Iterable[Result | Series]) -> None:
        every = list(stated)
        self.rows = [each for each in every if isinstance(each, Result)]
        self.series = [each for each in every if isinstance(each, Series)]

    def row(
        self, stat: Stat, *, term: str = "", visit: str = "", arm: str = "", by: str = ""
    ) -> Result:
        """The only row of this address."""
        found = [
            each
            for each in self.rows
            if (each.stat_name, each.term, each.visit, each.arm) == (stat, term, visit, arm)
            and (not by or each.method == by)
        ]
        assert len(found) == 1, (stat, term, visit, arm, found)
        return found[0]

    def value(self, stat: Stat, **about: str) -> float:
        """The number of that row."""
        number = self.row(stat, **about).stat
        assert number is not None
        return float(number)

    def values(self, stats: Iterable[Stat], **about: str) -> list[float]:
        """The numbers of several rows of one address."""
        return [self.value(stat, **about) for stat in stats]
