"""A fitted linear mixed model with random intercepts, and what can be asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.linear.ancova import arm_contrast_labels, back_transformed
from trialkit.analysis.linear.contrasts import (
    Estimates,
    choose_adjustment,
    compared_levels,
)
from trialkit.analysis.linear.linear_model import Design, term_hypotheses, term_name
from trialkit.analysis.linear.marginal_means import marginal_row
from trialkit.analysis.linear.model_rows import ModelRows
from trialkit.analysis.linear.named_contrasts import (
    NOWHERE,
    arm_weights,
    contrast_words,
    held_numbers,
)
from trialkit.analysis.mixed.group_sizes import group_sizes
from trialkit.analysis.mixed.groupings import RowGrouping
from trialkit.analysis.mixed.intraclass import intraclass_correlations
from trialkit.analysis.mixed.profiling import limits_note, variance_limits
from trialkit.analysis.mixed.variance_fit import VarianceFit
from trialkit.analysis.repeated import kenward_roger, satterthwaite
from trialkit.analysis.repeated.fitted import FStatistic
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    MarginalWeights,
    OutcomeScale,
    SumOfSquares,
)
from trialkit.protocol.methods.mixed_models import IccLimits, MixedInference
from trialkit.protocol.methods.repeated import Likelihood
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Scale
from trialkit.results.pictures import PictureKind, Pictures, effects_picture, means_picture
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LinearMixedFit(Tabular):
    """A linear mixed model: fixed effects, an intercept of each level of the groupings, residuals.

    ``what`` is the kind of model, for the title. ``residual_names`` names the residual variances, one or
    one an arm. ``held`` are factors that a marginal mean holds at a level (its number). ``excluded`` names
    each row left out (``row`` or ``subject``, ``reason``).
    """

    what: str
    outcome: str
    reference: object
    scale: OutcomeScale
    likelihood: Likelihood
    inference: MixedInference
    rows: ModelRows
    design: Design
    groupings: tuple[RowGrouping, ...]
    residual_names: tuple[str, ...]
    classes: np.ndarray
    held: Mapping[str, int]
    model: VarianceFit

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        sizes = [f"{len(each.levels):,} of {each.name}" for each in self.groupings]
        logarithm = ["logarithm of the outcome"] if self.scale is OutcomeScale.LOG else []
        notes = [
            *logarithm,
            self.likelihood.value.upper(),
            f"{self.inference.value} degrees of freedom",
            f"intercepts: {', '.join(sizes)}",
            f"n = {self.n}",
        ]
        return f"{self.what} of {self.outcome} by {self.rows.arm.name} ({', '.join(notes)})"

    @property
    def n(self) -> int:
        """How many rows are used."""
        return len(self.rows.outcome)

    @property
    def counts(self) -> dict[object, int]:
        """How many rows of each arm are used."""
        return self.rows.counts

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    @property
    def log_likelihood(self) -> float:
        """The maximised log-likelihood, restricted under REML, as lme4 has it."""
        return self.model.log_likelihood

    @property
    def note(self) -> str:
        """Which variances are estimated as 0 (lme4: a singular fit); empty where none is."""
        zero = [
            repr(each.name)
            for each, variance in zip(self.groupings, self.model.at.theta, strict=False)
            if variance == 0
        ]
        if not zero:
            return ""
        return f"the variance between levels of {', '.join(zero)} is estimated as 0, its boundary"

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        scale = Scale.RATIO if self.scale is OutcomeScale.LOG else Scale.DIFFERENCE
        return {
            PictureKind.EFFECTS: lambda: effects_picture(self.contrasts(), scale=scale),
            PictureKind.MEANS: lambda: means_picture(self.marginal_means(), upwards=self.outcome),
        }

    def to_frame(self) -> pd.DataFrame:
        """The contrasts between arms, with 95 % limits."""
        return self.contrasts()

    @one_thread()
    def coefficients(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """The coefficients in treatment coding, on the scale of the model.

        Columns ``term``, ``estimate``, ``se``, ``df``, ``statistic``, ``p_value``, ``conf_low``,
        ``conf_high``, ``conf_level``.
        """
        names = self.design.names
        table = self._estimates(np.eye(len(names)), means=2).test(
            conf_level=conf_level,
            adjustment=ContrastAdjustment.NONE,
            labels={"term": list(names)},
        )
        return table.drop(columns=[Stat.P_ADJUSTED.value, "adjustment"])

    @one_thread()
    def marginal_means(
        self,
        *,
        weights: MarginalWeights | str = MarginalWeights.EQUAL,
        at: Mapping[str, object] = NOWHERE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """The adjusted mean of each arm with its t interval, for a level of average intercept.

        Covariates stand as in ``ancova``, where ``at`` holds them; on the log scale the means are geometric. Columns ``arm``, ``n``,
        ``estimate``, ``se``, ``df``, ``conf_low``, ``conf_high``, ``conf_level``.
        """
        arms = self.rows.arm.levels
        labels = {
            "arm": list(arms),
            Stat.N.value: np.bincount(self.rows.arm.codes, minlength=len(arms)),
        }
        table = self._estimates(self._marginal_rows(weights, at), means=len(arms)).test(
            conf_level=conf_level, adjustment=ContrastAdjustment.NONE, labels=labels
        )
        tests = [Stat.STATISTIC.value, Stat.P_VALUE.value, Stat.P_ADJUSTED.value, "adjustment"]
        return back_transformed(table.drop(columns=tests), self.scale)

    @one_thread()
    def contrasts(
        self,
        *,
        comparisons: Comparisons | str = Comparisons.REFERENCE,
        adjustment: ContrastAdjustment | str = ContrastAdjustment.NONE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """Adjusted differences between arms, against the reference or of ``all_pairs``.

        Each contrast has its own degrees of freedom. On the log scale they are ratios of geometric means.
        Columns ``contrast``, ``estimate``, ``se``, ``df``, ``statistic``, ``p_value``,
        ``p_adjusted``, ``conf_low``, ``conf_high``, ``conf_level``, ``adjustment``.
        """
        compared = choose(Comparisons, comparisons, parameter="comparisons")
        by = choose_adjustment(adjustment, comparisons=compared)
        arms = self.rows.arm.levels
        pairs = compared_levels(arms, comparisons=compared, reference=self.reference)
        means = self._marginal_rows(MarginalWeights.EQUAL)
        rows = np.array([means[one] - means[other] for one, other in pairs])
        tested = self._estimates(rows, means=len(arms)).test(
            conf_level=conf_level,
            adjustment=by,
            labels={"contrast": arm_contrast_labels(arms, pairs, self.scale)},
        )
        return back_transformed(tested, self.scale)

    @one_thread()
    def contrast(
        self, arm: object, *, at: Mapping[str, object] = NOWHERE, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """A contrast by the names of arms, as that of ``ancova``."""
        sign = "/" if self.scale is OutcomeScale.LOG else "-"
        by_arm = arm_weights(arm, self.rows.arm.levels, reference=self.reference, sign=sign)
        rows = by_arm.weights[None] @ self._marginal_rows(MarginalWeights.EQUAL, at)
        tested = self._estimates(rows, means=len(self.rows.arm.levels)).alone(
            conf_level=conf_level, words=contrast_words(by_arm, None, at)
        )
        return back_transformed(tested, self.scale)

    @one_thread()
    def term_tests(self) -> pd.DataFrame:
        """The type III F test of each term: ``term``, ``df_num``, ``df_den``, ``statistic``, ``p_value``."""
        hypotheses = term_hypotheses(self.design, SumOfSquares.PARTIAL)
        tests = [self.test(each) for each in hypotheses]
        return pd.DataFrame(
            {
                "term": [term_name(term) for term in self.design.terms],
                Stat.DF_NUM.value: [float(each.df_num) for each in tests],
                Stat.DF_DEN.value: [each.df_den for each in tests],
                Stat.STATISTIC.value: [each.statistic for each in tests],
                Stat.P_VALUE.value: [
                    float(fdtrc(each.df_num, each.df_den, each.statistic)) for each in tests
                ],
            }
        )

    def test(self, matrix: np.ndarray) -> FStatistic:
        """F of a linear hypothesis about :meth:`coefficients`: ``matrix`` (rows, coefficients)."""
        hypothesis = np.atleast_2d(np.asarray(matrix, dtype=float))
        count = len(self.design.names)
        if hypothesis.shape[1] != count or not np.isfinite(hypothesis).all():
            raise AnalysisError(
                f"the matrix needs a finite number for each of the {count} coefficients "
                f"({', '.join(self.design.names)}), got shape {hypothesis.shape}"
            )
        if not hypothesis.any():
            raise AnalysisError("a hypothesis of zeros tests nothing")
        match self.inference:
            case MixedInference.KENWARD_ROGER:
                return kenward_roger.matrix_test(self.model.fitted, hypothesis)
            case MixedInference.SATTERTHWAITE:
                return satterthwaite.matrix_test(self.model.fitted, hypothesis)

    @one_thread()
    def variance_components(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """The variance of each grouping's intercepts and of the residuals, with profile limits.

        Columns ``component``, ``estimate`` (a variance), ``sd``, ``conf_low`` and ``conf_high`` (of the
        variance: what the restricted, under ML the full, likelihood ratio does not reject), ``conf_level``,
        ``note`` (where the estimate is at its boundary, 0, or limits could not be found).
        """
        check_level(conf_level)
        names = [each.name for each in self.groupings] + list(self.residual_names)
        variances = self.model.variances
        limits = [
            variance_limits(self.model, which, conf_level=conf_level)
            for which in range(len(variances))
        ]
        return pd.DataFrame(
            {
                "component": names,
                Stat.ESTIMATE.value: variances,
                Stat.SD.value: np.sqrt(variances),
                Stat.CONF_LOW.value: [low for low, _ in limits],
                Stat.CONF_HIGH.value: [high for _, high in limits],
                Stat.CONF_LEVEL.value: conf_level,
                "note": [
                    limits_note(low) or ("" if variance else "estimated as 0, its boundary")
                    for variance, (low, _) in zip(variances, limits, strict=True)
                ],
            }
        )

    @one_thread()
    def icc(
        self, *, limits: IccLimits | str | None = None, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """The intraclass correlation of each grouping, given the fixed effects.

        That of two rows of the same level: the variance of the grouping and of those that it stands within,
        over all variances; with residual variances by arm a row for each arm that has the grouping.
        ``limits`` are ``exact`` (one grouping and one residual variance; then the default) or
        ``profile``. Columns ``grouping``, ``arm`` (None for all), ``estimate``, ``conf_low``,
        ``conf_high``, ``conf_level``, ``limits``, ``note``.

        Raises ``AnalysisError`` for exact limits of a model that has none.
        """
        return intraclass_correlations(
            self.model,
            self.groupings,
            self.classes,
            self.rows.arm.levels if len(self.residual_names) > 1 else (None,),
            limits=limits,
            conf_level=conf_level,
        )

    def group_sizes(self) -> pd.DataFrame:
        """How many levels each grouping has in each arm, and of what size.

        Columns ``grouping``, ``arm``, ``levels``, ``n`` (rows), ``mean``, ``sd``, ``min``, ``max`` of the
        rows of a level in the arm, ``cv`` (SD over mean, of the population of these levels).
        """
        return group_sizes(self.groupings, self.rows.arm)

    def _estimates(self, rows: np.ndarray, *, means: int) -> Estimates:
        fitted = self.model.fitted
        internal = fitted.internal(rows)
        return Estimates(
            values=internal @ fitted.estimate,
            covariance=internal @ fitted.covariance @ internal.T,
            df=satterthwaite.vector_df(fitted, rows),
            family=np.zeros(len(rows), dtype=int),
            means=means,
        )

    def _marginal_rows(
        self, weights: MarginalWeights | str, at: Mapping[str, object] = NOWHERE
    ) -> np.ndarray:
        """The row of each arm's marginal mean, (arms, p)."""
        chosen = choose(MarginalWeights, weights, parameter="weights")
        arm = self.rows.arm
        values = held_numbers(at, self.rows.covariates)
        return np.array(
            [
                marginal_row(
                    self.design, at={**self.held, **values, arm.name: code}, weights=chosen
                )
                for code in range(len(arm.levels))
            ]
        )
