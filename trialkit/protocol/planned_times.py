"""What must hold of comparisons of times to an event: what competes with it, and the time that the plan names."""

from collections.abc import Iterator, Mapping

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import KINDS
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.tables.definitions import Complaints, is_bounded, shown
from trialkit.protocol.tables.raw_tables import Table, rows, text, texts
from trialkit.protocol.trial.at_risk import TimeUnit

_OF_COMPETING = [method.value for method, kind in SPECIFICATIONS.items() if kind.NEEDS_COMPETING]


def complain_of_planned_times(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for each comparison of times that its outcome has no use for."""
    for table, analysis, kind, outcome, risk in _planned(raw):
        method, code = shown(text(analysis, "method")), text(outcome, "code")
        competing = bool(risk.get("competing"))
        if kind.NEEDS_COMPETING and not competing:
            complaints.add(
                table=table,
                key="method",
                found=f"{method} of {code!r}, with which no event competes",
                expected=f"'competing' in [outcomes.at_risk] of {code!r}, or another method",
            )
        if kind.WITHOUT_COMPETING and competing:
            complaints.add(
                table=table,
                key="method",
                found=f"{method} of {code!r}, with which other events compete: a Kaplan-Meier curve that "
                "censors them is of no share of the participants",
                expected=f"{' or '.join(_OF_COMPETING)}, or an outcome whose event is any of these",
            )
        _complain_of_later(table, analysis, outcome, risk, complaints)


def _planned(
    raw: Table,
) -> Iterator[tuple[str, Table, type[Specification], Table, Mapping[str, object]]]:
    """Each analysis of times, with the outcome and what the protocol says of its time at risk."""
    outcomes = {text(each, "code"): each for _, each in rows(raw, "outcomes")}
    for table, analysis in rows(raw, "analyses"):
        method = text(analysis, "method")
        if method not in list(Method):
            continue
        for code in dict.fromkeys(texts(analysis, "outcomes")):
            outcome = outcomes.get(code)
            if outcome is None or not _is_of_time(text(outcome, "type")):
                continue
            risk = outcome.get("at_risk")
            known = risk if isinstance(risk, Mapping) else {}
            yield table, analysis, SPECIFICATIONS[Method(method)], outcome, known


def _is_of_time(named: str) -> bool:
    known = named in list(OutcomeType)
    return known and KINDS[OutcomeType(named)].is_of_time


def _complain_of_later(
    table: str,
    analysis: Table,
    outcome: Table,
    risk: Mapping[str, object],
    complaints: Complaints,
) -> None:
    """Add a complaint where the plan compares later than anybody is followed."""
    at, horizon = analysis.get("at"), risk.get("horizon")
    if not (_is_time(at) and _is_time(horizon)):
        return
    assert isinstance(at, int | float)  # asked above
    assert isinstance(horizon, int | float)
    if at > horizon:
        unit = text(risk, "unit") or TimeUnit.DAYS.value
        complaints.add(
            table=table,
            key="at",
            found=f"{at:g}, after the horizon of {text(outcome, 'code')!r}, {horizon:g} {shown(unit)}",
            expected=f"at most {horizon:g}, or a later horizon",
        )


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and is_bounded(value)
