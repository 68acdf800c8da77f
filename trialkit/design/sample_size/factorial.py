"""Means of a factorial trial of two factors; see ``docs/methods/sample_size.md``."""

from math import sqrt
from typing import ClassVar

import numpy as np

from trialkit.design.sample_size.distributions import TTestPower
from trialkit.design.sample_size.situation import Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import sides_shown, t_quantities
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import factorial as assumed
from trialkit.protocol.sizing.design import FactorialTest, SampleSizeMethod

_FACTORS = np.array([[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]], dtype=float)
"""Of each combination: the mean, the first factor, the second factor."""
_TESTED = {
    FactorialTest.MARGIN: "a difference at the margin",
    FactorialTest.INTERACTION: "an interaction (a difference of differences)",
}


class TwoByTwo(Situation, assumed.TwoByTwo):
    """Least squares of two factors: an effect at the margin of the table, or the interaction.

    Estimand
        The difference between the levels of the first factor whatever the second is, taken not to
        interact; or the difference of that difference between the levels of the second. In the unit
        of ``sd``.

    Reference
        Montgomery AA, Peters TJ, Little P. BMC Med Res Methodol 2003;3:26. Brookes ST et al. J Clin
        Epidemiol 2004;57:229-236 (the interaction takes four times as many).

    Checked against
        ``tests/reference/design/published.json`` (Superpower, Brookes 2004)

    Noncentral t. At the margin the model has the mean and both factors (n − 3 degrees of freedom),
    of the interaction a mean for each combination (n − 4); a baseline value takes one more.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.FACTORIAL_MEANS
    varied: ClassVar[tuple[str, ...]] = ("difference", "sd")

    def _test(self, sizes: Sizes) -> TTestPower:
        residual = self.sd * sqrt(1 - self.correlation**2)
        taken = 1 if self.correlation else 0
        of_interaction = self.effect is FactorialTest.INTERACTION
        shift = self.difference / (residual * sqrt(self._variance(sizes)))
        df = sum(sizes) - (4 if of_interaction else 3) - taken
        return TTestPower(df=df, noncentrality=shift)

    def _variance(self, sizes: Sizes) -> float:
        """Of the estimate, for a variance of 1 within the combinations."""
        n = np.asarray(sizes, dtype=float)
        if self.effect is FactorialTest.INTERACTION:
            return float((1 / n).sum())
        return float(np.linalg.inv(_FACTORS.T @ (n[:, None] * _FACTORS))[1, 1])

    def power_of(self, sizes: Sizes) -> float:
        """The exact power; with a baseline value, for one that is alike in all combinations."""
        return self._test(sizes).power(self.alpha, self.sides)

    def possible(self, sizes: Sizes) -> bool:
        """Every combination has somebody, and there is a degree of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= assumed.CELLS + 2

    def question(self) -> str:
        """What is to be shown."""
        baseline = (
            f", a correlation of {shown(self.correlation)} with the baseline value"
            if self.correlation
            else ""
        )
        return (
            f"to detect {_TESTED[self.effect]} of {shown(self.difference)} with an SD of "
            f"{shown(self.sd)}{baseline} in a 2 \N{MULTIPLICATION SIGN} 2 factorial trial, by a "
            f"{sides_shown(self.sides)} t test of least squares at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Noncentrality, critical value and degrees of freedom."""
        return t_quantities(self._test(sizes), self.alpha, self.sides)

    def notes(self) -> tuple[str, ...]:
        """What sizing for the margin leaves open."""
        if self.effect is FactorialTest.INTERACTION:
            return super().notes()
        return (*super().notes(), AT_MARGIN)


AT_MARGIN = "sized for the margins: an interaction as large as the effect at the margin would take four times as many"
