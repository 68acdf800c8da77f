"""What became of those who have no time at risk, and why times ended: counts with their reasons."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd

from trialkit.datasets.measurements import STILL_TO_COME
from trialkit.planned.task.stating import Statement
from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.results.at_risk import AtRiskStatus
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

_WITHOUT_TIME = (
    (Stat.N_MISSING, AtRiskStatus.UNKNOWN),
    (Stat.N_NOT_APPLICABLE, AtRiskStatus.NEVER_AT_RISK),
)


def state_competing(about: Statement, ended: pd.DataFrame, risk: TimeAtRisk) -> Iterator[Result]:
    """How many times a competing event ended, by its label; nothing where none competes."""
    if risk.competing:
        labels = {each.code: each.label for each in risk.competing}
        named = listed(ended["cause"].map(labels).tolist())
        yield about.state(Stat.N_COMPETING, len(ended), note=named)


def state_censored(about: Statement, ended: pd.DataFrame) -> Iterator[Result]:
    """How many times ended without an event of any kind, and why."""
    yield about.state(Stat.N_CENSORED, len(ended), note=listed(ended["reason"].tolist()))


def state_without_time(
    about: Statement, own: pd.DataFrame, *, to_come: pd.Series
) -> Iterator[Result]:
    """Of whom the time is not known, who was never at risk, and of whom it is still to come."""
    for stat, status in _WITHOUT_TIME:
        reason = own.loc[own["status"] == status, "reason"]
        found = reason[~reason.isin(STILL_TO_COME)].tolist()
        if found or stat is not Stat.N_NOT_APPLICABLE:
            yield about.state(stat, len(found), note=listed(found))
    if to_come.any():
        yield about.state(Stat.N_NOT_DUE, int(to_come.sum()))


def listed(reasons: Sequence[str]) -> str:
    """Each reason with its number, the most frequent first."""
    counted = sorted(Counter(reasons).items(), key=lambda pair: (-pair[1], pair[0]))
    return "; ".join(f"{reason}: {count}" for reason, count in counted)
