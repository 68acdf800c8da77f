"""The tables of outcomes that a report has, one for whatever arms are summed up by."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialkit.protocol.compared import compared
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Table
from trialkit.report.tables.headlines import main_headlines
from trialkit.report.tables.levels import levels_table
from trialkit.report.tables.outcomes import outcomes_table
from trialkit.report.tables.proportions import proportions_table
from trialkit.report.tables.rates import rates_table
from trialkit.report.tables.recurrences import recurrences_table
from trialkit.report.tables.times import times_table
from trialkit.results.lookup import ResultIndex

MAIN_TABLES: Mapping[Summary, Callable[[Protocol, ResultIndex], Table | None]] = MappingProxyType(
    {
        Summary.MEAN: outcomes_table,
        Summary.PROPORTION: proportions_table,
        Summary.RATE: rates_table,
        Summary.LEVELS: levels_table,
        Summary.TIME: times_table,
        Summary.RECURRENCE: recurrences_table,
    }
)
"""The table of the primary and secondary analyses; None where it would have no row."""


def main_tables(protocol: Protocol, index: ResultIndex) -> tuple[Table | None, ...]:
    """Those of this report, that of the primary outcome first where all primary ones are of a kind."""
    protocol = compared(protocol)
    primary = {each.summary for each in main_headlines(protocol, index) if each.is_primary}
    first = primary if len(primary) == 1 else set()
    ordered = sorted(MAIN_TABLES, key=lambda each: each not in first)
    return tuple(MAIN_TABLES[each](protocol, index) for each in ordered)
