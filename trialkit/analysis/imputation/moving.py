"""Estimates of imputed data sets as functions of what is added to the values of two arms.

The estimates of an analysis of covariance are linear in it, and their variances quadratic.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.imputation.analysing import ImputedAnalyses
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova, batched_ancova
from trialkit.analysis.imputation.imputing import Imputations
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import DrawMethod


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MovedEstimates:
    """Estimates and variances of each data set as polynomials of what is added to two arms.

    ``linear`` (3, K) are the coefficients of 1, δ and δ′; ``quadratic`` (6, K) of 1, δ, δ′, δ², δ′², δδ′.
    """

    method: DrawMethod
    nested: int
    linear: np.ndarray
    quadratic: np.ndarray
    df: float

    def analyses(self, points: np.ndarray) -> ImputedAnalyses:
        """The analyses with the deltas ``points`` (point, 2)."""
        a, b = points.T
        ones = np.ones(len(points))
        estimates = self.linear.T @ np.stack([ones, a, b])
        variances = self.quadratic.T @ np.stack([ones, a, b, a * a, b * b, a * b])
        return ImputedAnalyses(
            method=self.method,
            nested=self.nested,
            by=("delta", "delta_other"),
            keys=tuple((float(x), float(y)) for x, y in points),
            estimates=estimates,
            variances=variances,
            df=np.full(estimates.shape, self.df),
        )


def moved_estimates(
    imputations: Imputations,
    analysis: ImputedAncova,
    at: int,
    units: tuple[np.ndarray, np.ndarray],
) -> tuple[MovedEstimates, object]:
    """Each data set analysed with a few deltas, from which all others follow; and the visit.

    ``at`` numbers the arms after the reference, of which the difference is taken; ``units`` are what one
    delta adds in either arm (n, m).
    """
    draws = imputations.draws
    trial = draws.trial
    model = batched_ancova(trial, analysis)
    if len(model.visits) != 1:
        raise AnalysisError("a tipping point is of one visit; name it in visits of the analysis")
    own = draws.method.resamples_subjects
    # the size of a step does not matter but for rounding: that of the outcome's spread
    step = float(np.nanstd(trial.outcome)) or 1.0
    corners = (
        [(0, 0), (1, 0), (0, 1)] if own else [(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1)]
    )
    estimates: list[list[np.ndarray]] = [[] for _ in corners]
    variances: list[list[np.ndarray]] = [[] for _ in corners]
    for some, values in imputations.chunks():
        outcomes = np.repeat(trial.outcome[None], len(values), axis=0)
        outcomes[:, trial.missing] = values
        counts = None
        if draws.counts is not None:
            counts = np.repeat(draws.counts[some], draws.nested, axis=0)
        for k, (a, b) in enumerate(corners):
            shift = step * (a * units[0] + b * units[1])
            estimate, variance, _ = model.estimate(outcomes + shift, counts)
            estimates[k].append(estimate[:, at])
            variances[k].append(variance[:, at])
    e = [np.concatenate(each) for each in estimates]
    v = [np.concatenate(each) for each in variances]
    linear = np.stack([e[0], (e[1] - e[0]) / step, (e[2] - e[0]) / step])
    quadratic = np.full((6, len(e[0])), np.nan)
    if not own:
        slope = ((v[1] - v[3]) / 2, (v[2] - v[4]) / 2)
        bend = ((v[1] + v[3]) / 2 - v[0], (v[2] + v[4]) / 2 - v[0])
        crossed = v[5] - v[0] - slope[0] - slope[1] - bend[0] - bend[1]
        parts = [v[0], slope[0] / step, slope[1] / step]
        parts += [bend[0] / step**2, bend[1] / step**2, crossed / step**2]
        quadratic = np.stack(parts)
    moved = MovedEstimates(
        method=draws.method,
        nested=draws.nested,
        linear=linear,
        quadratic=quadratic,
        df=float(len(model.design) - model.design.shape[1]),
    )
    return moved, model.keys[at][0]
