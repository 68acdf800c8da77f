"""Times to an event that are compared at, or up to, one time that the plan states."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition


@dataclass(frozen=True, slots=True, kw_only=True)
class AtATime(Specification):
    """A comparison of each arm and the reference at one time after the origin."""

    at: float | None = None
    """In the unit of the time at risk; none: the time point of the outcome."""

    SUPPOSES: ClassVar[Supposition] = Supposition.CENSORED_AS_OTHERS
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.TIME})

    def __post_init__(self) -> None:
        if self.at is not None and not self.at > 0:
            raise ProtocolError(f"at is a time above 0, got {self.at:g}")

    @property
    def compares_pairs(self) -> bool:
        """Yes: each contrast reads its own two arms alone."""
        return True
