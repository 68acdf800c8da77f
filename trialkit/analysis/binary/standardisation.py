"""Marginal risks by standardisation (g-computation). The method is in ``docs/methods/binary.md``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from trialkit.analysis.binary.binary_rows import read_binary_rows
from trialkit.analysis.binary.risk_covariances import risk_covariance
from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.generalised.families import Binomial
from trialkit.analysis.generalised.ratio_model import arm_design
from trialkit.analysis.generalised.scoring import fit_generalised
from trialkit.analysis.linear.linear_model import Design, FactorColumn, build_design
from trialkit.analysis.linear.model_rows import ModelRows
from trialkit.protocol.methods.generalised_models import RiskVariance
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Status
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

EXTREME = "a risk is 0 or 1: no ratio of logarithms has limits, and those of the difference are too narrow"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StandardisedRisks(Tabular):
    """The risk of each arm, were all subjects in it, with the ``covariance`` of these risks (a, a).

    ``variance`` names how the covariance came about; ``excluded`` lists the rows left out.
    """

    outcome: str
    reference: object
    variance: RiskVariance
    conf_level: float
    rows: ModelRows
    estimates: np.ndarray
    covariance: np.ndarray

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        over = ", ".join(each.name for each in self.rows.covariates) or "no covariate"
        return (
            f"Risks of {self.outcome} standardised over {over} "
            f"(n = {len(self.rows.outcome)}, {self.variance.value} variance)"
        )

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    def risks(self) -> pd.DataFrame:
        """A row an arm: its standardised risk, standard error and Wald limits, cut at 0 and 1."""
        se = np.sqrt(np.diag(self.covariance))
        reach = -ndtri((1 - self.conf_level) / 2) * se
        return pd.DataFrame(
            {
                "arm": list(self.rows.arm.levels),
                Stat.N.value: list(self.rows.counts.values()),
                Stat.ESTIMATE.value: self.estimates,
                Stat.SE.value: se,
                Stat.CONF_LOW.value: np.maximum(self.estimates - reach, 0.0),
                Stat.CONF_HIGH.value: np.minimum(self.estimates + reach, 1.0),
                Stat.CONF_LEVEL.value: self.conf_level,
                "variance": self.variance.value,
            }
        )

    def to_frame(self) -> pd.DataFrame:
        """Three rows a contrast: risk_difference, risk_ratio and odds_ratio.

        Columns ``stat_name``, ``contrast``, ``estimate``, ``se`` (of the logarithm for a ratio),
        ``statistic``, ``p_value``, ``conf_low``, ``conf_high``, ``conf_level``, ``variance``,
        ``status``, ``note``.
        """
        base = self.rows.arm.base
        return pd.DataFrame(
            [
                self._row(name, arm, base, scale)
                for arm in range(len(self.estimates))
                if arm != base
                for name, scale in (
                    (Stat.RISK_DIFFERENCE, _as_it_is),
                    (Stat.RISK_RATIO, _logarithm),
                    (Stat.ODDS_RATIO, _log_odds),
                )
            ]
        )

    def _row(
        self, name: Stat, arm: int, base: int, scale: Callable[[float], tuple[float, float]]
    ) -> dict[str, object]:
        """One measure of one arm, by the delta method on the scale where it is a difference."""
        difference, both = name is Stat.RISK_DIFFERENCE, [arm, base]
        extreme = bool(((self.estimates[both] <= 0) | (self.estimates[both] >= 1)).any())
        with np.errstate(divide="ignore", invalid="ignore"):
            (one, slope), (other, opposite) = (scale(self.estimates[each]) for each in both)
            by = np.array([slope, -opposite])
            value = one - other
            se = float(np.sqrt(by @ self.covariance[np.ix_(both, both)] @ by))
        given = difference or not extreme
        reach = float(-ndtri((1 - self.conf_level) / 2)) * se if given else np.inf
        statistic = value / se if given and se > 0 else np.nan
        back = (lambda at: at) if difference else np.exp
        with np.errstate(invalid="ignore"):
            limits = (back(value - reach), back(value + reach)) if given else (0.0, np.inf)
            estimate = float(back(value))
        arms = self.rows.arm.levels
        return {
            "stat_name": name.value,
            "contrast": contrast_label(str(arms[arm]), str(arms[base])),
            Stat.ESTIMATE.value: estimate,
            Stat.SE.value: se if given else np.nan,
            Stat.STATISTIC.value: statistic,
            Stat.P_VALUE.value: float(2 * ndtr(-abs(statistic))),
            Stat.CONF_LOW.value: float(limits[0]),
            Stat.CONF_HIGH.value: float(limits[1]),
            Stat.CONF_LEVEL.value: self.conf_level,
            "variance": self.variance.value,
            "status": (Status.ESTIMATED if given else Status.NOT_ESTIMABLE).value,
            "note": EXTREME if extreme else "",
        }


@one_thread()
def standardised_risks(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    variance: RiskVariance | str = RiskVariance.YE,
    event: object | None = None,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> StandardisedRisks:
    """Marginal risk difference, risk ratio and odds ratio, by averaging over all subjects' covariates.

    Estimand
        The risk if all subjects were in each other arm against the risk if all were in
        ``reference``: difference, ratio and odds ratio. It does not depend on the covariates chosen;
        they only sharpen it.

    Reference
        US FDA. Adjusting for Covariates in Randomized Clinical Trials, 2023. Ye T, Bannick M, Yi Y,
        Shao J. Stat Theory Relat Fields 2023;7:159-163. Ge M et al. Drug Inf J 2011;45:481-493.

    Checked against
        ``tests/reference/binary/binary_indo_rct.json``

    A logistic model (maximum likelihood, with arm and covariates) predicts everybody's risk in each
    arm; ``frame`` has one row a subject, ``outcome`` as in ``logistic_regression``. ``variance``
    names one of five: ``model``, ``HC0`` and ``HC3`` take the covariates as fixed, ``influence`` and
    ``ye2023`` as sampled with the subjects, and hold though the model be wrong. Where a level of a
    covariate has no event the predicted risk there is 0, which the average takes. An arm without
    events has the risk 0: ratios have no limits, and ``note`` says that those of the difference are
    too narrow (``compare_proportions`` has better ones).

    Raises ``AnalysisError`` for what ``logistic_regression`` refuses; for ``ye2023`` an arm of one.
    """
    frame = as_pandas(frame)
    kind = choose(RiskVariance, variance, parameter="variance")
    check_level(conf_level)
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
    arms = tuple(everybody_in(design, rows.arm, level) for level in range(len(rows.arm.levels)))
    return StandardisedRisks(
        outcome=outcome,
        reference=reference,
        variance=kind,
        conf_level=conf_level,
        rows=rows,
        estimates=np.array([fit.mean_of(each).mean() for each in arms]),
        covariance=risk_covariance(fit, arms, rows.arm.codes, kind),
    )


def everybody_in(design: Design, arm: FactorColumn, level: int) -> np.ndarray:
    """The design (n, p), were all subjects in one arm."""
    moved = FactorColumn(
        name=arm.name, codes=np.full(len(arm.codes), level), levels=arm.levels, base=arm.base
    )
    columns = tuple(moved if each.name == arm.name else each for each in design.columns)
    return build_design(columns, design.terms).matrix


def _as_it_is(risk: float) -> tuple[float, float]:
    return risk, 1.0


def _logarithm(risk: float) -> tuple[float, float]:
    return np.log(risk), 1 / risk


def _log_odds(risk: float) -> tuple[float, float]:
    return np.log(risk / (1 - risk)), 1 / (risk * (1 - risk))
