"""Where in the log of an evidence store data were taken from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMark:
    """The last event that the data know of, and its hash, which covers all before it."""

    seq: int
    hash: str
