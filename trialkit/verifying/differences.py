"""What a verification finds: one thing that is not as it was."""

from dataclasses import dataclass
from enum import StrEnum


class DifferenceKind(StrEnum):
    """What is not as it was."""

    SOFTWARE = "software"
    ANCHOR = "anchor"
    INPUT = "input"
    FILE = "file"
    RESULT = "result"
    NUMBER = "number"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it was."""

    kind: DifferenceKind
    file: str
    text: str
