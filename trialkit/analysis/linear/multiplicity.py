"""Adjusted p values for a family of hypotheses.

An adjusted p value is the smallest family-wise level (false discovery rate for Benjamini's) at
which the hypothesis is rejected; it is compared with the family's level as it stands.
"""

from collections.abc import Sequence
from typing import assert_never

import numpy as np

from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.tables.choices import choose


def adjust_p_values(
    p_values: Sequence[float] | np.ndarray, *, method: Adjustment | str
) -> np.ndarray:
    """The adjusted p values of one family, in the order given.

    Estimand
        None: p values in, adjusted p values out. ``holm``, ``hochberg``, ``hommel``,
        ``bonferroni`` and ``fixed-sequence`` keep the family-wise error, ``hochberg`` and
        ``hommel`` under independence or positive dependence; ``benjamini-hochberg`` keeps the
        false discovery rate. For ``fixed-sequence`` the order given is the order of testing.

    Reference
        Holm S. Scand J Stat 1979;6:65-70. Hochberg Y. Biometrika 1988;75:800-802. Hommel G.
        Biometrika 1988;75:383-386. Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57:289-300.
        Benjamini Y, Yekutieli D. Ann Stat 2001;29:1165-1188. Maurer W et al. 1995 (sequence).

    Checked against
        ``tests/reference/between/padjust.json`` (R stats::p.adjust)

    Raises :class:`AnalysisError` for a p value that is missing or outside 0 to 1: a family with a
    hole in it has no adjusted values.
    """
    kind = choose(Adjustment, method, parameter="method")
    p = _checked(p_values)
    largest_first = np.arange(1, len(p) + 1, dtype=float)
    match kind:
        case Adjustment.NONE:
            adjusted = p
        case Adjustment.BONFERRONI:
            adjusted = np.minimum(p * len(p), 1.0)
        case Adjustment.HOLM:
            adjusted = _step_down(p)
        case Adjustment.HOCHBERG:
            adjusted = _step_up(p, largest_first)
        case Adjustment.HOMMEL:
            adjusted = _hommel(p)
        case Adjustment.BENJAMINI_HOCHBERG:
            adjusted = _step_up(p, len(p) / largest_first[::-1])
        case Adjustment.BENJAMINI_YEKUTIELI:
            adjusted = _step_up(p, (1 / largest_first).sum() * len(p) / largest_first[::-1])
        case Adjustment.FIXED_SEQUENCE:
            adjusted = np.maximum.accumulate(p)
        case _:
            assert_never(kind)
    return adjusted


def serial_gatekeeper(
    families: Sequence[Sequence[float] | np.ndarray], *, method: Adjustment | str
) -> tuple[np.ndarray, ...]:
    """The adjusted p values of families of which each opens the next.

    Estimand
        None. A family is tested, by ``method``, only if every hypothesis of all families before it
        is rejected; the family-wise error is kept over all of them.

    Reference
        Westfall PH, Krishen A. J Stat Plan Inference 2001;99:25-40.

    Checked against
        ``tests/reference/between/padjust.json`` (R stats::p.adjust, within each family)

    Raises :class:`AnalysisError` for an empty family: a gate that nobody can open.
    """
    kind = choose(Adjustment, method, parameter="method")
    if kind in {Adjustment.BENJAMINI_HOCHBERG, Adjustment.BENJAMINI_YEKUTIELI}:
        raise AnalysisError(
            f"a gatekeeper keeps the family-wise error and {kind.value} does not; use holm"
        )
    gate = 0.0
    adjusted = []
    for number, family in enumerate(families, start=1):
        if len(family) == 0:
            raise AnalysisError(f"family {number} of the gatekeeper has no hypothesis")
        own = np.maximum(adjust_p_values(family, method=kind), gate)
        adjusted.append(own)
        gate = float(own.max())
    return tuple(adjusted)


def _checked(p_values: Sequence[float] | np.ndarray) -> np.ndarray:
    p = np.array(p_values, dtype=float)
    if p.ndim != 1:
        raise AnalysisError(f"p values must be one list, got an array of shape {p.shape}")
    wrong = ~((p >= 0) & (p <= 1))
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise AnalysisError(
            f"p value {first + 1} of the family is {p[first]}; every hypothesis of a family needs "
            "a p value from 0 to 1, or the family has no adjusted values"
        )
    return p


def _step_down(p: np.ndarray) -> np.ndarray:
    """Holm: from the smallest upwards, never below the one before."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * np.arange(len(p), 0, -1)
    return _put_back(np.maximum.accumulate(scaled), order)


def _step_up(p: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """From the largest downwards, never above the one before; ``factors`` in that order."""
    order = np.argsort(-p, kind="stable")
    scaled = p[order] * factors
    return _put_back(np.minimum.accumulate(scaled), order)


def _hommel(p: np.ndarray) -> np.ndarray:
    """Simes' test of every intersection, by Wright's algorithm (Biometrics 1992;48:1005-1013)."""
    n = len(p)
    if n < 2:
        return p
    order = np.argsort(p, kind="stable")
    ranked = p[order]
    rank = np.arange(1, n + 1)
    adjusted = np.full(n, float((n * ranked / rank).min()))
    for size in range(n - 1, 1, -1):
        smaller = n - size + 1
        tail = float((size * ranked[smaller:] / np.arange(2, size + 1)).min())
        bound = np.full(n, tail)
        bound[:smaller] = np.minimum(size * ranked[:smaller], tail)
        bound[smaller:] = bound[smaller - 1]
        adjusted = np.maximum(adjusted, bound)
    return _put_back(np.maximum(adjusted, ranked), order)


def _put_back(ranked: np.ndarray, order: np.ndarray) -> np.ndarray:
    adjusted = np.empty(len(ranked))
    adjusted[order] = np.minimum(ranked, 1.0)
    return adjusted
