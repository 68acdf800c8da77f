"""Main effects and interactions of many simulated factorial trials at once."""

from collections.abc import Sequence

import numpy as np

from trialkit.analysis.means.batched_means import BatchedContrasts, least_squares_batch
from trialkit.planned.methods.kernel import Decisions, SimulatedTrials, decided
from trialkit.protocol.methods.factorial import FactorialComparison
from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.trial.factors import (
    FactorialContrast,
    FactorLevel,
    TrialFactor,
    factorial_contrasts,
)

_Cells = Sequence[Sequence[FactorLevel]]


def simulated_contrasts(factors: Sequence[TrialFactor]) -> tuple[FactorialContrast, ...]:
    """What is simulated of a factorial analysis: each main effect at the margin, each interaction."""
    wanted = (FactorialEffect.MARGIN, FactorialEffect.INTERACTION)
    every = factorial_contrasts(factors)
    return tuple(each for effect in wanted for each in every if each.effect is effect)


def true_effects(
    factors: Sequence[TrialFactor], cells: _Cells, means: Sequence[float], shares: Sequence[int]
) -> tuple[float, ...]:
    """What each contrast estimates of cells with these means.

    With an interaction, an effect at the margin is that of least squares in cells of these shares.
    """
    columns, weights = _margins(factors, cells), np.sqrt(np.asarray(shares, dtype=float))
    apart = np.asarray(means, dtype=float) - means[0]
    fitted, *_ = np.linalg.lstsq(columns * weights[:, None], apart * weights, rcond=None)
    return tuple(map(float, (*fitted[1:], *(_interactions(factors, cells) @ apart))))


def decide_factorial(specification: FactorialComparison, trials: SimulatedTrials) -> Decisions:
    """The contrasts of both models of the method, in the order of :func:`simulated_contrasts`."""
    values = trials.response(specification.response)
    covariates = trials.columns(specification.covariates)

    def found(columns: np.ndarray, contrasts: np.ndarray) -> BatchedContrasts:
        return least_squares_batch(
            values, columns[trials.arms], contrasts, covariates, conf_level=trials.level
        )

    margins = _margins(trials.factors, trials.cells)
    at_margin = decided(found(margins, np.eye(margins.shape[1])[1:]))
    inside = decided(found(np.eye(len(trials.cells)), _interactions(trials.factors, trials.cells)))
    return Decisions(
        estimate=np.hstack([at_margin.estimate, inside.estimate]),
        se=np.hstack([at_margin.se, inside.se]),
        p_value=np.hstack([at_margin.p_value, inside.p_value]),
        conf_low=np.hstack([at_margin.conf_low, inside.conf_low]),
        conf_high=np.hstack([at_margin.conf_high, inside.conf_high]),
    )


def factorial_refusal(specification: FactorialComparison) -> str:
    """Why an analysis cannot be simulated; empty when it can."""
    return "a robust factorial analysis has no kernel" if specification.robust else ""


def _margins(factors: Sequence[TrialFactor], cells: _Cells) -> np.ndarray:
    """The constant, and for each other level of each factor whether a cell has it."""
    columns = [[1.0] * len(cells)]
    for place, factor in enumerate(factors):
        columns += [[float(cell[place] == level) for cell in cells] for level in factor.others]
    return np.array(columns).T


def _interactions(factors: Sequence[TrialFactor], cells: _Cells) -> np.ndarray:
    """The weights (contrasts, cells) of the interactions."""
    return np.array(
        [
            _weights(each, factors, cells)
            for each in simulated_contrasts(factors)
            if each.effect is FactorialEffect.INTERACTION
        ]
    )


def _weights(
    contrast: FactorialContrast, factors: Sequence[TrialFactor], cells: _Cells
) -> np.ndarray:
    """Of each cell: a level less the reference of those that interact, the others averaged."""
    weights = np.ones(len(cells))
    for place, factor in enumerate(factors):
        own = [cell[place] for cell in cells]
        if factor in contrast.factors:
            level = contrast.levels[contrast.factors.index(factor)]
            weights *= [float(each == level) - float(each == factor.reference) for each in own]
        else:
            weights /= len(factor.levels)
    return weights
