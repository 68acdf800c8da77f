"""Means and risks held against a margin; see ``docs/methods/sample_size.md``."""

from dataclasses import replace
from math import sqrt
from typing import ClassVar, cast

import numpy as np
from scipy.special import ndtr, ndtri, roots_legendre

from trialkit.analysis.distributions import chi_squared, student
from trialkit.design.sample_size.distributions import NormalTest, TTestPower, scale_of_two_means
from trialkit.design.sample_size.enumeration import (
    Tables,
    exact_power,
    likeliest_risks,
    score_statistic,
)
from trialkit.design.sample_size.situation import EffectRange, Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import t_quantities
from trialkit.design.sample_size.words import shown
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.sizing import margins as assumed
from trialkit.protocol.sizing.design import MarginPower, SampleSizeMethod

_NODES, _WEIGHTS = roots_legendre(200)
_TAIL = 1e-16
_TESTS = {
    MarginPower.FARRINGTON_MANNING: "Farrington and Manning's test",
    MarginPower.FARRINGTON_MANNING_EXACT: "Farrington and Manning's test (exact power)",
    MarginPower.MIETTINEN_NURMINEN_EXACT: "Miettinen and Nurminen's test (exact power)",
}


class NonInferiorityMeans(Situation, assumed.NonInferiorityMeans):
    """Means, experimental not worse than the reference by the margin.

    Estimand
        Mean of the experimental arm minus mean of the reference, held against the margin.

    Reference
        Julious SA. Stat Med 2004;23:1921-1986, section 4.

    Checked against
        ``tests/reference/design/sample_size.json`` (R rpact)

    Exact: noncentral t, one-sided. ``detectable`` solves for the smallest margin.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.NON_INFERIORITY_MEANS
    effect_name: ClassVar[str] = "margin"
    varied: ClassVar[tuple[str, ...]] = ("margin", "difference", "sd")

    def _test(self, sizes: Sizes) -> TTestPower:
        scale = self.sd * scale_of_two_means(*sizes)
        room = advantage(self.difference, self.direction) + self.margin
        return TTestPower(df=sum(sizes) - 2, noncentrality=room / scale)

    def power_of(self, sizes: Sizes) -> float:
        """The exact power."""
        return self._test(sizes).power(self.alpha, 1)

    def possible(self, sizes: Sizes) -> bool:
        """Both arms have somebody, and there is a degree of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= 3

    def effect_range(self) -> EffectRange:
        """From the margin that the true difference just reaches."""
        worse = max(0.0, -advantage(self.difference, self.direction))
        return EffectRange(null=worse, limit=float("inf"))

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to show non-inferiority with a margin of {shown(self.margin)} "
            f"({self.direction.value} is better) when the true difference is "
            f"{shown(self.difference)}, with an SD of {shown(self.sd)}, by a one-sided two-sample "
            f"t test at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """Noncentrality, critical value and degrees of freedom."""
        return t_quantities(self._test(sizes), self.alpha, 1)


class EquivalenceMeans(Situation, assumed.EquivalenceMeans):
    """Means that differ by less than the margin either way, by two one-sided t tests.

    Estimand
        Mean of the experimental arm minus mean of the reference, held against both margins.

    Reference
        Phillips KF. J Pharmacokinet Biopharm 1990;18:137-144 (exact power).

    Checked against
        ``tests/reference/design/sample_size.json`` (Owen's Q by integration in R)

    Exact: the probability that both tests reject, integrated over the SD found. ``detectable``
    solves for the smallest margin.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.EQUIVALENCE_MEANS
    effect_name: ClassVar[str] = "margin"
    has_a_direction: ClassVar[bool] = False
    varied: ClassVar[tuple[str, ...]] = ("margin", "difference", "sd")

    def power_of(self, sizes: Sizes) -> float:
        """The exact power."""
        df, scale = sum(sizes) - 2, scale_of_two_means(*sizes)
        limit = float(student.isf(self.alpha, df))
        lowest, highest = (
            float(self.sd * np.sqrt(chi_squared.ppf(p, df) / df)) for p in (_TAIL, 1 - _TAIL)
        )
        # an SD above margin / (limit scale) leaves no room for an equivalent difference
        highest = min(highest, self.margin / (limit * scale))
        if highest <= lowest:
            return 0.0
        half = (highest - lowest) / 2
        sd_seen = lowest + half * (_NODES + 1)
        room = limit * sd_seen * scale
        upper = ndtr((self.margin - room - self.difference) / (self.sd * scale))
        lower = ndtr((-self.margin + room - self.difference) / (self.sd * scale))
        density = chi_squared.pdf(sd_seen**2 * df / self.sd**2, df) * 2 * sd_seen * df / self.sd**2
        return float(half * np.dot(_WEIGHTS, np.maximum(upper - lower, 0.0) * density))

    def possible(self, sizes: Sizes) -> bool:
        """Both arms have somebody, and there is a degree of freedom."""
        return min(sizes) >= 1 and sum(sizes) >= 3

    def effect_range(self) -> EffectRange:
        """From the margin that the true difference just reaches."""
        return EffectRange(null=abs(self.difference), limit=float("inf"))

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to show equivalence with margins of ±{shown(self.margin)} when the true difference "
            f"is {shown(self.difference)}, with an SD of {shown(self.sd)}, by two one-sided "
            f"two-sample t tests, each at the level {shown(self.alpha)}"
        )


class NonInferiorityProportions(Situation, assumed.NonInferiorityProportions):
    """Risks, experimental not worse than the reference by the margin.

    Estimand
        Risk under the experimental arm minus risk under the reference, held against the margin.

    Reference
        Farrington CP, Manning G. Stat Med 1990;9:1447-1454.

    Checked against
        ``tests/reference/design/sample_size.json`` (R rpact)

    ``direction`` is ``"higher"`` when the event is desired. ``detectable`` solves for the smallest
    margin.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.NON_INFERIORITY_PROPORTIONS
    effect_name: ClassVar[str] = "margin"
    varied: ClassVar[tuple[str, ...]] = ("margin", "risk_experimental", "risk_reference")

    def power_of(self, sizes: Sizes) -> float:
        """The power by the formula, or by enumeration."""
        if self.test is MarginPower.FARRINGTON_MANNING:
            test = farrington_manning(self._risks, self._null, sizes)
            return test.power(self.alpha, 1)
        limit, sign = -float(ndtri(self.alpha)), 1 if self._null < 0 else -1
        small_sample = self.test is MarginPower.MIETTINEN_NURMINEN_EXACT

        def rejects(tables: Tables) -> np.ndarray:
            z = score_statistic(tables, self._null, small_sample=small_sample)
            return np.asarray(sign * z >= limit)

        return exact_power(sizes, risks=self._risks, rejects=rejects)

    @property
    def _risks(self) -> tuple[float, float]:
        return self.risk_reference, self.risk_experimental

    @property
    def _null(self) -> float:
        """The difference that must be ruled out."""
        return -self.margin if self.direction is Direction.HIGHER else self.margin

    @property
    def smooth(self) -> Situation:
        """Farrington and Manning's formula."""
        if self.test is MarginPower.FARRINGTON_MANNING:
            return self
        return cast("Situation", replace(self, test=MarginPower.FARRINGTON_MANNING))

    def possible(self, sizes: Sizes) -> bool:
        """Somebody in each arm."""
        return min(sizes) >= 1

    def effect_range(self) -> EffectRange:
        """From the margin that the true difference just reaches."""
        difference = self.risk_experimental - self.risk_reference
        return EffectRange(null=max(0.0, -advantage(difference, self.direction)), limit=1.0)

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to show non-inferiority with a margin of {shown(self.margin)} when the risks are "
            f"{shown(self.risk_reference)} (reference) and {shown(self.risk_experimental)} "
            f"(experimental), {self.direction.value} being better, by {_TESTS[self.test]} at the "
            f"one-sided level {shown(self.alpha)}"
        )

    def notes(self) -> tuple[str, ...]:
        """How the power was found."""
        return margin_notes(self.test)


class EquivalenceProportions(Situation, assumed.EquivalenceProportions):
    """Risks that differ by less than the margin either way.

    Estimand
        Risk under the experimental arm minus risk under the reference, held against both margins.

    Reference
        Farrington CP, Manning G. Stat Med 1990;9:1447-1454.

    Checked against
        ``tests/reference/design/sample_size.json`` (the one-sided parts by R rpact)

    The formula adds the two tests' failures (Bonferroni, exact but for the chance that both fail).
    ``detectable`` solves for the smallest margin.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.EQUIVALENCE_PROPORTIONS
    effect_name: ClassVar[str] = "margin"
    has_a_direction: ClassVar[bool] = False
    varied: ClassVar[tuple[str, ...]] = ("margin", "risk_experimental", "risk_reference")

    def power_of(self, sizes: Sizes) -> float:
        """The power by the formula, or by enumeration."""
        risks = (self.risk_reference, self.risk_experimental)
        if self.test is MarginPower.FARRINGTON_MANNING:
            tests = (farrington_manning(risks, null, sizes) for null in (-self.margin, self.margin))
            return max(0.0, sum(test.power(self.alpha, 1) for test in tests) - 1)
        limit = -float(ndtri(self.alpha))
        small_sample = self.test is MarginPower.MIETTINEN_NURMINEN_EXACT

        def rejects(tables: Tables) -> np.ndarray:
            low = score_statistic(tables, -self.margin, small_sample=small_sample) >= limit
            high = score_statistic(tables, self.margin, small_sample=small_sample) <= -limit
            return np.asarray(low & high)

        return exact_power(sizes, risks=risks, rejects=rejects)

    @property
    def smooth(self) -> Situation:
        """Farrington and Manning's formula."""
        if self.test is MarginPower.FARRINGTON_MANNING:
            return self
        return cast("Situation", replace(self, test=MarginPower.FARRINGTON_MANNING))

    def possible(self, sizes: Sizes) -> bool:
        """Somebody in each arm."""
        return min(sizes) >= 1

    def effect_range(self) -> EffectRange:
        """From the margin that the true difference just reaches."""
        return EffectRange(null=abs(self.risk_experimental - self.risk_reference), limit=1.0)

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to show equivalence with margins of ±{shown(self.margin)} when the risks are "
            f"{shown(self.risk_reference)} (reference) and {shown(self.risk_experimental)} "
            f"(experimental), by {_TESTS[self.test]} in both directions, each at the one-sided "
            f"level {shown(self.alpha)}"
        )

    def notes(self) -> tuple[str, ...]:
        """How the power was found."""
        return margin_notes(self.test)


def advantage(difference: float, direction: Direction) -> float:
    """A difference, turned so that positive is better."""
    return difference if direction is Direction.HIGHER else -difference


def farrington_manning(risks: tuple[float, float], null: float, sizes: Sizes) -> NormalTest:
    """The test of a risk difference of ``null``; risks and sizes, the reference first."""
    (p0, p1), (n0, n1) = risks, sizes
    under_0, under_1 = likeliest_risks(np.asarray(p0), np.asarray(p1), null, ratio=n0 / n1)
    q0, q1 = float(under_0), float(under_1)
    under_hypothesis = sqrt(q0 * (1 - q0) / n0 + q1 * (1 - q1) / n1)
    actual = sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
    distance = p1 - p0 - null
    return NormalTest(shift=distance / under_hypothesis, spread=actual / under_hypothesis)


def margin_notes(test: MarginPower) -> tuple[str, ...]:
    """Whether the power is a formula's or counted."""
    if test is MarginPower.FARRINGTON_MANNING:
        return ("the power is Farrington and Manning's formula; the exact tests count all tables",)
    told = (
        "power goes in teeth as the size grows; a size that is solved for keeps its power from there "
        "on, and the size not rounded is the formula's"
    )
    return (told,)
