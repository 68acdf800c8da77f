"""What each look of a group-sequential trial says, and the analysis when it has ended.

See ``docs/methods/group_sequential.md``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, isfinite, log, nan, sqrt

import pandas as pd
from scipy.special import ndtr, ndtri

from trialkit.analysis.distributions import student
from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.design.sequential.boundaries import Boundaries, efficacy_bounds
from trialkit.design.sequential.recursion import (
    beginning,
    crossings,
    standing_at,
)
from trialkit.errors import DesignError
from trialkit.results.tabular import Tabular

_SMALLEST = 1e-13
_WIDEST = 60.0


class Decision(StrEnum):
    """What the boundaries say at a look."""

    CONTINUE = "continue"
    EFFICACY = "stop for efficacy"
    OTHER_SIDE = "stop for the opposite effect"
    FUTILITY = "stop for futility"
    NOT_SHOWN = "ended, not shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All data up to a look: the estimate, its standard error, and its degrees of freedom."""

    estimate: float
    se: float
    df: float = inf

    def __post_init__(self) -> None:
        if not isfinite(self.estimate) or not 0 < self.se < inf or not self.df > 0:
            raise DesignError(
                f"a look has a finite estimate, se above 0 and df above 0, got {self.estimate!r}, "
                f"{self.se!r}, {self.df!r}"
            )

    @property
    def z(self) -> float:
        """The estimate in standard errors, t turned into the z with the same p value."""
        ratio = self.estimate / self.se
        if self.df == inf:
            return ratio
        sign = 1.0 if ratio > 0 else -1.0
        return -sign * float(ndtri(student.sf(abs(ratio), self.df)))

    def quantile(self, z: float) -> float:
        """The t with the same tail as z."""
        return z if inf in {self.df, z} else float(student.isf(ndtr(-z), self.df))


@dataclass(frozen=True, slots=True, kw_only=True)
class LookResult:
    """A look held against its boundaries.

    Conditional power is the probability of still showing the effect when z's drift is 0 (the
    conditional rejection probability), as planned, or as seen so far; NaN at the last look.
    """

    look: int
    time: float
    z: float
    upper: float
    lower: float
    decision: Decision
    repeated_p: float
    conf_low: float
    conf_high: float
    conditional_power_null: float
    conditional_power_planned: float
    conditional_power_trend: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalInference:
    """The analysis of an ended trial in the stage-wise ordering, with the looks accounted for.

    ``p_value`` is one-sided for a one-sided design; ``estimate`` is median-unbiased.
    """

    p_value: float
    estimate: float
    conf_low: float
    conf_high: float
    conf_level: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Monitoring(Tabular):
    """Every look so far, and the final analysis when the trial has ended."""

    boundaries: Boundaries
    looks: tuple[LookResult, ...]
    final: FinalInference | None

    @property
    def decision(self) -> Decision:
        """What the last look says."""
        return self.looks[-1].decision

    @property
    def title(self) -> str:
        """The last look's decision."""
        return f"look {self.looks[-1].look} of {len(self.boundaries.times)}: {self.decision.value}"

    def to_frame(self) -> pd.DataFrame:
        """One row a look."""
        names = LookResult.__slots__
        rows = [{name: getattr(each, name) for name in names} for each in self.looks]
        return pd.DataFrame(rows).assign(decision=[each.decision.value for each in self.looks])


def monitor(boundaries: Boundaries, looks: Sequence[Look]) -> Monitoring:
    """The looks so far against the boundaries.

    Estimand
        The effect that ``estimate`` estimates; positive is what the design is to show.

    Reference
        Jennison C, Turnbull BW. Group sequential methods, 2000, chapters 8 and 9 (repeated
        intervals, stage-wise ordering). Müller HH, Schäfer H. Biometrics 2001;57:886-891
        (conditional rejection probability).

    Checked against
        ``tests/reference/design/group_sequential.json`` (R rpact)

    ``boundaries`` are those at the information reached (:func:`boundaries_at`); each look holds all
    data up to it. The final analysis is there once a boundary was crossed or the last look made.
    Raises :class:`DesignError` when there are looks after the end.
    """
    if not 1 <= len(looks) <= len(boundaries.times):
        raise DesignError(
            f"{len(looks)} looks were given, the design has {len(boundaries.times)}; at other times "
            "use boundaries_at"
        )
    results = []
    for place, look in enumerate(looks):
        result = _result(boundaries, place, look)
        results.append(result)
        ended = result.decision not in {Decision.CONTINUE, Decision.FUTILITY}
        if ended and place + 1 < len(looks):
            raise DesignError(
                f"look {place + 1} ended the trial ({result.decision.value}); it has no later looks"
            )
    last = results[-1]
    final = None
    if last.decision is not Decision.CONTINUE:
        final = _final(boundaries, len(results) - 1, looks[-1])
    return Monitoring(boundaries=boundaries, looks=tuple(results), final=final)


def conditional_power(boundaries: Boundaries, *, look: int, z: float, drift: float) -> float:
    """The probability of crossing an upper bound after ``look`` (1 is the first), given z there.

    Estimand
        The chance that a trial that goes on shows its effect, under a drift: z's expectation at
        full information (``boundaries.drift`` as planned, 0 the hypothesis, z / √time as seen).

    Reference
        Lan KKG, Wittes J. Biometrics 1988;44:579-585.

    Checked against
        ``tests/reference/design/group_sequential.json`` (R rpact, at drift 0)

    Futility is obeyed where it is binding. Raises :class:`DesignError` at the last look.
    """
    if not 1 <= look < len(boundaries.times):
        raise DesignError(
            f"look must be from 1 to {len(boundaries.times) - 1}, got {look}; nothing comes after "
            "the last"
        )
    start = standing_at(boundaries.times[look - 1], z)
    low = _obeyed(boundaries)[look:]
    left = crossings(boundaries.times[look:], boundaries.upper[look:], low, drift, start=start)
    return sum(left.upper)


def repeated_p_value(boundaries: Boundaries, *, look: int, z: float) -> float:
    """The smallest alpha at which the design would stop for efficacy at this look.

    Estimand
        None: the hypothesis of no effect, at every look.

    Reference
        Jennison C, Turnbull BW. Group sequential methods, 2000, section 9.5.

    Checked against
        ``tests/reference/design/group_sequential.json`` (R rpact)

    At most 0.5 for each side, which stands for no evidence at all.
    """
    design = boundaries.design
    low, two_sided = _obeyed(boundaries), design.sides == 2
    z = abs(z) if two_sided else z

    def above(log_alpha: float) -> float:
        bounds = efficacy_bounds(
            design.efficacy,
            boundaries.times,
            low,
            alpha=exp(log_alpha),
            two_sided=two_sided,
        )
        return bounds[look - 1] - z

    smallest, largest = log(_SMALLEST), log(0.4999999)
    if above(largest) >= 0:
        return 0.5 * design.sides
    if above(smallest) <= 0:
        return _SMALLEST * design.sides
    return design.sides * exp(bracketed_root(above, smallest, largest, xtol=1e-12))


def _result(boundaries: Boundaries, place: int, look: Look) -> LookResult:
    upper, lower = boundaries.upper[place], boundaries.lower[place]
    z, time = look.z, boundaries.times[place]
    half = look.quantile(upper) * look.se
    last = place + 1 == len(boundaries.times)

    def given(drift: float) -> float:
        if last:
            return nan
        return conditional_power(boundaries, look=place + 1, z=z, drift=drift)

    return LookResult(
        look=place + 1,
        time=time,
        z=z,
        upper=upper,
        lower=lower,
        decision=_decision(boundaries, place, z),
        repeated_p=repeated_p_value(boundaries, look=place + 1, z=z),
        conf_low=look.estimate - half,
        conf_high=look.estimate + half,
        conditional_power_null=given(0.0),
        conditional_power_planned=given(boundaries.drift),
        conditional_power_trend=given(z / sqrt(time)),
    )


def _decision(boundaries: Boundaries, place: int, z: float) -> Decision:
    if z >= boundaries.upper[place]:
        return Decision.EFFICACY
    if boundaries.design.sides == 2 and z <= boundaries.lower[place]:
        return Decision.OTHER_SIDE
    if place + 1 == len(boundaries.times):
        return Decision.NOT_SHOWN
    return Decision.FUTILITY if z <= boundaries.lower[place] else Decision.CONTINUE


def _obeyed(boundaries: Boundaries) -> tuple[float, ...]:
    """The lower bounds that count for the type I error."""
    if boundaries.design.binding or boundaries.design.sides == 2:
        return boundaries.lower
    return (-inf,) * len(boundaries.times)


def _final(boundaries: Boundaries, place: int, look: Look) -> FinalInference:
    """The stage-wise ordering: an earlier crossing is more extreme, then a larger z."""
    design, z = boundaries.design, look.z

    def as_extreme(drift: float) -> float:
        return _as_extreme(boundaries, place, z, drift)

    p = as_extreme(0.0)
    tail = design.alpha / design.sides
    unit = sqrt(boundaries.times[place]) * look.se
    low, middle, high = (
        unit * _drift_with(as_extreme, chance, near=z / sqrt(boundaries.times[place]))
        for chance in (tail, 0.5, 1 - tail)
    )
    return FinalInference(
        p_value=p if design.sides == 1 else min(1.0, 2 * min(p, 1 - p)),
        estimate=middle,
        conf_low=low,
        conf_high=high,
        conf_level=1 - 2 * tail,
    )


def _as_extreme(boundaries: Boundaries, place: int, z: float, drift: float) -> float:
    """The probability under the drift of a result as much in favour of the effect as this one."""
    times, upper, low = boundaries.times, boundaries.upper, _obeyed(boundaries)
    before = (
        sum(crossings(times[:place], upper[:place], low[:place], drift).upper) if place else 0.0
    )
    ongoing = beginning()
    for earlier in range(place):
        ongoing = ongoing.continue_between(
            times[earlier],
            low[earlier],
            upper[earlier],
            drift,
            next_step=times[earlier + 1] - times[earlier],
        )
    return before + ongoing.exceed(times[place], z, drift)


def _drift_with(as_extreme: Callable[[float], float], chance: float, *, near: float) -> float:
    """The drift under which results as extreme have this chance; it grows with the drift."""
    low, high = near - 1.0, near + 1.0
    while as_extreme(low) > chance and abs(low) < _WIDEST:
        low -= 2.0
    while as_extreme(high) < chance and abs(high) < _WIDEST:
        high += 2.0
    return bracketed_root(lambda drift: as_extreme(drift) - chance, low, high, xtol=1e-11)
