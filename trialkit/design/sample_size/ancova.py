"""Analysis of covariance, by the residual SD or by f; see ``docs/methods/sample_size.md``."""

from math import sqrt
from typing import ClassVar

import numpy as np
from scipy.special import roots_legendre

from trialkit.analysis.distributions import fisher
from trialkit.design.sample_size.anova import f_quantities
from trialkit.design.sample_size.distributions import FTestPower, TTestPower, scale_of_two_means
from trialkit.design.sample_size.situation import Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import sides_shown, t_quantities
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import means as assumed
from trialkit.protocol.sizing.design import CovariateBalance, SampleSizeMethod

_NODES, _WEIGHTS = roots_legendre(128)


class Ancova(Situation, assumed.Ancova):
    """Two arms compared with the baseline, or several covariates, held equal.

    Estimand
        Difference in adjusted means, experimental minus reference, in the unit of ``sd``.

    Reference
        Borm GF, Fransen J, Lemmens WAJG. J Clin Epidemiol 2007;60:1234-1238 (who stop at the factor
        1 − ρ², which is one participant an arm short). Shieh G. Psychometrika 2020;85:101-120
        (random covariates).

    Checked against
        ``tests/reference/design/published.json`` (closed form)

    Noncentral t with the residual SD sd √(1 − ρ²) and n − 2 − covariates degrees of freedom, exact
    for covariates with equal means in the arms. With ``balance = "random"`` the power is averaged
    over the imbalance that normal covariates have by chance.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.ANCOVA
    varied: ClassVar[tuple[str, ...]] = ("difference", "sd", "correlation")

    def _test(self, sizes: Sizes) -> TTestPower:
        scale = residual_sd(self) * scale_of_two_means(*sizes)
        return TTestPower(
            df=sum(sizes) - 2 - self.covariates, noncentrality=self.difference / scale
        )

    def power_of(self, sizes: Sizes) -> float:
        """The power, given balanced covariates or expected over random ones."""
        test = self._test(sizes)
        if self.balance is CovariateBalance.BALANCED:
            return test.power(self.alpha, self.sides)
        q, df = self.covariates, test.df
        # the imbalance inflates the variance by 1 + q F / df, with F of q and n - 1 - q df
        imbalance = fisher.ppf((_NODES + 1) / 2, q, df + 1)
        inflated = test.noncentrality / np.sqrt(1 + q * imbalance / (df + 1))
        power = test.power_at(inflated, self.alpha, self.sides)
        return float(np.dot(_WEIGHTS / 2, power))

    def possible(self, sizes: Sizes) -> bool:
        """Both arms have somebody, and there is a degree of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= 3 + self.covariates

    def question(self) -> str:
        """What is to be shown."""
        covariates = (
            "a covariate that correlates"
            if self.covariates == 1
            else f"{self.covariates} covariates that together correlate"
        )
        return (
            f"to detect a difference in adjusted means of {shown(self.difference)} with an SD of "
            f"{shown(self.sd)} and {covariates} {shown(self.correlation)} with the outcome by a "
            f"{sides_shown(self.sides)} analysis of covariance at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Residual SD, noncentrality, critical value and degrees of freedom."""
        residual = Quantity(name="residual_sd", value=residual_sd(self))
        return (residual, *t_quantities(self._test(sizes), self.alpha, self.sides))


class AncovaF(Situation, assumed.AncovaF):
    """G*Power's analysis of covariance: main effects and interactions, by f of adjusted means.

    Estimand
        Equality of the adjusted means; ``f`` is their SD over the residual SD.

    Reference
        Faul F, Erdfelder E, Lang AG, Buchner A. G*Power 3. Behav Res Methods 2007;39:175-191.

    Checked against
        ``tests/reference/design/published.json`` (G*Power)
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.ANCOVA_F
    effect_name: ClassVar[str] = "f"
    has_a_direction: ClassVar[bool] = False
    varied: ClassVar[tuple[str, ...]] = ("f",)

    @property
    def shares(self) -> tuple[int, ...]:
        """Equal groups."""
        return (1,) * self.groups

    def _test(self, sizes: Sizes) -> FTestPower:
        n = sum(sizes)
        df_den = n - self.groups - self.covariates
        return FTestPower(df_num=self.df_num, df_den=df_den, noncentrality=self.f**2 * n)

    def power_of(self, sizes: Sizes) -> float:
        """The exact power, for covariates with equal means in the groups."""
        return self._test(sizes).power(self.alpha)

    def possible(self, sizes: Sizes) -> bool:
        """Every group has somebody, and there is an error degree of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= self.groups + self.covariates + 1

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect an effect of f = {shown(self.f)} with {self.df_num} numerator degree(s) of "
            f"freedom in {self.groups} groups by an analysis of covariance with "
            f"{self.covariates} covariate(s) at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Noncentrality, critical value and degrees of freedom."""
        return f_quantities(self._test(sizes), self.alpha)


def residual_sd(situation: assumed.Ancova) -> float:
    """The SD that the covariates leave."""
    return situation.sd * sqrt(1 - situation.correlation**2)
