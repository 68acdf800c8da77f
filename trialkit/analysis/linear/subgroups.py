"""The effect of an arm in each subgroup, and whether it differs between them.

The method is in ``docs/methods/subgroups.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.linear.ancova import arm_contrast_labels, back_transformed
from trialkit.analysis.linear.contrasts import Estimates, compared_levels
from trialkit.analysis.linear.fitted_model import FittedModel, FTest, fit_model
from trialkit.analysis.linear.linear_model import FactorColumn, Term
from trialkit.analysis.linear.marginal_means import marginal_row
from trialkit.analysis.linear.model_rows import ModelRows, covariate_names, read_model_rows
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    MarginalWeights,
    OutcomeScale,
    RobustCovariance,
)
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SubgroupEffects(Tabular):
    """Adjusted differences between arms within each level of a subgroup, from one model.

    ``interaction`` tests whether they are the same in all levels: it, not the tests within levels,
    answers whether the effect differs. ``excluded`` names the rows left out.
    """

    outcome: str
    reference: object
    scale: OutcomeScale
    subgroup: FactorColumn
    rows: ModelRows
    model: FittedModel
    interaction: FTest

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        arm = self.rows.arm.name
        return f"Effect of {arm} on {self.outcome} by {self.subgroup.name} (n = {self.n})"

    @property
    def n(self) -> int:
        """How many rows are used."""
        return len(self.rows.outcome)

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    def to_frame(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """A row for each level and contrast with the reference arm.

        Columns ``subgroup``, ``level``, ``contrast``, ``n`` and ``n_reference`` (of the two arms in
        that level), ``estimate``, ``se``, ``df``, ``statistic``, ``p_value``, ``conf_low``,
        ``conf_high``, ``conf_level``, and ``interaction_p_value``, the same in all rows. Nothing
        is adjusted for the number of subgroups. On the log scale the effects are ratios.
        """
        arm, subgroup = self.rows.arm, self.subgroup
        pairs = compared_levels(
            arm.levels, comparisons=Comparisons.REFERENCE, reference=self.reference
        )
        cells = [(level, pair) for level in range(len(subgroup.levels)) for pair in pairs]
        rows = np.array([self._effect_row(level, *pair) for level, pair in cells])
        tested = Estimates(
            values=rows @ self.model.fit.coefficients,
            covariance=self.model.covariance_of(rows),
            df=self.model.fit.df,
            family=np.zeros(len(rows), dtype=int),
            means=len(arm.levels),
        ).test(conf_level=conf_level, adjustment=ContrastAdjustment.NONE)
        counts = _cell_counts(arm, subgroup)
        labels = pd.DataFrame(
            {
                "subgroup": subgroup.name,
                "level": [subgroup.levels[level] for level, _ in cells],
                "contrast": arm_contrast_labels(
                    arm.levels, [pair for _, pair in cells], self.scale
                ),
                "n": [int(counts[one, level]) for level, (one, _) in cells],
                "n_reference": [int(counts[other, level]) for level, (_, other) in cells],
            }
        )
        table = pd.concat([labels, tested.drop(columns=["p_adjusted", "adjustment"])], axis=1)
        table["interaction_p_value"] = self.interaction.p_value
        return back_transformed(table, self.scale)

    def _effect_row(self, level: int, one: int, other: int) -> np.ndarray:
        """Weights of the difference between two arms in one level."""
        held = [
            marginal_row(
                self.model.design,
                at={self.rows.arm.name: arm, self.subgroup.name: level},
                weights=MarginalWeights.EQUAL,
            )
            for arm in (one, other)
        ]
        return np.asarray(held[0] - held[1])


def subgroup_effects(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    subgroup: str,
    covariates: Sequence[str] = (),
    robust: RobustCovariance | str | None = None,
    scale: OutcomeScale | str = OutcomeScale.IDENTITY,
    subject: str | None = None,
    order: Order | None = None,
) -> SubgroupEffects:
    """The adjusted difference between arms in each subgroup, and the arm × subgroup interaction.

    Estimand
        In each level of ``subgroup`` the difference in the mean outcome between arms at the same
        covariates; the interaction is the equality of these differences.

    Reference
        Wang, Lagakos, Ware et al., N Engl J Med 2007;357:2189 (interaction before subgroups);
        the model is the analysis of covariance with the interaction, one residual variance.

    Checked against
        ``tests/reference/ancova/subgroups_anorexia.json``

    ``frame`` has one row a subject. ``subgroup`` is taken as a category whatever its type; cut a
    number into stated classes before.
    It must not stand among ``covariates``. The other parameters are those of ``ancova``.

    Raises ``AnalysisError`` for what ``ancova`` refuses, a subgroup among the covariates or of one
    level, and an arm that does not occur in a level of the subgroup (named).
    """
    frame = as_pandas(frame)
    adjusted = covariate_names(covariates)
    if subgroup in adjusted:
        raise AnalysisError(f"subgroup={subgroup!r} is in the model already; drop the covariate")
    modelled = choose(OutcomeScale, scale, parameter="scale")
    named = None if robust is None else choose(RobustCovariance, robust, parameter="robust")
    rows = read_model_rows(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=(*adjusted, subgroup),
        categories=(subgroup,),
        scale=modelled,
        subject=subject,
        order=order,
    )
    split = rows.covariates[-1]
    if not isinstance(split, FactorColumn):
        raise AnalysisError(f"subgroup={subgroup!r} must be a category")
    _refuse_empty_cells(rows.arm, split)
    columns = (*rows.covariates, rows.arm)
    terms: tuple[Term, ...] = (*((each.name,) for each in columns), (split.name, rows.arm.name))
    model = fit_model(columns, terms, rows.outcome, robust=named)
    added = model.design.term_of == len(terms)
    return SubgroupEffects(
        outcome=outcome,
        reference=reference,
        scale=modelled,
        subgroup=split,
        rows=rows,
        model=model,
        interaction=model.f_test(np.eye(len(added))[added]),
    )


def _cell_counts(arm: FactorColumn, subgroup: FactorColumn) -> np.ndarray:
    """Rows of each arm in each level, (arms, levels)."""
    counts = np.zeros((len(arm.levels), len(subgroup.levels)), dtype=int)
    np.add.at(counts, (arm.codes, subgroup.codes), 1)
    return counts


def _refuse_empty_cells(arm: FactorColumn, subgroup: FactorColumn) -> None:
    empty = np.argwhere(_cell_counts(arm, subgroup) == 0)
    if len(empty):
        where = ", ".join(
            f"{arm.levels[a]!r} in {subgroup.name} {subgroup.levels[s]!r}" for a, s in empty
        )
        raise AnalysisError(
            f"no row of {arm.name} {where}: the effect there cannot be estimated",
            advice="merge levels of the subgroup or leave one out",
        )
