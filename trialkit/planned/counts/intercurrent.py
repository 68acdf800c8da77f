"""Who had which intercurrent event, from which visit on, and what the analyses made of values after it."""

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from trialkit.datasets.model import Datasets
from trialkit.datasets.subjects import randomised
from trialkit.planned.task.stating import Statement
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.method import Method
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.intercurrent import EventCount, Treated, treated_term
from trialkit.results.lookup import Shelf
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

_COUNTS = Statement(analysis_id=Shelf.INTERCURRENT, method=Method.DESCRIPTIVE.value)


def state_intercurrent(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Participants with each event by allocated arm, and by the first visit that is affected.

    ``events`` of ``n`` participants; ``n_unknown`` are those of whom nobody knows whether it happened.
    """
    people = randomised(datasets.subjects)
    sizes = Counter(people["arm"].astype("str"))
    for event in protocol.intercurrent_events:
        unasked = datasets.not_collected.intercurrent.get(event.code, frozenset())
        for arm in protocol.arm_codes:
            about = _COUNTS.about(term=EventCount.ANY.of(event.code), arm=arm)
            if arm in unasked:
                yield from about.not_collected(Stat.EVENTS)
                continue
            yield from _of_arm(event, arm, sizes[arm], protocol, datasets)


def _of_arm(
    event: IntercurrentEventAsked, arm: str, size: int, protocol: Protocol, datasets: Datasets
) -> Iterator[Result]:
    own, unknown = (
        frame[(frame["event"] == event.code) & (frame["arm"] == arm)]
        for frame in (datasets.intercurrent, datasets.intercurrent_unknown)
    )
    about = _COUNTS.about(term=EventCount.ANY.of(event.code), arm=arm)
    yield from about.state_all(
        {
            Stat.N: size,
            Stat.EVENTS: len(own),
            Stat.PERCENT: 100 * len(own) / size if size else None,
            Stat.N_UNKNOWN: len(unknown),
        }
    )
    known = own["maybe_from"].isna()
    first = Counter(own.loc[known, "visit"].dropna().astype("str"))
    codes = protocol.visit_codes
    for visit in codes[codes.index(protocol.baseline.code) + 1 :]:
        yield about.about(visit=visit, term=about.term, arm=arm).state(Stat.N, first[visit])
    for which, count in (
        (EventCount.NO_VISIT, int((known & own["visit"].isna()).sum())),
        (EventCount.VISIT_NOT_KNOWN, int((~known).sum())),
    ):
        yield _COUNTS.about(term=which.of(event.code), arm=arm).state(Stat.N, count)


def state_treated(task: Task) -> Iterator[Result]:
    """How many values after each event an analysis kept, set missing, replaced or carried, by arm and visit.

    Of the members of its population; where an arm has none beside another that has some, it is 0.
    """
    if task.treated.empty or task.sequences is not None:
        return
    found = task.treated.merge(task.population.members, on="subject_id", how="inner")
    counts = Counter(
        zip(
            found["event"].tolist(),
            found["treated"].tolist(),
            found["visit"].astype("str").tolist(),
            found["arm"].astype("str").tolist(),
            strict=True,
        )
    )
    statement = Statement(
        analysis_id=Shelf.INTERCURRENT,
        method=Method.DESCRIPTIVE.value,
        outcome=task.outcome.code,
        population=task.analysis.population,
        estimand=task.analysis.estimand,
    )
    for event in pd.unique(found["event"]):
        for treated in Treated:
            for visit in task.protocol.visit_codes:
                of_arms = {arm: counts[event, treated, visit, arm] for arm in task.arms}
                if any(of_arms.values()):
                    term = treated_term(task.analysis.id, event, treated)
                    for arm, count in of_arms.items():
                        yield statement.about(visit=visit, term=term, arm=arm).state(Stat.N, count)
