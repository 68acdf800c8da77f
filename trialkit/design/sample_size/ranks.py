"""Wilcoxon's tests, by their efficiency relative to t; see ``docs/methods/sample_size.md``."""

from math import pi, sqrt
from typing import ClassVar, assert_never

from trialkit.design.sample_size.distributions import TTestPower, scale_of_two_means
from trialkit.design.sample_size.situation import Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import pairs_shown, sd_of_differences, sides_shown
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import ranks as assumed
from trialkit.protocol.sizing.design import ParentDistribution, SampleSizeMethod

_NOTE = "the power is that of t with the size times the asymptotic relative efficiency"


class MannWhitney(Situation, assumed.MannWhitney):
    """Wilcoxon's rank-sum (Mann–Whitney) test of a shift between two arms.

    Estimand
        A shift of the whole distribution, in the unit of ``sd``.

    Reference
        Guenther WC. Am Stat 1981;35:243-244. Lehmann EL. Nonparametrics, 1975, chapter 2.

    Checked against
        ``tests/reference/design/sample_size.json`` (R pwr, times π/3)
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.MANN_WHITNEY
    varied: ClassVar[tuple[str, ...]] = ("difference", "sd")

    def power_of(self, sizes: Sizes) -> float:
        """The power of t with as many as the test is worth."""
        worth = relative_efficiency(self.parent)
        scale = self.sd * scale_of_two_means(*(size * worth for size in sizes))
        test = TTestPower(df=sum(sizes) * worth - 2, noncentrality=self.difference / scale)
        return test.power(self.alpha, self.sides)

    def possible(self, sizes: Sizes) -> bool:
        """Both arms have somebody, and there are degrees of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= 4

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect a shift of {shown(self.difference)} with an SD of {shown(self.sd)} by a "
            f"{sides_shown(self.sides)} Mann–Whitney test ({self.parent.value} distribution) at "
            f"the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """The efficiency."""
        del sizes
        return (Quantity(name="relative_efficiency", value=relative_efficiency(self.parent)),)

    def notes(self) -> tuple[str, ...]:
        """How the power was found."""
        return (_NOTE,)


class SignedRank(Situation, assumed.SignedRank):
    """Wilcoxon's signed-rank test of paired differences.

    Estimand
        A shift of the differences from 0, in the unit of ``sd``.

    Reference
        Guenther WC. Am Stat 1981;35:243-244. Lehmann EL. Nonparametrics, 1975, chapter 4.

    Checked against
        ``tests/reference/design/sample_size.json`` (R pwr, times π/3)
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.SIGNED_RANK
    varied: ClassVar[tuple[str, ...]] = ("difference", "sd")

    def power_of(self, sizes: Sizes) -> float:
        """The power of the paired t with as many as the test is worth."""
        n = sizes[0] * relative_efficiency(self.parent)
        sd = sd_of_differences(self.sd, self.correlation)
        test = TTestPower(df=n - 1, noncentrality=self.difference * sqrt(n) / sd)
        return test.power(self.alpha, self.sides)

    def possible(self, sizes: Sizes) -> bool:
        """Enough for degrees of freedom."""
        return sizes[0] >= 3

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect a shift of {shown(self.difference)} with "
            f"{pairs_shown(self.sd, self.correlation)} by a {sides_shown(self.sides)} Wilcoxon "
            f"signed-rank test ({self.parent.value} distribution) at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """The efficiency."""
        del sizes
        return (Quantity(name="relative_efficiency", value=relative_efficiency(self.parent)),)

    def notes(self) -> tuple[str, ...]:
        """How the power was found."""
        return (_NOTE,)


def relative_efficiency(parent: ParentDistribution) -> float:
    """Asymptotic relative efficiency of Wilcoxon's tests against t, by the outcome's shape."""
    match parent:
        case ParentDistribution.NORMAL:
            return 3 / pi
        case ParentDistribution.UNIFORM:
            return 1.0
        case ParentDistribution.LOGISTIC:
            return pi**2 / 9
        case ParentDistribution.LAPLACE:
            return 1.5
        case ParentDistribution.WORST:
            return 0.864
        case _:
            assert_never(parent)
