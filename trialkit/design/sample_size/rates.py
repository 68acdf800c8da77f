"""Two rates of events, compared by a negative binomial model; ``docs/methods/sample_size.md``."""

from math import log, sqrt
from typing import ClassVar

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.design.sample_size.distributions import NormalTest
from trialkit.design.sample_size.situation import EffectRange, Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import sides_shown
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import rates as assumed
from trialkit.protocol.sizing.design import NullRate, SampleSizeMethod


class NegativeBinomialRates(Situation, assumed.NegativeBinomialRates):
    """Two arms' rates of events, compared by Wald's test of a negative binomial model.

    Estimand
        Rate ratio, experimental over reference.

    Reference
        Zhu H, Lakkis H. Stat Med 2014;33:376-387. Keene ON, Jones MRK, Lane PW, Anderson J. Pharm
        Stat 2007;6:89-97 (rate at the true values).

    Checked against
        ``tests/reference/design/rates.json`` (R MKpower)

    The variance of the log rate ratio is (1/m₀ + κ)/n₀ + (1/m₁ + κ)/n₁ for counts with means m and
    dispersion κ. Under the hypothesis the rates are those that ``null_rate`` names. The power is
    asymptotic: with few participants simulate it, as ``trialkit simulate`` does.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.NEGATIVE_BINOMIAL_RATES
    effect_name: ClassVar[str] = "rate_ratio"
    varied: ClassVar[tuple[str, ...]] = ("rate_ratio", "rate_reference", "dispersion", "exposure")

    def power_of(self, sizes: Sizes) -> float:
        """The power by the normal distribution."""
        variance = self._variance(sizes, self._null_rates(sizes))
        actual = self._variance(sizes, self._rates)
        shift = log(self.rate_ratio) / sqrt(variance)
        return NormalTest(shift=shift, spread=sqrt(actual / variance)).power(self.alpha, self.sides)

    @property
    def _rates(self) -> tuple[float, float]:
        return self.rate_reference, self.rate_reference * self.rate_ratio

    def _null_rates(self, sizes: Sizes) -> tuple[float, float]:
        """The rates of the arms if they were alike."""
        reference, experimental = self._rates
        match self.null_rate:
            case NullRate.REFERENCE:
                return reference, reference
            case NullRate.TRUE:
                return reference, experimental
            case NullRate.LIKELIEST:
                pooled = (sizes[0] * reference + sizes[1] * experimental) / sum(sizes)
                return pooled, pooled

    def _variance(self, sizes: Sizes, rates: tuple[float, float]) -> float:
        """That of the log rate ratio."""
        return sum(
            (1 / (self.exposure * rate) + self.dispersion) / n
            for n, rate in zip(sizes, rates, strict=True)
        )

    def possible(self, sizes: Sizes) -> bool:
        """Somebody in each arm."""
        return min(sizes) >= 1

    def effect_range(self) -> EffectRange:
        """From 1 without bound, or to the ratio with the highest power.

        Fewer events than at that ratio leave the logarithm of the rate so uncertain that a larger
        effect is harder to show.
        """
        if self.rate_ratio > 1:
            return EffectRange(null=1.0, limit=float("inf"))
        # log(ρ)² / (a + b / ρ), the square of the statistic at the true rates, is highest where
        # log ρ = -2 (1 + a ρ / b)
        share = self.allocation[1] / self.allocation[0]
        one = 1 / (self.exposure * self.rate_reference)
        a, b = one + self.dispersion * (1 + 1 / share), one / share
        limit = bracketed_root(lambda ratio: log(ratio) + 2 + 2 * a * ratio / b, 1e-300, 1.0)
        return EffectRange(null=1.0, limit=limit)

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect a rate ratio of {shown(self.rate_ratio)} (rate {shown(self.rate_reference)} in "
            f"the reference arm, exposure {shown(self.exposure)}, dispersion {shown(self.dispersion)}) "
            f"by a {sides_shown(self.sides)} Wald test of a negative binomial model at the level "
            f"{shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Both rates, the events that are expected, and the standard error of the log rate ratio."""
        reference, experimental = self._rates
        events = self.exposure * (sizes[0] * reference + sizes[1] * experimental)
        return (
            Quantity(name="rate_experimental", value=experimental),
            Quantity(name="events_expected", value=events),
            Quantity(name="se_log_rate_ratio", value=sqrt(self._variance(sizes, self._rates))),
        )

    def notes(self) -> tuple[str, ...]:
        """That the power is asymptotic."""
        return ("the power is asymptotic; with few participants simulate it",)
