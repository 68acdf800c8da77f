"""Correlation, χ² of a table, F of a linear model; see ``docs/methods/sample_size.md``."""

from math import atanh, sqrt
from typing import ClassVar

import numpy as np
from scipy.special import ndtr, roots_legendre

from trialkit.analysis.distributions import chi_squared, student
from trialkit.design.sample_size.anova import f_quantities
from trialkit.design.sample_size.distributions import ChiSquareTest, FTestPower, TTestPower
from trialkit.design.sample_size.situation import EffectRange, Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import sides_shown
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import association as assumed
from trialkit.protocol.sizing.design import CorrelationPower, SampleSizeMethod

_NODES, _WEIGHTS = roots_legendre(128)
_TAIL = 1e-15


class Correlation(Situation, assumed.Correlation):
    """The t test that two normal variables are uncorrelated.

    Estimand
        Pearson's correlation.

    Reference
        Hotelling H. J R Stat Soc B 1953;15:193-232 (the distribution of r). Cohen J. 1988,
        chapter 3.

    Checked against
        ``tests/reference/design/sample_size.json`` (R pwr; the exact one by the density of r in R)

    Exact: given one variable, t is noncentral; its noncentrality is averaged over that variable.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.CORRELATION
    effect_name: ClassVar[str] = "correlation"
    varied: ClassVar[tuple[str, ...]] = ("correlation",)
    not_analysed: ClassVar[str] = "trialkit cannot yet analyse correlations"

    def power_of(self, sizes: Sizes) -> float:
        """The power, exact or by Fisher's z."""
        (n,) = sizes
        limit = float(student.isf(self.alpha / self.sides, n - 2))
        rho = abs(self.correlation)
        if self.test is CorrelationPower.FISHER_Z:
            critical = atanh(limit / sqrt(limit**2 + n - 2))
            z = atanh(rho) + rho / (2 * (n - 1))
            power = float(ndtr((z - critical) * sqrt(n - 3)))
            other = float(ndtr((-z - critical) * sqrt(n - 3)))
            return power + (other if self.sides == 2 else 0.0)
        low, high = float(chi_squared.ppf(_TAIL, n - 1)), float(chi_squared.isf(_TAIL, n - 1))
        half = (high - low) / 2
        squares = low + half * (_NODES + 1)
        shift = rho / sqrt(1 - rho**2) * np.sqrt(squares)
        power_given = TTestPower(df=n - 2, noncentrality=0.0).power_at(
            shift, self.alpha, self.sides
        )
        return float(half * np.dot(_WEIGHTS, power_given * chi_squared.pdf(squares, n - 1)))

    def possible(self, sizes: Sizes) -> bool:
        """Four participants, as Fisher's z needs."""
        return sizes[0] >= 4

    def effect_range(self) -> EffectRange:
        """From 0 to ±1."""
        return EffectRange(null=0.0, limit=1.0 if self.correlation > 0 else -1.0)

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect a correlation of {shown(self.correlation)} by a {sides_shown(self.sides)} "
            f"t test at the level {shown(self.alpha)}"
        )


class ChiSquare(Situation, assumed.ChiSquare):
    """A χ² test of a table of counts.

    Estimand
        Cohen's w: the root of the sum of squared differences of the cells' probabilities from
        those of the hypothesis, each over the latter.

    Reference
        Cohen J. Statistical power analysis for the behavioral sciences, 2nd ed. 1988, chapter 7.

    Checked against
        ``tests/reference/design/sample_size.json`` (R pwr)
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.CHI_SQUARE
    effect_name: ClassVar[str] = "w"
    has_a_direction: ClassVar[bool] = False
    varied: ClassVar[tuple[str, ...]] = ("w",)
    not_analysed: ClassVar[str] = "trialkit analyses 2 × 2 tables, not yet larger ones"

    def power_of(self, sizes: Sizes) -> float:
        """The power by the noncentral χ²."""
        return ChiSquareTest(df=self.df, noncentrality=self.w**2 * sizes[0]).power(self.alpha)

    def possible(self, sizes: Sizes) -> bool:
        """Somebody to count."""
        return sizes[0] >= 1

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect an effect of w = {shown(self.w)} by a χ² test with {self.df} degree(s) of "
            f"freedom at the level {shown(self.alpha)}"
        )


class LinearModelF(Situation, assumed.LinearModelF):
    """F of some or all predictors of a linear model.

    Estimand
        Cohen's f² = R² / (1 − R²), partial when not all predictors are tested.

    Reference
        Cohen J. Statistical power analysis for the behavioral sciences, 2nd ed. 1988, chapter 9.

    Checked against
        ``tests/reference/design/sample_size.json`` (R pwr)

    The noncentrality is f² times all participants, as in G*Power.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.LINEAR_MODEL_F
    effect_name: ClassVar[str] = "f_squared"
    has_a_direction: ClassVar[bool] = False
    varied: ClassVar[tuple[str, ...]] = ("f_squared",)
    not_analysed: ClassVar[str] = "trialkit analyses arms with covariates, not yet any linear model"

    def _test(self, sizes: Sizes) -> FTestPower:
        (n,) = sizes
        df_den = n - (self.predictors or self.tested) - 1
        return FTestPower(df_num=self.tested, df_den=df_den, noncentrality=self.f_squared * n)

    def power_of(self, sizes: Sizes) -> float:
        """The exact power, given the predictors."""
        return self._test(sizes).power(self.alpha)

    def possible(self, sizes: Sizes) -> bool:
        """An error degree of freedom."""
        return sizes[0] >= (self.predictors or self.tested) + 2

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect an effect of f² = {shown(self.f_squared)} of {self.tested} of "
            f"{self.predictors or self.tested} predictor(s) by F at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Noncentrality, critical value and degrees of freedom."""
        return f_quantities(self._test(sizes), self.alpha)
