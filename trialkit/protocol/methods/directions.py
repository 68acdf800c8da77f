"""Which way an outcome is better."""

from enum import StrEnum


class Direction(StrEnum):
    """Which way an outcome is better."""

    LOWER = "lower"
    HIGHER = "higher"
