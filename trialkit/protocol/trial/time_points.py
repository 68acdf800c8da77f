"""When the time point of an event is, in the unit in which its time at risk is counted."""

from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol


def time_point_of(outcome: Outcome, protocol: Protocol) -> float:
    """When the planned day of the time point is, in the outcome's unit of time, and no later than it ends."""
    risk = outcome.risk or TimeAtRisk()
    planned = protocol.visit(outcome.time_point).day / risk.unit.days
    return min(planned, risk.horizon or planned)


def stated_time(at: float | None, outcome: Outcome, protocol: Protocol) -> float:
    """The time that a plan names, else the time point of the outcome."""
    return time_point_of(outcome, protocol) if at is None else at


def in_its_unit(time: float, outcome: Outcome) -> str:
    """A time with the unit of the outcome, such as ``12 weeks``."""
    return f"{time:.6g} {(outcome.risk or TimeAtRisk()).unit.value}"
