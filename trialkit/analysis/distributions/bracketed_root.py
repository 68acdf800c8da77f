"""Where a function crosses zero between two ends, by Brent's method.

It takes the very steps of ``scipy.optimize.brentq`` and ends on the same number; scipy's module loads
two hundred others, which no trial needs for this.
"""

from collections.abc import Callable
from math import copysign, isnan

from trialkit.errors import AnalysisError

_ABSOLUTE = 2e-12
_RELATIVE = 4 * 2.0**-52
_MOST = 100
"""Steps; halving alone takes some fifty to the precision of a number."""


def bracketed_root(
    function: Callable[[float], float],
    low: float,
    high: float,
    *,
    xtol: float = _ABSOLUTE,
    rtol: float = _RELATIVE,
) -> float:
    """The root of ``function`` between ``low`` and ``high``, to ``xtol`` and ``rtol`` of itself.

    *Reference*: Brent R. P., Algorithms for Minimization without Derivatives, 1973, chapter 4.
    Raises :class:`ValueError` where the ends have values of one sign, or a value is no number, and
    :class:`AnalysisError` where a hundred steps do not suffice.
    """
    before, at = float(low), float(high)
    f_before, f_at = _value(function, before), _value(function, at)
    if f_before == 0:
        return before
    if f_at == 0:
        return at
    if _sign(f_before) == _sign(f_at):
        raise ValueError(f"the function has one sign at {low:g} and {high:g}")
    across, f_across = before, f_before
    last = step = at - before
    for _ in range(_MOST):
        if f_before != 0 and _sign(f_before) != _sign(f_at):
            across, f_across = before, f_before
            last = step = at - before
        if abs(f_across) < abs(f_at):
            before, at, across = at, across, at
            f_before, f_at, f_across = f_at, f_across, f_at
        reach = (xtol + rtol * abs(at)) / 2
        half = (across - at) / 2
        if f_at == 0 or abs(half) < reach:
            return at
        tried = None
        if abs(last) > reach and abs(f_at) < abs(f_before):
            tried = _step((before, f_before), (at, f_at), (across, f_across))
        if tried is not None and 2 * abs(tried) < min(abs(last), 3 * abs(half) - reach):
            last, step = step, tried
        else:
            last = step = half
        before, f_before = at, f_at
        at += step if abs(step) > reach else copysign(reach, half)
        f_at = _value(function, at)
    raise AnalysisError(f"no root is found between {low:g} and {high:g} in {_MOST} steps")


def _step(
    before: tuple[float, float], at: tuple[float, float], across: tuple[float, float]
) -> float | None:
    """From ``at`` to where a line, or an inverse parabola, through the points crosses zero."""
    (x0, f0), (x, f), (x1, f1) = before, at, across
    if x0 == x1:
        return -f * (x - x0) / (f - f0)
    slope, slope_across = (f0 - f) / (x0 - x), (f1 - f) / (x1 - x)
    divisor = slope_across * slope * (f1 - f0)
    return -f * (f1 * slope_across - f0 * slope) / divisor if divisor else None


def _value(function: Callable[[float], float], at: float) -> float:
    value = float(function(at))
    if isnan(value):
        raise ValueError(f"the function is no number at {at:g}")
    return value


def _sign(value: float) -> float:
    return copysign(1.0, value)
