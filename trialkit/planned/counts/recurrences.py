"""How many events each arm's participants had in the time that they were at risk of them."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from trialkit.analysis.recurrent.mean_cumulative import mean_cumulative
from trialkit.analysis.survival.kaplan_meier import kaplan_meier
from trialkit.datasets.due import times_to_come
from trialkit.planned.counts.accounts import (
    state_censored,
    state_competing,
    state_without_time,
)
from trialkit.planned.counts.times import BEYOND, NOT_REACHED, state_limited
from trialkit.planned.task.intervals import EVENT, START, STOP, SUBJECT, intervals_of
from trialkit.planned.task.stating import Statement
from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.time_points import in_its_unit, time_point_of
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_recurrences(
    statement: Statement,
    outcome: Outcome,
    protocol: Protocol,
    at_risk: pd.DataFrame,
    event_log: pd.DataFrame,
) -> Iterator[Result]:
    """Each arm's participants, events, time at risk and rate, and the mean number by the time point.

    ``at_risk`` are the times of the outcome of those described, ``arm`` as they are grouped;
    ``event_log`` are its events, as in Datasets.
    """
    risk = outcome.risk or TimeAtRisk()
    counted = statement.by(statement.method, unit=risk.unit.value)
    for arm in protocol.arm_codes:
        own = at_risk[at_risk["arm"] == arm]
        known = own[own["time"].notna()]
        about = counted.about(visit=outcome.time_point, arm=arm)
        yield from _counts(about, known, outcome)
        gone = known["cause"].notna()
        yield from state_competing(about, known[gone], risk)
        yield from state_censored(about, known[~gone])
        coming = times_to_come(outcome, protocol, own)
        yield from state_without_time(about, own, to_come=coming)
        if len(known):
            yield from _follow_up(about, known.assign(ended=~gone), protocol)
            rows = intervals_of(known, event_log, risk)
            yield from _mean_number(about, rows, outcome, protocol)


def _counts(about: Statement, known: pd.DataFrame, outcome: Outcome) -> Iterator[Result]:
    events, size = known["events"], len(known)
    happened, with_any = int(events.sum()), int((events > 0).sum())
    yield from about.state_all(
        {
            Stat.N: size,
            Stat.N_EVENTS: happened,
            Stat.EVENTS: with_any,
            Stat.PERCENT: 100 * with_any / size if size else None,
        }
    )
    watched = float(known["time"].sum())
    if watched:
        yield about.state(Stat.EXPOSURE, watched)
        rate = about.by(about.method, unit=f"per {outcome.rate_per}")
        yield rate.state(Stat.RATE, happened / watched * outcome.per)


def _follow_up(about: Statement, known: pd.DataFrame, protocol: Protocol) -> Iterator[Result]:
    """The median follow-up, of which a competing event is no end but a censoring."""
    level = protocol.plan.confidence_level
    found = kaplan_meier(known, time="time", event="ended", conf_level=level).quantiles((0.5,))
    row = found.rename(columns={"time": "estimate"}).iloc[0].to_dict()
    own = about.about(visit=about.visit, term=Term.FOLLOW_UP, arm=about.arm)
    yield from state_limited(own, row, NOT_REACHED)


def _mean_number(
    about: Statement, rows: pd.DataFrame, outcome: Outcome, protocol: Protocol
) -> Iterator[Result]:
    """The mean number of events by the time point; that of none has no limits."""
    when = time_point_of(outcome, protocol)
    own = about.by(about.method, unit="").about(
        visit=about.visit,
        term=Term.MEAN_NUMBER,
        arm=about.arm,
        note=f"at {in_its_unit(when, outcome)}",
    )
    found = mean_cumulative(
        rows, subject=SUBJECT, start=START, stop=STOP, event=EVENT,
        conf_level=protocol.plan.confidence_level,
    ).at([when])  # fmt: skip
    row: dict[Any, Any] = found.rename(columns={"mean": "estimate"}).iloc[0].to_dict()
    if not row["estimate"]:
        row |= {"conf_low": None, "conf_high": None, "conf_level": None}
    yield from state_limited(own, row, BEYOND)
