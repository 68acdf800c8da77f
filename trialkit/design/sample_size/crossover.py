"""Means of two treatments in two periods; see ``docs/methods/sample_size.md``."""

from math import sqrt
from typing import ClassVar

from trialkit.design.sample_size.distributions import TTestPower, scale_of_two_means
from trialkit.design.sample_size.situation import Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import sides_shown, t_quantities
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import crossover as assumed
from trialkit.protocol.sizing.design import SampleSizeMethod


class TwoPeriodMeans(Situation, assumed.TwoPeriodMeans):
    """Two sequences, compared in half the differences between the periods.

    Estimand
        Mean under the experimental treatment minus mean under the reference, in the same participants.

    Reference
        Senn S. Cross-over Trials in Clinical Research, 2002, chapter 9. Hills M, Armitage P. Br J Clin
        Pharmacol 1979;8:7-20 (the test).

    Checked against
        ``tests/reference/design/published.json`` (closed form)

    Sizes are participants in each sequence. Half a difference between periods has the standard deviation
    sd √((1 − r) / 2); t has two degrees of freedom less than there are participants, as the analysis
    ``crossover_difference`` has. No carry-over is assumed.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.CROSSOVER_MEANS
    varied: ClassVar[tuple[str, ...]] = ("difference", "sd", "correlation")

    @property
    def within(self) -> float:
        """The standard deviation within participants."""
        return self.sd * sqrt(1 - self.correlation)

    def _test(self, sizes: Sizes) -> TTestPower:
        half = self.within / sqrt(2)
        shift = self.difference / (half * scale_of_two_means(*sizes))
        return TTestPower(df=sum(sizes) - 2, noncentrality=shift)

    def power_of(self, sizes: Sizes) -> float:
        """The exact power."""
        return self._test(sizes).power(self.alpha, self.sides)

    def possible(self, sizes: Sizes) -> bool:
        """Both sequences have somebody, and there is a degree of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= 3

    def question(self) -> str:
        """What is to be shown."""
        correlated = (
            f", a correlation of {shown(self.correlation)} between the periods"
            if self.correlation
            else " within participants"
        )
        return (
            f"to detect a difference in means of {shown(self.difference)} with an SD of "
            f"{shown(self.sd)}{correlated} in a crossover trial of two treatments in two periods, by a "
            f"{sides_shown(self.sides)} t test at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """The standard deviation within participants, noncentrality, critical value, degrees of freedom."""
        within = Quantity(name="sd_within", value=self.within)
        return (within, *t_quantities(self._test(sizes), self.alpha, self.sides))
