"""What became of each arm's participants in the time that they were at risk of an event."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from trialkit.analysis.proportions.exact import clopper_pearson
from trialkit.analysis.survival.cumulative_incidence import cumulative_incidence
from trialkit.analysis.survival.kaplan_meier import kaplan_meier
from trialkit.datasets.due import times_to_come
from trialkit.planned.counts.accounts import (
    state_censored,
    state_competing,
    state_without_time,
)
from trialkit.planned.task.stating import Statement
from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.time_points import time_point_of
from trialkit.results.at_risk import AtRiskStatus
from trialkit.results.effect import EXACT, Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

NOT_REACHED = "not reached"
"""Why a median has no number: fewer than half had the event."""
BEYOND = "later than anybody of the arm was followed"
CENSORED = "censored"
LIMITED = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)


def state_times(
    statement: Statement, outcome: Outcome, protocol: Protocol, at_risk: pd.DataFrame
) -> Iterator[Result]:
    """Each arm's participants by how their time ended, and what its curve says.

    ``at_risk`` are the times of the outcome of those described, ``arm`` as they are grouped.
    """
    risk = outcome.risk or TimeAtRisk()
    timed = statement.by(statement.method, unit=risk.unit.value)
    when = time_point_of(outcome, protocol)
    for arm in protocol.arm_codes:
        own = at_risk[at_risk["arm"] == arm]
        about = timed.about(visit=outcome.time_point, arm=arm)
        yield from _counts(about, own, risk, to_come=times_to_come(outcome, protocol, own))
        known = own[own["time"].notna()].assign(
            event=lambda rows: rows["status"] == AtRiskStatus.EVENT,
            free=lambda rows: rows["status"] != AtRiskStatus.EVENT,
        )
        if len(known):
            yield from _of_curves(about, known, outcome, protocol, when)


def _counts(
    about: Statement, own: pd.DataFrame, risk: TimeAtRisk, *, to_come: pd.Series
) -> Iterator[Result]:
    status = own["status"]
    yield about.state(Stat.N, int(own["time"].notna().sum()))
    yield about.state(Stat.EVENTS, int((status == AtRiskStatus.EVENT).sum()))
    yield from state_competing(about, own[status == AtRiskStatus.COMPETING], risk)
    yield from state_censored(about, own[status == AtRiskStatus.CENSORED])
    yield from state_without_time(about, own, to_come=to_come)


def _of_curves(
    about: Statement, known: pd.DataFrame, outcome: Outcome, protocol: Protocol, when: float
) -> Iterator[Result]:
    """Median follow-up, median time, and how many are without the event at the time point."""
    level, visit = protocol.plan.confidence_level, outcome.time_point
    risk = outcome.risk or TimeAtRisk()
    curve = kaplan_meier(known, time="time", event="event", conf_level=level)
    reverse = kaplan_meier(
        known.assign(ended=known["status"] == AtRiskStatus.CENSORED),
        time="time", event="ended", conf_level=level,
    )  # fmt: skip
    for term, found in ((Term.FOLLOW_UP, reverse), (Term.MEDIAN_TIME, curve)):
        own = about.about(visit=visit, term=term, arm=about.arm)
        middle = found.quantiles((0.5,)).rename(columns={"time": "estimate"}).iloc[0].to_dict()
        yield from state_limited(own, middle, NOT_REACHED)
    at = f"at {when:g} {risk.unit.value}"
    if risk.competing:
        own = about.about(visit=visit, term=Term.WITH_EVENT, arm=about.arm, note=at)
        causes = known["cause"].astype("object").fillna(CENSORED)
        row: dict[Any, Any] = {"estimate": 0.0, "conf_level": level}
        if (causes == outcome.code).any():
            frame = known.assign(ended=causes)
            censored = CENSORED if (causes == CENSORED).any() else None
            incidence = cumulative_incidence(
                frame, time="time", event="ended", censored=censored, conf_level=level
            ).at([when])
            row = incidence[incidence["cause"] == outcome.code].iloc[0].to_dict()
            row["estimate"] = row["incidence"]
        yield from _share(own.by(own.method, unit=""), row, known, when)
        return
    own = about.about(visit=visit, term=Term.WITHOUT_EVENT, arm=about.arm, note=at)
    row = curve.at([when]).rename(columns={"survival": "estimate"}).iloc[0].to_dict()
    yield from _share(own.by(own.method, unit=""), row, known, when)


def _share(
    about: Statement, row: Mapping[Any, Any], known: pd.DataFrame, when: float
) -> Iterator[Result]:
    """A share at the time point; of 0 and 1 a curve has no limits, which are exact or none.

    They are exact where nobody was censored before: the share is then one of the participants.
    """
    share = row["estimate"]
    if share not in {0, 1}:
        yield from state_limited(about, row, BEYOND)
        return
    bare = {**row, "conf_low": None, "conf_high": None}
    gone = (known["status"] == AtRiskStatus.CENSORED) & (known["time"] < when)
    if gone.any():
        yield from state_limited(about, bare, BEYOND)
        return
    size, level = len(known), float(row["conf_level"])
    low, high = clopper_pearson(size if share else 0, size, conf_level=level)
    exact = replace(about, limits=EXACT)
    yield from state_limited(exact, bare | {"conf_low": low, "conf_high": high}, BEYOND)


def state_limited(about: Statement, row: Mapping[Any, Any], why_not: str) -> Iterator[Result]:
    """An estimate with its limits, as far as the curve has them."""
    if pd.isna(row["estimate"]):
        note = "; ".join(filter(None, (why_not, about.note)))
        yield replace(about.state(Stat.ESTIMATE, None, note=note), status=Status.NOT_ESTIMABLE)
        return
    yield from about.state_row(row, LIMITED)
