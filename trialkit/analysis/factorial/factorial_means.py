"""Means of a factorial trial by least squares. The method is in ``docs/methods/factorial.md``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.factorial.factorial_rows import read_factorial_rows
from trialkit.analysis.factorial.factorial_table import FactorialTable
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.linear.contrasts import Estimates, t_critical
from trialkit.analysis.linear.fitted_model import FittedModel, FTest, fit_model
from trialkit.analysis.linear.marginal_means import marginal_row
from trialkit.analysis.linear.model_rows import ModelRows
from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.methods.linear_models import (
    ContrastAdjustment,
    MarginalWeights,
    RobustCovariance,
)
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FactorialMeans(Tabular):
    """Two models of one outcome: ``margins`` without interaction, and ``full`` with a mean a cell."""

    outcome: str
    rows: ModelRows
    table: FactorialTable
    margins: FittedModel
    full: FittedModel

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        by = " x ".join(each.name for each in self.table.factors)
        return f"Factorial analysis of {self.outcome} by {by} (n = {len(self.rows.outcome)})"

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    def to_frame(self) -> pd.DataFrame:
        """The effects, with 95 % limits."""
        return self.effects()

    def effects(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """At the margins, averaged, inside the table, and the interactions: all of them, always.

        Columns ``effect``, ``factor``, ``contrast``, ``held``, ``estimate``, ``se``, ``df``,
        ``statistic``, ``p_value``, ``conf_low``, ``conf_high``, ``conf_level``. The model of
        ``at the margin`` has no interaction; the others are of the full model.
        """
        return pd.concat(
            [self._at_margins(conf_level), self._in_full(conf_level)], ignore_index=True
        )

    def cell_means(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """A row a cell: a column for each factor, ``n``, ``estimate`` (adjusted mean), ``se``, ``df``, limits.

        Numeric covariates stand at their mean over the rows used, levels of the others count alike.
        """
        check_level(conf_level)
        rows = self._cell_rows()
        estimate = rows @ self.full.fit.coefficients
        se = np.sqrt(np.diag(self.full.covariance_of(rows)))
        reach = t_critical(conf_level, self.full.fit.df) * se
        cells = self.table.cells
        return pd.DataFrame(
            {
                **{
                    each.name: [cell[i] for cell in cells]
                    for i, each in enumerate(self.table.factors)
                },
                Stat.N.value: np.bincount(self.table.cell_of, minlength=len(cells)),
                Stat.ESTIMATE.value: estimate,
                Stat.SE.value: se,
                Stat.DF.value: float(self.full.fit.df),
                Stat.CONF_LOW.value: estimate - reach,
                Stat.CONF_HIGH.value: estimate + reach,
                Stat.CONF_LEVEL.value: conf_level,
            }
        )

    def interaction_test(self) -> FTest:
        """F of all interactions of the factors together."""
        rows = self._cell_rows()
        weights = [
            each.weights
            for each in self.table.contrasts()
            if each.effect is FactorialEffect.INTERACTION
        ]
        return self.full.f_test(np.array(weights) @ rows)

    def _cell_rows(self) -> np.ndarray:
        """The row (cells, p) of each cell's mean in the full model."""
        return np.array(
            [
                marginal_row(self.full.design, at={"cell": cell}, weights=MarginalWeights.EQUAL)
                for cell in range(len(self.table.cells))
            ]
        )

    def _in_full(self, conf_level: float) -> pd.DataFrame:
        contrasts = self.table.contrasts()
        matrix = np.array([each.weights for each in contrasts]) @ self._cell_rows()
        return _tested(
            self.full, matrix, [each.labels for each in contrasts], conf_level=conf_level
        )

    def _at_margins(self, conf_level: float) -> pd.DataFrame:
        names, rows, labels = list(self.margins.design.names), [], []
        for each in self.table.factors:
            for level in each.other_levels:
                rows.append(np.eye(len(names))[names.index(f"{each.name}[{level}]")])
                labels.append(
                    {
                        "effect": FactorialEffect.MARGIN.value,
                        "factor": each.name,
                        "contrast": contrast_label(str(level), str(each.levels[0])),
                        "held": "",
                    }
                )
        return _tested(self.margins, np.array(rows), labels, conf_level=conf_level)


def _tested(
    model: FittedModel,
    matrix: np.ndarray,
    labels: Sequence[Mapping[str, object]],
    *,
    conf_level: float,
) -> pd.DataFrame:
    """Rows (m, p) of a model's coefficients tested one by one."""
    found = Estimates(
        values=matrix @ model.fit.coefficients,
        covariance=model.covariance_of(matrix),
        df=model.fit.df,
        family=np.zeros(len(matrix), dtype=int),
        means=2,
    ).test(conf_level=conf_level, adjustment=ContrastAdjustment.NONE)
    return pd.concat(
        [pd.DataFrame(list(labels)), found.drop(columns=[Stat.P_ADJUSTED.value, "adjustment"])],
        axis=1,
    )


@one_thread()
def factorial_means(
    frame: AnyFrame,
    *,
    outcome: str,
    factors: Sequence[str],
    reference: Mapping[str, object],
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    robust: RobustCovariance | str | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> FactorialMeans:
    """Effects of several factors on a numeric outcome, each randomised to everybody.

    Estimand
        The difference in means between levels of a factor: whatever the others are (``at the margin``,
        right only without interaction), over the cells of the others alike (``averaged inside``), and
        at each setting of them (``inside the table``). An interaction is the difference of differences.

    Reference
        Kahan BC et al. JAMA 2023;330:2106-2114 (CONSORT factorial). Montgomery AA, Peters TJ, Little P.
        BMC Med Res Methodol 2003;3:26. Searle SR, Speed FM, Milliken GA. Am Stat 1980;34:216-221.

    Checked against
        ``tests/reference/factorial/factorial_simulated.json``

    ``frame`` has one row a subject, a column for each factor with all its levels, and ``reference`` the
    level of each that the others are compared with. Covariates as in ``ancova``; ``robust`` names a
    covariance. Interactions are told whatever was asked for. Rows without outcome, factor or covariate
    are in ``.excluded``.

    Raises ``AnalysisError`` for fewer than 2 factors or more than 4, a cell without a row, a factor of
    one level, and what ``ancova`` refuses.
    """
    frame = as_pandas(frame)
    named = None if robust is None else choose(RobustCovariance, robust, parameter="robust")
    rows, table, adjusted = read_factorial_rows(
        frame,
        outcome=outcome,
        factors=factors,
        reference=reference,
        covariates=covariates,
        categories=categories,
        subject=subject,
        order=order,
    )
    designs = [(*table.factors, *adjusted), (table.as_one(), *adjusted)]
    margins, full = (
        fit_model(columns, tuple((each.name,) for each in columns), rows.outcome, robust=named)
        for columns in designs
    )
    return FactorialMeans(outcome=outcome, rows=rows, table=table, margins=margins, full=full)
