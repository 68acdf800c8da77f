"""The mixed model for repeated measures: from a frame to a fitted model."""

from collections.abc import Sequence

import numpy as np

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.repeated.between_within import split_columns
from trialkit.analysis.repeated.cohort import (
    Cohort,
    gather,
    model_for,
    moment_start,
    statistics_of,
)
from trialkit.analysis.repeated.design import MmrmDesign, build_design
from trialkit.analysis.repeated.fitted import Fitted
from trialkit.analysis.repeated.high_correlation import (
    HIGH,
    Found,
    climb_whitened,
    smallest_of_root,
    unshrunk_root,
)
from trialkit.analysis.repeated.inference import is_sandwich, settle_covariance
from trialkit.analysis.repeated.kenward_roger import corrected_covariance
from trialkit.analysis.repeated.likelihood import CovarianceModel
from trialkit.analysis.repeated.maximise import (
    Failure,
    Optimum,
    maximise,
    smallest_eigenvalue,
)
from trialkit.analysis.repeated.records import Columns, Records, read_records
from trialkit.analysis.repeated.result import Attempt, MmrmFit, Parts
from trialkit.analysis.repeated.sandwich import sandwich
from trialkit.analysis.repeated.shapes import CorrelationForm
from trialkit.analysis.repeated.structures import VarianceScale, facts, plain_start
from trialkit.analysis.repeated.whitening import original_precision, triangular_parameters
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import (
    CoefficientCovariance,
    CovarianceStructure,
    Inference,
    Likelihood,
)
from trialkit.protocol.tables.choices import choose

_MOST_VISITS = 60
_TRUSTED = 1e-5  # smallest eigenvalue with which the plain climb loses some, but not most, digits


@one_thread()
def mmrm(
    frame: AnyFrame,
    *,
    outcome: str,
    subject: str,
    visit: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    covariates_by_visit: Sequence[str] = (),
    covariance: CovarianceStructure | str = CovarianceStructure.UNSTRUCTURED,
    fallback: Sequence[CovarianceStructure | str] = (),
    covariance_by: str | None = None,
    time: str | None = None,
    weights: str | None = None,
    method: Likelihood | str = Likelihood.REML,
    inference: Inference | str = Inference.KENWARD_ROGER_LINEAR,
    coefficient_covariance: CoefficientCovariance | str | None = None,
    order: Order | None = None,
) -> MmrmFit:
    """Fit a mixed model for repeated measures.

    Fixed effects are the intercept, covariates, arm, visit and arm by visit, and covariates by visit
    where asked. The residuals of a subject have a covariance matrix by visit; there are no random
    effects. Rows without a value are left out and listed, which is right when values are missing at
    random given the model.

    ``covariance_by`` names a column whose levels have a covariance matrix each, ``time`` the column
    of times of the spatial structure (visits given as numbers serve too), ``weights`` a column by whose
    root the residual of a row is divided into. ``fallback`` lists structures to use, in this order,
    if one before cannot be fitted; without it a failure is an error.
    ``coefficient_covariance`` is by default what belongs to ``inference``.

    *Estimand*
        The difference in means between each arm and the reference at each visit, had nobody's values
        been missing, missing values being at random given the observed ones and the covariates.
    *Reference*
        Mallinckrodt, Lane, Schnell, Peng and Mancuso (2008); Kenward and Roger (1997); R's mmrm.
        See docs/methods/mmrm.md.
    *Checked against*
        ``tests/reference/mmrm/second_route.json`` (nlme, clubSandwich), ``expected/*.json`` beside it
        (46 fits of R mmrm 0.3.18) and ``sas_published.json`` (published SAS output).

    Raises :class:`AnalysisError` for data or a model that cannot be fitted, and when no maximum of the
    likelihood can be proven.
    """
    frame = as_pandas(frame)
    likelihood = choose(Likelihood, method, parameter="method")
    asked = choose(Inference, inference, parameter="inference")
    used_covariance = settle_covariance(asked, coefficient_covariance, likelihood)
    structures = declared_structures(covariance, fallback)
    refuse_single_text(covariates=covariates, covariates_by_visit=covariates_by_visit)
    records = read_records(
        frame,
        Columns(
            outcome=outcome,
            subject=subject,
            visit=visit,
            arm=arm,
            reference=reference,
            covariates=tuple(covariates),
            covariates_by_visit=tuple(covariates_by_visit),
            covariance_by=covariance_by,
            time=time,
            weights=weights,
            order=order,
        ),
    )
    refuse_time_without_space(time, structures)
    return fit_design(
        records,
        build_design(records),
        structures,
        likelihood=likelihood,
        inference=asked,
        coefficient_covariance=used_covariance,
    )


@one_thread()
def fit_design(
    records: Records,
    design: MmrmDesign,
    structures: tuple[CovarianceStructure, ...],
    *,
    likelihood: Likelihood,
    inference: Inference,
    coefficient_covariance: CoefficientCovariance,
) -> MmrmFit:
    """Fit the first of ``structures`` that can be fitted with the fixed effects of ``design``."""
    cohort = gather(records, design)
    _refuse_too_few(records, design, cohort)
    attempts: list[Attempt] = []
    for structure in structures:
        found = _fit(records, cohort, structure, likelihood)
        if isinstance(found, Failure):
            attempts.append(Attempt(structure=structure, reason=found.reason))
            continue
        model, statistics, patterns, optimum = found
        attempts.append(Attempt(structure=structure, reason=""))
        fitted = _fitted(
            records,
            design,
            cohort,
            found,
            inference=inference,
            covariance=coefficient_covariance,
        )
        return MmrmFit(
            structure=structure,
            likelihood=likelihood,
            inference=inference,
            coefficient_covariance=coefficient_covariance,
            attempts=tuple(attempts),
            parts=Parts(
                records=records,
                design=design,
                cohort=cohort,
                patterns=patterns,
                statistics=statistics,
                model=model,
                optimum=optimum,
                fitted=fitted,
            ),
        )
    reasons = "; ".join(f"{each.structure.value}: {each.reason}" for each in attempts)
    advice = "declare a structure with fewer parameters"
    if len(structures) == 1:
        advice += ", or a fallback"
    raise AnalysisError(
        f"the model of {records.columns.outcome!r} cannot be fitted to {len(cohort.subjects)} subjects "
        f"at {len(records.visits)} visits: {reasons}; {advice}"
    )


def _fit(
    records: Records, cohort: Cohort, structure: CovarianceStructure, likelihood: Likelihood
) -> Found | Failure:
    """The best optimum that can be found, or why there is none."""
    model, block = model_for(
        cohort, structure, n_groups=len(records.groups), visit_times=_visit_times(records)
    )
    impossible = _unidentified(records, cohort, structure)
    if impossible:
        return Failure(reason=impossible)
    restricted = likelihood is Likelihood.REML
    moments = _high_correlation_start(cohort, model)
    if moments is not None:
        climbed = climb_whitened(cohort, model, block, moments, restricted=restricted)
        if not isinstance(climbed, Failure):
            return climbed
    plain = _climb_plainly(cohort, model, block, structure, restricted=restricted)
    if isinstance(plain, Failure):
        if plain.theta is None or model.structure.has_own_times:
            return plain
        return climb_whitened(cohort, model, block, plain.theta, restricted=restricted)
    theta = plain[-1].at.theta
    smallest = smallest_eigenvalue(model, theta)[0]
    if smallest > HIGH or model.structure.has_own_times:
        return plain
    whitened = climb_whitened(cohort, model, block, theta, restricted=restricted)
    return plain if isinstance(whitened, Failure) and smallest > _TRUSTED else whitened


def _high_correlation_start(cohort: Cohort, model: CovarianceModel) -> np.ndarray | None:
    """The unstructured parameters of the residuals' covariances, if they are nearly singular."""
    if model.structure.shape.form is not CorrelationForm.CHOLESKY:
        return None
    roots = [unshrunk_root(cohort, group) for group in range(model.n_groups)]
    definite = [each for each in roots if each is not None]
    if len(definite) < len(roots) or min(map(smallest_of_root, definite)) > HIGH:
        return None
    cells = model.structure.shape.cells
    return np.concatenate([triangular_parameters(each, cells) for each in definite])


def _climb_plainly(
    cohort: Cohort,
    model: CovarianceModel,
    block: np.ndarray,
    structure: CovarianceStructure,
    *,
    restricted: bool,
) -> Found | Failure:
    """The best optimum from the starting points for the visits as they are."""
    statistics, patterns = statistics_of(cohort, block)
    found: list[Optimum] = []
    failure: Failure | None = None
    for start in _starts(cohort, model):
        climbed = maximise(statistics, model, start, restricted=restricted)
        if isinstance(climbed, Optimum):
            found.append(climbed)
            if structure is CovarianceStructure.UNSTRUCTURED:
                break
        else:
            failure = failure or climbed
    if found:
        best = min(found, key=lambda each: float(each.at.value))
        return model, statistics, patterns, best
    return failure or Failure(reason="no starting point was found")


def _starts(cohort: Cohort, model: CovarianceModel) -> list[np.ndarray]:
    """Near the moments of the residuals, and with uncorrelated visits of those variances."""
    moments = moment_start(cohort, model)
    size = model.structure.n_parameters
    plain = [
        plain_start(model.structure, moments[group * size : (group + 1) * size])
        for group in range(model.n_groups)
    ]
    return [moments, np.concatenate(plain)]


def _fitted(
    records: Records,
    design: MmrmDesign,
    cohort: Cohort,
    found: Found,
    *,
    inference: Inference,
    covariance: CoefficientCovariance,
) -> Fitted:
    """What inference needs, with the covariance of the fixed effects that was asked for."""
    model, statistics, patterns, optimum = found
    theta_covariance = optimum.theta_covariance
    used, leverage = optimum.at.phi, None
    if covariance in (
        CoefficientCovariance.KENWARD_ROGER,
        CoefficientCovariance.KENWARD_ROGER_LINEAR,
    ):
        used = corrected_covariance(
            statistics,
            model,
            optimum,
            theta_covariance,
            linear=covariance is CoefficientCovariance.KENWARD_ROGER_LINEAR,
        )
    elif is_sandwich(covariance):
        used, leverage = sandwich(
            cohort,
            patterns,
            optimum.at,
            precision=original_precision(statistics.whitening, optimum.at.precision),
            kind=covariance,
            subjects=records.subjects,
        )
    split = None
    if inference is Inference.BETWEEN_WITHIN:
        split = split_columns(cohort, design)
    return Fitted(
        basis=cohort.basis,
        estimate=optimum.at.gamma + cohort.origin,
        phi=optimum.at.phi,
        covariance=used,
        couplings=optimum.information.couplings,
        theta_covariance=theta_covariance,
        n_observations=cohort.n_observations,
        leverage=leverage,
        within_subject=split,
    )


def declared_structures(
    covariance: CovarianceStructure | str, fallback: Sequence[CovarianceStructure | str]
) -> tuple[CovarianceStructure, ...]:
    """The structures in the order in which they are tried; none may be declared twice."""
    if isinstance(fallback, str):
        raise AnalysisError(f"fallback must be a list of structures, got the text {fallback!r}")
    first = choose(CovarianceStructure, covariance, parameter="covariance")
    others = [choose(CovarianceStructure, each, parameter="fallback") for each in fallback]
    structures = (first, *others)
    if len(set(structures)) < len(structures):
        names = ", ".join(each.value for each in structures)
        raise AnalysisError(f"a covariance structure is declared twice: {names}")
    return structures


def refuse_single_text(*, covariates: Sequence[str], covariates_by_visit: Sequence[str]) -> None:
    """Refuse a lone text, which is a sequence of letters, where a list of columns is meant."""
    for name, given in (
        ("covariates", covariates),
        ("covariates_by_visit", covariates_by_visit),
    ):
        if isinstance(given, str):
            raise AnalysisError(f"{name} must be a list of columns, got the text {given!r}")


def refuse_time_without_space(
    time: str | None, structures: tuple[CovarianceStructure, ...]
) -> None:
    """Raise ``AnalysisError`` for times that no structure reads."""
    if time is not None and CovarianceStructure.SPATIAL_EXPONENTIAL not in structures:
        raise AnalysisError(
            f"time={time!r} is for the spatial-exponential structure; "
            f"{structures[0].value} does not use times"
        )


def _refuse_too_few(records: Records, design: MmrmDesign, cohort: Cohort) -> None:
    visits = len(records.visits)
    if visits > _MOST_VISITS:
        raise AnalysisError(f"{visits} visits are more than the {_MOST_VISITS} that can be fitted")
    left = cohort.n_observations - len(design.names)
    if left < 1:
        raise AnalysisError(
            f"{cohort.n_observations} values cannot estimate {len(design.names)} fixed effects and a "
            "covariance",
            advice="leave out covariates",
        )
    leftover = float((cohort.residuals**2).sum())
    if leftover <= 1e-20 * max(float((records.outcome[records.used] ** 2).sum()), 1e-280):
        raise AnalysisError(
            f"the fixed effects leave no residual of {records.columns.outcome!r}: every value follows "
            "from them exactly, so there is no variance to estimate"
        )
    present = np.bincount(cohort.group, minlength=len(records.groups))
    if (present == 0).any():
        empty = records.groups[int(np.argmin(present))]
        raise AnalysisError(
            f"covariance_by={records.columns.covariance_by!r}: no subject of {empty!r} has a value"
        )


def _unidentified(records: Records, cohort: Cohort, structure: CovarianceStructure) -> str:
    """Why the covariance cannot be estimated, as can be seen before the climb; empty if it can."""
    if facts(structure).scale is VarianceScale.EACH:
        left = (cohort.residuals**2).sum(axis=0)
        if left.min() < 1e-18 * left.max():
            flat = records.visits[int(np.argmin(left))]
            return (
                f"the fixed effects leave no residual at visit {flat!r}, so it has no variance "
                "of its own"
            )
    if structure is not CovarianceStructure.UNSTRUCTURED:
        return ""
    for code, group in enumerate(records.groups):
        seen = cohort.observed[cohort.group == code].astype(int)
        together = seen.T @ seen
        of_group = f" in group {group!r}" if len(records.groups) > 1 else ""
        if (together == 0).any():
            first, second = (records.visits[int(i)] for i in np.argwhere(together == 0)[0])
            return (
                f"nobody{of_group} has values at both {first!r} and {second!r}, so their covariance "
                "cannot be estimated"
            )
        # with one group each visit's mean takes a further degree of freedom
        if len(seen) < len(records.visits) + (len(records.groups) == 1):
            return (
                f"{len(records.visits)} visits are too many for {len(seen)} subjects{of_group}: the "
                "covariance matrix is singular"
            )
    return ""


def _visit_times(records: Records) -> np.ndarray | None:
    """The visits as times, where they are numbers."""
    if all(isinstance(each, int | float | np.number) for each in records.visits):
        return np.array([float(str(each)) for each in records.visits])
    return None
