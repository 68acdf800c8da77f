"""The power of a trial over its size: what the figure of a sample size draws."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLine:
    """The power at each size, for one effect."""

    effect: float
    assumed: bool
    """Whether it is the effect that the size was found for."""
    sizes: tuple[int, ...]
    powers: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCurve:
    """The size that was found, and the power of others."""

    title: str
    sentence: str
    unit: str
    effect_name: str
    n: float
    power: float
    target_power: float | None
    lines: tuple[PowerLine, ...]
