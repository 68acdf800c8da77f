"""What a method supposes of the values that are missing."""

from enum import StrEnum


class MissingAssumption(StrEnum):
    """Why the values that are there may stand for those that are not."""

    AS_OBSERVED = "as-observed"
    """Whoever lacks the value is like those of the arm, and of the covariates, who have it."""
    AT_RANDOM = "at-random"
    """Whoever lacks it is like those of the arm who have it and were alike at the other visits."""
    STATED = "stated"
    """The plan says what the values are: by a rule, as in the reference arm, or shifted by so much."""
    UNKNOWN = "unknown"
    """Another program supposes what the author describes."""
