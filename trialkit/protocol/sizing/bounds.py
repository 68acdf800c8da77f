"""What the numbers of a sample size may be; each refuses what may not, by its name."""

import math
from enum import StrEnum
from itertools import pairwise
from numbers import Real

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.tables.choices import choose

EQUAL_ARMS = (1, 1)


def name_choices(noun: object, **kinds: type[StrEnum]) -> None:
    """Text given for a choice becomes the member that it names."""
    for name, kind in kinds.items():
        object.__setattr__(noun, name, choose(kind, getattr(noun, name), parameter=name))


def check_finite(name: str, value: float) -> None:
    """Refuse what is not a finite number."""
    if not isinstance(value, Real) or not math.isfinite(value):
        raise ProtocolError(f"{name} must be a finite number, got {value!r}")


def check_not_zero(name: str, value: float) -> None:
    """Refuse zero."""
    check_finite(name, value)
    if value == 0:
        raise ProtocolError(f"{name} is 0: there is nothing to detect")


def check_above_zero(name: str, value: float) -> None:
    """Refuse what is not above zero."""
    check_finite(name, value)
    if value <= 0:
        raise ProtocolError(f"{name} must be above 0, got {value:g}")


def check_at_least(name: str, value: float, least: float) -> None:
    """Refuse what is below the least."""
    check_finite(name, value)
    if value < least:
        raise ProtocolError(f"{name} must be {least:g} or more, got {value:g}")


def check_between(name: str, value: float, low: float, high: float) -> None:
    """Refuse what is not inside the limits."""
    check_finite(name, value)
    if not low < value < high:
        raise ProtocolError(f"{name} must lie between {low:g} and {high:g}, got {value:g}")


def check_risk(name: str, value: float) -> None:
    """Refuse what is no risk."""
    check_between(name, value, 0, 1)


def check_level(name: str, value: float) -> None:
    """Refuse what is no level."""
    check_between(name, value, 0, 0.5)


def check_level_and_sides(alpha: float, sides: int) -> None:
    """Refuse what is no level of significance, or neither one nor two sides."""
    check_level("alpha", alpha)
    if sides not in {1, 2}:
        raise ProtocolError(f"sides must be 1 or 2, got {sides}")


def check_shares(allocation: tuple[int, ...], *, arms: int, may_be_empty: bool = False) -> None:
    """Refuse shares of arms that cannot be carried out."""
    if may_be_empty and not allocation:
        return
    whole = all(isinstance(share, int) and share >= 1 for share in allocation)
    if len(allocation) != arms or not whole:
        raise ProtocolError(
            f"allocation must be {arms} whole numbers of 1 or more, the reference first, "
            f"got {list(allocation)}"
        )


def check_retention(name: str, retention: tuple[float, ...], visits: int) -> None:
    """Refuse a retention that no trial has."""
    if not retention or len(retention) != visits:
        raise ProtocolError(f"{name} must have one share for each visit, {visits} in all")
    if any(not 0 < share <= 1 for share in retention):
        raise ProtocolError(f"{name} holds shares above 0 and at most 1, got {list(retention)}")
    if any(later > earlier for earlier, later in pairwise(retention)):
        raise ProtocolError(f"{name} cannot grow from visit to visit, got {list(retention)}")


def check_not_worse_than_margin(difference: float, margin: float, direction: Direction) -> None:
    """Refuse a true difference that lies beyond the margin."""
    check_finite("difference", difference)
    advantage = difference if direction is Direction.HIGHER else -difference
    if advantage <= -margin:
        raise ProtocolError(
            f"the true difference {difference:g} is worse by the margin {margin:g} or more: "
            "non-inferiority would be false"
        )


def check_inside_margins(difference: float, margin: float) -> None:
    """Refuse a true difference that lies outside the margins."""
    check_finite("difference", difference)
    if abs(difference) >= margin:
        raise ProtocolError(
            f"the true difference {difference:g} is not inside the margins of ±{margin:g}: "
            "equivalence would be false"
        )
