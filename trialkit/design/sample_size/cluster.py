"""Means and risks of arms allocated by cluster; see ``docs/methods/sample_size.md``."""

from abc import abstractmethod
from math import sqrt
from typing import ClassVar

from trialkit.design.sample_size.distributions import TTestPower, scale_of_two_means
from trialkit.design.sample_size.situation import EffectRange, Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import sides_shown, t_quantities
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import clusters as assumed
from trialkit.protocol.sizing.design import SampleSizeMethod


class ArmsOfClusters(Situation):
    """Two arms of whole clusters, by a t test of what is known of each cluster.

    Sizes are numbers of clusters, and t has two degrees of freedom less.
    """

    __slots__ = ()

    unit: ClassVar[str] = "clusters"
    joining: ClassVar[str] = "take part in them"
    dropout_is_elsewhere: ClassVar[str] = (
        "the dropout of a cluster trial is in cluster_size, the mean number analysed in a cluster"
    )

    cluster_size: float
    alpha: float
    sides: int

    @abstractmethod
    def _test(self, sizes: Sizes) -> TTestPower:
        """The test of so many clusters."""

    def power_of(self, sizes: Sizes) -> float:
        """The power: exact for means of clusters of one size, approximate for other sizes, risks and rates."""
        return self._test(sizes).power(self.alpha, self.sides)

    def possible(self, sizes: Sizes) -> bool:
        """Both arms have a cluster, and there is a degree of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= 3

    def participants_of(self, sizes: Sizes) -> Sizes | None:
        """Participants of the clusters."""
        return tuple(size * self.cluster_size for size in sizes)


class AlikeInClusters(ArmsOfClusters):
    """Clusters whose members are alike by an intracluster correlation."""

    __slots__ = ()

    icc: float
    size_cv: float

    @property
    def design_effect(self) -> float:
        """By how much the variance of a mean or a risk is larger than with single participants."""
        return 1 + ((1 + self.size_cv**2) * self.cluster_size - 1) * self.icc

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Design effect, noncentrality, critical value and degrees of freedom."""
        effect = Quantity(name="design_effect", value=self.design_effect)
        return (effect, *t_quantities(self._test(sizes), self.alpha, self.sides))


class ClusterMeans(AlikeInClusters, assumed.ClusterMeans):
    """Two arms of whole clusters, which may differ in size.

    Estimand
        Mean of the experimental arm minus mean of the reference, in the unit of ``sd``.

    Reference
        Donner A, Klar N. Design and analysis of cluster randomization trials, 2000, chapter 5.
        Eldridge SM, Ashby D, Kerry S. Int J Epidemiol 2006;35:1292-1300 (varying sizes).

    Checked against
        ``tests/reference/design/published.json`` (closed form)

    Sizes are numbers of clusters. t has clusters − 2 degrees of freedom, which matters when they
    are few; the design effect is 1 + ((1 + cv²) m − 1) ICC.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.CLUSTER_MEANS
    varied: ClassVar[tuple[str, ...]] = ("difference", "sd", "icc", "cluster_size")

    def _test(self, sizes: Sizes) -> TTestPower:
        of_cluster = self.sd * sqrt(self.design_effect / self.cluster_size)
        shift = self.difference / (of_cluster * scale_of_two_means(*sizes))
        return TTestPower(df=sum(sizes) - 2, noncentrality=shift)

    def question(self) -> str:
        """What is to be shown."""
        varying = f", CV of size {shown(self.size_cv)}" if self.size_cv else ""
        return (
            f"to detect a difference in means of {shown(self.difference)} with an SD of "
            f"{shown(self.sd)}, an intracluster correlation of {shown(self.icc)} and clusters of "
            f"{shown(self.cluster_size)}{varying}, by a {sides_shown(self.sides)} t test of "
            f"cluster means at the level {shown(self.alpha)}"
        )


class ClusterProportions(AlikeInClusters, assumed.ClusterProportions):
    """Two arms of whole clusters, which may differ in size, and who has the event in them.

    Estimand
        Risk in the experimental arm minus risk in the reference.

    Reference
        Donner A, Klar N. Design and analysis of cluster randomization trials, 2000, chapter 5.
        Eldridge SM, Ashby D, Kerry S. Int J Epidemiol 2006;35:1292-1300 (varying sizes).

    Checked against
        ``tests/reference/design/published.json`` (clusterPower, R)

    Sizes are numbers of clusters. The variances of both risks, not pooled, are multiplied by the design
    effect of ``ClusterMeans``, and t has clusters − 2 degrees of freedom.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.CLUSTER_PROPORTIONS
    effect_name: ClassVar[str] = "risk_experimental"
    varied: ClassVar[tuple[str, ...]] = (
        "risk_experimental",
        "risk_reference",
        "icc",
        "cluster_size",
    )

    def _test(self, sizes: Sizes) -> TTestPower:
        reference, experimental = sizes
        binomial = (
            self.risk_reference * (1 - self.risk_reference) / reference
            + self.risk_experimental * (1 - self.risk_experimental) / experimental
        )
        error = sqrt(binomial * self.design_effect / self.cluster_size)
        shift = (self.risk_experimental - self.risk_reference) / error
        return TTestPower(df=sum(sizes) - 2, noncentrality=shift)

    def effect_range(self) -> EffectRange:
        """From the reference's risk to none or all."""
        limit = 1.0 if self.risk_experimental > self.risk_reference else 0.0
        return EffectRange(null=self.risk_reference, limit=limit)

    def question(self) -> str:
        """What is to be shown."""
        varying = f", CV of size {shown(self.size_cv)}" if self.size_cv else ""
        return (
            f"to detect a risk of {shown(self.risk_experimental)} against {shown(self.risk_reference)} "
            f"with an intracluster correlation of {shown(self.icc)} and clusters of "
            f"{shown(self.cluster_size)}{varying}, by a {sides_shown(self.sides)} t test of "
            f"cluster proportions at the level {shown(self.alpha)}"
        )
