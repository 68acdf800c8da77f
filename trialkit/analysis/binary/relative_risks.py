"""Models of the logarithm of a risk. The method is in ``docs/methods/binary.md``."""

from collections.abc import Sequence

import numpy as np

from trialkit.analysis.binary.binary_rows import read_binary_rows
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.generalised.covariances import sandwich
from trialkit.analysis.generalised.families import LogBinomial, Poisson
from trialkit.analysis.generalised.glm_likelihood import GlmLikelihood
from trialkit.analysis.generalised.ratio_model import (
    RatioModel,
    arm_design,
    at_infinity,
    names_at_infinity,
)
from trialkit.analysis.generalised.scoring import GeneralisedFit, fit_generalised
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Scale

NO_EVENT = "there is no event where they are told from the others"
CERTAIN = 1 - 1e-6
"""A fitted risk above is 1: the iterations go on towards it for ever, and end by their smallness."""
KNOWN = (RobustCovariance.HC0, RobustCovariance.HC1, RobustCovariance.HC3)


def modified_poisson(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    variance: RobustCovariance | str = RobustCovariance.HC0,
    event: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> RatioModel:
    """Ratio of the arms' risks by a Poisson model of the event with sandwich errors.

    Estimand
        The risk under each other arm over that under ``reference`` for subjects of the same
        covariates, taken to be the same whatever these are.

    Reference
        Zou G. Am J Epidemiol 2004;159:702-706.

    Checked against
        ``tests/reference/binary/binary_indo_rct.json``

    ``frame`` has one row a subject, ``outcome`` as in ``logistic_regression``. ``variance`` is
    ``HC0``, ``HC1`` or ``HC3``. An arm without any event has the ratio 0, without Wald limits.

    Raises ``AnalysisError`` for what ``logistic_regression`` refuses and for another ``variance``.
    """
    frame = as_pandas(frame)
    kind = choose(RobustCovariance, variance, parameter="variance")
    if kind not in KNOWN:
        raise AnalysisError(f"variance={kind.value!r} is not known here; known are HC0, HC1, HC3")
    rows = read_binary_rows(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        event=event,
        subject=subject,
        order=order,
    )
    design = arm_design(rows)
    fit = fit_generalised(design.matrix, rows.outcome, Poisson())
    return RatioModel(
        outcome=outcome,
        model="modified Poisson",
        variance=kind.value,
        scale=Scale.RISK_RATIO,
        reference=reference,
        rows=rows,
        design=design,
        estimates=fit.estimates,
        covariance=sandwich(fit, kind),
        df=np.inf,
        likelihood=None,
        notes=at_infinity(fit.estimates, design, why=NO_EVENT),
        infinite=names_at_infinity(fit.estimates, design),
    )


def log_binomial(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    event: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> RatioModel:
    """Ratio of the arms' risks by a binomial model with the logarithm as link.

    Estimand
        As ``modified_poisson``.

    Reference
        Wacholder S. Am J Epidemiol 1986;123:174-184.

    Checked against
        ``tests/reference/binary/binary_indo_rct.json``

    ``frame`` has one row a subject, ``outcome`` as in ``logistic_regression``. Risks may not pass 1:
    where the likeliest reach it, the model has no maximum inside, and that is an error rather than
    a number.

    Raises ``AnalysisError`` for what ``logistic_regression`` refuses, and where there is no maximum.
    """
    frame = as_pandas(frame)
    rows = read_binary_rows(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        event=event,
        subject=subject,
        order=order,
    )
    design = arm_design(rows)
    fit = _inside(design.matrix, rows.outcome)
    return RatioModel(
        outcome=outcome,
        model="log-binomial",
        variance="model",
        scale=Scale.RISK_RATIO,
        reference=reference,
        rows=rows,
        design=design,
        estimates=fit.estimates,
        covariance=fit.covariance,
        df=np.inf,
        likelihood=GlmLikelihood(fit=fit),
        notes=at_infinity(fit.estimates, design, why=NO_EVENT),
        infinite=names_at_infinity(fit.estimates, design),
    )


def _inside(design: np.ndarray, outcome: np.ndarray) -> GeneralisedFit:
    """The fit, where the likeliest risks are all below 1."""
    refused = AnalysisError(
        "the log-binomial model has no maximum with all risks below 1",
        advice="take modified_poisson, or standardised_risks for marginal risks",
    )
    try:
        fit = fit_generalised(design, outcome, LogBinomial())
    except AnalysisError as none:
        raise refused from none
    if fit.mean.max() > CERTAIN:
        raise refused
    return fit
