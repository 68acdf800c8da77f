"""Generalised estimating equations: arms compared over visits. See ``docs/methods/gee.md``."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.gee.arms_over_visits import ArmsOverVisits, FixedEffects
from trialkit.analysis.gee.equations import SolvedEquations, solve_equations
from trialkit.analysis.gee.long_rows import distribution, read_long_rows, repeated_unit
from trialkit.analysis.gee.visit_contrasts import term_table
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import (
    GeeCovariance,
    ReferenceDistribution,
    ResponseFamily,
    WorkingCorrelation,
)
from trialkit.protocol.tables.choices import choose


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EstimatingEquations(ArmsOverVisits):
    """Solved generalised estimating equations.

    ``alpha`` are the working correlations (one; one a pair of visits; none), ``scale`` Pearson's χ²
    over the number of values. ``df`` is the subjects less the coefficients, or infinite.
    """

    correlation: WorkingCorrelation
    covariance: GeeCovariance
    df: float
    solved: SolvedEquations

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        return (
            f"GEE of {self.outcome} ({self.family.value}, {self.correlation.value} correlation, "
            f"{self.covariance.value} standard errors, {self.n_subjects} {self.long.several}, "
            f"{len(self.long.outcome)} values)"
        )

    @property
    def alpha(self) -> np.ndarray:
        """The estimated working correlations."""
        return self.solved.alpha

    @property
    def scale(self) -> float:
        """The estimated scale."""
        return self.solved.scale

    @property
    def fixed(self) -> FixedEffects:
        """The coefficients, with the errors of the call."""
        return FixedEffects(
            estimates=self.solved.coefficients,
            covariance=self.solved.covariance(self.covariance),
            df=self.df,
        )

    def contrasts(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """Each arm against the reference, over all visits or (``by_visit``) at each.

        Columns ``contrast``, ``visit`` (with ``by_visit``), ``measure``, ``estimate`` (a ratio, or a
        difference of values), ``log_estimate`` (of a ratio), ``se``, ``df``, ``statistic``,
        ``p_value``, ``conf_low``, ``conf_high``, ``conf_level``, ``covariance``.
        """
        return self._contrasts(conf_level).assign(covariance=self.covariance.value)

    def coefficients(
        self, *, covariance: GeeCovariance | str | None = None, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """The coefficients on the scale of the link, with the errors of the call or of another kind."""
        kind = (
            self.covariance
            if covariance is None
            else choose(GeeCovariance, covariance, parameter="covariance")
        )
        return term_table(
            list(self.long.model.names),
            self.solved.coefficients,
            np.sqrt(np.diag(self.solved.covariance(kind))),
            df=self.df,
            conf_level=conf_level,
        ).assign(covariance=kind.value)


def generalised_estimating_equations(
    frame: AnyFrame,
    *,
    outcome: str,
    subject: str | None = None,
    visit: str | None = None,
    cluster: str | None = None,
    arm: str,
    reference: object,
    family: ResponseFamily | str,
    correlation: WorkingCorrelation | str = WorkingCorrelation.EXCHANGEABLE,
    covariance: GeeCovariance | str = GeeCovariance.MANCL_DEROUEN,
    compared_with: ReferenceDistribution | str = ReferenceDistribution.T,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    by_visit: bool = False,
    event: object | None = None,
    exposure: str | None = None,
    order: Order | None = None,
) -> EstimatingEquations:
    """Arms compared in a binary outcome, a count or a value over visits of subjects, or in clusters.

    Estimand
        Odds, mean count or mean of each other arm against ``reference`` among all subjects of the
        same covariates: over all visits, or with ``by_visit`` at each. It is of populations, and not
        of a subject (``random_intercept_model``).

    Reference
        Liang K-Y, Zeger SL. Biometrika 1986;73:13-22. Kauermann G, Carroll RJ. JASA
        2001;96:1387-1396. Mancl LA, DeRouen TA. Biometrics 2001;57:126-134. Fay MP, Graubard BI.
        Biometrics 2001;57:1198-1206. Højsgaard S et al. J Stat Softw 2006;15(2) (geepack).

    Checked against
        ``tests/reference/longitudinal/gee_long_epilepsy.json``

    ``frame`` has one row a subject and visit, or with ``cluster`` (in place of these two) one a person
    of a cluster: the arm may be of whole clusters; rows without outcome are left out (right where they
    are missing at random given the covariates). ``visit`` gives the order of a subject's values
    (``ar1``, ``unstructured``); to have it in the model name it among ``covariates`` (and
    ``categories``), or take ``by_visit``. ``covariance`` names the standard errors; the sandwich
    (``robust``) is too small with few subjects, so the default is Mancl and DeRouen's, with t of
    subjects − coefficients degrees of freedom. ``exposure`` is how long a
    count was at risk, 1 where not given.

    Raises ``AnalysisError`` for two rows of a subject at a visit, no more subjects or clusters than
    coefficients, an arm of one cluster, clusters with ``ar1`` or ``unstructured``, an outcome of other values or the same throughout, a coefficient without finite
    estimate, a correlation that cannot be estimated, collinear columns.
    """
    frame = as_pandas(frame)
    kind = choose(ResponseFamily, family, parameter="family")
    working = choose(WorkingCorrelation, correlation, parameter="correlation")
    errors = choose(GeeCovariance, covariance, parameter="covariance")
    compared = choose(ReferenceDistribution, compared_with, parameter="compared_with")
    unit = repeated_unit(subject, visit, cluster)
    if unit.visit is None and working in {WorkingCorrelation.AR1, WorkingCorrelation.UNSTRUCTURED}:
        raise AnalysisError(
            f"correlation={working.value!r} needs visits; the rows of a cluster have no order",
            advice="take exchangeable or independence",
        )
    long = read_long_rows(
        frame,
        outcome=outcome,
        unit=unit,
        arm=arm,
        reference=reference,
        family=kind,
        covariates=covariates,
        categories=categories,
        by_visit=by_visit,
        event=event,
        exposure=exposure,
        order=order,
    )
    solved = solve_equations(long, distribution(kind), working)
    df = float(long.n_subjects - long.design.shape[1])
    return EstimatingEquations(
        outcome=outcome,
        family=kind,
        correlation=working,
        covariance=errors,
        df=df if compared is ReferenceDistribution.T else np.inf,
        reference=reference,
        by_visit=unit.visit if by_visit else None,
        long=long,
        solved=solved,
    )
