"""How the error rate is shared among the looks: spending functions and classical shapes.

Alternatives with other data are other classes. See ``docs/methods/group_sequential.md``.
"""

from dataclasses import dataclass
from math import e, expm1, inf, isfinite, log1p, sqrt
from typing import TypeAlias

import numpy as np
from scipy.special import ndtr, ndtri

from trialkit.errors import DesignError


@dataclass(frozen=True, slots=True, kw_only=True)
class OBrienFlemingSpending:
    """Lan and DeMets' function of O'Brien and Fleming's type: hardly anything early."""

    @property
    def words(self) -> str:
        """What a sentence calls it."""
        return "alpha spending of O'Brien and Fleming's type"

    def spent(self, time: float, error: float) -> float:
        """The error spent when this share of the information is there."""
        if time <= 0:
            return 0.0
        return 2 * float(ndtr(float(ndtri(error / 2)) / sqrt(min(time, 1.0))))


@dataclass(frozen=True, slots=True, kw_only=True)
class PocockSpending:
    """Lan and DeMets' function of Pocock's type: nearly even."""

    @property
    def words(self) -> str:
        """What a sentence calls it."""
        return "alpha spending of Pocock's type"

    def spent(self, time: float, error: float) -> float:
        """The error spent when this share of the information is there."""
        return error * log1p((e - 1) * min(max(time, 0.0), 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class HwangShihDeCani:
    """Hwang, Shih and DeCani's family; ``gamma`` −4 is near O'Brien–Fleming, 1 near Pocock."""

    gamma: float

    def __post_init__(self) -> None:
        if not isfinite(self.gamma) or abs(self.gamma) > 50:
            raise DesignError(f"gamma must lie between -50 and 50, got {self.gamma!r}")

    @property
    def words(self) -> str:
        """What a sentence calls it."""
        return f"Hwang, Shih and DeCani's spending (gamma {self.gamma:g})"

    def spent(self, time: float, error: float) -> float:
        """The error spent when this share of the information is there."""
        time = min(max(time, 0.0), 1.0)
        if self.gamma == 0:
            return error * time
        return error * expm1(-self.gamma * time) / expm1(-self.gamma)


@dataclass(frozen=True, slots=True, kw_only=True)
class KimDeMets:
    """Kim and DeMets' power family: time to the power ``rho``."""

    rho: float

    def __post_init__(self) -> None:
        if not 0 < self.rho < inf:
            raise DesignError(f"rho must be above 0, got {self.rho!r}")

    @property
    def words(self) -> str:
        """What a sentence calls it."""
        return f"Kim and DeMets' spending (rho {self.rho:g})"

    def spent(self, time: float, error: float) -> float:
        """The error spent when this share of the information is there."""
        return error * float(min(max(time, 0.0), 1.0) ** self.rho)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSpending:
    """The cumulative error at stated times, straight lines between them; the last is all of it.

    ``cumulative`` is in the unit of the design's error (one-sided alpha, say), and is scaled when
    the error changes, as a repeated p value needs.
    """

    times: tuple[float, ...]
    cumulative: tuple[float, ...]

    def __post_init__(self) -> None:
        times, spent = np.asarray(self.times), np.asarray(self.cumulative)
        rising = len(times) > 0 and bool((np.diff(times) > 0).all()) and times[0] > 0
        if not rising or times[-1] != 1 or len(times) != len(spent):
            raise DesignError(
                "times must rise from above 0 to 1, with a cumulative error for each, got "
                f"{list(self.times)} and {list(self.cumulative)}"
            )
        if spent[0] < 0 or (np.diff(spent) < 0).any() or not 0 < spent[-1] < 1:
            raise DesignError(f"cumulative errors cannot fall, got {list(self.cumulative)}")

    @property
    def words(self) -> str:
        """What a sentence calls it."""
        return "spending of its own"

    def spent(self, time: float, error: float) -> float:
        """The error spent when this share of the information is there."""
        at = np.interp(time, (0.0, *self.times), (0.0, *self.cumulative))
        return float(at) * error / self.cumulative[-1]


Spending: TypeAlias = (
    OBrienFlemingSpending | PocockSpending | HwangShihDeCani | KimDeMets | UserSpending
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WangTsiatis:
    """Boundaries in proportion to time to the power ``delta`` − ½; 0 and ½ are the classics."""

    delta: float

    def __post_init__(self) -> None:
        if not -1 <= self.delta <= 1:
            raise DesignError(f"delta must lie from -1 to 1, got {self.delta!r}")

    @property
    def words(self) -> str:
        """What a sentence calls it."""
        return f"Wang and Tsiatis' boundaries (delta {self.delta:g})"

    def shape(self, time: float) -> float:
        """The boundary at this time, in units of the last one."""
        return float(time ** (self.delta - 0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class OBrienFleming:
    """O'Brien and Fleming's boundaries: constant on the score scale."""

    @property
    def words(self) -> str:
        """What a sentence calls it."""
        return "O'Brien and Fleming's boundaries"

    def shape(self, time: float) -> float:
        """The boundary at this time, in units of the last one."""
        return 1 / sqrt(time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pocock:
    """Pocock's boundaries: the same z at each look."""

    @property
    def words(self) -> str:
        """What a sentence calls it."""
        return "Pocock's boundaries"

    def shape(self, time: float) -> float:
        """The boundary at this time, in units of the last one."""
        del time
        return 1.0


Shape: TypeAlias = OBrienFleming | Pocock | WangTsiatis
Efficacy: TypeAlias = Spending | Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class FutilityBounds:
    """z at or below which an interim look stops for futility; minus infinity is no rule."""

    z: tuple[float, ...]

    def __post_init__(self) -> None:
        if any(value != value or value == inf for value in self.z):  # noqa: PLR0124 - NaN
            raise DesignError(f"futility bounds must be numbers or minus infinity: {list(self.z)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaSpending:
    """Futility by spending the type II error."""

    spending: Spending


Futility: TypeAlias = FutilityBounds | BetaSpending
