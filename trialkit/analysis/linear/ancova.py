"""Analysis of covariance: arms compared in one outcome, adjusted for covariates.

The method is in ``docs/methods/ancova.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.linear.contrasts import (
    Estimates,
    choose_adjustment,
    compared_levels,
    t_critical,
)
from trialkit.analysis.linear.fitted_model import FittedModel, FTest, fit_model
from trialkit.analysis.linear.linear_model import FactorColumn, Term, term_name
from trialkit.analysis.linear.marginal_means import marginal_row
from trialkit.analysis.linear.model_rows import ModelRows, read_model_rows
from trialkit.analysis.linear.named_contrasts import (
    NOWHERE,
    arm_weights,
    contrast_words,
    held_numbers,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    MarginalWeights,
    OutcomeScale,
    RobustCovariance,
    SumOfSquares,
    sum_of_squares_type,
)
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Scale
from trialkit.results.pictures import (
    PictureKind,
    Pictures,
    effects_picture,
    means_picture,
    residuals_picture,
)
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Ancova(Tabular):
    """An analysis of covariance, with what its means, contrasts and diagnostics need.

    ``sum_of_squares``, ``robust`` and ``scale`` are those of the call. ``excluded`` names each row
    left out (``row`` or ``subject``, ``reason``).
    """

    outcome: str
    reference: object
    sum_of_squares: SumOfSquares
    scale: OutcomeScale
    rows: ModelRows
    model: FittedModel

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        adjusted = [each.name for each in self.rows.covariates]
        parts = [f"ANCOVA of {self.outcome} by {self.rows.arm.name}"]
        if adjusted:
            parts.append(f"adjusted for {', '.join(adjusted)}")
        notes = [f"type {int(self.sum_of_squares)}", f"n = {self.n}"]
        if self.scale is OutcomeScale.LOG:
            notes.append("logarithm of the outcome")
        if self.robust is not None:
            notes.append(f"{self.robust.value} standard errors")
        return f"{' '.join(parts)} ({', '.join(notes)})"

    @property
    def robust(self) -> RobustCovariance | None:
        """The heteroscedasticity-consistent covariance used, or None for the ordinary one."""
        return self.model.robust

    @property
    def n(self) -> int:
        """How many rows are used."""
        return len(self.rows.outcome)

    @property
    def counts(self) -> dict[object, int]:
        """How many rows of each arm are used."""
        return self.rows.counts

    @property
    def df(self) -> int:
        """Residual degrees of freedom."""
        return self.model.fit.df

    @property
    def sigma(self) -> float:
        """The residual standard deviation, on the scale of the model."""
        return self.model.fit.sigma

    @property
    def r_squared(self) -> float:
        """The share of the outcome's variance that the model explains."""
        deviations = self.rows.outcome - self.rows.outcome.mean()
        return 1 - self.model.fit.residual_sum_squares / float(deviations @ deviations)

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.EFFECTS: lambda: effects_picture(self.contrasts(), scale=self._scale),
            PictureKind.MEANS: lambda: means_picture(self.marginal_means(), upwards=self.outcome),
            PictureKind.RESIDUALS: lambda: residuals_picture(self.residuals()),
        }

    def to_frame(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """The analysis-of-variance table, a row for each covariate and for the arm.

        Columns ``term``, ``df_num``, ``df_den``, ``statistic`` (F), ``p_value``, and without robust
        standard errors ``sum_squares``, ``partial_eta_squared`` and its limits.
        """
        return self.model.anova_table(self.sum_of_squares, conf_level=conf_level)

    def coefficients(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """The coefficients, arms against the reference, on the scale of the model."""
        return self.model.coefficient_table(conf_level=conf_level)

    def marginal_means(
        self,
        *,
        weights: MarginalWeights | str = MarginalWeights.EQUAL,
        at: Mapping[str, object] = NOWHERE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """The adjusted mean of each arm with its t interval.

        Covariates stand where ``at`` holds them (``at={"age": 50, "site": "Ulm"}``); other numeric
        ones at their mean over the rows used, levels of other categorical ones count
        equally or as they occur (``proportional``). On the log scale the means are geometric, and
        ``se`` is that of the geometric mean (delta method).
        Columns ``arm``, ``n``, ``estimate``, ``se``, ``df``, ``conf_low``, ``conf_high``,
        ``conf_level``.
        """
        check_level(conf_level)
        rows = self._marginal_rows(weights, at)
        estimate = rows @ self.model.fit.coefficients
        se = np.sqrt(np.diag(self.model.covariance_of(rows)))
        reach = t_critical(conf_level, self.df) * se
        table = pd.DataFrame(
            {
                "arm": list(self.rows.arm.levels),
                Stat.N.value: np.bincount(self.rows.arm.codes, minlength=len(rows)),
                Stat.ESTIMATE.value: estimate,
                Stat.SE.value: se,
                Stat.DF.value: float(self.df),
                Stat.CONF_LOW.value: estimate - reach,
                Stat.CONF_HIGH.value: estimate + reach,
                Stat.CONF_LEVEL.value: conf_level,
            }
        )
        return back_transformed(table, self.scale)

    def contrasts(
        self,
        *,
        comparisons: Comparisons | str = Comparisons.REFERENCE,
        adjustment: ContrastAdjustment | str = ContrastAdjustment.NONE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """Adjusted differences between arms, against the reference or of ``all_pairs``.

        On the log scale they are ratios of geometric means (``EG / CG``), with ``se`` that of the
        ratio (delta method) and ``statistic`` that of the logarithm. ``p_adjusted`` and the limits
        answer for all contrasts of the call when there is an ``adjustment``.
        Columns ``contrast``, ``estimate``, ``se``, ``df``, ``statistic``, ``p_value``,
        ``p_adjusted``, ``conf_low``, ``conf_high``, ``conf_level``, ``adjustment``.
        """
        compared = choose(Comparisons, comparisons, parameter="comparisons")
        by = choose_adjustment(adjustment, comparisons=compared)
        arms = self.rows.arm.levels
        pairs = compared_levels(arms, comparisons=compared, reference=self.reference)
        means = self._marginal_rows(MarginalWeights.EQUAL)
        rows = np.array([means[one] - means[other] for one, other in pairs])
        labels = {"contrast": arm_contrast_labels(arms, pairs, self.scale)}
        tested = Estimates(
            values=rows @ self.model.fit.coefficients,
            covariance=self.model.covariance_of(rows),
            df=self.df,
            family=np.zeros(len(rows), dtype=int),
            means=len(arms),
        ).test(conf_level=conf_level, adjustment=by, labels=labels)
        return back_transformed(tested, self.scale)

    def contrast(
        self, arm: object, *, at: Mapping[str, object] = NOWHERE, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """A contrast by the names of arms, in a row as of :meth:`contrasts` without adjustment.

        ``arm`` is an arm (against the reference), a pair ``("A", "B")``, the first less the second,
        or weights by arm: ``{"A": 0.5, "B": 0.5, "CG": -1}``, ``{"A": 1}`` for its mean. ``at`` holds covariates.
        Raises ``AnalysisError`` with the names that there are for one that is not known.
        """
        sign = "/" if self.scale is OutcomeScale.LOG else "-"
        by_arm = arm_weights(arm, self.rows.arm.levels, reference=self.reference, sign=sign)
        rows = by_arm.weights[None] @ self._marginal_rows(MarginalWeights.EQUAL, at)
        tested = Estimates(
            values=rows @ self.model.fit.coefficients,
            covariance=self.model.covariance_of(rows),
            df=self.df,
            family=np.zeros(1, dtype=int),
            means=len(self.rows.arm.levels),
        ).alone(conf_level=conf_level, words=contrast_words(by_arm, None, at))
        return back_transformed(tested, self.scale)

    @property
    def _scale(self) -> Scale:
        return Scale.RATIO if self.scale is OutcomeScale.LOG else Scale.DIFFERENCE

    def slopes_test(self) -> pd.DataFrame:
        """Whether the covariates act alike in all arms: F of their interaction with the arm.

        A row for each covariate, its interaction alone added to the model, and with several
        covariates one for ``all`` interactions together. Columns ``term``, ``df_num``, ``df_den``,
        ``statistic``, ``p_value``, ``note``. Where an arm lacks a level of a covariate, or the
        covariate does not vary in an arm, the degrees of freedom that can be estimated are tested,
        and ``note`` says how many of how many; where there are none the numbers are blank.
        Raises ``AnalysisError`` for a model without covariates.
        """
        arm = self.rows.arm.name
        interactions: list[Term] = [(each.name, arm) for each in self.rows.covariates]
        if not interactions:
            raise AnalysisError("homogeneity of slopes needs a covariate, and the model has none")
        added: list[tuple[str, tuple[Term, ...]]] = [
            (term_name(term), (term,)) for term in interactions
        ]
        if len(interactions) > 1:
            added.append(("all", tuple(interactions)))
        tests = [self._test_of_added(terms) for _, terms in added]
        found = [test for test, _ in tests]
        numbers = {
            Stat.DF_NUM.value: [None if test is None else float(test.df_num) for test in found],
            Stat.DF_DEN.value: [None if test is None else float(test.df_den) for test in found],
            Stat.STATISTIC.value: [None if test is None else test.statistic for test in found],
            Stat.P_VALUE.value: [None if test is None else test.p_value for test in found],
        }
        # blank, not NaN, where there is no test
        blank = {name: pd.array(values, dtype="Float64") for name, values in numbers.items()}
        notes = {"note": [note for _, note in tests]}
        return pd.DataFrame({"term": [name for name, _ in added]} | blank | notes)

    def test(self, matrix: np.ndarray | Sequence[Sequence[float]]) -> FTest:
        """F of a linear hypothesis about :meth:`coefficients`: ``matrix`` (rows, coefficients)."""
        hypothesis = np.atleast_2d(np.asarray(matrix, dtype=float))
        count = len(self.model.fit.coefficients)
        if hypothesis.shape[1] != count:
            raise AnalysisError(
                f"the matrix has {hypothesis.shape[1]} column(s); the model has {count} "
                f"coefficients: {', '.join(self.model.design.names)}"
            )
        if np.linalg.matrix_rank(hypothesis) < len(hypothesis):
            raise AnalysisError("the rows of the matrix depend on each other linearly")
        return self.model.f_test(hypothesis)

    def residuals(self) -> pd.DataFrame:
        """A row for each row used: fitted value, residuals, leverage and Cook's distance."""
        table = self.model.influence_table()
        table.insert(0, "row", self.rows.labels)
        if self.rows.subjects is not None:
            table.insert(1, "subject", self.rows.subjects)
        arms = np.array(self.rows.arm.levels, dtype=object)
        table.insert(len(table.columns) - 5, "arm", arms[self.rows.arm.codes])
        return table

    def _marginal_rows(
        self, weights: MarginalWeights | str, at: Mapping[str, object] = NOWHERE
    ) -> np.ndarray:
        """The row of each arm's marginal mean, (arms, p).

        The arm, the last term, has no interaction, so that the rows differ in its columns alone.
        """
        chosen = choose(MarginalWeights, weights, parameter="weights")
        arm, design = self.rows.arm, self.model.design
        values = held_numbers(at, self.rows.covariates)
        held = marginal_row(design, at={**values, arm.name: arm.base}, weights=chosen)
        rows = np.tile(held, (len(arm.levels), 1))
        rows[:, design.term_of == len(design.terms)] = arm.contrast_matrix(design.coding)
        return rows

    def _test_of_added(self, terms: tuple[Term, ...]) -> tuple[FTest | None, str]:
        """F of interactions with the arm added to the model, and a note where some is lost."""
        try:
            test = self.model.f_test_of_added(terms, self.rows.outcome)
        except AnalysisError as error:
            return None, error.reason
        names = [name for term in terms for name in term[:1]]
        widths = [
            len(each.levels) - 1 if isinstance(each, FactorColumn) else 1
            for each in self.rows.covariates
            if each.name in names
        ]
        whole = sum(widths) * (len(self.rows.arm.levels) - 1)
        if test.df_num == whole:
            return test, ""
        return test, f"{test.df_num} of {whole} degrees of freedom can be estimated"


def ancova(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    sum_of_squares: int = 3,
    robust: RobustCovariance | str | None = None,
    scale: OutcomeScale | str = OutcomeScale.IDENTITY,
    subject: str | None = None,
    order: Order | None = None,
) -> Ancova:
    """Analysis of covariance of an outcome by arm.

    Estimand
        The difference between arms in the mean outcome (or its logarithm) of subjects with the
        same covariates, taken to be the same whatever these are. The outcome is the final value or
        the change as the caller chooses; with the baseline among the covariates both give the same
        differences.

    Reference
        Cochran, Biometrics 1957;13:261; Searle, Speed, Milliken, Am Stat 1980;34:216 (marginal
        means); MacKinnon, White, J Econometrics 1985;29:305 (robust); Dunnett, JASA 1955;50:1096.

    Checked against
        ``tests/reference/ancova/anorexia_change.json``

    ``frame`` has one row a subject. A covariate of numbers is numeric, any other (or one named in
    ``order``) is categorical, with its levels in stated order. ``sum_of_squares`` 1 takes the
    covariates in the order given and the arm last. ``robust`` names a covariance (``HC0`` to
    ``HC4``). ``scale="log"`` models the logarithm. Rows without outcome, arm or a covariate are
    left out and listed in ``.excluded``, by ``subject`` where that column is given.

    Raises ``AnalysisError`` for an unknown, non-numeric, infinite or unordered column, an arm
    without a row, a covariate that is constant, without values or a combination of others (named),
    two rows of a subject, too few rows, no residual variance, values too large or too small to be
    squared, and an outcome of 0 or less on the log scale.
    """
    frame = as_pandas(frame)
    kind = sum_of_squares_type(sum_of_squares, allowed=tuple(SumOfSquares))
    modelled = choose(OutcomeScale, scale, parameter="scale")
    rows = read_model_rows(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        scale=modelled,
        subject=subject,
        order=order,
    )
    columns = (*rows.covariates, rows.arm)
    terms = tuple((column.name,) for column in columns)
    named = None if robust is None else choose(RobustCovariance, robust, parameter="robust")
    return Ancova(
        outcome=outcome,
        reference=reference,
        sum_of_squares=kind,
        scale=modelled,
        rows=rows,
        model=fit_model(columns, terms, rows.outcome, robust=named),
    )


def arm_contrast_labels(
    arms: tuple[object, ...], pairs: list[tuple[int, int]], scale: OutcomeScale
) -> list[str]:
    """``EG - CG``, or ``EG / CG`` where the contrast is a ratio."""
    if scale is OutcomeScale.LOG:
        return [f"{arms[one]} / {arms[other]}" for one, other in pairs]
    return [contrast_label(str(arms[one]), str(arms[other])) for one, other in pairs]


def back_transformed(table: pd.DataFrame, scale: OutcomeScale) -> pd.DataFrame:
    """Estimates and limits as they read: exponentials where the model is of the logarithm."""
    if scale is OutcomeScale.IDENTITY:
        return table
    estimate = np.exp(table[Stat.ESTIMATE.value])
    return table.assign(
        **{
            Stat.ESTIMATE.value: estimate,
            Stat.SE.value: estimate * table[Stat.SE.value],
            Stat.CONF_LOW.value: np.exp(table[Stat.CONF_LOW.value]),
            Stat.CONF_HIGH.value: np.exp(table[Stat.CONF_HIGH.value]),
        }
    )
