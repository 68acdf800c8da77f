"""Student's t of two arms and of pairs, by the noncentral t; ``docs/methods/sample_size.md``."""

from math import sqrt
from typing import ClassVar

from trialkit.design.sample_size.distributions import TTestPower, scale_of_two_means
from trialkit.design.sample_size.situation import Quantity, Situation, Sizes
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import means as assumed
from trialkit.protocol.sizing.design import SampleSizeMethod


class TwoSampleT(Situation, assumed.TwoSampleT):
    """Student's t test of two independent arms.

    Estimand
        Mean of the experimental arm minus mean of the reference, in the unit of ``sd``.

    Reference
        Cohen J. Statistical power analysis for the behavioral sciences, 2nd ed. 1988, chapter 2.

    Checked against
        ``tests/reference/design/sample_size.json`` (R stats::power.t.test, pwr, rpact)

    Exact: noncentral t with n − 2 degrees of freedom. Two-sided power counts both directions, as
    R's ``power.t.test(strict = TRUE)`` and G*Power do; rpact counts the effect's direction alone,
    which is ``sides = 1`` with half of alpha.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.TWO_SAMPLE_T
    varied: ClassVar[tuple[str, ...]] = ("difference", "sd")

    def _test(self, sizes: Sizes) -> TTestPower:
        scale = self.sd * scale_of_two_means(*sizes)
        return TTestPower(df=sum(sizes) - 2, noncentrality=self.difference / scale)

    def power_of(self, sizes: Sizes) -> float:
        """The exact power."""
        return self._test(sizes).power(self.alpha, self.sides)

    def possible(self, sizes: Sizes) -> bool:
        """Both arms have somebody, and there is a degree of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= 3

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect a difference in means of {shown(self.difference)} with an SD of "
            f"{shown(self.sd)} by a {sides_shown(self.sides)} two-sample t test at the level "
            f"{shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Noncentrality, critical value and degrees of freedom."""
        return t_quantities(self._test(sizes), self.alpha, self.sides)


class PairedT(Situation, assumed.PairedT):
    """Paired t test of two measurements of the same participants.

    Estimand
        Mean of the differences, in the unit of ``sd``.

    Reference
        Cohen J. Statistical power analysis for the behavioral sciences, 2nd ed. 1988, chapter 2.

    Checked against
        ``tests/reference/design/sample_size.json`` (R pwr)

    With ``correlation`` the SD of the differences is sd √(2 (1 − correlation)).
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.PAIRED_T
    varied: ClassVar[tuple[str, ...]] = ("difference", "sd")

    def _test(self, sizes: Sizes) -> TTestPower:
        (n,) = sizes
        sd = sd_of_differences(self.sd, self.correlation)
        return TTestPower(df=n - 1, noncentrality=self.difference * sqrt(n) / sd)

    def power_of(self, sizes: Sizes) -> float:
        """The exact power."""
        return self._test(sizes).power(self.alpha, self.sides)

    def possible(self, sizes: Sizes) -> bool:
        """Two participants, for a degree of freedom."""
        return sizes[0] >= 2

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect a mean difference of {shown(self.difference)} with "
            f"{pairs_shown(self.sd, self.correlation)} by a {sides_shown(self.sides)} paired t "
            f"test at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """SD of the differences, noncentrality, critical value and degrees of freedom."""
        sd = sd_of_differences(self.sd, self.correlation)
        quantities = t_quantities(self._test(sizes), self.alpha, self.sides)
        return (Quantity(name="sd_of_differences", value=sd), *quantities)


def sd_of_differences(sd: float, correlation: float | None) -> float:
    """``sd`` itself, or of the difference of two measurements that have it and correlate."""
    return sd if correlation is None else sd * sqrt(2 * (1 - correlation))


def pairs_shown(sd: float, correlation: float | None) -> str:
    """The SD of pairs in words."""
    if correlation is None:
        return f"an SD of the differences of {shown(sd)}"
    return f"an SD of {shown(sd)} and a correlation of {shown(correlation)}"


def sides_shown(sides: int) -> str:
    """``two-sided`` or ``one-sided``."""
    return "two-sided" if sides == 2 else "one-sided"


def t_quantities(test: TTestPower, alpha: float, sides: int) -> tuple[Quantity, ...]:
    """What every t test goes through."""
    return (
        Quantity(name="noncentrality", value=test.noncentrality),
        Quantity(name="critical_t", value=test.critical(alpha, sides)),
        Quantity(name="df", value=test.df),
    )
