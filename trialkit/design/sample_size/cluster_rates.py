"""Rates of events of arms allocated by cluster; see ``docs/methods/sample_size.md``."""

from math import sqrt
from typing import ClassVar

from trialkit.design.sample_size.cluster import ArmsOfClusters
from trialkit.design.sample_size.distributions import TTestPower
from trialkit.design.sample_size.situation import EffectRange, Quantity, Sizes
from trialkit.design.sample_size.t_tests import sides_shown, t_quantities
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import clusters as assumed
from trialkit.protocol.sizing.design import SampleSizeMethod


class ClusterRates(ArmsOfClusters, assumed.ClusterRates):
    """Two arms of whole clusters, and how often events happen in them.

    Estimand
        Rate of the experimental arm over that of the reference, both the means over clusters.

    Reference
        Hayes RJ, Bennett S. Int J Epidemiol 1999;28:319-326.

    Checked against
        ``tests/reference/design/published.json`` (clusterPower, R)

    Sizes are numbers of clusters. A cluster's rate over time at risk y has the variance λ / y + k² λ²
    about its arm's λ; t of the difference has clusters − 2 degrees of freedom, in place of the normal
    distribution and the cluster an arm that Hayes and Bennett add for it. Where clusters have unequal
    time at risk (``size_cv``), each counts by it: k² is multiplied by 1 + cv².
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.CLUSTER_RATES
    effect_name: ClassVar[str] = "rate_ratio"
    varied: ClassVar[tuple[str, ...]] = ("rate_ratio", "rate_reference", "rate_cv", "cluster_size")

    @property
    def _rates(self) -> tuple[float, float]:
        return self.rate_reference, self.rate_reference * self.rate_ratio

    def _variance(self, sizes: Sizes, *, rate_cv: float) -> float:
        """That of the difference between the rates of the arms."""
        between = (1 + self.size_cv**2) * rate_cv**2
        at_risk = self.cluster_size * self.exposure
        return sum(
            (rate / at_risk + between * rate**2) / size
            for rate, size in zip(self._rates, sizes, strict=True)
        )

    def design_effect(self, sizes: Sizes) -> float:
        """By how much the variance is larger than that of events which happen independently."""
        return self._variance(sizes, rate_cv=self.rate_cv) / self._variance(sizes, rate_cv=0)

    def _test(self, sizes: Sizes) -> TTestPower:
        reference, experimental = self._rates
        error = sqrt(self._variance(sizes, rate_cv=self.rate_cv))
        return TTestPower(df=sum(sizes) - 2, noncentrality=(experimental - reference) / error)

    def effect_range(self) -> EffectRange:
        """From 1 to no events at all, or without bound."""
        return EffectRange(null=1.0, limit=float("inf") if self.rate_ratio > 1 else 0.0)

    def question(self) -> str:
        """What is to be shown."""
        varying = f", CV of their time at risk {shown(self.size_cv)}" if self.size_cv else ""
        return (
            f"to detect a rate ratio of {shown(self.rate_ratio)} (rate {shown(self.rate_reference)} in the "
            f"reference arm, exposure {shown(self.exposure)}) with a coefficient of variation of "
            f"{shown(self.rate_cv)} between the rates of clusters and clusters of "
            f"{shown(self.cluster_size)}{varying}, by a {sides_shown(self.sides)} t test of cluster rates at "
            f"the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """The other rate, events expected, design effect, noncentrality, critical value and df."""
        reference, experimental = self._rates
        at_risk = self.cluster_size * self.exposure
        events = at_risk * (sizes[0] * reference + sizes[1] * experimental)
        return (
            Quantity(name="rate_experimental", value=experimental),
            Quantity(name="events_expected", value=events),
            Quantity(name="design_effect", value=self.design_effect(sizes)),
            *t_quantities(self._test(sizes), self.alpha, self.sides),
        )

    def notes(self) -> tuple[str, ...]:
        """Of unequal arms: that their variances are."""
        if self.allocation[0] == self.allocation[1]:
            return ()
        return (
            (
                "the arm with the higher rate has the larger variance: in arms of unequal size a t test "
                "with one pooled variance has another power, and another level"
            ),
        )
