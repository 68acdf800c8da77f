"""Who could receive the experimental treatment, by its names."""

from enum import StrEnum


class NonAdherence(StrEnum):
    """In which arms somebody received what the arm did not offer, or did not receive what it did."""

    NONE = "none"
    ONE_SIDED = "one_sided"
    """Nobody of the reference received the treatment."""
    TWO_SIDED = "two_sided"
    """Some of the reference received it."""
