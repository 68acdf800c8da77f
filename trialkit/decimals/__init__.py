"""Decimal numbers in floats: what people write has digits, and a float holds them only nearly.

The float of 73.65 lies below it, a mean that is 73.65 may be 73.64999999999999, and 5.1 - 5.3 and
9.7 - 9.9 differ in their last digit. No instrument measures twelve digits, so a float stands for
the decimal number of twelve significant digits that lies nearest: this package alone knows that.
Differences are known to twelve digits of what they are taken from, for the digits before them
cancel; calculated values keep one digit more, so that their own differences still agree.

Here are single numbers; columns of them are in :mod:`trialkit.decimals.columns`, which needs numpy.
"""

from trialkit.decimals.single import (
    CALCULATED,
    SAME,
    SIGNIFICANT,
    as_written,
    half_up,
    significant,
)

__all__ = ["CALCULATED", "SAME", "SIGNIFICANT", "as_written", "half_up", "significant"]
