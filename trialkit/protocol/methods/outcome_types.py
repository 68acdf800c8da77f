"""What kind of value an outcome has."""

from enum import StrEnum


class OutcomeType(StrEnum):
    """What kind of value an outcome has."""

    CONTINUOUS = "continuous"
    BINARY = "binary"
    COUNT = "count"
    ORDINAL = "ordinal"
    """One of several levels in their order."""
    TIME_TO_EVENT = "time_to_event"
    RECURRENT_EVENTS = "recurrent_events"
    """Events that can happen to a participant again, each with its day."""
