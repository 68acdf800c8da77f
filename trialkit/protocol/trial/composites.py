"""What an intercurrent event is as a value, under the composite strategy."""

from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.estimands import IntercurrentEvent
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.outcomes import Outcome


class CompositeRule(StrEnum):
    """A value that is said in a word."""

    FAILURE = "failure"
    """Of an outcome of yes and no the answer that is not the better one."""
    WORST = "worst"
    """The end of the scale that is not the better one."""


def is_rank_alone(event: IntercurrentEvent, outcome: Outcome) -> bool:
    """Whether the event is worse than every value, and no number says by how much."""
    return not event.value and not outcome.kind.is_proportion


def composite_value(event: IntercurrentEvent, outcome: Outcome, *, worst: float | None) -> float:
    """The value of an outcome of who had the event; ``worst`` is the end of its scale, where it has one.

    Raises :class:`ProtocolError` for a rule that is not defined of such an outcome.
    """
    if outcome.kind.is_proportion:
        if event.value not in {"", CompositeRule.FAILURE, CompositeRule.WORST}:
            raise ProtocolError("a number is no value of an outcome of yes and no; write 'failure'")
        return 0.0 if outcome.direction is Direction.HIGHER else 1.0
    if event.value == CompositeRule.WORST:
        if worst is None:
            raise ProtocolError(
                "its item has no range whose end would be the worst value; write a number"
            )
        return worst
    if outcome.kind.summary is Summary.LEVELS:
        raise ProtocolError("levels have no number; write 'worst'")
    return _number(event.value)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not abs(number) < float("inf"):
        raise ProtocolError(
            f"value is {CompositeRule.WORST.value!r} or a number as text, such as '0', got {text[:80]!r}"
        )
    return number
