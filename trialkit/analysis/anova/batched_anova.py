"""The between × within analysis of variance of many data sets of one shape at once.

The one computation behind ``mixed_anova`` (which is a batch of one), simulation and permutation.
The method is in ``docs/methods/mixed_anova.md``.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from trialkit.analysis.anova.sphericity import greenhouse_geisser, huynh_feldt
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import SumOfSquares, sum_of_squares_type

MIXED_TYPES = (SumOfSquares.HIERARCHICAL, SumOfSquares.PARTIAL)
ROUNDING = 64 * np.finfo(float).eps
"""Sums of squares below this share (squared) of the values' own are rounding, not variance."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BatchedAnova:
    """Mixed analyses of variance of R data sets: arrays of shape (R, effects).

    ``effects`` are, in this order, the ones there are of ``between``, ``within``, ``interaction``;
    a single group has ``within`` only.
    """

    effects: tuple[str, ...]
    df_num: np.ndarray
    df_den: np.ndarray
    sum_squares: np.ndarray
    error_sum_squares: np.ndarray
    within_error: np.ndarray
    """Error matrices of the orthonormal within contrasts, (R, visits − 1, visits − 1)."""
    between_error_sum_squares: np.ndarray
    subject_df: int

    @cached_property
    def statistic(self) -> np.ndarray:
        """F of each effect."""
        ratio = self.sum_squares / self.error_sum_squares
        return np.asarray(ratio * (self.df_den / self.df_num))

    @cached_property
    def p_value(self) -> np.ndarray:
        """Upper tail probability of each F, sphericity assumed."""
        return np.asarray(special.fdtrc(self.df_num, self.df_den, self.statistic))

    @cached_property
    def epsilon_gg(self) -> np.ndarray:
        """Greenhouse–Geisser's epsilon; 1 for ``between``, which assumes no sphericity."""
        return self._for_effects(greenhouse_geisser(self.within_error))

    @cached_property
    def epsilon_hf(self) -> np.ndarray:
        """Huynh–Feldt's epsilon in car's form, not cut at 1; 1 for ``between``."""
        epsilon = huynh_feldt(
            greenhouse_geisser(self.within_error),
            contrasts=self.within_error.shape[-1],
            df=self.subject_df,
        )
        return self._for_effects(epsilon)

    @cached_property
    def p_value_gg(self) -> np.ndarray:
        """The p value with both degrees of freedom multiplied by Greenhouse–Geisser's epsilon."""
        return self._corrected(self.epsilon_gg)

    @cached_property
    def p_value_hf(self) -> np.ndarray:
        """The p value with both degrees of freedom multiplied by Huynh–Feldt's epsilon, at most 1."""
        return self._corrected(np.minimum(1.0, self.epsilon_hf))

    @cached_property
    def partial_eta_squared(self) -> np.ndarray:
        """The effect's sum of squares over itself and its own error."""
        return np.asarray(self.sum_squares / (self.sum_squares + self.error_sum_squares))

    @cached_property
    def generalised_eta_squared(self) -> np.ndarray:
        """The effect's sum of squares over itself and all error between and within subjects."""
        between = self.between_error_sum_squares[:, None]
        within = np.trace(self.within_error, axis1=-2, axis2=-1)[:, None]
        return np.asarray(self.sum_squares / (self.sum_squares + between + within))

    def _for_effects(self, epsilon: np.ndarray) -> np.ndarray:
        return np.where(np.array(self.effects) == "between", 1.0, epsilon[:, None])

    def _corrected(self, epsilon: np.ndarray) -> np.ndarray:
        return np.asarray(
            special.fdtrc(self.df_num * epsilon, self.df_den * epsilon, self.statistic)
        )


def mixed_anova_batch(
    values: np.ndarray, groups: np.ndarray, *, sum_of_squares: int = 3
) -> BatchedAnova:
    """Mixed analysis of variance of each of R complete data sets.

    Estimand
        As ``mixed_anova``, for each replicate.

    Reference
        As ``mixed_anova``; the formulas are in ``docs/methods/mixed_anova.md``.

    Checked against
        ``tests/reference/anova/sim_3x4_unbal.json``

    ``values`` are floats of shape (R, subjects, visits), none missing. ``groups`` are the group
    numbers 0, 1, … of the subjects: shape (subjects,) when all replicates share them, or
    (R, subjects) when each has its own, as in a permutation test (values of shape
    (1, subjects, visits) are then shared), with the same number of subjects in a group throughout.

    Raises ``AnalysisError`` for missing, infinite or unworkably large or small values, one visit,
    an empty group, fewer than one degree of freedom for error.
    """
    kind = sum_of_squares_type(sum_of_squares, allowed=MIXED_TYPES)
    values = np.asarray(values, dtype=float)
    refuse_unworkable_size(values, "values")
    ordered, sizes = _in_group_order(values, np.asarray(groups))
    subjects, visits = ordered.shape[1:]
    df = subjects - len(sizes)
    if df < 1:
        raise AnalysisError(
            f"{subjects} subject(s) in {len(sizes)} group(s) leave no degree of freedom for error"
        )
    # the scores: the subject's total first, then its orthonormal within contrasts
    rotation = np.column_stack([np.full(visits, visits**-0.5), orthonormal_contrasts(visits)])
    scores = (ordered - ordered.mean(axis=(1, 2), keepdims=True)) @ rotation
    means = _subtract_group_means(scores, sizes)
    between_error = np.square(scores[:, :, 0]).sum(axis=1)
    within = scores[:, :, 1:]
    within_error = within.transpose(0, 2, 1) @ within
    _refuse_no_variance(ordered, between_error, within_error, several=len(sizes) > 1)
    return _assemble(
        _effect_sums(means, sizes, kind=kind),
        between_error=between_error,
        within_error=within_error,
        df=df,
        groups=len(sizes),
    )


def orthonormal_contrasts(visits: int) -> np.ndarray:
    """Helmert contrasts of unit length, (visits, visits − 1)."""
    columns = np.zeros((visits, visits - 1))
    for j in range(1, visits):
        columns[:j, j - 1] = -1.0
        columns[j, j - 1] = j
        columns[:, j - 1] /= np.sqrt(j * (j + 1))
    return columns


def _in_group_order(values: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The values with the subjects of each group together, and the sizes of the groups."""
    if values.ndim != 3:
        raise AnalysisError(
            f"values must have the shape (replicates, subjects, visits), got {values.shape}"
        )
    replicates, subjects, visits = values.shape
    if visits < 2:
        raise AnalysisError(f"values hold {visits} visit(s); two or more are needed")
    if not np.isfinite(values).all():
        raise AnalysisError("values must be complete and finite: every subject at every visit")
    if not np.issubdtype(groups.dtype, np.integer) or groups.min(initial=0) < 0:
        raise AnalysisError("groups must be the numbers 0, 1, … of the subjects' groups")
    if groups.ndim not in {1, 2} or groups.shape[-1] != subjects:
        raise AnalysisError(
            f"groups must have the shape ({subjects},) or (replicates, {subjects}), "
            f"got {groups.shape}"
        )
    order = np.argsort(groups, axis=-1, kind="stable")
    if groups.ndim == 1:
        return values[:, order, :], _sizes(groups)
    if replicates not in {1, len(groups)}:
        raise AnalysisError(f"{replicates} replicates of values but {len(groups)} of groups")
    sizes = _sizes(groups[0])
    if (np.take_along_axis(groups, order, axis=1) != groups[0][order[0]]).any():
        raise AnalysisError("every replicate must have the same number of subjects in each group")
    if replicates == 1:
        return values[0][order], sizes
    return np.take_along_axis(values, order[:, :, None], axis=1), sizes


def _sizes(groups: np.ndarray) -> np.ndarray:
    sizes = np.bincount(groups)
    if not len(sizes) or (sizes == 0).any():
        raise AnalysisError("every group number from 0 to the largest needs a subject")
    return sizes


def _subtract_group_means(scores: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Centre the scores, in place, on their group means; return those, (R, groups, visits)."""
    means = np.empty((len(scores), len(sizes), scores.shape[2]))
    stop = 0
    for group, size in enumerate(sizes):
        start, stop = stop, stop + size
        members = scores[:, start:stop]
        mean = members.mean(axis=1)
        members -= mean[:, None, :]
        means[:, group] = mean
    return means


def _effect_sums(means: np.ndarray, sizes: np.ndarray, *, kind: SumOfSquares) -> np.ndarray:
    """Sums of squares of between, within and interaction, (R, 3), or of within alone (R, 1)."""
    pooled = np.tensordot(means, sizes / sizes.sum(), axes=(1, 0))
    if kind is SumOfSquares.PARTIAL:
        unweighted = means[:, :, 1:].mean(axis=1)
        weight = len(sizes) ** 2 / (1 / sizes).sum()
    else:
        unweighted = pooled[:, 1:]
        weight = sizes.sum()
    within = weight * np.square(unweighted).sum(axis=1)
    if len(sizes) == 1:
        return np.asarray(within[:, None])
    deviations = np.tensordot(np.square(means - pooled[:, None, :]), sizes, axes=(1, 0))
    return np.column_stack([deviations[:, 0], within, deviations[:, 1:].sum(axis=1)])


def _assemble(
    sums: np.ndarray,
    *,
    between_error: np.ndarray,
    within_error: np.ndarray,
    df: int,
    groups: int,
) -> BatchedAnova:
    """Sums of squares beside their errors and degrees of freedom."""
    contrasts = within_error.shape[-1]
    trace = np.trace(within_error, axis1=1, axis2=2)
    if groups == 1:
        effects: tuple[str, ...] = ("within",)
        df_num, df_den = np.array([contrasts]), np.array([contrasts * df])
        errors = trace[:, None]
    else:
        effects = ("between", "within", "interaction")
        df_num = np.array([groups - 1, contrasts, (groups - 1) * contrasts])
        df_den = np.array([df, contrasts * df, contrasts * df])
        errors = np.column_stack([between_error, trace, trace])
    return BatchedAnova(
        effects=effects,
        df_num=df_num,
        df_den=df_den,
        sum_squares=sums,
        error_sum_squares=errors,
        within_error=within_error,
        between_error_sum_squares=between_error,
        subject_df=df,
    )


def _refuse_no_variance(
    values: np.ndarray, between_error: np.ndarray, within_error: np.ndarray, *, several: bool
) -> None:
    """Refuse data whose F would be a ratio to rounding error."""
    rounding = ROUNDING**2 * np.square(values).sum(axis=(1, 2))
    if (np.trace(within_error, axis1=1, axis2=2) <= rounding).any():
        raise AnalysisError(
            "the subjects of a group all change alike: there is no variance within subjects, and "
            "F is not defined"
        )
    if several and (between_error <= rounding).any():
        raise AnalysisError(
            "the subjects of a group all have the same mean: there is no variance between "
            "subjects, and the F of the groups is not defined"
        )
