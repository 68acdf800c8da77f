"""One number: the decimal that its float stands for, and how it is rounded."""

import math
from decimal import ROUND_HALF_UP, Context, Decimal

SIGNIFICANT = 12
"""To how many significant digits two numbers are the same."""
CALCULATED = 13
"""How many a calculated value keeps."""
SAME = 1e-12
"""How far apart two computed numbers may lie, by the size of what they were computed from."""

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


def _to(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), context=_EXACT)
