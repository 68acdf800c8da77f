"""Tests that are done several times: which of the trials counts is the protocol's to say."""

from enum import StrEnum

from trialkit.schemas.instruments.formulas import Formula, answers, best, mean_of_answered
from trialkit.schemas.instruments.instrument import AskedVisits
from trialkit.schemas.items.item_types import ItemType

SIDES = ("left", "right")


class Counted(StrEnum):
    """What counts of several trials."""

    HIGHEST = "highest"
    LOWEST = "lowest"
    MEAN = "mean"
    """Of all trials; none may be missing."""


def counted(items: tuple[str, ...], of: Counted) -> Formula:
    """The value that several trials give."""
    if of is Counted.MEAN:
        return mean_of_answered(answers(items), at_least=len(items))
    return best(answers(items), highest=of is Counted.HIGHEST)


def trials(
    prefix: str,
    count: int,
    *,
    label: str,
    unit: str,
    low: float | None = 0,
    high: float | None = None,
    other: str = "",
) -> tuple[AskedVisits, ...]:
    """``count`` decimal items ``prefix_1`` and so on; ``other`` is the prefix of the other side."""
    return tuple(
        AskedVisits(
            id=f"{prefix}_{number}",
            label=f"{label}, trial {number}",
            type=ItemType.DECIMAL,
            unit=unit,
            low=low,
            high=high,
            other_side=f"{other}_{number}" if other else "",
        )
        for number in range(1, count + 1)
    )


def trial_ids(prefix: str, count: int) -> tuple[str, ...]:
    """The ids of the trials."""
    return tuple(f"{prefix}_{number}" for number in range(1, count + 1))


def other_prefix(prefix: str, side: str) -> str:
    """The prefix of the right side for the left one, so that a pair is named once."""
    return f"{prefix}_right" if side == "left" else ""
