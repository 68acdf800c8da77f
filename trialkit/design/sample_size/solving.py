"""Solving for a size or an effect: a root of the power, then whole participants step by step."""

from collections.abc import Callable
from math import ceil, isfinite, sqrt

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.errors import DesignError

PowerOf = Callable[[float], float]

MOST = 1e9
_RELATIVE = 1e-14
_SLACK = 1e-9


def unrounded(power_of: PowerOf, *, power: float, least: float) -> float:
    """The size, not rounded, at which the power is reached; ``least`` when that suffices.

    Raises :class:`DesignError` when no size up to a thousand million reaches it.
    """
    if power_of(least) >= power:
        return least
    high = 2 * least
    while power_of(high) < power:
        high *= 2
        if high > MOST:
            raise DesignError(
                f"a power of {power:g} is not reached with {MOST:g} participants; the effect is "
                "too small to be shown"
            )
    return bracketed_root(lambda n: power_of(n) - power, high / 2, high, xtol=1e-11, rtol=_RELATIVE)


def stepped(power_of: Callable[[int], float], *, power: float, start: int, least: int) -> int:
    """The smallest whole size with the power, for a power that grows with the size."""
    size = max(start, least)
    while size > least and power_of(size - 1) >= power:
        size -= 1
    while power_of(size) < power:
        size += 1
    return size


def settled(power_of: Callable[[int], float], *, power: float, start: int, least: int) -> int:
    """The smallest whole size from which on the power is kept, for a power that goes in teeth.

    A tooth is as wide as a few roots of the size; sizes up to three roots, at most a tenth, and 15
    above the last that lacks the power are looked at.
    """
    top = max(start, least)
    lacking = least - 1
    size = top
    while size <= _beyond(max(lacking, top)):
        if power_of(size) < power:
            lacking = size
        size += 1
    if lacking >= top:
        return lacking + 1
    size = top - 1
    while size >= least and power_of(size) >= power:
        size -= 1
    return size + 1


def _beyond(size: int) -> int:
    return size + ceil(min(size / 10, 3 * sqrt(size))) + 15


def effect_with(
    power_of: PowerOf, *, power: float, null: float, limit: float, scale: float
) -> float:
    """The effect with the power, from ``null`` (nothing) towards ``limit``; ``scale`` is a step.

    Raises :class:`DesignError` when even the limit has less power.
    """
    far = _far_enough(power_of, power=power, null=null, limit=limit, scale=scale)
    near = null + (far - null) * 1e-12
    if power_of(near) >= power:
        return near
    return bracketed_root(
        lambda effect: power_of(effect) - power, near, far, xtol=1e-13, rtol=_RELATIVE
    )


def _far_enough(
    power_of: PowerOf, *, power: float, null: float, limit: float, scale: float
) -> float:
    """An effect with at least the power."""
    if isfinite(limit):
        far = limit - (limit - null) * 1e-12
        if power_of(far) >= power:
            return far
    else:
        step = abs(scale) * (1 if limit > 0 else -1)
        far = null + step
        while power_of(far) < power and abs(far) < abs(scale) * MOST:
            far = null + (far - null) * 2
        if power_of(far) >= power:
            return far
    raise DesignError(f"with this size no effect has a power of {power:g}")


def whole_blocks(sizes: tuple[float, ...], shares: tuple[int, ...]) -> int:
    """How many times the arms' shares must be taken so that every arm has its size."""
    return max(
        (ceil(size / share - _SLACK) for size, share in zip(sizes, shares, strict=True)),
        default=0,
    )
