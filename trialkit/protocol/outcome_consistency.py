"""What must hold within an outcome: what its type has a use for, and what it cannot do without."""

from collections.abc import Mapping

from trialkit.protocol.methods.outcome_kinds import KINDS, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.tables.definitions import Complaints, is_bounded
from trialkit.protocol.tables.raw_tables import Table, rows, text
from trialkit.protocol.trial.at_risk import TimeUnit

_WITH_TIME = frozenset({Summary.TIME, Summary.RECURRENCE, Summary.RATE})
"""What has a time at risk."""
_OF_VALUES = ("combine", "at_least", "minimal_important_change")
"""The keys of an outcome that is a value, and not an event."""


def complain_of_outcomes(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for every key of an outcome that its type does not read."""
    for table, each in rows(raw, "outcomes"):
        named = text(each, "type")
        if named not in list(OutcomeType):
            continue
        kind = KINDS[OutcomeType(named)]
        if "at_risk" in each and kind.summary not in _WITH_TIME:
            complaints.add(
                table=f"{table}.at_risk",
                key="",
                found=f"a time at risk of a {named} outcome",
                expected="no such table: it is for outcomes that are events in time",
            )
        if kind.is_of_time:
            _complain_of_horizon(table, each, raw, complaints)
        for key in _OF_VALUES if kind.is_of_time else ():
            if key in each:
                complaints.add(
                    table=table,
                    key=key,
                    found=f"{key} of a {named} outcome",
                    expected="no such key: it is for outcomes that are values",
                )


def _complain_of_horizon(table: str, outcome: Table, raw: Table, complaints: Complaints) -> None:
    """Add a complaint where the time at risk ends before the time point, by a day or more."""
    risk = outcome.get("at_risk")
    if not isinstance(risk, Mapping):
        return
    unit = text(risk, "unit") or TimeUnit.DAYS
    planned = [
        day
        for _, visit in rows(raw, "visits")
        if visit.get("code") == outcome.get("time_point")
        and isinstance(day := visit.get("target_day"), int)
        and is_bounded(day)
    ]
    horizon = risk.get("horizon")
    is_number = isinstance(horizon, int | float) and is_bounded(horizon)
    if not (planned and is_number and unit in list(TimeUnit)):
        return
    assert isinstance(horizon, int | float)  # asked above
    days = TimeUnit(unit).days
    if planned[0] - horizon * days >= 1:
        complaints.add(
            table=f"{table}.at_risk",
            key="horizon",
            found=f"{horizon:g} {unit}, before the time point {outcome.get('time_point')} on day {planned[0]}",
            expected=f"{planned[0] / days:.4g} {unit} or more, or an earlier time_point",
        )
