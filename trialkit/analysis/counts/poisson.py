"""Poisson regression of counts. The method is in ``docs/methods/counts.md``."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trialkit.analysis.counts.exposure import read_counts
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.generalised.covariances import dispersion, sandwich
from trialkit.analysis.generalised.families import Poisson
from trialkit.analysis.generalised.glm_likelihood import GlmLikelihood
from trialkit.analysis.generalised.ratio_model import (
    RatioModel,
    arm_design,
    at_infinity,
    names_at_infinity,
)
from trialkit.analysis.generalised.scoring import GeneralisedFit, fit_generalised
from trialkit.protocol.methods.generalised_models import CountVariance
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Scale

NO_EVENT = "there is no event where they are told from the others"
WITH_LIKELIHOOD = f"{NO_EVENT}; profile limits have a finite end, and the ratio test its p value"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PoissonRegression(RatioModel):
    """A Poisson model of rates; ``dispersion`` is Pearson's chi-squared for each degree of freedom.

    It is near 1 where the variance is the mean; NaN where nothing is left to estimate it.
    """

    dispersion: float


def poisson_regression(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    exposure: str | None = None,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    variance: CountVariance | str = CountVariance.HC1,
    subject: str | None = None,
    order: Order | None = None,
) -> PoissonRegression:
    """Ratio of the arms' rates of events, adjusted for covariates, by a Poisson model.

    Estimand
        The rate of events of each other arm over that of ``reference`` among subjects with the same
        covariates, taken to be the same whatever these are.

    Reference
        McCullagh P, Nelder JA. Generalized Linear Models, 2nd ed., 1989, chapter 6. Zeileis A. J
        Stat Softw 2006;16(9) (sandwich).

    Checked against
        ``tests/reference/counts/counts_falls_simulated.json``

    ``frame`` has one row a subject: ``outcome`` is how many events it had, ``exposure`` how long it
    was at risk (in any one unit), 1 where not given. ``variance`` names the standard errors:
    ``model`` (variance = mean: too small for most counts of people), ``HC0`` and ``HC1``
    (sandwich), ``quasi`` (the variance a multiple of the mean, t with n − p degrees of freedom).
    Only ``model`` has a likelihood for profile limits and the ratio test. Rows without count, arm,
    exposure or a covariate, and rows never at risk, are listed in ``.excluded``. An arm without any
    event has the ratio 0, said in ``note``.

    Raises ``AnalysisError`` for values that are no counts, events without exposure, negative
    exposures, no event in any arm, an arm without a row, two rows of a subject, collinear columns.
    """
    frame = as_pandas(frame)
    kind = choose(CountVariance, variance, parameter="variance")
    rows, time = read_counts(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        exposure=exposure,
        covariates=covariates,
        categories=categories,
        subject=subject,
        order=order,
    )
    design = arm_design(rows)
    fit = fit_generalised(design.matrix, rows.outcome, Poisson(), offset=np.log(time))
    n, p = design.matrix.shape
    return PoissonRegression(
        outcome=outcome,
        model="Poisson",
        variance=kind.value,
        scale=Scale.RATE_RATIO,
        reference=reference,
        rows=rows,
        design=design,
        estimates=fit.estimates,
        covariance=poisson_covariance(fit, kind),
        df=float(n - p) if kind is CountVariance.QUASI else np.inf,
        likelihood=GlmLikelihood(fit=fit) if kind is CountVariance.MODEL else None,
        notes=at_infinity(
            fit.estimates,
            design,
            why=WITH_LIKELIHOOD
            if kind is CountVariance.MODEL
            else f"{NO_EVENT}; exact limits exist",
        ),
        infinite=names_at_infinity(fit.estimates, design),
        dispersion=dispersion(fit) if n > p else np.nan,
    )


def poisson_covariance(fit: GeneralisedFit, kind: CountVariance) -> np.ndarray:
    """The covariance (p, p) of the kind."""
    match kind:
        case CountVariance.MODEL:
            return fit.covariance
        case CountVariance.HC0 | CountVariance.HC1:
            return sandwich(fit, RobustCovariance(kind.value))
        case CountVariance.QUASI:
            return fit.covariance * dispersion(fit)
