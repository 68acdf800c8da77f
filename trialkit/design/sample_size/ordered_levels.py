"""An ordered outcome under proportional odds, by Whitehead; see ``docs/methods/sample_size.md``."""

from collections.abc import Sequence
from itertools import pairwise
from math import fsum, log, sqrt
from typing import ClassVar

from trialkit.design.sample_size.distributions import NormalTest
from trialkit.design.sample_size.situation import EffectRange, Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import sides_shown
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import ordered_levels as assumed
from trialkit.protocol.sizing.design import SampleSizeMethod

_NOTE = (
    "the information is Whitehead's for small effects, with the levels' shares averaged over the arms; "
    "the power is that of the proportional odds model's score test, which is the rank-sum test with its ties"
)


class OrdinalOdds(Situation, assumed.OrdinalOdds):
    """Two arms' levels of an ordered outcome, compared by the proportional odds model or by ranks.

    Estimand
        The odds of a higher level, experimental over reference, the same at every cut.

    Reference
        Whitehead J. Stat Med 1993;12:2257-2271.

    Checked against
        ``tests/reference/design/proportional_odds.json`` (R Hmisc)

    The information of n₀ and n₁ participants is n₀ n₁ (1 − Σ p̄³) / (3 (n₀ + n₁)), p̄ the shares of
    all participants at each level.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.PROPORTIONAL_ODDS
    effect_name: ClassVar[str] = "odds_ratio"
    varied: ClassVar[tuple[str, ...]] = ("odds_ratio",)

    def power_of(self, sizes: Sizes) -> float:
        """The power by the normal distribution."""
        shift = log(self.odds_ratio) * sqrt(self._information(sizes))
        return NormalTest(shift=shift).power(self.alpha, self.sides)

    def possible(self, sizes: Sizes) -> bool:
        """Somebody in each arm."""
        return min(sizes) >= 1

    def effect_range(self) -> EffectRange:
        """From 1 to none, or without bound."""
        return EffectRange(null=1.0, limit=0.0 if self.odds_ratio < 1 else float("inf"))

    def question(self) -> str:
        """What is to be shown."""
        shares = ", ".join(shown(each) for each in self.levels)
        return (
            f"to detect an odds ratio of {shown(self.odds_ratio)} for a higher level, with shares of "
            f"{shares} at the levels under the reference, by a {sides_shown(self.sides)} test of "
            f"proportional odds at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """The shares at each level under the experimental arm, and how precise the estimate will be."""
        moved = shares_moved(self.levels, self.odds_ratio)
        expected = (
            Quantity(name=f"experimental_level_{place}", value=share)
            for place, share in enumerate(moved, start=1)
        )
        se = 1 / sqrt(self._information(sizes))
        return (*expected, Quantity(name="se_of_log_odds_ratio", value=se))

    def notes(self) -> tuple[str, ...]:
        """How the power was found."""
        return (_NOTE,)

    def _information(self, sizes: Sizes) -> float:
        reference, experimental = sizes
        everybody = reference + experimental
        moved = shares_moved(self.levels, self.odds_ratio)
        average = (
            (reference * share + experimental * other) / everybody
            for share, other in zip(self.levels, moved, strict=True)
        )
        return reference * experimental / (3 * everybody) * (1 - fsum(each**3 for each in average))


def shares_moved(levels: Sequence[float], odds_ratio: float) -> tuple[float, ...]:
    """The shares at each level where the odds of every higher level are ``odds_ratio`` times as high."""
    above = [1.0, *(fsum(levels[place:]) for place in range(1, len(levels))), 0.0]
    moved = [odds_ratio * share / (1 - share + odds_ratio * share) for share in above]
    return tuple(higher - lower for higher, lower in pairwise(moved))
