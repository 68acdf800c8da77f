"""The subjects of the analysis by visit, and the statistics that the likelihood needs of them."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.repeated.design import MmrmDesign, orthonormal_root
from trialkit.analysis.repeated.likelihood import CovarianceModel
from trialkit.analysis.repeated.records import Records
from trialkit.analysis.repeated.shapes import CorrelationForm
from trialkit.analysis.repeated.statistics import MmrmStatistics, Patterns, patterns_of, summarise
from trialkit.analysis.repeated.structures import facts, starting_values, structure_for
from trialkit.analysis.repeated.whitening import whitening
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import CovarianceStructure


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cohort:
    """The analysed subjects (n) by visit (m), weighted rows being scaled by the root of the weight.

    ``basis`` (p, p) turns the coefficients of orthonormal columns, in which the model is fitted, into
    the reported ones. ``residuals`` are those of ordinary least squares, of which ``origin`` (p) is the
    estimate on the orthonormal columns.
    """

    subjects: np.ndarray  # (n,) numbers of the subjects in the records
    observed: np.ndarray  # (n, m)
    group: np.ndarray  # (n,)
    time: np.ndarray | None  # (n, m), NaN where not observed
    profiles: np.ndarray  # (n, d), or (n, m · d) where rows are weighted
    residuals: np.ndarray  # (n, m), zero where not observed
    weights: np.ndarray  # (n, m), one where not observed
    layout: np.ndarray  # (m · d, p), of orthonormal columns
    basis: np.ndarray
    origin: np.ndarray

    @property
    def n_observations(self) -> int:
        """How many rows are analysed."""
        return int(self.observed.sum())

    def rows(self) -> np.ndarray:
        """The orthonormal columns at each visit (n, m, p), scaled by weights; zero if unobserved."""
        m, d = self.observed.shape[1], self.profiles.shape[1]
        rows = np.einsum("nd,mdp->nmp", self.profiles, self.layout.reshape(m, d, -1), optimize=True)
        return np.where(self.observed[:, :, None], rows, 0.0)


def gather(records: Records, design: MmrmDesign) -> Cohort:
    """The subjects with a row that can be used; raises for collinear columns."""
    used = records.used
    subjects, place = np.unique(records.subject[used], return_inverse=True)
    visit = records.visit[used]
    shape = (len(subjects), len(records.visits))
    observed = np.zeros(shape, dtype=bool)
    observed[place, visit] = True
    outcome = np.zeros(shape)
    outcome[place, visit] = records.outcome[used]
    group = np.zeros(len(subjects), dtype=np.intp)
    group[place] = records.group[used]
    time = None
    if records.time is not None:
        time = np.full(shape, np.nan)
        time[place, visit] = records.time[used]
    profiles, layout = design.profiles[subjects], design.layout
    weights = np.ones(shape)
    if records.weights is not None:
        weights[place, visit] = records.weights[used]
        profiles, layout = _weighted(profiles, layout, np.where(observed, np.sqrt(weights), 0))
        outcome = outcome * np.sqrt(weights)
    gram = sum(
        layout[v].T @ (profiles[observed[:, v]].T @ profiles[observed[:, v]]) @ layout[v]
        for v in range(shape[1])
    )
    root = orthonormal_root(np.asarray(gram), design.names)
    inverse_root = np.linalg.inv(root)
    flat = np.concatenate(list(layout)) @ inverse_root
    crossed = (profiles.T @ outcome).T.reshape(-1)
    origin = flat.T @ crossed
    fitted = profiles @ (flat @ origin).reshape(shape[1], -1).T
    return Cohort(
        subjects=subjects,
        observed=observed,
        group=group,
        time=time,
        profiles=profiles,
        residuals=np.where(observed, outcome - fitted, 0.0),
        weights=weights,
        layout=flat,
        basis=np.linalg.inv(design.rescale) @ inverse_root,
        origin=origin,
    )


def _weighted(
    profiles: np.ndarray, layout: np.ndarray, root: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Profiles with a copy for each visit, scaled by the root of the weight there."""
    n, d = profiles.shape
    m = root.shape[1]
    spread = np.zeros((m, m, d, layout.shape[2]))
    spread[np.arange(m), np.arange(m)] = layout
    copies = (root[:, :, None] * profiles[:, None, :]).reshape(n, m * d)
    return copies, spread.reshape(m, m * d, -1)


def model_for(
    cohort: Cohort, structure: CovarianceStructure, *, n_groups: int, visit_times: np.ndarray | None
) -> tuple[CovarianceModel, np.ndarray]:
    """The covariance model and the block of each subject."""
    m = cohort.observed.shape[1]
    groups = np.arange(n_groups)
    if facts(structure).form is not CorrelationForm.DISTANCE:
        return (
            CovarianceModel(
                structure=structure_for(structure, m), group_of_block=groups, n_groups=n_groups
            ),
            cohort.group,
        )
    if cohort.time is None and visit_times is None:
        raise AnalysisError(
            "the spatial-exponential structure needs the time of each row: name its column as time=, "
            "or give visits as numbers"
        )
    times = _common_times(cohort) if cohort.time is not None else visit_times
    if times is not None:
        distances = np.abs(np.subtract.outer(times, times))
        _refuse_same_time(distances + np.eye(m))
        return (
            CovarianceModel(
                structure=structure_for(structure, m, distances),
                group_of_block=groups,
                n_groups=n_groups,
            ),
            cohort.group,
        )
    own = np.column_stack([cohort.group, np.nan_to_num(np.asarray(cohort.time), nan=np.inf)])
    distinct, block = np.unique(own, axis=0, return_inverse=True)
    seen = np.isfinite(distinct[:, 1:])
    at = np.where(seen, distinct[:, 1:], 0.0)
    distances = np.abs(at[:, :, None] - at[:, None, :])
    both = seen[:, :, None] & seen[:, None, :]
    distances = np.where(both, distances, 1.0)
    distances[:, np.arange(m), np.arange(m)] = 0
    _refuse_same_time(distances + np.eye(m))
    return (
        CovarianceModel(
            structure=structure_for(structure, m, np.moveaxis(distances, 0, 2)),
            group_of_block=distinct[:, 0].astype(np.intp),
            n_groups=n_groups,
        ),
        block.reshape(-1),
    )


def _common_times(cohort: Cohort) -> np.ndarray | None:
    """The time of each visit, if it is the same for all subjects."""
    if cohort.time is None:
        return None
    low = np.nanmin(cohort.time, axis=0)
    return low if (low == np.nanmax(cohort.time, axis=0)).all() else None


def _refuse_same_time(distances: np.ndarray) -> None:
    if (distances <= 0).any():
        raise AnalysisError(
            "the spatial-exponential structure needs a different time for each visit of a subject, "
            "but a subject has two rows at the same time"
        )


def statistics_of(
    cohort: Cohort, block: np.ndarray, root: np.ndarray | None = None
) -> tuple[MmrmStatistics, Patterns]:
    """The sufficient statistics of the analysed subjects, whitened by ``root`` if there is one."""
    patterns = patterns_of(cohort.observed, block)
    statistics = summarise(
        patterns,
        profiles=cohort.profiles,
        outcome=cohort.residuals,
        layout=cohort.layout,
        log_weights=np.log(cohort.weights).sum() / 2,
        log_columns=-2 * float(np.linalg.slogdet(cohort.basis)[1]),
        whitening=None if root is None else whitening(patterns.present, root),
    )
    return statistics, patterns


def moment_start(cohort: Cohort, model: CovarianceModel) -> np.ndarray:
    """Covariance parameters near the covariances of the least squares residuals."""
    starts = []
    structure = model.structure
    for group in range(model.n_groups):
        of_group = cohort.group == group
        seen = cohort.observed[of_group].astype(float)
        residuals = cohort.residuals[of_group]
        starts.append(
            starting_values(
                structure,
                definite_moments(residuals.T @ residuals, seen.T @ seen, cohort.residuals),
            )
        )
    return np.concatenate(starts)


def pairwise_moments(cohort: Cohort, group: int) -> np.ndarray:
    """The covariances (m, m) of the least squares residuals of ``group``, pair by pair of visits."""
    of_group = cohort.group == group
    seen = cohort.observed[of_group].astype(float)
    residuals = cohort.residuals[of_group]
    return np.asarray((residuals.T @ residuals) / np.maximum(seen.T @ seen, 1))


def definite_moments(products: np.ndarray, counts: np.ndarray, residuals: np.ndarray) -> np.ndarray:
    """A definite covariance matrix near ``products / counts`` of all pairs of visits."""
    overall = float((residuals**2).sum() / max(np.count_nonzero(residuals), 1))
    moments = np.where(counts > 0, products / np.maximum(counts, 1), 0.0)
    variance = np.diagonal(moments).copy()
    variance = np.where(variance > 1e-3 * overall, variance, overall)
    sd = np.sqrt(variance)
    correlation = moments / np.outer(sd, sd)
    np.fill_diagonal(correlation, 1.0)
    smallest = float(np.linalg.eigvalsh(correlation).min())
    if smallest < 0.05:  # pairs come from different subjects: draw them towards zero
        keep = 0.95 / (1 - smallest)
        correlation = keep * correlation + (1 - keep) * np.eye(len(sd))
    return np.asarray(correlation * np.outer(sd, sd))
