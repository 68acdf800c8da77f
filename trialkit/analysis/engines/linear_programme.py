"""Linear programmes by HiGHS in scipy.optimize, loaded when first asked for: few trials need one."""

from dataclasses import dataclass
from importlib import import_module

import numpy as np

Rows = tuple[np.ndarray, np.ndarray]
"""Coefficients (m, n) of some conditions, and their right sides (m,)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """The least costs are those of ``at`` (n,); ``prices`` (m,) are what each equality costs."""

    at: np.ndarray
    prices: np.ndarray


def least_costs(
    costs: np.ndarray,
    *,
    bounds: tuple[float | None, float | None],
    at_most: Rows | None = None,
    equal: Rows | None = None,
    simplex: bool = False,
) -> Solution | None:
    """Where ``costs`` (n,) are least, each unknown within ``bounds``; None where nothing is found.

    By the dual simplex method, or by what HiGHS chooses.
    """
    above, limits = at_most or (None, None)
    left, right = equal or (None, None)
    found = import_module("scipy.optimize").linprog(
        costs,
        A_ub=above,
        b_ub=limits,
        A_eq=left,
        b_eq=right,
        bounds=bounds,
        method="highs-ds" if simplex else "highs",
    )
    if found.x is None or found.status != 0:
        return None
    return Solution(at=np.asarray(found.x), prices=np.asarray(found.eqlin.marginals))
