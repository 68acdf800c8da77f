"""Decimal numbers in floats: what people write has digits, and a float holds them only nearly.

The float of 73.65 lies below it, a mean that is 73.65 may be 73.64999999999999, and 5.1 - 5.3 and
9.7 - 9.9 differ in their last digit. No instrument measures twelve digits, so a float stands for
the decimal number of twelve significant digits that lies nearest: this module alone knows that.
Differences are known to twelve digits of what they are taken from, for the digits before them
cancel; calculated values keep one digit more, so that their own differences still agree.
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np

SIGNIFICANT = 12
"""To how many significant digits two numbers are the same."""
CALCULATED = 13
"""How many a calculated value keeps."""
SAME = 1e-12
"""How far apart two computed numbers may lie, by the size of what they were computed from."""

_POWERS = np.array([float(f"1e{power}") for power in range(23)])
"""Those that are floats; numbers so small that their grid is finer keep all their digits."""
_FEWEST_BEYOND, _MOST_BEYOND = 2, 9
_EXACT = Context(prec=800, rounding=ROUND_HALF_UP)
_WRITTEN = Context(prec=SIGNIFICANT, rounding=ROUND_HALF_UP)


def as_written(value: float) -> Decimal:
    """The decimal number that ``value`` stands for; whole numbers stand for themselves."""
    if isinstance(value, int) or float(value).is_integer():
        return Decimal(int(value))
    return _WRITTEN.create_decimal(repr(float(value)))


def half_up(value: float, *, digits: int) -> Decimal:
    """``value`` rounded to ``digits`` decimals, ties away from zero; zero has no sign.

    First it is freed of what arithmetic left behind: beyond twelve significant digits, and beyond
    nine decimals more than are asked for, since a small difference of large numbers has its errors
    from these.
    """
    exact = Decimal(int(value)) if isinstance(value, int) else Decimal(repr(float(value)))
    places = min(SIGNIFICANT - 1 - exact.adjusted(), digits + _MOST_BEYOND)
    freed = _to(exact, max(places, digits + _FEWEST_BEYOND))
    result = _to(freed, digits)
    return abs(result) if result == 0 else result


def significant(value: float, digits: int) -> str:
    """A number of at most ``digits`` significant digits, as a message has it: ``0.125``, ``26.1``."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    short = Context(prec=digits, rounding=ROUND_HALF_UP).plus(as_written(value))
    return f"{float(short):.{digits}g}"


def difference(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """``values`` − ``others`` in decimal: 5.1 − 5.3 and 9.7 − 9.9 are one number."""
    return settled(np.subtract(values, others, dtype=float), size=_larger(values, others))


def settled(values: np.ndarray, *, size: np.ndarray, digits: int = SIGNIFICANT) -> np.ndarray:
    """``values`` on the decimal grid that has ``digits`` significant digits at ``size``."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        power = np.nan_to_num(digits - 1 - np.floor(np.log10(size)))
        scale = _POWERS[np.clip(power, 0, len(_POWERS) - 1).astype(int)]
        nearest = np.rint(values * scale) / scale
    kept = np.isfinite(nearest) & (power < len(_POWERS))
    result: np.ndarray = np.where(kept, nearest + 0.0, values)
    return result


def reaches(values: np.ndarray, least: np.ndarray | float, *, size: np.ndarray) -> np.ndarray:
    """Whether each value is ``least`` or more, as decimal arithmetic with numbers of ``size`` has it."""
    result: np.ndarray = np.greater_equal(values, least - SAME * size)
    return result


def _larger(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    larger: np.ndarray = np.fmax(np.abs(values), np.abs(others))
    return larger


def _to(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), context=_EXACT)
