"""From when, until when and for what participants are at risk of the event of an outcome."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from trialkit.errors import ProtocolError

RANDOMISATION = "randomisation"
"""The origin that no item need be named for: the day of randomisation."""


class TimeUnit(StrEnum):
    """In what the time at risk is counted."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"

    @property
    def days(self) -> float:
        """How many days it has; of a month and a year the mean of the Julian calendar."""
        return _DAYS[self]


_DAYS = {TimeUnit.DAYS: 1.0, TimeUnit.WEEKS: 7.0, TimeUnit.MONTHS: 30.4375, TimeUnit.YEARS: 365.25}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateAsked:
    """Where a form asks for a day: its item, and of a form that repeats the rows that count."""

    date: str
    """The item, as ``form.item``."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """By item, the codes of the rows that count."""

    def __post_init__(self) -> None:
        refuse_no_item("date", self.date)

    @property
    def form(self) -> str:
        """The form that asks for the day."""
        return self.date.partition(".")[0]

    @property
    def item(self) -> str:
        """The item of that form."""
        return self.date.partition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Censoring(DateAsked):
    """A day on which the time at risk ends without the event."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetingEvent(DateAsked):
    """What keeps the event of the outcome from happening, and the day on which it happened."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAtRisk:
    """The time at risk of a participant: from its origin to whatever ends it first."""

    origin: str = RANDOMISATION
    """The day that time counts from: of the randomisation, or an item as ``form.item``."""
    unit: TimeUnit = TimeUnit.DAYS
    horizon: float | None = None
    """Where the planned follow-up ends, in the unit, from the origin."""
    last_known: str = ""
    """The item (``form.item``) whose last day is that until which it is known whether the event
    happened; blank where that is known until the end of the study or the data cut."""
    censored_at: tuple[Censoring, ...] = ()
    competing: tuple[CompetingEvent, ...] = ()

    def __post_init__(self) -> None:
        if self.origin != RANDOMISATION:
            refuse_no_item("origin", self.origin)
        if self.last_known:
            refuse_no_item("last_known", self.last_known)
        if self.horizon is not None and not self.horizon > 0:
            raise ProtocolError(f"horizon is a time above 0, got {self.horizon:g}")
        codes = [each.code for each in self.competing]
        if len(set(codes)) < len(codes):
            raise ProtocolError(f"competing has a code twice: {', '.join(codes)}")

    @property
    def dates(self) -> Iterator[tuple[str, DateAsked]]:
        """Every day that it asks a form for, with the key that names it."""
        if self.origin != RANDOMISATION:
            yield "origin", DateAsked(date=self.origin)
        if self.last_known:
            yield "last_known", DateAsked(date=self.last_known)
        yield from (("censored_at", each) for each in self.censored_at)
        yield from (("competing", each) for each in self.competing)


def refuse_no_item(key: str, named: str) -> None:
    """Raise :class:`ProtocolError` unless a text names an item of a form."""
    form, dot, item = named.partition(".")
    if not (form and dot and item):
        raise ProtocolError(f"{key} names an item as 'form.item', got {named[:80]!r}")
