"""How a number is printed; the only place of trialkit that rounds.

Rounding is half-up on the decimal digits that Python prints for a number, so that 0.125 becomes
0.13 and 2.675 becomes 2.68, whatever the binary fraction behind them is. A minus is U+2212. What is
missing is a dash, never an empty cell and never ``nan``.
"""

import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TypeGuard

from trialkit.errors import ReportError

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EM DASH}"
NO_BREAK = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"
INFINITY = "\N{INFINITY}"

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_CONTEXT = Context(prec=800, rounding=ROUND_HALF_UP)
_MOST_P_DIGITS = 6


def rounded(value: float, *, digits: int) -> Decimal:
    """``value`` rounded half-up to ``digits`` decimals, from its shortest decimal form."""
    result = _decimal(value).quantize(Decimal(1).scaleb(-digits), context=_CONTEXT)
    return abs(result) if result == 0 else result


def number(value: float | None, *, digits: int) -> str:
    """A number with ``digits`` decimals: ``-0.125`` is ``−0.13``, and zero has no sign."""
    if not is_number(value):
        return DASH
    if math.isinf(value):
        return INFINITY if value > 0 else MINUS + INFINITY
    return f"{rounded(value, digits=digits):f}".replace("-", MINUS)


def positive(value: float | None, *, digits: int) -> str:
    """A number that cannot be negative; what is not zero is not printed as zero: ``<0.001``."""
    vanishes = is_number(value) and math.isfinite(value) and value != 0
    if vanishes and number(value, digits=digits) == number(0, digits=digits):
        return f"<{number(10.0**-digits, digits=digits)}"
    return number(value, digits=digits)


def is_number(value: float | None) -> TypeGuard[float]:
    """Whether there is a number: neither None nor NaN."""
    return value is not None and not math.isnan(value)


def count(value: float | None) -> str:
    """A count: ``12``; five digits and more are grouped by threes with a narrow space."""
    if not is_number(value):
        return DASH
    if value != int(value):
        raise ReportError(f"{value!r} is printed as a count, but is not a whole number")
    whole = int(value)
    text = f"{whole:,}".replace(",", THIN) if abs(whole) >= 10_000 else str(whole)
    return text.replace("-", MINUS)


def n_equals(value: float | None) -> str:
    """A count as a label has it: ``n = 13``, kept on one line."""
    return f"n{NO_BREAK}={NO_BREAK}{count(value)}"


def percent_points(value: float | None, *, digits: int = 1) -> str:
    """A difference of risks in percentage points: ``0.083`` is ``8.3``."""
    return number(_hundredfold(value), digits=digits) if is_number(value) else DASH


def percent_of(part: float | None, whole: float | None) -> str:
    """A share in percent, as fine as its denominator allows: none below 100, one digit from there.

    Some is never printed as none, nor some missing as all: ``<0.1%``, ``>99.9%``.
    """
    if not is_number(part) or not is_number(whole) or whole == 0:
        return DASH
    if not 0 <= part <= whole:
        raise ReportError(f"{part!r} of {whole!r} is no share")
    digits = 0 if whole < 100 else 1
    share = _decimal(part) * 100 / _decimal(whole)
    printed = share.quantize(Decimal(1).scaleb(-digits), context=_CONTEXT)
    if printed == 0 and part != 0:
        return "<0.1%" if digits else "<1%"
    if printed == 100 and part != whole:
        return ">99.9%" if digits else ">99%"
    return f"{printed:f}%"


def count_percent(part: float | None, whole: float | None) -> str:
    """A count and its share: ``3 (23%)``; zero is printed as zero."""
    return f"{count(part)} ({percent_of(part, whole)})" if is_number(part) else DASH


def fraction_percent(part: float | None, whole: float | None) -> str:
    """A count, its denominator and its share: ``3/13 (23%)``."""
    if not is_number(part):
        return DASH
    return f"{count(part)}/{count(whole)} ({percent_of(part, whole)})"


def mean_sd(mean: float | None, sd: float | None, *, digits: int) -> str:
    """Mean and standard deviation: ``12.3 (4.5)``; never with ±."""
    if not is_number(mean):
        return DASH
    return f"{number(mean, digits=digits)} ({number(sd, digits=digits)})"


def median_quartiles(
    median: float | None, q1: float | None, q3: float | None, *, digits: int
) -> str:
    """Median and quartiles: ``12.0 (9.5 to 14.0)``."""
    if not is_number(median):
        return DASH
    return f"{number(median, digits=digits)} ({interval(q1, q3, digits=digits)})"


def interval(low: float | None, high: float | None, *, digits: int) -> str:
    """Two limits: ``−1.2 to 3.4``; never with a hyphen, which a minus would make unreadable."""
    if not is_number(low) and not is_number(high):
        return DASH
    return f"{number(low, digits=digits)} to {number(high, digits=digits)}"


def with_interval(
    estimate: float | None, low: float | None, high: float | None, *, digits: int
) -> str:
    """An estimate and its limits: ``1.2 (−0.3 to 2.7)``."""
    if not is_number(estimate):
        return DASH
    return f"{number(estimate, digits=digits)} ({interval(low, high, digits=digits)})"


def points_with_interval(
    estimate: float | None, low: float | None, high: float | None, *, digits: int = 1
) -> str:
    """A risk difference and its limits in percentage points: ``8.3 (−2.1 to 18.7)``."""
    return with_interval(
        _hundredfold(estimate), _hundredfold(low), _hundredfold(high), digits=digits
    )


def p_value(p: float | None, *, alpha: float = 0.05) -> str:
    """Three digits, never zero: ``0.00004`` is ``<0.001`` and ``0.9998`` is ``>0.999``.

    A p below ``alpha`` never reads as ``alpha``: ``0.0499`` keeps a fourth digit.
    """
    if not is_number(p):
        return DASH
    if not 0 <= p <= 1:
        raise ReportError(f"{p!r} is printed as a p value, but does not lie between 0 and 1")
    if p < 0.001:
        return "<0.001"
    if p != 1 and rounded(p, digits=3) == 1:
        return ">0.999"
    limit = Decimal(repr(alpha))
    for digits in range(3, _MOST_P_DIGITS + 1):
        printed = rounded(p, digits=digits)
        if p >= alpha or printed < limit:
            return f"{printed:f}"
    return f"<{alpha}"


def p_equals(p: float | None, *, alpha: float = 0.05, label: str = "p") -> str:
    """A p value as a sentence has it: ``p = 0.015``, ``p < 0.001``."""
    printed = p_value(p, alpha=alpha)
    sign, digits = (printed[0], printed[1:]) if printed[0] in "<>" else ("=", printed)
    return f"{label}{NO_BREAK}{sign}{NO_BREAK}{digits}"


def degrees_of_freedom(value: float | None) -> str:
    """Degrees of freedom: whole ones whole, others with one decimal."""
    if not is_number(value):
        return DASH
    whole = rounded(value, digits=1) % 1 == 0
    return number(value, digits=0 if whole else 1)


def confidence(value: float | None) -> str:
    """A confidence level: ``0.95`` is ``95%``, ``0.975`` is ``97.5%``."""
    if not is_number(value):
        return DASH
    return f"{Decimal(repr(float(value))).scaleb(2).normalize():f}%"


def plain(value: float | None) -> str:
    """A number as the protocol states it, without digits that nobody wrote: ``15``, ``2.5``."""
    if not is_number(value):
        return DASH
    text = f"{Decimal(repr(float(value))):f}".replace("-", MINUS)
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(value: date | None) -> str:
    """A date as ``28 May 2024``, in any locale."""
    if value is None or value != value:  # noqa: PLR0124 - pandas' missing date is not itself
        return DASH
    plain_day = value.date() if isinstance(value, datetime) else value
    return f"{plain_day.day}{NO_BREAK}{MONTHS[plain_day.month - 1]}{NO_BREAK}{plain_day.year}"


def month(value: date) -> str:
    """A month as ``May 2024``, in any locale."""
    return f"{MONTHS[value.month - 1]}{NO_BREAK}{value.year}"


def _decimal(value: float) -> Decimal:
    """The decimal number that Python prints for ``value``."""
    return Decimal(value) if isinstance(value, int) else Decimal(repr(float(value)))


def _hundredfold(value: float | None) -> float | None:
    """A proportion as percent, moved in decimal so that no binary dust is printed."""
    if not is_number(value) or math.isinf(value):
        return value
    return float(Decimal(repr(float(value))).scaleb(2))
