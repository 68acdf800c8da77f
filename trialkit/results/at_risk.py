"""What ended the time at risk of a participant, or why there is none."""

from enum import StrEnum


class AtRiskStatus(StrEnum):
    """How the time at risk of a participant ended."""

    EVENT = "event"
    COMPETING = "competing"
    """By an event after which that of the outcome cannot happen."""
    CENSORED = "censored"
    """Nobody knows when the event would have happened: not until then."""
    FOLLOWED = "followed"
    """Of an outcome that can happen again: it was counted until then."""
    NEVER_AT_RISK = "never_at_risk"
    UNKNOWN = "unknown"
    """A day that decides it is not known, and no day is guessed."""

    @property
    def has_time(self) -> bool:
        """Whether there is a time at risk."""
        return self not in {AtRiskStatus.NEVER_AT_RISK, AtRiskStatus.UNKNOWN}
