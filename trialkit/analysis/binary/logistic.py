"""Logistic regression of a binary outcome. The method is in ``docs/methods/binary.md``."""

from collections.abc import Sequence

import numpy as np

from trialkit.analysis.binary.binary_rows import read_binary_rows
from trialkit.analysis.binary.firth import fit_firth
from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.generalised.families import Binomial
from trialkit.analysis.generalised.glm_likelihood import GlmLikelihood
from trialkit.analysis.generalised.ratio_model import (
    RatioModel,
    arm_design,
    at_infinity,
    names_at_infinity,
)
from trialkit.analysis.generalised.scoring import fit_generalised
from trialkit.protocol.methods.generalised_models import WhenSeparated
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Scale

SEPARATED = "events and others are told apart there without exception"


@one_thread()
def logistic_regression(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    when_separated: WhenSeparated | str = WhenSeparated.FIRTH,
    event: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> RatioModel:
    """Ratio of the arms' odds of an event, adjusted for covariates, by a logistic model.

    Estimand
        The odds of the event under each other arm over those under ``reference`` for a subject of
        given covariates, taken to be the same whatever these are. It is no average over subjects:
        ``standardised_risks`` gives that.

    Reference
        Hosmer DW, Lemeshow S. Applied Logistic Regression, 2nd ed., 2000. Firth D. Biometrika
        1993;80:27-38. Heinze G, Schemper M. Stat Med 2002;21:2409-2419.

    Checked against
        ``tests/reference/binary/binary_indo_rct.json``

    ``frame`` has one row a subject; ``outcome`` is True/False or 1/0, or ``event`` names the level
    that counts. Where a covariate or the arm tells events from all others (decided by a linear
    programme), no finite maximum exists: ``firth`` fits the whole model by Firth's penalised
    likelihood, with penalised profile limits and ratio test, and ``model`` and ``note`` say so;
    ``likelihood`` keeps the maximum, with infinite estimates said to be. Rows without outcome, arm or
    a covariate are listed in ``.excluded``.

    Raises ``AnalysisError`` for an outcome of other values or that all or none have, an arm without
    a row, two rows of a subject, collinear columns.
    """
    frame = as_pandas(frame)
    kind = choose(WhenSeparated, when_separated, parameter="when_separated")
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
    fit = fit_generalised(design.matrix, rows.outcome, Binomial())
    infinite = at_infinity(fit.estimates, design, why=SEPARATED)
    if infinite and kind is WhenSeparated.FIRTH:
        firth = fit_firth(design.matrix, rows.outcome)
        return RatioModel(
            outcome=outcome,
            model="Firth's logistic",
            variance="model",
            scale=Scale.ODDS_RATIO,
            reference=reference,
            rows=rows,
            design=design,
            estimates=firth.coefficients,
            covariance=firth.covariance,
            df=np.inf,
            likelihood=firth,
            notes=("Firth's penalised likelihood, since maximum likelihood has " + infinite[0],),
            infinite=names_at_infinity(fit.estimates, design),
        )
    return RatioModel(
        outcome=outcome,
        model="logistic",
        variance="model",
        scale=Scale.ODDS_RATIO,
        reference=reference,
        rows=rows,
        design=design,
        estimates=fit.estimates,
        covariance=fit.covariance,
        df=np.inf,
        likelihood=GlmLikelihood(fit=fit),
        notes=infinite,
        infinite=names_at_infinity(fit.estimates, design),
    )
