"""How the sentences of a sample size write their numbers."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from trialkit.decimals import as_written


def shown(value: object) -> str:
    """An assumption as it was given; nothing is rounded that somebody wrote."""
    if isinstance(value, int | float):
        text = f"{value:.10g}" if isinstance(value, float) else str(value)
        return text.replace("-", "\N{MINUS SIGN}")
    if isinstance(value, tuple):
        return ", ".join(shown(each) for each in value)
    return str(value)


def power_shown(power: float) -> str:
    """An achieved power with four digits, cut off, so that it is never overstated."""
    return str(as_written(power).quantize(Decimal("0.0001"), rounding=ROUND_FLOOR))


def percent_shown(share: float) -> str:
    """A share as percent, as it was given: ``0.1`` is ``10%``."""
    return f"{as_written(share).scaleb(2).normalize():f}%"


def listed(sizes: Sequence[int], names: Sequence[str]) -> str:
    """``64 reference and 64 experimental``; nothing for a single group."""
    parts = [f"{size} {name}" for size, name in zip(sizes, names, strict=True)]
    if len(parts) < 2:
        return ""
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
