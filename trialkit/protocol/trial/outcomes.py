"""What is measured, and how it is printed."""

from dataclasses import dataclass
from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_kinds import KINDS, OutcomeKind
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.trial.kinds import Reporter, Side


class OutcomeRole(StrEnum):
    """The place of an outcome in the protocol."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    EXPLORATORY = "exploratory"


MOST_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is measured, and how it becomes one number for each participant (CONSORT 14)."""

    code: str
    label: str
    type: OutcomeType
    role: OutcomeRole
    form: str
    item: str
    time_point: str
    metric: str
    """The analysis metric, such as "change from baseline" or "final value"."""
    aggregation: str
    """How it is summed up over a group, such as "mean" or "proportion"."""
    direction: Direction
    unit: str = ""
    digits: int = 1
    minimal_important_change: float | None = None
    minimal_important_change_source: str = ""
    assumed: str = ""
    """What about the scale is assumed rather than given by the sources."""
    reported_by: Reporter | None = None
    side: Side | None = None
    measure: str = ""
    """What is measured on the side: two outcomes of one measure are the two sides of a body."""
    prespecified: bool = True
    """Whether it was planned before anybody saw data."""

    def __post_init__(self) -> None:
        change = self.minimal_important_change
        if change is not None and change <= 0:
            raise ProtocolError(
                f"minimal_important_change is a size and must be above 0, got {change}"
            )
        refuse_digits(self.digits)

    @property
    def kind(self) -> OutcomeKind:
        """What is true of every outcome of its type."""
        return KINDS[self.type]


def refuse_digits(digits: int) -> None:
    """Raise :class:`ProtocolError` unless numbers can be printed with so many digits."""
    if not 0 <= digits <= MOST_DIGITS:
        raise ProtocolError(f"digits must be from 0 to {MOST_DIGITS}, got {digits}")
