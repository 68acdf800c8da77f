"""The trial as it is registered: who, what for, paid by whom, and what its author says of it."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trialkit.errors import ProtocolError


class Framework(StrEnum):
    """What the trial sets out to show."""

    SUPERIORITY = "superiority"
    NON_INFERIORITY = "non-inferiority"
    EQUIVALENCE = "equivalence"
    EXPLORATORY = "exploratory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the trial is and who answers for it.

    Title, short title and framework are there wherever a report is written.
    """

    id: str
    title: str = ""
    short_title: str = ""
    acronym: str = ""
    framework: Framework | None = None
    synthetic: str = ""
    """Printed wherever data are shown when the data are not real; empty for real data."""
    setting: str = ""
    start: date | None = None
    end: date | None = None
    months_only: bool = False
    """Whether the sources give start and end to the month, so that their days mean nothing."""
    ethics: str = ""
    changes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    guideline: str = "CONSORT 2025"
    """The reporting guideline that the authors chose, with its year."""

    @property
    def name(self) -> str:
        """What the trial is called where there is little room, as long as it has no title its id."""
        return self.short_title or self.title or self.id

    @property
    def aim(self) -> Framework:
        """The framework of a trial that states it, as every one does that is reported."""
        if self.framework is None:
            raise LookupError(f"the trial {self.id} states no framework")
        return self.framework


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Where and when the trial was registered."""

    registry: str
    id: str
    date: date
    url: str = ""
    primary_outcomes: tuple[str, ...] = ()
    """The outcomes that the record calls primary, by their code, else in the record's words."""
    secondary_outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Where protocol, analysis plan and data can be had (CONSORT 3 and 4)."""

    protocol: str = ""
    analysis_plan: str = ""
    data_sharing: str = ""
    version: str = ""
    """The protocol's version, as ``"1.2"``."""
    version_date: date | None = None
    """The day of that version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Who paid, and what part they had (CONSORT 5a)."""

    source: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objectives:
    """What the trial asks, of benefits and of harms (CONSORT 7)."""

    benefits: tuple[str, ...] = ()
    harms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReported:
    """A checklist item that the accessible sources leave open, said as such."""

    item: str
    note: str


_RULE = re.compile(r"R[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A finding of the lint that the authors cannot mend, and why they accept it."""

    rule: str
    reason: str

    def __post_init__(self) -> None:
        if not _RULE.fullmatch(self.rule):
            raise ProtocolError(f"rule is the id of a rule of the lint, as R01, got {self.rule!r}")
        if not self.reason.strip():
            raise ProtocolError(f"{self.rule} is accepted without a reason")
