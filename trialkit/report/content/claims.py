"""Which checklist item a block answers, and from where it knows."""

from dataclasses import dataclass
from enum import StrEnum


class ClaimSource(StrEnum):
    """Where the words of a block come from."""

    DATA = "data"
    PROTOCOL = "protocol"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That a block answers a part of a checklist item."""

    item: str
    part: str
    source: ClaimSource
    lacks: str = ""
    """What the block leaves unsaid of this part; empty when it says all of it."""
    checklist: str = "consort"
    """The code of the checklist that the item belongs to."""
