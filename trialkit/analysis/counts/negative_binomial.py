"""Negative-binomial regression of counts (NB2). The method is in ``docs/methods/counts.md``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from trialkit.analysis.counts.exposure import read_counts
from trialkit.analysis.counts.poisson import WITH_LIKELIHOOD
from trialkit.analysis.counts.theta import (
    NegativeBinomialMaximum,
    ThetaLikelihood,
    maximise_negative_binomial,
)
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.generalised.families import NegativeBinomial, Poisson, ResponseDistribution
from trialkit.analysis.generalised.profile import coefficient_limits, profile_limits
from trialkit.analysis.generalised.ratio_model import (
    RatioModel,
    arm_design,
    at_infinity,
    names_at_infinity,
)
from trialkit.analysis.generalised.scoring import GeneralisedFit, finite_part, fit_generalised
from trialkit.results.effect import Scale

AS_POISSON = "the counts vary no more than Poisson's: theta is infinite, and the model is Poisson's"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class NegativeBinomialRegression(RatioModel):
    """A negative-binomial model of rates; the variance of a count is m + m² / ``theta``.

    ``theta_se`` is by the observed information at the fitted means, as MASS has it; NaN where theta
    is infinite.
    """

    theta: float
    theta_se: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NegativeBinomialLikelihood:
    """The likelihood of coefficients and theta together."""

    fit: GeneralisedFit
    theta: float

    @property
    def highest(self) -> float:
        """The maximum of the log likelihood."""
        return self.fit.log_likelihood

    def highest_without(self, columns: np.ndarray) -> float:
        """The maximum without some ``columns``, a mask (p,), with a theta of its own."""
        fit = self.fit
        kept, offset = fit.design[:, ~columns], fit.offset
        rows, told = _finite(fit, kept)
        return maximise_negative_binomial(
            kept[np.ix_(rows, told)], fit.outcome[rows], offset=offset[rows]
        ).log_likelihood

    def limits_at_dispersion(self, index: int, *, conf_level: float) -> tuple[float, float]:
        """Profile limits of a coefficient with theta held at its estimate."""
        return coefficient_limits(self.fit, index, conf_level=conf_level)

    def limits(self, index: int, *, conf_level: float) -> tuple[float, float]:
        """Profile limits of a coefficient, theta anew at each value."""
        fit = self.fit
        if not np.isfinite(self.theta):
            return self.limits_at_dispersion(index, conf_level=conf_level)
        others, column = np.delete(fit.design, index, axis=1), fit.design[:, index]
        rows, told = _finite(fit, others)
        others, column = others[np.ix_(rows, told)], column[rows]
        outcome, offset = fit.outcome[rows], fit.offset[rows]
        last: list[NegativeBinomialMaximum] = []

        def highest_at(value: float) -> float:
            found = maximise_negative_binomial(
                others,
                outcome,
                offset=offset + column * value,
                start=last[0] if last else None,
            )
            last[:] = [found]
            return found.log_likelihood

        return profile_limits(
            highest_at,
            estimate=float(fit.estimates[index]),
            step=2 * float(np.sqrt(fit.covariance[index, index])) or 1.0,
            highest=fit.log_likelihood,
            conf_level=conf_level,
        )


def negative_binomial_regression(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    exposure: str | None = None,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    subject: str | None = None,
    order: Order | None = None,
) -> NegativeBinomialRegression:
    """Ratio of the arms' rates of events by a negative-binomial model, which lets people differ.

    Estimand
        The rate of events of each other arm over that of ``reference`` among subjects with the same
        covariates, taken to be the same whatever these are.

    Reference
        Lawless JF. Can J Stat 1987;15:209-225. Venables WN, Ripley BD. Modern Applied Statistics
        with S, 4th ed., 2002, section 7.4 (MASS::glm.nb).

    Checked against
        ``tests/reference/counts/counts_epilepsy_total.json``

    ``frame`` has one row a subject: ``outcome`` is how many events it had, ``exposure`` how long it
    was at risk, 1 where not given. Coefficients and theta are the likeliest together; standard
    errors are by the expected information at theta, as in R. ``contrasts`` and ``coefficients`` take
    Wald limits, ``profile`` (theta anew at each value) and ``profile_dispersion_held`` (MASS's
    ``confint``). Where counts vary no more than Poisson's, theta is infinite and the model is
    Poisson's; ``note`` says so. Rows are left out as in ``poisson_regression``.

    Raises ``AnalysisError`` for values that are no counts, events without exposure, negative
    exposures, no event in any arm, an arm without a row, two rows of a subject, collinear columns.
    """
    frame = as_pandas(frame)
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
    offset = np.log(time)
    maximum = _maximum(design.matrix, rows.outcome, offset)
    poisson = not np.isfinite(maximum.theta)
    family: ResponseDistribution = Poisson() if poisson else NegativeBinomial(maximum.theta)
    fit = fit_generalised(
        design.matrix, rows.outcome, family, offset=offset, start=maximum.coefficients
    )
    notes = at_infinity(fit.estimates, design, why=WITH_LIKELIHOOD)
    return NegativeBinomialRegression(
        outcome=outcome,
        model="negative binomial",
        variance="model",
        scale=Scale.RATE_RATIO,
        reference=reference,
        rows=rows,
        design=design,
        estimates=fit.estimates,
        covariance=fit.covariance,
        df=np.inf,
        likelihood=NegativeBinomialLikelihood(fit=fit, theta=maximum.theta),
        notes=(*notes, AS_POISSON) if poisson else notes,
        infinite=names_at_infinity(fit.estimates, design),
        theta=maximum.theta,
        theta_se=np.nan if poisson else _theta_se(rows.outcome, fit.mean, maximum.theta),
    )


def _maximum(
    design: np.ndarray, outcome: np.ndarray, offset: np.ndarray
) -> NegativeBinomialMaximum:
    """The maximum, by the rows and columns that have a finite one; other coefficients are left at 0."""
    poisson = fit_generalised(design, outcome, Poisson(), offset=offset)
    rows, told = _finite(poisson, design)
    found = maximise_negative_binomial(
        design[np.ix_(rows, told)], outcome[rows], offset=offset[rows]
    )
    coefficients = np.zeros(design.shape[1])
    coefficients[told] = found.coefficients
    return replace(found, coefficients=coefficients)


def _finite(fit: GeneralisedFit, design: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows and columns of a part of a design that have a finite maximum."""
    if fit.recession is None or not design.shape[1]:
        return np.ones(len(design), dtype=bool), np.arange(design.shape[1])
    return finite_part(design, fit.outcome, Poisson())


def _theta_se(outcome: np.ndarray, mean: np.ndarray, theta: float) -> float:
    _, second = ThetaLikelihood(outcome=outcome).derivatives(theta, mean)
    return float(1 / np.sqrt(-second))
