"""What must hold within an outcome: what its type has a use for, and what it cannot do without."""

from trialkit.protocol.methods.outcome_kinds import KINDS, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.tables.raw_tables import Table, rows, text

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
        for key in _OF_VALUES if kind.is_of_time else ():
            if key in each:
                complaints.add(
                    table=table,
                    key=key,
                    found=f"{key} of a {named} outcome",
                    expected="no such key: it is for outcomes that are values",
                )
