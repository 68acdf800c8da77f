"""What must hold of the time point that an analysis has for itself, beside that of its outcome."""

from collections.abc import Iterator

from trialkit.protocol.methods.outcome_kinds import KINDS, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.tables.raw_tables import Table, rows, text, texts, visits_around_baseline

_AT_VISITS = frozenset({Summary.MEAN, Summary.PROPORTION, Summary.LEVELS})
"""What has a value at each visit; events are counted up to the end of their time at risk."""


def complain_of_analysis_times(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for every time point of an analysis at which its outcomes are not compared."""
    outcomes = {text(each, "code"): each for _, each in rows(raw, "outcomes")}
    before, baseline, _ = visits_around_baseline(raw)
    for table, each in rows(raw, "analyses"):
        at = text(each, "time_point")
        if not at:
            continue
        for found, expected in _faults(each, at, outcomes, raw):
            complaints.add(table=table, key="time_point", found=found, expected=expected)
        if at in (*before, *baseline):
            complaints.add(
                table=table,
                key="time_point",
                found=f"{at!r}, which is not after the baseline visit",
                expected="a visit after baseline",
            )


def _faults(
    analysis: Table, at: str, outcomes: dict[str, Table], raw: Table
) -> Iterator[tuple[str, str]]:
    """What is found and what was expected, of each of its outcomes."""
    if rows(raw, "periods"):
        yield shown(at), "no such key: treatments are compared at the time point of each period"
        return
    for code in texts(analysis, "outcomes"):
        outcome = outcomes.get(code)
        if outcome is None or text(outcome, "type") not in list(OutcomeType):
            continue
        own = text(outcome, "time_point")
        if KINDS[OutcomeType(text(outcome, "type"))].summary not in _AT_VISITS:
            yield (
                f"{at!r} for {code!r}, which is no value of a visit",
                "no such key: how long events are counted is said by the outcome",
            )
        elif text(analysis, "role") == AnalysisRole.PRIMARY.value and at != own:
            yield (
                f"{at!r} in a primary analysis of {code!r}, whose time point is {own!r}",
                "the outcome's own time point, or another role",
            )
