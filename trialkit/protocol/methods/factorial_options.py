"""What an effect of a factorial trial is, by its name."""

from enum import StrEnum

FEWEST_FACTORS = 2
MOST_FACTORS = 4
"""Sixteen cells and more: nobody reads a larger table."""


class FactorialEffect(StrEnum):
    """Where in the table of a factorial trial an effect stands."""

    MARGIN = "at the margin"
    """Of a factor whatever the others are, taken not to interact with them."""
    AVERAGED = "averaged inside"
    """Of a factor, the mean over the cells of the others, which count alike."""
    INSIDE = "inside the table"
    """Of a factor where the others are held."""
    INTERACTION = "interaction"
    """By how much the effect of one factor differs between levels of the other."""
