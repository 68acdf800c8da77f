"""What became of each arm's participants in the time that they were at risk of an event."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from trialkit.analysis.proportions.exact import clopper_pearson
from trialkit.analysis.survival.cumulative_incidence import cumulative_incidence
from trialkit.analysis.survival.kaplan_meier import kaplan_meier
from trialkit.datasets.due import times_to_come
from trialkit.datasets.measurements import STILL_TO_COME
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
_LIMITED = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)


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
    counts = Counter(own["status"].tolist())
    labels = {each.code: each.label for each in risk.competing}
    of_status = {status: own[own["status"] == status] for status in counts}
    yield about.state(Stat.N, int(own["time"].notna().sum()))
    yield about.state(Stat.EVENTS, counts[AtRiskStatus.EVENT])
    if risk.competing:
        ended = of_status.get(AtRiskStatus.COMPETING, own[:0])["cause"].map(labels)
        yield about.state(Stat.N_COMPETING, len(ended), note=_listed(ended.tolist()))
    reasons = (
        (Stat.N_CENSORED, AtRiskStatus.CENSORED),
        (Stat.N_MISSING, AtRiskStatus.UNKNOWN),
        (Stat.N_NOT_APPLICABLE, AtRiskStatus.NEVER_AT_RISK),
    )
    for stat, status in reasons:
        reason = of_status.get(status, own[:0])["reason"]
        found = reason[~reason.isin(STILL_TO_COME)].tolist()
        if found or stat is not Stat.N_NOT_APPLICABLE:
            yield about.state(stat, len(found), note=_listed(found))
    if to_come.any():
        yield about.state(Stat.N_NOT_DUE, int(to_come.sum()))


def _listed(reasons: Sequence[str]) -> str:
    """Each reason with its number, the most frequent first."""
    counted = sorted(Counter(reasons).items(), key=lambda pair: (-pair[1], pair[0]))
    return "; ".join(f"{reason}: {count}" for reason, count in counted)


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
        yield from _limited(own, middle, NOT_REACHED)
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
        yield from _limited(about, row, BEYOND)
        return
    bare = {**row, "conf_low": None, "conf_high": None}
    gone = (known["status"] == AtRiskStatus.CENSORED) & (known["time"] < when)
    if gone.any():
        yield from _limited(about, bare, BEYOND)
        return
    size, level = len(known), float(row["conf_level"])
    low, high = clopper_pearson(size if share else 0, size, conf_level=level)
    exact = replace(about, limits=EXACT)
    yield from _limited(exact, bare | {"conf_low": low, "conf_high": high}, BEYOND)


def _limited(about: Statement, row: Mapping[Any, Any], why_not: str) -> Iterator[Result]:
    """An estimate with its limits, as far as the curve has them."""
    if pd.isna(row["estimate"]):
        note = "; ".join(filter(None, (why_not, about.note)))
        yield replace(about.state(Stat.ESTIMATE, None, note=note), status=Status.NOT_ESTIMABLE)
        return
    yield from about.state_row(row, _LIMITED)
