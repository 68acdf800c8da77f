"""Two independent risks: exact power by enumeration, and the two usual approximations.

See ``docs/methods/sample_size.md``.
"""

from dataclasses import replace
from math import asin, sqrt
from typing import ClassVar, assert_never, cast

from trialkit.design.sample_size.distributions import NormalTest
from trialkit.design.sample_size.enumeration import (
    chi_square_power,
    exact_power,
    fisher_rejects,
)
from trialkit.design.sample_size.situation import EffectRange, Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import sides_shown
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import proportions as assumed
from trialkit.protocol.sizing.design import ProportionPower, SampleSizeMethod

_NAMES = {
    ProportionPower.CHI_SQUARE: "χ² test (exact power)",
    ProportionPower.FISHER_EXACT: "Fisher's exact test (exact power)",
    ProportionPower.NORMAL: "comparison of two proportions (normal approximation)",
    ProportionPower.ARCSINE: "comparison of two proportions (arcsine approximation)",
}


class TwoProportions(Situation, assumed.TwoProportions):
    """Two independent risks compared by the test that will be made.

    Estimand
        Risk under the experimental arm against risk under the reference.

    Reference
        Fleiss JL, Levin B, Paik MC. Statistical methods for rates and proportions, 3rd ed. 2003,
        chapter 4 (normal); Cohen J. 1988, chapter 6 (arcsine).

    Checked against
        ``tests/reference/design/sample_size.json`` (R stats::power.prop.test, pwr, rpact)

    The power of an exact test, or of an exactly counted one, goes in teeth as the size grows; the
    size found is the one from which on the power is kept.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.TWO_PROPORTIONS
    effect_name: ClassVar[str] = "risk_experimental"
    varied: ClassVar[tuple[str, ...]] = ("risk_experimental", "risk_reference")

    def power_of(self, sizes: Sizes) -> float:
        """The power of the test, exact for ``chi_square`` and ``fisher_exact``."""
        risks = (self.risk_reference, self.risk_experimental)
        match self.test:
            case ProportionPower.CHI_SQUARE:
                return chi_square_power(sizes, risks=risks, alpha=self.alpha)
            case ProportionPower.FISHER_EXACT:
                return exact_power(
                    sizes, risks=risks, rejects=lambda t: fisher_rejects(t, alpha=self.alpha)
                )
            case ProportionPower.NORMAL:
                return self._normal(sizes).power(self.alpha, self.sides)
            case ProportionPower.ARCSINE:
                return self._arcsine(sizes).power_either_way(self.alpha, self.sides)
            case _:
                assert_never(self.test)

    def _normal(self, sizes: Sizes) -> NormalTest:
        n0, n1 = sizes
        p0, p1 = self.risk_reference, self.risk_experimental
        pooled = (n0 * p0 + n1 * p1) / (n0 + n1)
        under_hypothesis = sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1))
        actual = sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
        return NormalTest(shift=(p1 - p0) / under_hypothesis, spread=actual / under_hypothesis)

    def _arcsine(self, sizes: Sizes) -> NormalTest:
        n0, n1 = sizes
        return NormalTest(shift=cohen_h(self) * sqrt(n0 * n1 / (n0 + n1)))

    @property
    def smooth(self) -> Situation:
        """The normal approximation, for Fisher's test with its continuity correction."""
        if self.test is ProportionPower.CHI_SQUARE:
            return cast("Situation", replace(self, test=ProportionPower.NORMAL))
        if self.test is ProportionPower.FISHER_EXACT:
            return _Corrected(**{name: getattr(self, name) for name in _FIELDS})
        return self

    def possible(self, sizes: Sizes) -> bool:
        """Somebody in each arm."""
        return min(sizes) >= 1

    def effect_range(self) -> EffectRange:
        """From the reference's risk to none or all."""
        limit = 1.0 if self.risk_experimental > self.risk_reference else 0.0
        return EffectRange(null=self.risk_reference, limit=limit)

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect risks of {shown(self.risk_reference)} (reference) and "
            f"{shown(self.risk_experimental)} (experimental) by a {sides_shown(self.sides)} "
            f"{_NAMES[self.test]} at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Risk difference and Cohen's h."""
        del sizes
        return (
            Quantity(name="risk_difference", value=self.risk_experimental - self.risk_reference),
            Quantity(name="cohen_h", value=cohen_h(self)),
        )

    def notes(self) -> tuple[str, ...]:
        """How an exact size was found, or that the power is approximate."""
        if self.smooth is self:
            return ("the power is approximate; test 'chi_square' or 'fisher_exact' is exact",)
        told = (
            "power goes in teeth as the size grows; a size that is solved for keeps its power from "
            "there on, and the size not rounded is the normal approximation's"
        )
        return (told,)


class _Corrected(TwoProportions):
    """The normal approximation with the continuity correction, where Fisher's test is sought."""

    __slots__ = ()

    def power_of(self, sizes: Sizes) -> float:
        n0, n1 = sizes
        gap = abs(self.risk_experimental - self.risk_reference)
        correction = (n0 + n1) / (2 * n0 * n1)
        test = self._normal(sizes)
        kept = max(gap - correction, 0.0) / gap
        return NormalTest(shift=test.shift * kept, spread=test.spread).power(self.alpha, self.sides)


_FIELDS = tuple(assumed.TwoProportions.__slots__)


def cohen_h(situation: assumed.TwoProportions) -> float:
    """Cohen's h: the difference of the risks on the arcsine scale."""
    return 2 * asin(sqrt(situation.risk_experimental)) - 2 * asin(sqrt(situation.risk_reference))
