"""Which checklist item a block answers, and from where it knows."""

from dataclasses import dataclass
from enum import StrEnum


class ClaimSource(StrEnum):
    """Where the words of a block come from."""

    DATA = "data"
    PROTOCOL = "protocol"
    WORDS = "protocol, in free text"
    """A text that an author wrote into the protocol: printed, and judged by nobody but a reader."""
    AUTHOR = "author"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That a block answers a part of a checklist item."""

    item: str
    part: str
    source: ClaimSource
    lacks: str = ""
    """What the block leaves unsaid of this part; empty when it says all of it."""
    among_others: bool = False
    """Whether one text is to answer this part and others, and does not say where it answers which."""
    checklist: str = "consort"
    """The code of the checklist that the item belongs to."""
