"""Quantile regression as a linear programme, and its rank scores. See ``docs/methods/quantiles.md``."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.engines.linear_programme import least_costs
from trialkit.errors import AnalysisError

AT_END = 1e-9
"""A rank score nearer to 0 or 1 is 0 or 1."""
ON_THE_LINE = 1e-7
"""A residual below this share of the outcome's spread is 0, to the solver's tolerance."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuantileFit:
    """A best fit on an orthonormal basis (n, q): ``coefficients`` (q,), ``residuals``, ``scores`` (n,).

    ``scores`` solve the dual: 1 above the fitted quantile, 0 below, between on it.
    """

    coefficients: np.ndarray
    residuals: np.ndarray
    scores: np.ndarray
    on_line: np.ndarray


def fit_quantile(basis: np.ndarray, outcome: np.ndarray, quantile: float) -> QuantileFit:
    """A fit of the ``quantile`` of ``outcome`` (n,), of unit spread, on an orthonormal ``basis`` (n, q).

    The dual is solved (q constraints, n scores from 0 to 1) by the simplex method; the coefficients are
    those of the rows on the line, exact to rounding. Raises ``AnalysisError`` where none is found.
    """
    equal = basis.T, (1 - quantile) * basis.sum(axis=0)
    found = least_costs(-outcome, equal=equal, bounds=(0, 1), simplex=True)
    if found is None:
        raise AnalysisError("the linear programme of the quantile was not solved")
    scores = np.where(found.at < AT_END, 0.0, np.where(found.at > 1 - AT_END, 1.0, found.at))
    rough = outcome + basis @ found.prices
    on_line = (np.abs(rough) <= ON_THE_LINE) | ((scores > 0) & (scores < 1))
    coefficients = np.linalg.lstsq(basis[on_line], outcome[on_line], rcond=None)[0]
    residuals = outcome - basis @ coefficients
    residuals[on_line] = 0.0
    return QuantileFit(
        coefficients=coefficients, residuals=residuals, scores=scores, on_line=on_line
    )


def coefficient_range(
    basis: np.ndarray, outcome: np.ndarray, fit: QuantileFit, along: np.ndarray
) -> tuple[float, float]:
    """The least and the largest ``along`` (q,) times coefficients over all best fits.

    All best fits go with the scores of one: above where the score is 1, below where it is 0.
    """
    above, below = fit.scores == 1, fit.scores == 0
    between = ~above & ~below
    ends = []
    for sign in (1.0, -1.0):
        found = least_costs(
            sign * along,
            at_most=(
                np.vstack([basis[above], -basis[below]]),
                np.concatenate([outcome[above], -outcome[below]]),
            ),
            equal=(basis[between], outcome[between]) if between.any() else None,
            bounds=(None, None),
            simplex=True,
        )
        if found is None:
            raise AnalysisError("the linear programme of the best fits was not solved")
        ends.append(float(along @ found.at))
    return min(ends), max(ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankStatistic:
    """The rank score statistic of a slope, the same from ``low`` to ``high``."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankScoreTest:
    """The test that ``column`` (n,) has a given slope, beside an orthonormal ``basis`` (n, q).

    ``outcome`` (n,) is of unit spread.
    """

    basis: np.ndarray
    column: np.ndarray
    outcome: np.ndarray
    quantile: float

    def at(self, slope: float) -> RankStatistic:
        """x'(scores − (1 − τ)) over the root of τ (1 − τ) x'x, x the column beside the basis.

        Gutenbrunner and Jurečková's, with errors of one distribution. It falls with the slope, in steps.
        """
        basis, column = self.basis, self.column
        fit = fit_quantile(basis, self.outcome - slope * column, self.quantile)
        beside = column - basis @ (basis.T @ column)
        size = np.sqrt(self.quantile * (1 - self.quantile) * (beside @ beside))
        value = float(beside @ (fit.scores - (1 - self.quantile)) / size)
        line = fit.on_line
        moved = np.linalg.lstsq(basis[line], column[line], rcond=None)[0]
        rate = basis @ moved - column  # of the residuals, as the slope grows
        moving = ~line & (np.abs(rate) > AT_END)
        steps = -fit.residuals[moving] / rate[moving]
        return RankStatistic(
            value=value,
            low=slope + float(np.max(steps[steps < 0], initial=-np.inf)),
            high=slope + float(np.min(steps[steps > 0], initial=np.inf)),
        )
