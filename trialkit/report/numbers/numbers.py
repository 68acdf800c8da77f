"""How a number is printed; the only place of the report that rounds.

Rounding is half-up on the decimal number that a float stands for (:mod:`trialkit.decimals`), so
that 0.125 becomes 0.13 and 2.675 becomes 2.68, whatever the binary fraction behind them is, and a
mean of 73.64999999999999 becomes 73.7. A minus is U+2212. What is
missing is a dash, never an empty cell and never ``nan``. Everything else is as the style in use has
it (:mod:`trialkit.report.numbers.styles`); the decimal point comes last.
"""

import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeGuard

from trialkit.decimals import as_written, half_up
from trialkit.errors import ReportError
from trialkit.report.numbers.styles import p_digits, style_in_use

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EM DASH}"
NO_BREAK = "\N{NO-BREAK SPACE}"
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

_MOST_P_DIGITS = 6


def number(value: float | None, *, digits: int) -> str:
    """A number with ``digits`` decimals: ``-0.125`` is ``−0.13``, and zero has no sign."""
    if not is_number(value):
        return DASH
    if math.isinf(value):
        return INFINITY if value > 0 else MINUS + INFINITY
    return printed(half_up(value, digits=digits))


def printed(value: Decimal) -> str:
    """The digits of a number with the minus and the decimal point that are in use."""
    return f"{value:f}".replace("-", MINUS).replace(".", style_in_use().decimal_point)


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
    """A count: ``12``; large ones are grouped by threes as the style in use has it."""
    if not is_number(value):
        return DASH
    if value != int(value):
        raise ReportError(f"{value!r} is printed as a count, but is not a whole number")
    whole = int(value)
    style = style_in_use()
    grouped = abs(whole) >= style.grouped_from
    text = f"{whole:,}".replace(",", style.thousands) if grouped else str(whole)
    return text.replace("-", MINUS)


def n_equals(value: float | None) -> str:
    """A count as a label has it: ``n = 13``, kept on one line."""
    return f"n{_sign('=')}{count(value)}"


def _sign(sign: str) -> str:
    """A sign between a letter and a number, kept on one line with both."""
    return f"{NO_BREAK}{sign}{NO_BREAK}" if style_in_use().spaced_equals else sign


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
    share = as_written(part) * 100 / as_written(whole)
    shown = share.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    least = Decimal(1).scaleb(-digits)
    if shown == 0 and part != 0:
        return f"<{printed(least)}%"
    if shown == 100 and part != whole:
        return f">{printed(100 - least)}%"
    return f"{printed(shown)}%"


def count_percent(part: float | None, whole: float | None) -> str:
    """A count and its share in a cell: ``3 (23%)``; zero is zero, and of nobody has no share."""
    if not is_number(part) or whole == 0:
        return count(part)
    return f"{count(part)} ({_share_in_cell(part, whole)})"


def fraction_percent(part: float | None, whole: float | None, *, in_sentence: bool = False) -> str:
    """A count, its denominator and its share: ``3/13 (23%)``; ``0/0`` of nobody."""
    if not is_number(part):
        return DASH
    if whole == 0:
        return f"{count(part)}/0"
    share = percent_of(part, whole) if in_sentence else _share_in_cell(part, whole)
    return f"{count(part)}/{count(whole)} ({share})"


def _share_in_cell(part: float | None, whole: float | None) -> str:
    """A share without its sign where the style leaves that to the head of the column."""
    share = percent_of(part, whole)
    return share if style_in_use().percent_sign_in_cells else share.removesuffix("%")


def mean_sd(mean: float | None, sd: float | None, *, digits: int) -> str:
    """Mean and standard deviation: ``12.3 (4.5)``; with ± only where a journal demands it."""
    if not is_number(mean):
        return DASH
    middle, spread = number(mean, digits=digits), number(sd, digits=digits)
    if style_in_use().plus_minus:
        return f"{middle}\N{PLUS-MINUS SIGN}{spread}"
    return f"{middle} ({spread})"


def mean_sd_words(*, small: bool = False) -> str:
    """What a column of means and standard deviations is called: ``Mean (SD)``."""
    mean = "mean" if small else "Mean"
    return f"{mean} \N{PLUS-MINUS SIGN}SD" if style_in_use().plus_minus else f"{mean} (SD)"


FACTOR = "\N{MULTIPLICATION SIGN}/\N{DIVISION SIGN}"
"""Before a spread that is a factor: one multiplies and divides by it."""
FACTOR_DIGITS = 2


def geometric_mean_sd(mean: float | None, sd: float | None, *, digits: int) -> str:
    """Geometric mean and geometric standard deviation, a factor: ``12.3 (×/÷ 1.45)``."""
    if not is_number(mean):
        return DASH
    if not is_number(sd):
        return f"{positive(mean, digits=digits)} ({DASH})"
    return f"{positive(mean, digits=digits)} ({FACTOR}{NO_BREAK}{number(sd, digits=FACTOR_DIGITS)})"


def median_quartiles(
    median: float | None, q1: float | None, q3: float | None, *, digits: int
) -> str:
    """Median and quartiles: ``12.0 (9.5 to 14.0)``."""
    if not is_number(median):
        return DASH
    limits = joined(
        number(q1, digits=digits), number(q3, digits=digits), style_in_use().quartiles_joiner
    )
    return f"{number(median, digits=digits)} ({limits})"


def interval(low: float | None, high: float | None, *, digits: int) -> str:
    """Two limits: ``−1.2 to 3.4``; never with a hyphen, which a minus would make unreadable."""
    if not is_number(low) and not is_number(high):
        return DASH
    lower, upper = number(low, digits=digits), number(high, digits=digits)
    return joined(lower, upper, style_in_use().interval_joiner)


def joined(low: str, high: str, joiner: str) -> str:
    """Two limits with what stands between them; a dash gives way to ``to`` beside a minus."""
    beside_sign = any(sign in low + high for sign in (MINUS, DASH, INFINITY))
    return f"{low} to {high}" if beside_sign else f"{low}{joiner}{high}"


def with_interval(
    estimate: float | None, low: float | None, high: float | None, *, digits: int
) -> str:
    """An estimate and its limits: ``1.2 (−0.3 to 2.7)``."""
    if not is_number(estimate):
        return DASH
    return f"{number(estimate, digits=digits)} ({interval(low, high, digits=digits)})"


def points_interval(low: float | None, high: float | None, *, digits: int = 1) -> str:
    """The limits of a risk difference in percentage points: ``−2.1 to 18.7``."""
    return interval(_hundredfold(low), _hundredfold(high), digits=digits)


def points_with_interval(
    estimate: float | None, low: float | None, high: float | None, *, digits: int = 1
) -> str:
    """A risk difference and its limits in percentage points: ``8.3 (−2.1 to 18.7)``."""
    return with_interval(
        _hundredfold(estimate), _hundredfold(low), _hundredfold(high), digits=digits
    )


def p_value(p: float | None, *, alpha: float = 0.05) -> str:
    """As the style in use has it; plain: three digits, ``<0.001``, ``>0.999``, never zero.

    A p below ``alpha`` never reads as ``alpha``: ``0.0499`` keeps a fourth digit.
    """
    if not is_number(p):
        return DASH
    if not 0 <= p <= 1:
        raise ReportError(f"{p!r} is printed as a p value, but does not lie between 0 and 1")
    rule = style_in_use().p
    floor, exact, limit = Decimal(rule.floor), as_written(p), as_written(alpha)
    if exact < floor:
        return f"<{_probability(floor)}"
    fewest = p_digits(exact, rule)
    shown = half_up(p, digits=fewest)
    if shown == 1 and (exact != 1 or not rule.may_be_one):
        return f">{_probability(1 - Decimal(1).scaleb(-fewest))}"
    if rule.significant and shown.adjusted() > exact.adjusted():
        fewest -= 1  # 0.0996 with two figures is 0.10, not 0.100
    for digits in range(fewest, _MOST_P_DIGITS + 1):
        shown = half_up(p, digits=digits)
        if exact >= limit or shown < limit:
            return _probability(shown)
    return f"<{_probability(limit)}"


def is_below(p: float, alpha: float) -> bool:
    """Whether a p value lies below a level in decimal: 0.049999999999999996 is 0.05, and does not."""
    return as_written(p) < as_written(alpha)


def _probability(value: Decimal) -> str:
    """A probability, without the zero before its point where the style has none."""
    text = printed(value)
    without = not style_in_use().p.leading_zero
    return text.removeprefix("0") if without and value < 1 else text


def p_equals(p: float | None, *, alpha: float = 0.05) -> str:
    """A p value as a sentence has it: ``p = 0.015``, ``p < 0.001``."""
    shown = p_value(p, alpha=alpha)
    sign, digits = (shown[0], shown[1:]) if shown[0] in "<>" else ("=", shown)
    return f"{p_symbol()}{_sign(sign)}{digits}"


def p_symbol() -> str:
    """What stands for a p value: ``p`` or ``P``."""
    return style_in_use().p.symbol


def degrees_of_freedom(value: float | None) -> str:
    """Degrees of freedom: whole ones whole, others with one decimal."""
    if not is_number(value):
        return DASH
    whole = half_up(value, digits=1) % 1 == 0
    return number(value, digits=0 if whole else 1)


def confidence(value: float | None) -> str:
    """A confidence level: ``0.95`` is ``95%``, ``0.975`` is ``97.5%``."""
    if not is_number(value):
        return DASH
    return f"{plain(_hundredfold(value))}%"


def confidence_lead(level: float | None) -> str:
    """What stands before the limits of an interval in a sentence: ``95% CI ``."""
    return style_in_use().confidence_lead.format(level=confidence(level))


def plain(value: float | None) -> str:
    """A number as the protocol states it, without digits that nobody wrote: ``15``, ``2.5``."""
    if not is_number(value):
        return DASH
    shown = as_written(value)
    whole = shown == shown.to_integral_value()
    return printed(shown.to_integral_value() if whole else shown.normalize())


def day(value: date | None) -> str:
    """A date as ``28 May 2024``, in any locale."""
    if value is None or value != value:  # noqa: PLR0124 - pandas' missing date is not itself
        return DASH
    plain_day = value.date() if isinstance(value, datetime) else value
    return f"{plain_day.day}{NO_BREAK}{MONTHS[plain_day.month - 1]}{NO_BREAK}{plain_day.year}"


def month(value: date) -> str:
    """A month as ``May 2024``, in any locale."""
    return f"{MONTHS[value.month - 1]}{NO_BREAK}{value.year}"


def _hundredfold(value: float | None) -> float | None:
    """A proportion as percent, moved in decimal so that no binary dust is printed."""
    if not is_number(value) or math.isinf(value):
        return value
    return float(as_written(value).scaleb(2))
