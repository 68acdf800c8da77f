"""Who takes part: sites, eligibility, who is analysed, and what is told of them."""

from dataclasses import dataclass
from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.protocol.trial.outcomes import refuse_digits


class Grouping(StrEnum):
    """By which arm the participants of a population are counted."""

    ALLOCATED = "allocated"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where participants are seen."""

    code: str
    label: str
    subject_pattern: str = ""
    """The pattern of the names of its participants, a regular expression; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Who could take part (CONSORT 12)."""

    inclusion: tuple[str, ...] = ()
    exclusion: tuple[str, ...] = ()
    providers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationRule:
    """Who is in an analysis population, and in which group (CONSORT 21b)."""

    code: str
    label: str
    definition: str
    group_by: Grouping = Grouping.ALLOCATED
    received_allocated: bool = False
    completed: bool = False
    received_any: bool = False
    minimum_attendance_percent: float | None = None

    @property
    def reads_receipt(self) -> bool:
        """Whether what was received decides who is in it, or in which arm."""
        by_received = self.group_by is Grouping.RECEIVED
        return by_received or self.received_any or self.received_allocated

    def __post_init__(self) -> None:
        percent = self.minimum_attendance_percent
        if percent is not None and not 0 <= percent <= 100:
            raise ProtocolError(f"minimum_attendance_percent must be from 0 to 100, got {percent}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """A row of the baseline table."""

    form: str
    item: str
    label: str = ""
    visit: str = ""
    digits: int = 1

    def __post_init__(self) -> None:
        refuse_digits(self.digits)

    @property
    def name(self) -> str:
        """How a plan names it: ``form.item``."""
        return f"{self.form}.{self.item}"

    @property
    def title(self) -> str:
        """The name that readers know it by."""
        return self.label or self.name

    @property
    def in_words(self) -> str:
        """Its label, and how a plan names it."""
        return f"{self.label} ({self.name})" if self.label else self.name
