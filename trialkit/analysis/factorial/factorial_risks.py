"""Risks of a factorial trial by logistic models. The method is in ``docs/methods/factorial.md``."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from trialkit.analysis.binary.risk_covariances import risk_covariance
from trialkit.analysis.binary.standardisation import EXTREME, everybody_in
from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.factorial.factorial_rows import read_factorial_rows
from trialkit.analysis.factorial.factorial_table import FactorialTable
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.generalised.families import Binomial
from trialkit.analysis.generalised.scoring import GeneralisedFit, fit_generalised
from trialkit.analysis.linear.linear_model import (
    Design,
    FactorColumn,
    ModelColumn,
    build_design,
    refuse_collinear,
)
from trialkit.analysis.linear.model_rows import ModelRows
from trialkit.analysis.proportions.event_counts import binary
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.methods.generalised_models import RiskVariance
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Status
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

NO_ERROR = "no standard error: these risks do not vary, or are of too few"
NO_VARIANCE = 1e-12
"""A standard error of a risk below this is rounding."""
INFINITE = "no finite odds ratio: a cell that it compares has the event in all or in nobody"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogisticFit:
    """A logistic model with its design."""

    design: Design
    fit: GeneralisedFit

    def risks(self, factor: FactorColumn, kind: RiskVariance) -> tuple[np.ndarray, np.ndarray]:
        """The risk of each level, were everybody in it, and the covariance of these risks."""
        levels = range(len(factor.levels))
        everybody = tuple(everybody_in(self.design, factor, level) for level in levels)
        found = np.array([self.fit.mean_of(each).mean() for each in everybody])
        return found, risk_covariance(self.fit, everybody, factor.codes, kind)

    def log_odds(self, row: np.ndarray) -> tuple[float, float] | None:
        """The estimate and standard error of a combination (p,) of coefficients, None where infinite."""
        if self.fit.recession is not None:
            rest = self.design.matrix[self.fit.recession.remaining]
            known = np.linalg.pinv(rest) @ rest if len(rest) else np.zeros((len(row), len(row)))
            if np.abs(row @ known - row).max() > 1e-8:
                return None
        variance = float(row @ self.fit.covariance @ row)
        return float(row @ self.fit.coefficients), float(np.sqrt(variance))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FactorialRisks(Tabular):
    """Two logistic models: ``margins`` without interaction, and ``full`` with a risk a cell."""

    outcome: str
    variance: RiskVariance
    rows: ModelRows
    table: FactorialTable
    margins: LogisticFit
    full: LogisticFit

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        by = " x ".join(each.name for each in self.table.factors)
        return (
            f"Factorial analysis of the risk of {self.outcome} by {by} "
            f"(n = {len(self.rows.outcome)}, {self.variance.value} variance of differences)"
        )

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    def to_frame(self) -> pd.DataFrame:
        """The effects, with 95 % limits."""
        return self.effects()

    def effects(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """At the margins, averaged, inside the table, and the interactions, on two scales each.

        Columns ``effect``, ``factor``, ``contrast``, ``held``, ``measure`` (``risk_difference``,
        ``odds_ratio``), ``estimate``, ``log_estimate`` (of an odds ratio), ``se`` (of that),
        ``statistic``, ``p_value``, ``conf_low``, ``conf_high``, ``conf_level``, ``status``, ``note``.
        The interaction of differences is a difference of them, that of odds ratios their ratio.
        """
        check_level(conf_level)
        return pd.DataFrame([*self._at_margins(conf_level), *self._in_full(conf_level)])

    def cell_risks(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """A row a cell: a column for each factor, ``events``, ``n``, ``estimate`` (risk), ``se``, limits.

        The risk is standardised over the covariates of all rows; Wald limits are cut at 0 and 1.
        """
        check_level(conf_level)
        cells = self.table.cells
        risks, covariance = self.full.risks(self._cell, self.variance)
        se = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        reach = float(-ndtri((1 - conf_level) / 2)) * se
        codes = self.table.cell_of
        return pd.DataFrame(
            {
                **{
                    each.name: [cell[i] for cell in cells]
                    for i, each in enumerate(self.table.factors)
                },
                Stat.EVENTS.value: np.bincount(
                    codes, weights=self.rows.outcome, minlength=len(cells)
                ).astype(int),
                Stat.N.value: np.bincount(codes, minlength=len(cells)),
                Stat.ESTIMATE.value: risks,
                Stat.SE.value: se,
                Stat.CONF_LOW.value: np.maximum(risks - reach, 0.0),
                Stat.CONF_HIGH.value: np.minimum(risks + reach, 1.0),
                Stat.CONF_LEVEL.value: conf_level,
            }
        )

    @property
    def _cell(self) -> FactorColumn:
        cell = self.full.design.columns[0]
        assert isinstance(cell, FactorColumn)
        return cell

    def _in_full(self, conf_level: float) -> Iterator[dict[str, object]]:
        risks, covariance = self.full.risks(self._cell, self.variance)
        contrasts = self.table.contrasts()
        p = len(self.full.design.names)
        for each in contrasts:
            row = np.zeros(p)
            row[self.full.design.term_of == 1] = each.weights[1:]  # the first cell is the base
            used = np.abs(each.weights) > 0
            found = float(each.weights @ risks), _error(each.weights, covariance)
            yield _difference_row(each.labels, found, risks[used], conf_level=conf_level)
            yield _ratio_row(each.labels, self.full.log_odds(row), conf_level=conf_level)

    def _at_margins(self, conf_level: float) -> Iterator[dict[str, object]]:
        names = list(self.margins.design.names)
        for factor in self.table.factors:
            risks, covariance = self.margins.risks(factor, self.variance)
            for level in range(1, len(factor.levels)):
                labels: dict[str, object] = {
                    "effect": FactorialEffect.MARGIN.value,
                    "factor": factor.name,
                    "contrast": contrast_label(str(factor.levels[level]), str(factor.levels[0])),
                    "held": "",
                }
                by = np.eye(len(risks))[level] - np.eye(len(risks))[0]
                found = float(by @ risks), _error(by, covariance)
                own = risks[[0, level]]
                yield _difference_row(labels, found, own, conf_level=conf_level)
                row = np.eye(len(names))[names.index(f"{factor.name}[{factor.levels[level]}]")]
                yield _ratio_row(labels, self.margins.log_odds(row), conf_level=conf_level)


def _error(weights: np.ndarray, covariance: np.ndarray) -> float:
    """The standard error of a combination; 0 where a variance of few comes out at 0 or below."""
    return float(np.sqrt(max(float(weights @ covariance @ weights), 0.0)))


def _difference_row(
    labels: dict[str, object],
    found: tuple[float, float],
    risks: np.ndarray,
    *,
    conf_level: float,
) -> dict[str, object]:
    """A difference of risks with Wald limits; ``risks`` are those that it is made of."""
    value, se = found
    extreme = bool(((risks <= 0) | (risks >= 1)).any())
    known = se > NO_VARIANCE
    if not known:
        se = np.nan
    statistic = value / se
    reach = float(-ndtri((1 - conf_level) / 2)) * se
    return labels | {
        "measure": Stat.RISK_DIFFERENCE.value,
        Stat.ESTIMATE.value: value,
        "log_estimate": np.nan,
        Stat.SE.value: se,
        Stat.STATISTIC.value: statistic,
        Stat.P_VALUE.value: float(2 * ndtr(-abs(statistic))),
        Stat.CONF_LOW.value: value - reach,
        Stat.CONF_HIGH.value: value + reach,
        Stat.CONF_LEVEL.value: conf_level,
        "status": (Status.ESTIMATED if known else Status.NOT_ESTIMABLE).value,
        "note": NO_ERROR if not known else EXTREME if extreme else "",
    }


def _ratio_row(
    labels: dict[str, object], found: tuple[float, float] | None, *, conf_level: float
) -> dict[str, object]:
    """An odds ratio, or a ratio of odds ratios, with Wald limits of its logarithm."""
    value, se = (np.nan, np.nan) if found is None else found
    reach = float(-ndtri((1 - conf_level) / 2)) * se
    known = found is not None
    return labels | {
        "measure": Stat.ODDS_RATIO.value,
        Stat.ESTIMATE.value: float(np.exp(value)),
        "log_estimate": value,
        Stat.SE.value: se,
        Stat.STATISTIC.value: value / se,
        Stat.P_VALUE.value: float(2 * ndtr(-abs(value / se))),
        Stat.CONF_LOW.value: float(np.exp(value - reach)) if known else 0.0,
        Stat.CONF_HIGH.value: float(np.exp(value + reach)) if known else np.inf,
        Stat.CONF_LEVEL.value: conf_level,
        "status": (Status.ESTIMATED if known else Status.NOT_ESTIMABLE).value,
        "note": "" if known else INFINITE,
    }


@one_thread()
def factorial_risks(
    frame: AnyFrame,
    *,
    outcome: str,
    factors: Sequence[str],
    reference: Mapping[str, object],
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    variance: RiskVariance | str = RiskVariance.YE,
    event: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> FactorialRisks:
    """Effects of several factors on a binary outcome, each randomised to everybody.

    Estimand
        The difference in risks, and the odds ratio, between levels of a factor: whatever the others are
        (``at the margin``), over the cells alike, and at each setting of the others. The two scales
        have an interaction each: one may be there without the other.

    Reference
        Kahan BC et al. JAMA 2023;330:2106-2114 (CONSORT factorial). VanderWeele TJ, Knol MJ. Epidemiol
        Methods 2014;3:33-72 (both scales). Ye T et al. Stat Theory Relat Fields 2023;7:159-163.

    Checked against
        ``tests/reference/binary/binary_indo_rct.json``

    ``frame`` has one row a subject, as for ``factorial_means``; ``outcome`` as in
    ``logistic_regression``. Risks are standardised over the covariates of all rows, with the ``variance``
    of ``standardised_risks``; odds ratios are the logistic models' own, for subjects of the same
    covariates. Where a cell has the event in nobody or in all, odds ratios that need it are "not
    estimable" and the difference has a note. ``.excluded`` has rows without outcome, factor or covariate.

    Raises ``AnalysisError`` for fewer than 2 factors or more than 4, a cell without a row, an outcome
    that all or none have, and what ``logistic_regression`` refuses.
    """
    frame = as_pandas(frame)
    kind = choose(RiskVariance, variance, parameter="variance")
    happened = binary(frame, outcome, event=event)
    rows, table, adjusted = read_factorial_rows(
        frame.assign(**{outcome: happened}),
        outcome=outcome,
        factors=factors,
        reference=reference,
        covariates=covariates,
        categories=categories,
        subject=subject,
        order=order,
    )
    events = int(rows.outcome.sum())
    if events in {0, len(rows.outcome)}:
        raise AnalysisError(
            f"{'no' if not events else 'every'} row used has the event of {outcome!r}: nothing is to "
            "be told apart"
        )
    return FactorialRisks(
        outcome=outcome,
        variance=kind,
        rows=rows,
        table=table,
        margins=_logistic((*table.factors, *adjusted), rows.outcome),
        full=_logistic((table.as_one(), *adjusted), rows.outcome),
    )


def _logistic(columns: tuple[ModelColumn, ...], outcome: np.ndarray) -> LogisticFit:
    design = build_design(columns, tuple((each.name,) for each in columns))
    refuse_collinear(design)
    return LogisticFit(design=design, fit=fit_generalised(design.matrix, outcome, Binomial()))
