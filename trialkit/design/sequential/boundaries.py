"""Boundaries and what they do: error spent, power, inflation, expected size.

See ``docs/methods/group_sequential.md``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import pandas as pd
from scipy.special import ndtr, ndtri

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.decimals import significant
from trialkit.design.sequential.designs import GroupSequentialDesign, check_times
from trialkit.design.sequential.recursion import Crossing, Ongoing, beginning, crossings
from trialkit.design.sequential.spending import (
    BetaSpending,
    Efficacy,
    FutilityBounds,
    OBrienFleming,
    Pocock,
    Shape,
    Spending,
    WangTsiatis,
)
from trialkit.errors import DesignError
from trialkit.results.tabular import Tabular

_HIGHEST = 37.0
_XTOL = 1e-12
_NOTHING = 1e-300

Bounds = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Boundaries(Tabular):
    """The boundaries of a design on the scale of z, and how the design behaves.

    ``upper`` and ``lower`` are z at each look, infinite where there is no rule; the lower bounds of
    a two-sided design are the mirror image. ``drift`` is the expected z at full information under the
    alternative that has the planned power. ``times`` may be those actually reached.
    """

    design: GroupSequentialDesign
    times: Bounds
    upper: Bounds
    lower: Bounds
    drift: float

    @property
    def levels(self) -> Bounds:
        """The one-sided p value that each look asks for."""
        return tuple(float(ndtr(-bound)) for bound in self.upper)

    @property
    def alpha_spent(self) -> Bounds:
        """The type I error spent up to each look, futility obeyed only where it is binding."""
        obeyed = self.design.binding or self.design.sides == 2
        low = self.lower if obeyed else (-inf,) * len(self.times)
        under_null = crossings(self.times, self.upper, low, 0.0).upper
        return tuple(self.design.sides * spent for spent in _cumulative(under_null))

    @property
    def inflation(self) -> float:
        """The most information the design may take, in units of the fixed design's."""
        fixed = float(ndtri(1 - self.design.alpha / self.design.sides) + ndtri(self.design.power))
        return (self.drift / fixed) ** 2

    def stopping(self, drift: float | None = None) -> Crossing:
        """How often each look ends the trial, by the upper and by the lower boundary, futility obeyed.

        The drift is z's expectation at full information: 0 is the hypothesis; by default that of
        the planned power. The lower boundary is futility, or the other side of a two-sided test.
        """
        drift = self.drift if drift is None else drift
        return crossings(self.times, self.upper, self.lower, drift)

    def power(self, drift: float | None = None) -> float:
        """The probability of stopping for efficacy in the drift's own direction, at any look."""
        return sum(self.stopping(drift).upper)

    def expected_information(self, drift: float | None = None) -> float:
        """The expected information at the end, in units of the planned most."""
        crossing = self.stopping(drift)
        ends = [up + low for up, low in zip(crossing.upper, crossing.lower, strict=True)][:-1]
        last = self.times[-1] * (1 - sum(ends))
        return last + sum(time * end for time, end in zip(self.times, ends, strict=False))

    @property
    def title(self) -> str:
        """The design in a line."""
        return (
            f"{len(self.times)} looks, {self.design.efficacy.words}, alpha {self.design.alpha:g} "
            f"({'one' if self.design.sides == 1 else 'two'}-sided), inflation {significant(self.inflation, 6)}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a look: boundaries, levels, error spent, and how often each bound ends the trial."""
        crossing, under_null = self.stopping(), self.stopping(0.0)
        return pd.DataFrame(
            {
                "look": range(1, len(self.times) + 1),
                "time": self.times,
                "upper_z": self.upper,
                "lower_z": self.lower,
                "upper_p": self.levels,
                "alpha_spent": self.alpha_spent,
                "power_spent": _cumulative(crossing.upper),
                "lower_alternative": crossing.lower,
                "lower_null": under_null.lower,
            }
        )


def boundaries(design: GroupSequentialDesign) -> Boundaries:
    """The boundaries of a design at its planned looks.

    Estimand
        z at each look beyond which the trial stops, such that the type I error is alpha and, at
        ``drift``, the power is as planned.

    Reference
        Armitage P, McPherson CK, Rowe BC. J R Stat Soc A 1969;132:235-244. Jennison C, Turnbull BW.
        Group sequential methods, 2000, chapters 2, 7 and 19. Lan KKG, DeMets DL. Biometrika
        1983;70:659-663. Pampallona S, Tsiatis AA, Kim K. Drug Inf J 2001;35:1113-1121 (futility).

    Checked against
        ``tests/reference/design/group_sequential.json`` (R rpact)

    Raises :class:`DesignError` when spending leaves no room for a boundary.
    """
    if design.binding and isinstance(design.futility, BetaSpending):
        return _binding_by_beta(design)
    low = _fixed_futility(design) if design.binding else (-inf,) * design.looks
    upper = _efficacy(design, design.times, low)
    if isinstance(design.futility, BetaSpending):
        drift = _drift_of_beta(design, lambda _: upper)
        lower = _futility(design, design.times, upper, drift)
        return _finished(design, design.times, upper, lower, drift)
    lower = _lower_without_beta(design, upper)
    _check_order(upper, lower)
    shell = _finished(design, design.times, upper, lower, 1.0)
    drift = _root(lambda drift: shell.power(drift) - design.power, 0.0, 20.0)
    return _finished(design, design.times, upper, lower, drift)


def boundaries_at(
    planned: Boundaries, reached: Sequence[float], *, final: bool = False
) -> Boundaries:
    """The boundaries at the information actually reached, planned looks after it kept.

    Estimand
        As :func:`boundaries`, at other times.

    Reference
        Lan KKG, DeMets DL. Stat Med 1989;8:1191-1198.

    Checked against
        ``tests/reference/design/group_sequential.json`` (R rpact)

    ``reached`` are the shares of the planned information at each look so far. With ``final`` the
    last of them ends the trial and takes all alpha that is left, whether it holds less than the
    planned information or more. Futility by beta spending keeps the planned drift. Needs spending
    functions: classical boundaries hold at their planned times only.
    """
    design = planned.design
    done = tuple(float(time) for time in reached)
    check_times(done)
    if not final and done[-1] >= 1:
        raise DesignError(f"the information is reached ({done[-1]:g}); say final=True")
    later = () if final else tuple(time for time in design.times if time > done[-1] + 1e-9)
    times = (*done, *later)
    if times == design.times:
        return planned
    if isinstance(design.efficacy, OBrienFleming | Pocock | WangTsiatis):
        raise DesignError(
            "classical boundaries hold at the planned times; plan with a spending function to look "
            "at other times (OBrienFlemingSpending is the nearest to O'Brien and Fleming)"
        )
    if isinstance(design.futility, FutilityBounds) and len(times) != design.looks:
        raise DesignError("futility bounds that were stated look by look need the planned looks")
    if design.binding and isinstance(design.futility, BetaSpending):
        upper, lower = _both(design, times, planned.drift)
        return _finished(design, times, upper, (*lower[:-1], upper[-1]), planned.drift)
    low = _fixed_futility(design) if design.binding else (-inf,) * len(times)
    upper = _efficacy(design, times, low)
    if isinstance(design.futility, BetaSpending):
        lower = _futility(design, times, upper, planned.drift)
    else:
        lower = _lower_without_beta(design, upper)
    return _finished(design, times, upper, lower, planned.drift)


def _finished(
    design: GroupSequentialDesign, times: Bounds, upper: Bounds, lower: Bounds, drift: float
) -> Boundaries:
    if min(upper) <= -_HIGHEST:
        raise DesignError(
            "fewer trials go on than the error to be spent; futility leaves no room for efficacy"
        )
    return Boundaries(design=design, times=times, upper=upper, lower=lower, drift=drift)


def _fixed_futility(design: GroupSequentialDesign, looks: int | None = None) -> Bounds:
    """The stated futility bounds, none at the last look."""
    if isinstance(design.futility, FutilityBounds):
        return (*design.futility.z, -inf)
    return (-inf,) * (looks or design.looks)


def _lower_without_beta(design: GroupSequentialDesign, upper: Bounds) -> Bounds:
    """Stated futility, which meets the upper bound at the end; the mirror image; or nothing."""
    if design.sides == 2:
        return tuple(-bound for bound in upper)
    last = upper[-1] if design.futility else -inf
    return (*_fixed_futility(design, len(upper))[:-1], last)


def _efficacy(design: GroupSequentialDesign, times: Bounds, lower: Bounds) -> Bounds:
    return efficacy_bounds(
        design.efficacy,
        times,
        lower,
        alpha=design.alpha / design.sides,
        two_sided=design.sides == 2,
    )


def efficacy_bounds(
    efficacy: Efficacy, times: Bounds, lower: Bounds, *, alpha: float, two_sided: bool
) -> Bounds:
    """The upper bounds with a one-sided type I error of ``alpha`` over all looks.

    ``lower`` are the bounds that take trials away below; two-sided they are the mirror image.
    """
    if isinstance(efficacy, OBrienFleming | Pocock | WangTsiatis):
        return _shaped(efficacy, times, lower, alpha=alpha, two_sided=two_sided)
    return _spent(efficacy, times, lower, alpha=alpha, two_sided=two_sided)


def _shaped(shape: Shape, times: Bounds, lower: Bounds, *, alpha: float, two_sided: bool) -> Bounds:
    """A classical shape, raised until the type I error is alpha."""
    form = tuple(shape.shape(time) for time in times)

    def excess(height: float) -> float:
        upper = tuple(height * each for each in form)
        low = tuple(-bound for bound in upper) if two_sided else lower
        return sum(crossings(times, upper, low, 0.0).upper) - alpha

    height = _root(excess, 0.0, 12.0)
    return tuple(height * each for each in form)


def _spent(
    spending: Spending, times: Bounds, lower: Bounds, *, alpha: float, two_sided: bool
) -> Bounds:
    """Look by look the boundary that spends what is due."""
    due = _increments(spending, times, alpha)
    ongoing, upper = beginning(), []
    for place, (time, amount) in enumerate(zip(times, due, strict=True)):
        bound = _upper_for(ongoing, time, amount)
        upper.append(bound)
        if place + 1 < len(times):
            low = -bound if two_sided else lower[place]
            ongoing = ongoing.continue_between(
                time, low, bound, 0.0, next_step=times[place + 1] - time
            )
    return tuple(upper)


def _increments(spending: Spending, times: Bounds, error: float) -> Bounds:
    """What each look may spend; the last takes what is left, whatever the information."""
    spent = [spending.spent(time, error) for time in times[:-1]]
    return tuple(
        later - earlier for earlier, later in zip((0.0, *spent), (*spent, error), strict=True)
    )


def _upper_for(ongoing: Ongoing, time: float, amount: float) -> float:
    """The boundary that so many exceed; infinite where nothing may be spent.

    Where futility has left too few it is the lowest there is, for :func:`_finished` to refuse.
    """
    if amount <= _NOTHING:
        return inf
    if ongoing.time == 0:
        return -float(ndtri(amount))
    if ongoing.exceed(time, -_HIGHEST, 0.0) <= amount:
        return -_HIGHEST
    return _root(lambda bound: ongoing.exceed(time, bound, 0.0) - amount, -_HIGHEST, _HIGHEST)


def _lower_for(ongoing: Ongoing, time: float, amount: float, drift: float) -> float:
    """The boundary that so many fall short of under the drift."""
    if amount <= _NOTHING:
        return -inf
    if ongoing.fall_short(time, _HIGHEST, drift) <= amount:
        return _HIGHEST
    return _root(lambda bound: ongoing.fall_short(time, bound, drift) - amount, -_HIGHEST, _HIGHEST)


def _futility(design: GroupSequentialDesign, times: Bounds, upper: Bounds, drift: float) -> Bounds:
    """Beta spent look by look under the drift; the last look has no room between the bounds."""
    return (*_beta_spent(design, times, upper, drift)[:-1], upper[-1])


def _beta_spent(
    design: GroupSequentialDesign, times: Bounds, upper: Bounds, drift: float
) -> Bounds:
    """The lower bounds that spend beta, the last one too, wherever it comes to lie."""
    due = _increments(_beta_function(design), times, 1 - design.power)
    ongoing, lower = beginning(), []
    for place, (time, amount) in enumerate(zip(times, due, strict=True)):
        bound = _lower_for(ongoing, time, amount, drift)
        last = place + 1 == len(times)
        lower.append(bound if last else min(bound, upper[place]))
        if not last:
            ongoing = ongoing.continue_between(
                time, lower[-1], upper[place], drift, next_step=times[place + 1] - time
            )
    return tuple(lower)


def _beta_function(design: GroupSequentialDesign) -> Spending:
    if not isinstance(design.futility, BetaSpending):
        raise DesignError("the design has no beta spending")
    return design.futility.spending


def _drift_of_beta(design: GroupSequentialDesign, upper_of: Callable[[float], Bounds]) -> float:
    """The drift at which the boundaries meet at the last look when all beta is spent."""

    def gap(drift: float) -> float:
        upper = upper_of(drift)
        return _beta_spent(design, design.times, upper, drift)[-1] - upper[-1]

    return _root(gap, 0.05, 20.0)


def _both(design: GroupSequentialDesign, times: Bounds, drift: float) -> tuple[Bounds, Bounds]:
    """Binding futility: each look's lower bound makes room for the upper ones that follow."""
    if isinstance(design.efficacy, OBrienFleming | Pocock | WangTsiatis):
        raise DesignError(
            "binding futility by beta spending goes with a spending function for efficacy"
        )
    alpha_due = _increments(design.efficacy, times, design.alpha)
    beta_due = _increments(_beta_function(design), times, 1 - design.power)
    null, alternative = beginning(), beginning()
    upper, lower = [], []
    for place, time in enumerate(times):
        bound = _upper_for(null, time, alpha_due[place])
        short = _lower_for(alternative, time, beta_due[place], drift)
        last = place + 1 == len(times)
        upper.append(bound)
        lower.append(short if last else min(short, bound))
        if not last:
            step = times[place + 1] - time
            null = null.continue_between(time, lower[-1], bound, 0.0, next_step=step)
            alternative = alternative.continue_between(
                time, lower[-1], bound, drift, next_step=step
            )
    return tuple(upper), tuple(lower)


def _binding_by_beta(design: GroupSequentialDesign) -> Boundaries:
    def gap(drift: float) -> float:
        upper, lower = _both(design, design.times, drift)
        return lower[-1] - upper[-1]

    drift = _root(gap, *_bracket(design))
    upper, lower = _both(design, design.times, drift)
    return _finished(design, design.times, upper, (*lower[:-1], upper[-1]), drift)


def _bracket(design: GroupSequentialDesign) -> tuple[float, float]:
    """Drifts around that of the fixed design, which is near."""
    fixed = float(ndtri(1 - design.alpha) + ndtri(design.power))
    return 0.8 * fixed, 1.6 * fixed


def _check_order(upper: Bounds, lower: Bounds) -> None:
    if any(low > high for low, high in zip(lower, upper, strict=True)):
        raise DesignError(
            f"futility bounds {list(lower[:-1])} exceed the efficacy bounds {list(upper[:-1])}"
        )


def _cumulative(parts: Bounds) -> Bounds:
    total, sums = 0.0, []
    for part in parts:
        total += part
        sums.append(total)
    return tuple(sums)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """The root between, or an error when there is none."""
    try:
        return bracketed_root(function, low, high, xtol=_XTOL, rtol=1e-14)
    except ValueError:
        raise DesignError("no boundaries satisfy this design; is the power in reach?") from None
