"""What is measured, and how it is printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.outcome_kinds import KINDS, OutcomeKind, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.protocol.trial.kinds import Reporter, Side
from trialkit.protocol.trial.summing_up import SummedUp, declared_response, summed_up


class OutcomeRole(StrEnum):
    """The place of an outcome in the protocol."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    EXPLORATORY = "exploratory"


class Combine(StrEnum):
    """How the values of several rows of a form become the one of a participant at a visit."""

    MEAN = "mean"
    SUM = "sum"
    MAX = "max"
    MIN = "min"
    WORST = "worst"
    FIRST = "first"


MOST_DIGITS = 6
_OF_EXPOSURE = ("exposure", "exposure_unit", "per_unit")
AT_RISK = "at_risk"
"""The exposure of events, or of a count whose time at risk follows from days."""
SESSIONS = "sessions"
"""The exposure of a count for each session attended."""


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
    important_difference: float | None = None
    """The size of a difference between arms that matters; of risks a share. A change that matters to a
    person is another thing."""
    important_difference_source: str = ""
    assumed: str = ""
    """What about the scale is assumed rather than given by the sources."""
    reported_by: Reporter | None = None
    side: Side | None = None
    measure: str = ""
    """What is measured on the side: two outcomes of one measure are the two sides of a body."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Of a form that repeats: by item, the codes of the rows that are picked."""
    combine: Combine | None = None
    """How the values of the picked rows become one; None where one row alone can be picked."""
    at_least: int | None = None
    """How many of the picked rows must have a value; None for all that there are to be."""
    at_risk: TimeAtRisk | None = None
    """From when until when its event is looked for, of an outcome that has a time at risk."""
    exposure: str = ""
    """Of a count: how long a participant was at risk, as ``form.item``, ``sessions`` (attended) or
    ``at_risk`` (the time at risk); blank where each counts once. Of recurrent events ``at_risk``."""
    exposure_unit: str = ""
    """In what the exposure is, such as "days"."""
    per: float = 1
    """For how much exposure a rate is printed, in that unit."""
    per_unit: str = ""
    """What so much is called, such as "person-year"; where blank, by number and unit."""
    prespecified: bool = True
    """Whether it was planned before anybody saw data."""

    def __post_init__(self) -> None:
        change = self.minimal_important_change
        if change is not None and change <= 0:
            raise ProtocolError(
                f"minimal_important_change is a size and must be above 0, got {change}"
            )
        self._refuse_impossible_difference()
        refuse_digits(self.digits)
        if self.at_least is not None and self.at_least < 1:
            raise ProtocolError(f"at_least is a number of rows from 1 on, got {self.at_least}")
        if self.at_least is not None and self.combine in {None, Combine.FIRST}:
            raise ProtocolError("at_least is for a mean, sum, max, min or worst of several rows")
        if self.kind.summary is Summary.RECURRENCE and not self.exposure:
            object.__setattr__(self, "exposure", AT_RISK)
        self._refuse_impossible_exposure()

    def _refuse_impossible_difference(self) -> None:
        size = self.important_difference
        if size is None:
            return
        if not (self.kind.is_mean or self.kind.is_proportion):
            raise ProtocolError(
                "important_difference is one of means, or of risks as a share, not of a "
                f"{self.type.value} outcome"
            )
        if size <= 0 or (self.kind.is_proportion and size >= 1):
            most = ", and of risks a share below 1" if self.kind.is_proportion else ""
            raise ProtocolError(
                f"important_difference is a size and must be above 0{most}, got {size:g}"
            )

    def _refuse_impossible_exposure(self) -> None:
        named = [name for name in _OF_EXPOSURE if getattr(self, name)]
        if not self.kind.counts_events and (named or self.per != 1):
            raise ProtocolError(
                f"{named[0] if named else 'per'} is for a count of events, not for a "
                f"{self.type.value} outcome"
            )
        if self.kind.is_of_time and self.exposure not in {"", AT_RISK}:
            raise ProtocolError(
                f"exposure of {self.type.value} is the time at risk, and needs no key; "
                f"got {self.exposure[:80]!r}"
            )
        if not self.exposure and (named or self.per != 1):
            raise ProtocolError(
                f"{named[0] if named else 'per'} without exposure: each participant counts once"
            )
        if self.exposure == AT_RISK:
            self._count_in_the_unit_of_time()
        elif self.kind.is_rate and self.at_risk is not None:
            raise ProtocolError("at_risk of a count is read where exposure = 'at_risk'")
        if self.exposure and not self.exposure_unit:
            raise ProtocolError("exposure needs exposure_unit, such as 'days'")
        if not self.per > 0:
            raise ProtocolError(
                f"per is how much exposure a rate is for, above 0, got {self.per:g}"
            )

    def _count_in_the_unit_of_time(self) -> None:
        """The exposure is in the unit of the time at risk."""
        unit = (self.at_risk or TimeAtRisk()).unit.value
        if self.exposure_unit not in {"", unit}:
            raise ProtocolError(
                f"exposure_unit is {self.exposure_unit!r}, but the time at risk is in {unit}"
            )
        object.__setattr__(self, "exposure_unit", unit)

    @property
    def rate_per(self) -> str:
        """For how much exposure its rate is: by its name, else by number and unit."""
        if not self.exposure:
            return "participant"
        if self.per == 1 and self.exposure == AT_RISK and not self.per_unit:
            return f"{self.exposure_unit.removesuffix('s')} at risk"
        if self.per_unit or self.per == 1:
            return self.per_unit or self.exposure_unit
        return f"{self.per:.10g} {self.exposure_unit}"

    @property
    def picks(self) -> bool:
        """Whether it says which of several rows it is of."""
        return bool(self.where) or self.combine is not None

    @property
    def summed_up(self) -> SummedUp:
        """What stands for a group, as the plan's aggregation has it."""
        return summed_up(self.aggregation)

    @property
    def declared_response(self) -> Response | None:
        """Which value the plan's metric names, if it names one that is compared."""
        return declared_response(self.metric)

    @property
    def risk(self) -> TimeAtRisk | None:
        """The time at risk of its event, the usual one where nothing is said; None without any."""
        if self.at_risk is None and (self.kind.is_of_time or self.exposure == AT_RISK):
            return TimeAtRisk()
        return self.at_risk

    @property
    def kind(self) -> OutcomeKind:
        """What is true of every outcome of its type."""
        return KINDS[self.type]


def refuse_digits(digits: int) -> None:
    """Raise :class:`ProtocolError` unless numbers can be printed with so many digits."""
    if not 0 <= digits <= MOST_DIGITS:
        raise ProtocolError(f"digits must be from 0 to {MOST_DIGITS}, got {digits}")
