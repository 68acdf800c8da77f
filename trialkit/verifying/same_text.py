"""Two texts are the same where they differ in nothing but the last digits of unrounded numbers."""

import re
from itertools import zip_longest
from math import isclose

SAME_TO = 1e-9
"""Two machines may differ in the last digits of a float; a changed digit that matters is larger."""
_UNROUNDED = re.compile(r"(-?\d+\.\d{10,}(?:e[-+]?\d+)?)")
"""More decimals than anybody prints: the digits of a float as it was computed."""


def is_same_content(one: bytes, other: bytes) -> bool:
    """Whether two files say the same; what is no text has to be the same bytes."""
    if one == other:
        return True
    try:
        return is_same_text(one.decode(), other.decode())
    except UnicodeDecodeError:
        return False


def is_same_text(one: str, other: str) -> bool:
    """Whether two texts say the same."""
    return one == other or all(
        here == there or (place % 2 == 1 and is_same_number(here or "", there or ""))
        for place, (here, there) in enumerate(
            zip_longest(_UNROUNDED.split(one), _UNROUNDED.split(other))
        )
    )


def is_same_number(one: str, other: str) -> bool:
    """Whether two texts are numbers that differ in their last digits at most."""
    try:
        return isclose(float(one), float(other), rel_tol=SAME_TO, abs_tol=SAME_TO * 1e-3)
    except ValueError:
        return False
