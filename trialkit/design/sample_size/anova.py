"""Analyses of variance, one-way and mixed, by the noncentral F; ``docs/methods/sample_size.md``."""

from collections.abc import Sequence
from math import sqrt
from typing import ClassVar, assert_never

import numpy as np

from trialkit.design.sample_size.distributions import FTestPower
from trialkit.design.sample_size.situation import Quantity, Situation, Sizes, lowest_terms
from trialkit.design.sample_size.words import shown
from trialkit.errors import DesignError
from trialkit.protocol.sizing import anova as assumed
from trialkit.protocol.sizing.design import EffectSizeConvention, MixedEffect, SampleSizeMethod


class OneWayAnova(Situation, assumed.OneWayAnova):
    """One-way analysis of variance of independent groups.

    Estimand
        Equality of the groups' means; ``f`` is the SD of the means, weighted by the allocation,
        over the SD within groups (:func:`cohen_f`).

    Reference
        Cohen J. Statistical power analysis for the behavioral sciences, 2nd ed. 1988, chapter 8.

    Checked against
        ``tests/reference/design/sample_size.json`` (R pwr)
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.ONE_WAY_ANOVA
    effect_name: ClassVar[str] = "f"
    has_a_direction: ClassVar[bool] = False
    varied: ClassVar[tuple[str, ...]] = ("f",)

    @property
    def shares(self) -> tuple[int, ...]:
        """The groups' shares, equal where nothing is said."""
        return lowest_terms(self.allocation or (1,) * self.groups)

    def _test(self, sizes: Sizes) -> FTestPower:
        n = sum(sizes)
        return FTestPower(
            df_num=self.groups - 1, df_den=n - self.groups, noncentrality=self.f**2 * n
        )

    def power_of(self, sizes: Sizes) -> float:
        """The exact power."""
        return self._test(sizes).power(self.alpha)

    def possible(self, sizes: Sizes) -> bool:
        """Every group has somebody, and there is an error degree of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= self.groups + 1

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect an effect of f = {shown(self.f)} between {self.groups} groups by a one-way "
            f"analysis of variance at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Noncentrality, critical value and degrees of freedom."""
        return f_quantities(self._test(sizes), self.alpha)


class MixedAnova(Situation, assumed.MixedAnova):
    """Mixed analysis of variance: an effect between groups, within visits, or their interaction.

    Estimand
        Equality of means over groups, visits, or of the changes between groups.

    Reference
        Faul F, Erdfelder E, Lang AG, Buchner A. G*Power 3. Behav Res Methods 2007;39:175-191.

    Checked against
        ``tests/reference/design/published.json`` (G*Power 3.1, pwrss)

    The convention says what ``f`` means; see the three on the method's page. With two groups and
    two visits the interaction is the t test of the changes.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.MIXED_ANOVA
    effect_name: ClassVar[str] = "f"

    has_a_direction: ClassVar[bool] = False
    varied: ClassVar[tuple[str, ...]] = ("f", "correlation", "epsilon")

    @property
    def shares(self) -> tuple[int, ...]:
        """The groups' shares, equal where nothing is said."""
        return lowest_terms(self.allocation or (1,) * self.groups)

    def _test(self, sizes: Sizes) -> FTestPower:
        n, k, m, epsilon = sum(sizes), self.groups, self.visits, self.epsilon
        if self.effect is MixedEffect.BETWEEN:
            rho = self.correlation or 0.0
            shift = self.f**2 * n * m / (1 + (m - 1) * rho)
            return FTestPower(df_num=k - 1, df_den=n - k, noncentrality=shift)
        contrasts = (k - 1) if self.effect is MixedEffect.INTERACTION else 1
        df_den = (n - k) * (m - 1) * epsilon
        return FTestPower(
            df_num=contrasts * (m - 1) * epsilon,
            df_den=df_den,
            noncentrality=self._noncentrality(n, df_den),
        )

    def _noncentrality(self, n: float, df_den: float) -> float:
        match self.convention:
            case EffectSizeConvention.GPOWER:
                rho = self.correlation or 0.0
                return self.f**2 * n * self.visits * self.epsilon / (1 - rho)
            case EffectSizeConvention.COHEN:
                return self.f**2 * n * self.epsilon
            case EffectSizeConvention.SPSS:
                return self.f**2 * df_den
            case _:
                assert_never(self.convention)

    def power_of(self, sizes: Sizes) -> float:
        """The power, exact under sphericity."""
        return self._test(sizes).power(self.alpha)

    def possible(self, sizes: Sizes) -> bool:
        """Every group has somebody, and there is an error degree of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= self.groups + 1

    def question(self) -> str:
        """What is to be shown."""
        effect = {
            MixedEffect.BETWEEN: "a difference between groups",
            MixedEffect.WITHIN: "a difference between visits",
            MixedEffect.INTERACTION: "an interaction of group and visit",
        }[self.effect]
        correlation = "" if self.correlation is None else f", correlation {shown(self.correlation)}"
        return (
            f"to detect {effect} of f = {shown(self.f)} ({convention_shown(self.convention)}"
            f"{correlation}, epsilon {shown(self.epsilon)}) with {self.groups} group(s) and "
            f"{self.visits} visits by a mixed analysis of variance at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Noncentrality, critical value and degrees of freedom."""
        return f_quantities(self._test(sizes), self.alpha)

    def notes(self) -> tuple[str, ...]:
        """Which convention f follows: the other two give other sizes."""
        told = (
            f"f is {convention_shown(self.convention)}; under G*Power's other options the same "
            "number means another effect"
        )
        return (told,)


def cohen_f(means: Sequence[float], *, sd: float, allocation: Sequence[int] | None = None) -> float:
    """Cohen's f of groups' means: their SD, weighted by the allocation, over the SD within."""
    weights = np.ones(len(means)) if allocation is None else np.asarray(allocation, dtype=float)
    if len(means) < 2 or len(weights) != len(means) or not (weights > 0).all() or not sd > 0:
        raise DesignError("cohen_f needs two means or more, as many shares above 0, and sd above 0")
    values = np.asarray(means, dtype=float)
    centre = np.average(values, weights=weights)
    return sqrt(float(np.average((values - centre) ** 2, weights=weights))) / sd


def mixed_f(
    means: Sequence[Sequence[float]], *, sd: float, effect: MixedEffect = MixedEffect.INTERACTION
) -> float:
    """F as in G*Power 3.0 of a table of means, one row a group and one column a visit."""
    table = np.asarray(means, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2 or not np.isfinite(table).all() or not sd > 0:
        raise DesignError("means must be rows of visits' means, one row a group, and sd above 0")
    centre = table.mean()
    groups = table.mean(axis=1, keepdims=True) - centre
    visits = table.mean(axis=0, keepdims=True) - centre
    match effect:
        case MixedEffect.BETWEEN:
            parts = groups
        case MixedEffect.WITHIN:
            parts = visits
        case MixedEffect.INTERACTION:
            parts = table - centre - groups - visits
        case _:
            assert_never(effect)
    return sqrt(float((parts**2).mean())) / sd


def f_from_partial_eta_squared(partial_eta_squared: float) -> float:
    """F of a partial η². From SPSS's η² of repeated measures this is f of the convention ``spss``."""
    if not 0 < partial_eta_squared < 1:
        raise DesignError(f"a partial η² lies between 0 and 1, got {partial_eta_squared:g}")
    return sqrt(partial_eta_squared / (1 - partial_eta_squared))


def convention_shown(convention: EffectSizeConvention) -> str:
    """The convention by the name of G*Power's option."""
    match convention:
        case EffectSizeConvention.GPOWER:
            return "as in G*Power 3.0"
        case EffectSizeConvention.COHEN:
            return "as in Cohen (1988)"
        case EffectSizeConvention.SPSS:
            return "as in SPSS"
        case _:
            assert_never(convention)


def f_quantities(test: FTestPower, alpha: float) -> tuple[Quantity, ...]:
    """What every F test goes through."""
    return (
        Quantity(name="noncentrality", value=test.noncentrality),
        Quantity(name="critical_f", value=test.critical(alpha)),
        Quantity(name="df_num", value=test.df_num),
        Quantity(name="df_den", value=test.df_den),
    )
