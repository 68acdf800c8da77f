"""t tests and analyses of covariance of many data sets of one shape at once, for simulation.

The single tests are ``welch_t``, ``student_t`` and ``ancova``; these agree with them to rounding.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from trialkit.analysis.frames.groups import check_level
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative, MeansMethod
from trialkit.protocol.tables.choices import choose

_COLLINEAR = 1e-10
_NO_SPREAD = 10 * float(np.finfo(float).eps)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BatchedContrasts:
    """Each arm minus the reference in R data sets: arrays of shape (R, arms − 1).

    Where a data set could not be analysed ``usable`` is false and its numbers are NaN.
    """

    estimate: np.ndarray
    se: np.ndarray
    df: np.ndarray
    statistic: np.ndarray
    p_value: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray
    usable: np.ndarray


def compare_means_batch(
    values: np.ndarray,
    groups: np.ndarray,
    *,
    method: MeansMethod | str = MeansMethod.WELCH_T,
    alternative: Alternative | str = Alternative.TWO_SIDED,
    conf_level: float = 0.95,
) -> BatchedContrasts:
    """The t test of each arm against the reference in each of R data sets.

    Estimand
        As ``welch_t`` and ``student_t``, for each replicate.

    Reference
        As ``welch_t`` and ``student_t``.

    Checked against
        ``tests/reference/between/cont_anorexia_change_CBT_Cont.json``

    ``values`` are floats of shape (R, subjects), NaN where not observed: such subjects are left
    out of their data set. ``groups`` number the subjects' arms from 0, the reference. A data set
    with fewer than two observed subjects in an arm, or without spread, is not usable there.
    """
    kind = choose(MeansMethod, method, parameter="method")
    if kind not in {MeansMethod.WELCH_T, MeansMethod.STUDENT_T}:
        raise AnalysisError(f"a batch takes 'welch_t' or 'student_t', got {kind.value!r}")
    values, arms = _checked(values, groups)
    moments = [_moments(values[:, groups == arm]) for arm in range(arms)]
    n0, mean0, var0 = moments[0]
    rows = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for n1, mean1, var1 in moments[1:]:
            if kind is MeansMethod.WELCH_T:
                a, b = var1 / n1, var0 / n0
                se2 = a + b
                df = se2**2 / (a**2 / (n1 - 1) + b**2 / (n0 - 1))
            else:
                df = n1 + n0 - 2
                se2 = ((n1 - 1) * var1 + (n0 - 1) * var0) / df * (1 / n1 + 1 / n0)
            se = np.sqrt(se2)
            enough = (n1 >= 2) & (n0 >= 2)
            spread = se > _NO_SPREAD * np.maximum(np.abs(mean1), np.abs(mean0))
            rows.append((mean1 - mean0, se, df, enough & spread))
    estimate, se, df, usable = (np.stack(each, axis=1) for each in zip(*rows, strict=True))
    return _tested(estimate, se, df, usable, alternative=alternative, conf_level=conf_level)


def ancova_batch(
    values: np.ndarray,
    groups: np.ndarray,
    covariates: np.ndarray,
    *,
    conf_level: float = 0.95,
) -> BatchedContrasts:
    """The adjusted difference of each arm and the reference in each of R data sets.

    Estimand
        As the contrasts of ``ancova``, for each replicate.

    Reference
        As ``ancova``; the normal equations of all data sets are solved together.

    Checked against
        ``tests/reference/between/cont_anorexia_change_CBT_Cont.json``

    ``values`` and ``groups`` are as in :func:`compare_means_batch`; ``covariates`` are numbers of
    shape (R, subjects, k) or (subjects, k). A subject with a missing value or covariate is left
    out. A data set is not usable where its columns are collinear or no degree of freedom is left.
    """
    values, arms = _checked(values, groups)
    dummies = np.stack([groups == arm for arm in range(arms)], axis=1).astype(float)
    contrasts = np.eye(arms)[1:] - np.eye(arms)[0]
    return least_squares_batch(values, dummies, contrasts, covariates, conf_level=conf_level)


def least_squares_batch(
    values: np.ndarray,
    columns: np.ndarray,
    contrasts: np.ndarray,
    covariates: np.ndarray,
    *,
    conf_level: float = 0.95,
) -> BatchedContrasts:
    """Contrasts of the coefficients of one design in each of R data sets, adjusted for covariates.

    Estimand
        As ``ancova``, for each replicate: of arms, or of the factors that they combine.

    Reference
        As ``ancova``; the normal equations of all data sets are solved together.

    Checked against
        ``tests/reference/between/cont_anorexia_change_CBT_Cont.json``

    ``values`` and ``covariates`` are as in :func:`ancova_batch`; ``columns`` (subjects, p) span the
    constant, and ``contrasts`` (m, p) are of their coefficients.
    """
    sets, n = values.shape
    given = np.asarray(covariates, dtype=float)
    if given.ndim not in {2, 3} or given.shape[-2] != n or given.shape[:-2] not in {(), (sets,)}:
        raise AnalysisError(
            f"covariates must have the shape ({n}, k) or ({sets}, {n}, k), got {given.shape}"
        )
    numbers = np.broadcast_to(given, (sets, n, given.shape[-1]))
    seen = np.isfinite(values) & np.isfinite(numbers).all(axis=2)
    centred, y = _centred(numbers, seen), _centred(values[:, :, None], seen)[:, :, 0]
    design = np.concatenate([columns * seen[:, :, None], centred], axis=2)
    cross = np.swapaxes(design, 1, 2) @ design
    usable, inverse = _inverted(cross)
    beta = (inverse @ (np.swapaxes(design, 1, 2) @ y[:, :, None]))[:, :, 0]
    residuals = (y - (design @ beta[:, :, None])[:, :, 0]) * seen
    df = seen.sum(axis=1) - design.shape[2]
    usable &= df >= 1
    p = columns.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.square(residuals).sum(axis=1) / df
        own = contrasts @ inverse[:, :p, :p]
        se = np.sqrt(variance[:, None] * (own * contrasts).sum(axis=2))
    estimate = beta[:, :p] @ contrasts.T
    may = usable[:, None] & (se > _NO_SPREAD * np.abs(estimate))
    degrees = np.broadcast_to(df[:, None], estimate.shape).astype(float)
    return _tested(
        estimate, se, degrees, may, alternative=Alternative.TWO_SIDED, conf_level=conf_level
    )


def _checked(values: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, int]:
    """The values as floats, and how many arms there are."""
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or np.isinf(values).any():
        raise AnalysisError(
            f"values must be finite or NaN of shape (replicates, subjects), got {values.shape}"
        )
    known = np.unique(groups)
    whole = np.issubdtype(np.asarray(groups).dtype, np.integer)
    if groups.shape != values.shape[1:] or not whole or len(known) < 2:
        raise AnalysisError(
            f"groups must number the arms of the {values.shape[1]} subjects, two arms or more"
        )
    if known.tolist() != list(range(len(known))):
        raise AnalysisError("every group number from 0 to the largest needs a subject")
    return values, len(known)


def _moments(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count, mean and variance of what is observed in each row."""
    seen = ~np.isnan(values)
    n = seen.sum(axis=1).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(seen, values, 0.0).sum(axis=1) / n
        apart = np.where(seen, values - mean[:, None], 0.0)
        return n, mean, np.square(apart).sum(axis=1) / (n - 1)


def _centred(numbers: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Numbers (R, n, k) minus their mean over what is seen, 0 where not seen."""
    counted = np.maximum(seen.sum(axis=1), 1)[:, None, None]
    kept = np.where(seen[:, :, None], numbers, 0.0)
    return np.where(seen[:, :, None], kept - kept.sum(axis=1, keepdims=True) / counted, 0.0)


def _inverted(cross: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which matrices (R, p, p) have an inverse, and it; the identity where there is none."""
    size = np.sqrt(np.diagonal(cross, axis1=1, axis2=2))
    usable = (size > 0).all(axis=1)
    size = np.where(size > 0, size, 1.0)
    scaled = cross / (size[:, :, None] * size[:, None, :])
    lowest = np.linalg.eigvalsh(scaled)[:, 0]
    usable &= lowest > _COLLINEAR
    scaled = np.where(usable[:, None, None], scaled, np.eye(cross.shape[1]))
    return usable, np.linalg.inv(scaled) / (size[:, :, None] * size[:, None, :])


def _tested(
    estimate: np.ndarray,
    se: np.ndarray,
    df: np.ndarray,
    usable: np.ndarray,
    *,
    alternative: Alternative | str,
    conf_level: float,
) -> BatchedContrasts:
    """T tests and intervals, NaN where not usable."""
    check_level(conf_level)
    estimate, se, df = (np.where(usable, each, np.nan) for each in (estimate, se, df))
    statistic = estimate / se
    match choose(Alternative, alternative, parameter="alternative"):
        case Alternative.TWO_SIDED:
            p = 2 * stdtr(df, -np.abs(statistic))
            reach = stdtrit(df, 0.5 + conf_level / 2) * se
            low, high = estimate - reach, estimate + reach
        case Alternative.LESS:
            p = stdtr(df, statistic)
            high = estimate + stdtrit(df, conf_level) * se
            low = np.where(usable, -np.inf, np.nan)
        case Alternative.GREATER:
            p = stdtr(df, -statistic)
            low = estimate - stdtrit(df, conf_level) * se
            high = np.where(usable, np.inf, np.nan)
    return BatchedContrasts(
        estimate=estimate,
        se=se,
        df=df,
        statistic=statistic,
        p_value=p,
        conf_low=low,
        conf_high=high,
        usable=usable,
    )
