"""Shapiro–Wilk's W and its p value, as Royston's algorithm AS R94 computes them.

Its quantiles of the normal distribution are those of AS 111, its tail that of AS 66: exact ones give
other digits than published values have, from the eighth.
"""

from math import exp, log, sqrt

import numpy as np

_FIRST = (0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056)
_SECOND = (0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633)
"""What the two outermost weights have beyond the normalised quantiles, in 1/√n."""
_FEW_MEAN = (0.544, -0.39978, 0.025054, -0.0006714)
_FEW_LOG_SD = (1.3822, -0.77857, 0.062767, -0.0020322)
_FEW_LIMIT = (-2.273, 0.459)
"""The normalising transformation of up to 11 values, in n."""
_MEAN = (-1.5861, -0.31082, -0.083751, 0.0038915)
_LOG_SD = (-0.4803, -0.082676, 0.0030302)
"""The normalising transformation of more, in log n."""
_FEW = 11
_LEAST_P = 1e-19
_FRACTION = (
    (0.742380924027, 30.789933034),
    (4.8385912808, -15.1508972451),
    (-0.151679116635, 5.29330324926),
    (3.98064794e-4, 1.98615381364),
    (-3.8052e-8, 1.00000615302),
)
"""The continued fraction of AS 66, from its innermost part."""


def w_and_p(values: np.ndarray) -> tuple[float, float]:
    """W and p of ``values`` (n,), 4 to 5000 of them that are not all equal.

    Reference
        Royston P. Applied Statistics 1995;44:547-551 (AS R94); Beasley JD, Springer SG. Applied
        Statistics 1977;26:118-121 (AS 111); Hill ID. Applied Statistics 1973;22:424-427 (AS 66).
    """
    n = len(values)
    # from a value of their own, so that a large mean costs no digits
    ordered = np.sort(values) - values[n // 2]
    shares = ordered / (ordered[-1] - ordered[0])
    weights = _weights(n)
    away = shares - _total(shares) / n
    weighing = weights - _total(weights) / n
    squares, products = _total(away * away), _total(weighing * away)
    length = _total(weighing * weighing)
    root = sqrt(length * squares)
    # 1 − W without the loss of digits where W is nearly 1
    lacking = (root - products) * (root + products) / (length * squares)
    return 1 - lacking, _p_value(lacking, n)


def _weights(n: int) -> np.ndarray:
    """The weights of the ordered values; those of the upper half mirror those of the lower."""
    half = np.arange(1, n // 2 + 1)
    quantiles = np.array([_normal_quantile(each) for each in (half - 0.375) / (n + 0.25)])
    total = 2 * _total(quantiles**2)
    length, step = sqrt(total), 1 / sqrt(n)
    outer = [_polynomial(_FIRST, step) - quantiles[0] / length]
    if n > 5:
        outer.append(-quantiles[1] / length + _polynomial(_SECOND, step))
    left, gone = total, 1.0
    for quantile, weight in zip(quantiles, outer, strict=False):
        left -= 2 * quantile**2
        gone -= 2 * weight**2
    upper = quantiles * (-1.0 / sqrt(left / gone))
    upper[: len(outer)] = outer
    return np.concatenate([-upper, np.zeros(n % 2), upper[::-1]])


def _p_value(lacking: float, n: int) -> float:
    y = log(lacking)
    if n <= _FEW:
        limit = _polynomial(_FEW_LIMIT, n)
        if y >= limit:
            return _LEAST_P
        y, mean, sd = (
            -log(limit - y),
            _polynomial(_FEW_MEAN, n),
            exp(_polynomial(_FEW_LOG_SD, n)),
        )
    else:
        mean, sd = _polynomial(_MEAN, log(n)), exp(_polynomial(_LOG_SD, log(n)))
    return _normal_tail((y - mean) / sd)


def _total(terms: np.ndarray) -> float:
    """The sum from the first term to the last, as the algorithm adds them."""
    return float(np.cumsum(terms)[-1])


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    found = 0.0
    for each in reversed(coefficients[1:]):
        found = (found + each) * x
    return coefficients[0] + found


def _normal_quantile(share: float) -> float:
    """AS 111: the value that a standard normal variable exceeds with probability 1 − ``share``."""
    q = share - 0.5
    if abs(q) <= 0.42:
        r = q * q
        above = ((-25.44106049637 * r + 41.39119773534) * r - 18.61500062529) * r + 2.50662823884
        below = (
            ((3.13082909833 * r - 21.06224101826) * r + 23.08336743743) * r - 8.47351093090
        ) * r + 1.0
        return q * above / below
    r = sqrt(-log(min(share, 1 - share)))
    above = ((2.32121276858 * r + 4.85014127135) * r - 2.29796479134) * r - 2.78718931138
    size = above / ((1.63706781897 * r + 3.54388924762) * r + 1.0)
    return size if q > 0 else -size


def _normal_tail(z: float) -> float:
    """AS 66: the probability that a standard normal variable exceeds ``z``."""
    if z <= 0:
        return 1 - _upper_tail(-z, farthest=7.0)
    return _upper_tail(z, farthest=38.0)


def _upper_tail(z: float, *, farthest: float) -> float:
    if z > farthest:
        return 0.0
    y = 0.5 * z * z
    if z <= 1.28:
        below = y + 2.62433121679 + 48.6959930692 / (y + 5.92885724438)
        below = y + 5.75885480458 - 29.8213557808 / below
        return 0.5 - z * (0.398942280444 - 0.399903438504 * y / below)
    below = z + 3.99019417011
    for added, above in _FRACTION:
        below = z + added + above / below
    return 0.398942280385 * exp(-y) / below
