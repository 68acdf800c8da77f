"""What a look at a whole store can find: each way of changing one leaves a trace of its own."""

from dataclasses import dataclass
from enum import StrEnum


class Tampering(StrEnum):
    """What was done to a store by another way than its own."""

    EDITED = "edited"
    DELETED = "deleted"
    OUT_OF_ORDER = "out of order"
    REPLACED = "replaced"
    TEXT_EDITED = "text edited"
    TEXT_GONE = "text gone"
    TRUNCATED = "truncated"
    NOT_ANCHORED = "not anchored"
    TIME_STAMP = "time stamp"
    """A time stamp of an authority that is not of the line that it stands in, not theirs, or not there any more."""
    CLOCK_BACK = "clock set back"
    PROJECTION = "projection edited"
    TABLES = "tables altered"
    """A table, a guard or a right that is not as trialkit made it."""
    DEFINITION = "definition edited"
    NOT_REPLAYED = "cannot be replayed"
    SECRET = "passphrase replaced"
    RULES_BROKEN = "past the rules"
    """An event that the store would have refused: an entry under a lock, an unlocking by one alone."""
    SIGNED_ELSE = "signed something else"
    """A signature whose hash is not that of what stood there when it was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that does not fit."""

    trace: Tampering
    told: str
    seq: int = 0
    """The event that it is about; 0 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unshown:
    """What cannot be shown any more, though nothing was done to the store by another way than its own."""

    seq: int
    """The event that it is about."""
    told: str
