"""The planned analyses as batched kernels: what each decides and estimates in many data sets."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.special import stdtr, stdtrit

from trialkit.analysis.anova.batched_anova import mixed_anova_batch
from trialkit.analysis.means.batched_means import (
    BatchedContrasts,
    ancova_batch,
    compare_means_batch,
)
from trialkit.analysis.mmrm.batch import mmrm_batch
from trialkit.errors import AnalysisError, DesignError
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment, OutcomeScale
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.people import Grouping, PopulationRule
from trialkit.protocol.trial.protocol import Protocol

Simulated: TypeAlias = MixedAnova | Ancova | Mmrm | MeanComparison
"""The specifications that there is a kernel for."""
KNOWN = "mixed_anova, ancova, mmrm, welch_t and student_t"
_T_TESTS = frozenset({Method.WELCH_T, Method.STUDENT_T})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decisions:
    """What an analysis found in R data sets: arrays (R, contrasts), NaN where it could not.

    ``omnibus`` is the p value (R,) of a test of all arms together, where the method has one.
    """

    estimate: np.ndarray
    se: np.ndarray
    p_value: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray
    omnibus: np.ndarray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedKernel:
    """A planned analysis of one outcome, ready to be carried out on simulated values.

    ``place`` is the outcome's time point among the visits, of which the first is the baseline.
    """

    specification: Simulated
    place: int
    covariates: tuple[tuple[str, int], ...]
    """Each covariate but the baseline, and how many levels it has; 0 for a number."""
    level: float

    def decide(self, values: np.ndarray, arms: np.ndarray, rng: np.random.Generator) -> Decisions:
        """The analysis of values (R, subjects, visits), NaN where missing.

        Covariates other than the baseline are drawn anew, unrelated to the outcome.
        """
        match self.specification:
            case MixedAnova():
                return _mixed_anova(self, self.specification, values, arms)
            case Ancova():
                return _ancova(self, self.specification, values, arms, rng)
            case Mmrm():
                return _mmrm(self, self.specification, values, arms, rng)
            case MeanComparison():
                return _t_test(self, self.specification, values, arms)


def refusal(protocol: Protocol, analysis: Analysis, outcome: Outcome) -> str:
    """Why the analysis of an outcome cannot be simulated; empty when it can."""
    specification = analysis.specification
    population = next(each for each in protocol.populations if each.code == analysis.population)
    if not isinstance(specification, MixedAnova | Ancova | Mmrm | MeanComparison):
        return f"there is no kernel for {specification.method.value}; there are {KNOWN}"
    if isinstance(specification, MeanComparison) and specification.method not in _T_TESTS:
        return f"there is no kernel for {specification.method.value}; there are {KNOWN}"
    if _is_restricted(population):
        return f"population {population.code!r} leaves people out for what they did"
    if outcome.time_point == protocol.baseline.code:
        return "its time point is the baseline"
    return _unsupported(specification)


def _unsupported(specification: Simulated) -> str:
    adjustment = getattr(specification, "adjustment", ContrastAdjustment.NONE)
    if adjustment is not ContrastAdjustment.NONE:
        return f"contrasts adjusted by {adjustment.value} have no kernel"
    match specification:
        case Ancova(robust=robust, scale=scale, comparisons=comparisons):
            if robust or scale is not OutcomeScale.IDENTITY:
                return "a robust or logarithmic ANCOVA has no kernel"
            if comparisons is not Comparisons.REFERENCE:
                return "comparisons of all pairs have no kernel"
        case Mmrm(covariance_by=by, weights=weights, fallback=fallback):
            if by or weights or fallback:
                return "an MMRM with covariance_by, weights or fallback has no kernel"
    return ""


def _is_restricted(population: PopulationRule) -> bool:
    return (
        population.received_allocated
        or population.completed
        or population.minimum_attendance_percent is not None
        or population.group_by is not Grouping.ALLOCATED
    )


def _response(values: np.ndarray, place: int, response: Response) -> np.ndarray:
    at_end = values[:, :, place]
    return at_end - values[:, :, 0] if response is Response.CHANGE else at_end


def _t_test(
    kernel: PlannedKernel, specification: MeanComparison, values: np.ndarray, arms: np.ndarray
) -> Decisions:
    tested = compare_means_batch(
        _response(values, kernel.place, specification.response),
        arms,
        method=specification.method.value,
        alternative=specification.alternative,
        conf_level=kernel.level,
    )
    return _decided(tested)


def _ancova(
    kernel: PlannedKernel,
    specification: Ancova,
    values: np.ndarray,
    arms: np.ndarray,
    rng: np.random.Generator,
) -> Decisions:
    covariates = _covariates(kernel, specification.covariates, values, rng)
    response = _response(values, kernel.place, specification.response)
    return _decided(ancova_batch(response, arms, covariates, conf_level=kernel.level))


def _mmrm(
    kernel: PlannedKernel,
    specification: Mmrm,
    values: np.ndarray,
    arms: np.ndarray,
    rng: np.random.Generator,
) -> Decisions:
    later = values[:, :, 1:]
    if specification.response is Response.CHANGE:
        later = later - values[:, :, :1]
    try:
        fitted = mmrm_batch(
            later,
            arm=arms,
            covariates=_covariates(kernel, specification.covariates, values, rng),
            covariates_by_visit=_covariates(kernel, specification.covariates_by_visit, values, rng),
            covariance=specification.covariance,
            method=specification.likelihood,
            inference=specification.inference,
            conf_level=kernel.level,
        )
    except AnalysisError as error:
        raise DesignError(f"the planned MMRM cannot be simulated: {error}") from None
    at = kernel.place - 1
    return Decisions(
        estimate=fitted.estimate[:, :, at],
        se=fitted.se[:, :, at],
        p_value=fitted.p_value[:, :, at],
        conf_low=fitted.conf_low[:, :, at],
        conf_high=fitted.conf_high[:, :, at],
    )


def _decided(tested: BatchedContrasts) -> Decisions:
    return Decisions(
        estimate=tested.estimate,
        se=tested.se,
        p_value=tested.p_value,
        conf_low=tested.conf_low,
        conf_high=tested.conf_high,
    )


def _covariates(
    kernel: PlannedKernel,
    names: tuple[str, ...],
    values: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """The covariates as numbers (R, subjects, k): the baseline, and draws for all others."""
    sets, n, _ = values.shape
    levels = dict(kernel.covariates)
    columns = []
    for name in names:
        if name == BASELINE:
            columns.append(values[:, :, :1])
        elif levels[name] == 0:
            columns.append(rng.standard_normal((sets, n, 1)))
        else:
            drawn = rng.integers(levels[name], size=(sets, n, 1))
            columns.append((drawn == np.arange(1, levels[name])).astype(float))
    return np.concatenate(columns, axis=2) if columns else np.zeros((sets, n, 0))


def _mixed_anova(
    kernel: PlannedKernel, specification: MixedAnova, values: np.ndarray, arms: np.ndarray
) -> Decisions:
    """The mixed ANOVA of those with every visit; data sets alike in who is left go together."""
    complete = ~np.isnan(values).any(axis=2)
    n_arms = int(arms.max()) + 1
    counts = np.stack([complete[:, arms == arm].sum(axis=1) for arm in range(n_arms)], axis=1)
    sets = len(values)
    found = {
        name: np.full((sets, n_arms - 1), np.nan)
        for name in ("estimate", "se", "p_value", "conf_low", "conf_high")
    }
    omnibus = np.full(sets, np.nan)
    kinds, kind_of = np.unique(counts, axis=0, return_inverse=True)
    for kind, sizes in enumerate(kinds):
        rows = np.flatnonzero(kind_of == kind)
        if sizes.min() < 1 or sizes.sum() - n_arms < 1:
            continue
        left = np.nonzero(complete[rows])[1].reshape(len(rows), -1)
        kept = np.take_along_axis(values[rows], left[:, :, None], axis=1)
        groups = np.repeat(np.arange(n_arms), sizes)
        anova = mixed_anova_batch(kept, groups, sum_of_squares=specification.sum_of_squares)
        omnibus[rows] = anova.p_value[:, anova.effects.index("interaction")]
        changes = _change_contrasts(kernel, kept, sizes)
        for name, each in changes.items():
            found[name][rows] = each
    return Decisions(**found, omnibus=omnibus)


def _change_contrasts(
    kernel: PlannedKernel, kept: np.ndarray, sizes: np.ndarray
) -> dict[str, np.ndarray]:
    """The arms' differences in change at the time point, on the error of all arms together."""
    change = kept[:, :, kernel.place] - kept[:, :, 0]
    starts = np.cumsum(sizes) - sizes
    means = np.add.reduceat(change, starts, axis=1) / sizes
    df = sizes.sum() - len(sizes)
    variance = np.square(change - np.repeat(means, sizes, axis=1)).sum(axis=1) / df
    se = np.sqrt(variance[:, None] * (1 / sizes[1:] + 1 / sizes[0]))
    estimate = means[:, 1:] - means[:, :1]
    reach = stdtrit(df, 0.5 + kernel.level / 2) * se
    return {
        "estimate": estimate,
        "se": se,
        "p_value": 2 * stdtr(df, -np.abs(estimate / se)),
        "conf_low": estimate - reach,
        "conf_high": estimate + reach,
    }
