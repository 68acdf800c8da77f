"""Who answers for the protocol: its sponsor, those who wrote and sign it, and what was changed in it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sponsor:
    """Who takes responsibility for the trial, and what part they have in it (SPIRIT 3b and 3c)."""

    name: str = ""
    contact: str = ""
    """How to reach the sponsor: an address, a telephone number, an address of mail."""
    role: str = ""
    """The part in design, conduct, analysis and report, and who has the last word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Somebody who had a part in writing the protocol (SPIRIT 3a)."""

    name: str
    role: str = ""
    """What they are and did: principal investigator, wrote the analysis plan."""
    affiliation: str = ""
    signs: bool = False
    """Whether there is a line for their signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolAmendment:
    """A change of the protocol after its first version (SPIRIT 2 and 31)."""

    version: str
    """The version that it made."""
    date: date
    changes: str
    reason: str = ""
