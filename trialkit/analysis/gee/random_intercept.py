"""Generalised linear mixed models with an intercept of each subject. See ``docs/methods/gee.md``."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.gee.arms_over_visits import ArmsOverVisits, FixedEffects
from trialkit.analysis.gee.long_rows import LongRows, distribution, read_long_rows, repeated_unit
from trialkit.analysis.gee.quadrature import RandomInterceptLikelihood
from trialkit.analysis.gee.visit_contrasts import term_table
from trialkit.analysis.generalised.scoring import GeneralisedFit, fit_generalised
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import FEWEST_NODES, MOST_NODES, ResponseFamily
from trialkit.protocol.tables.choices import choose

NO_MAXIMUM = "the iterations of the random intercept model did not come to a maximum"
MOST_STEPS = 40
LARGEST_SD = 15.0
"""Of intercepts, in log odds or logarithms of a mean: nothing measured differs by as much."""
NEARLY = 1e-3
"""A step that promises the log likelihood less is near the maximum."""
RISEN = 1e-13
"""A step that promises the log likelihood less is the last."""
ALIKE = "subjects differ no more than chance: the intercepts have no variance"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RandomInterceptFit(ArmsOverVisits):
    """A fitted model: ``estimates`` (p,), their ``covariance`` (p, p), ``sd_intercept``.

    ``log_likelihood`` has all constants; lme4's with more than one node is it less ``saturated``.
    """

    nodes: int
    estimates: np.ndarray
    covariance: np.ndarray
    sd_intercept: float
    log_likelihood: float
    saturated: float
    note: str

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        return (
            f"Random intercept model of {self.outcome} ({self.family.value}, {self.nodes} nodes, "
            f"SD of the intercepts {self.sd_intercept:.3g}, {self.n_subjects} {self.long.several})"
        )

    @property
    def fixed(self) -> FixedEffects:
        """The coefficients, with normal errors."""
        return FixedEffects(estimates=self.estimates, covariance=self.covariance, df=np.inf)

    def contrasts(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """Each arm against the reference, for one subject; columns as of the estimating equations."""
        return self._contrasts(conf_level).assign(note=self.note)

    def coefficients(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """The coefficients on the scale of the link, with Wald limits."""
        return term_table(
            list(self.long.model.names),
            self.estimates,
            np.sqrt(np.diag(self.covariance)),
            df=np.inf,
            conf_level=conf_level,
        )


@one_thread()
def random_intercept_model(
    frame: AnyFrame,
    *,
    outcome: str,
    subject: str | None = None,
    visit: str | None = None,
    cluster: str | None = None,
    arm: str,
    reference: object,
    family: ResponseFamily | str,
    nodes: int = 25,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    by_visit: bool = False,
    event: object | None = None,
    exposure: str | None = None,
    order: Order | None = None,
) -> RandomInterceptFit:
    """Arms compared within subjects of one intercept, in a binary outcome or a count over visits.

    Estimand
        Odds or mean count under each other arm against ``reference`` for a subject of given
        covariates and a given intercept; for odds farther from 1 than in the population
        (``generalised_estimating_equations``).

    Reference
        Pinheiro JC, Chao EC. J Comput Graph Stat 2006;15:58-81. Bates D et al. J Stat Softw
        2015;67(1) (lme4).

    Checked against
        ``tests/reference/longitudinal/glmm_long_epilepsy.json``

    ``frame`` has one row a subject and visit, or with ``cluster`` one a person of a cluster (whose
    intercept it is), as in ``generalised_estimating_equations``. The normal
    intercepts are integrated out by adaptive Gauss–Hermite quadrature with so many ``nodes``; standard
    errors are by the observed information of coefficients and standard deviation together. Where
    subjects differ no more than chance, the standard deviation is 0, the model that of independent
    values, and ``note`` says so.

    Raises ``AnalysisError`` for another family than binomial and Poisson, for fewer than 5 or more
    than 101 nodes, and for what ``generalised_estimating_equations`` refuses.
    """
    frame = as_pandas(frame)
    kind = choose(ResponseFamily, family, parameter="family")
    if kind is ResponseFamily.GAUSSIAN:
        raise AnalysisError("family='gaussian' is a linear mixed model: take mmrm")
    if not FEWEST_NODES <= nodes <= MOST_NODES:
        raise AnalysisError(f"nodes must lie between {FEWEST_NODES} and {MOST_NODES}, got {nodes}")
    unit = repeated_unit(subject, visit, cluster)
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
    alone = fit_generalised(long.design, long.outcome, distribution(kind), offset=long.offset)
    if not np.isfinite(alone.estimates).all():
        raise AnalysisError("a coefficient has no finite estimate: the outcome is at its end there")
    likelihood = RandomInterceptLikelihood(long=long, family=kind, nodes=nodes)
    differ = _differ(long, alone)
    found = _climb(likelihood, np.append(alone.coefficients, 0.5)) if differ else None
    p = len(alone.coefficients)
    return RandomInterceptFit(
        outcome=outcome,
        family=kind,
        nodes=nodes,
        reference=reference,
        by_visit=unit.visit if by_visit else None,
        long=long,
        estimates=alone.coefficients if found is None else found[:p],
        covariance=alone.covariance
        if found is None
        else _covariance(likelihood.information(found))[:p, :p],
        sd_intercept=0.0 if found is None else float(found[-1]),
        log_likelihood=alone.log_likelihood if found is None else likelihood.evaluate(found)[0],
        saturated=likelihood.saturated(),
        note=ALIKE if found is None else "",
    )


def _covariance(information: np.ndarray) -> np.ndarray:
    """Its inverse; raises ``AnalysisError`` where it is not that of a maximum."""
    if not np.isfinite(information).all() or np.linalg.eigvalsh(information).min() <= 0:
        raise AnalysisError(NO_MAXIMUM)
    return np.asarray(np.linalg.inv(information))


def _differ(long: LongRows, alone: GeneralisedFit) -> bool:
    """Whether the likelihood rises with the variance of the intercepts from 0 on."""
    residual = np.add.reduceat(long.outcome - alone.mean, long.first)
    variance = np.add.reduceat(alone.family.variance(alone.mean), long.first)
    return float(np.sum(residual**2 - variance)) > 0


def _climb(likelihood: RandomInterceptLikelihood, start: np.ndarray) -> np.ndarray:
    """Newton's steps to the maximum, halved until they rise; σ stays positive.

    Raises ``AnalysisError`` where none is found.
    """
    found = start
    level, gradient = likelihood.evaluate(found)
    for _ in range(MOST_STEPS):
        values, vectors = np.linalg.eigh(likelihood.information(found))
        # a saddle is left by its steepest side
        values = np.maximum(np.abs(values), 1e-8 * np.abs(values).max())
        step = vectors @ ((vectors.T @ gradient) / values)
        if found[-1] + step[-1] <= 0:
            step = step * (0.9 * found[-1] / -step[-1])
        rise = float(gradient @ step)
        for _ in range(30):
            higher, slope = likelihood.evaluate(found + step)
            # near the end the level is known to the quadrature's error alone, and the score decides
            flatter = rise < NEARLY and float(slope @ slope) < float(gradient @ gradient)
            if flatter or higher >= level - 1e-12 * (1 + abs(level)):
                break
            step = step / 2
        found, level, gradient = found + step, higher, slope
        if found[-1] > LARGEST_SD:
            raise AnalysisError(
                "the likelihood rises with the standard deviation of the intercepts for ever: "
                "subjects' outcomes hardly change over visits",
                advice="take generalised_estimating_equations",
            )
        if rise < RISEN or np.max(np.abs(step) / np.maximum(np.abs(found), 0.1)) < 1e-9:
            return np.asarray(found)
    raise AnalysisError(NO_MAXIMUM)
