"""What calculations for analyses of variance assume."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.bounds import (
    check_above_zero,
    check_at_least,
    check_between,
    check_level,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import EffectSizeConvention, MixedEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWayAnova:
    """F of independent groups; ``f`` is the SD of their means over the SD within them."""

    f: float
    groups: int
    alpha: float = 0.05
    allocation: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_above_zero("f", self.f)
        check_at_least("groups", self.groups, 2)
        check_level("alpha", self.alpha)
        check_shares(self.allocation, arms=self.groups, may_be_empty=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedAnova:
    """F of groups between and visits within; ``f`` by one of G*Power's three conventions.

    ``correlation`` is that of any two visits, ``epsilon`` the correction for non-sphericity.
    ``correlation`` belongs to the convention ``gpower`` alone: the other two have it in ``f``.
    """

    f: float
    visits: int
    groups: int = 2
    effect: MixedEffect = MixedEffect.INTERACTION
    convention: EffectSizeConvention = EffectSizeConvention.GPOWER
    correlation: float | None = None
    epsilon: float = 1.0
    alpha: float = 0.05
    allocation: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        name_choices(self, effect=MixedEffect, convention=EffectSizeConvention)
        check_above_zero("f", self.f)
        check_at_least("visits", self.visits, 2)
        check_at_least("groups", self.groups, 1 if self.effect is MixedEffect.WITHIN else 2)
        check_level("alpha", self.alpha)
        check_shares(self.allocation, arms=self.groups, may_be_empty=True)
        self._check_correlation()
        lowest = 1 / (self.visits - 1)
        if not lowest - 1e-12 <= self.epsilon <= 1:
            raise ProtocolError(
                f"epsilon of {self.visits} visits lies from {lowest:g} to 1, got {self.epsilon:g}"
            )
        if self.effect is MixedEffect.BETWEEN and self.epsilon != 1:
            raise ProtocolError("epsilon has no part in the effect between groups; leave it out")

    def _check_correlation(self) -> None:
        if self.convention is EffectSizeConvention.GPOWER:
            if self.correlation is None:
                raise ProtocolError(
                    "correlation is needed: f of the convention 'gpower' is of the means alone"
                )
            check_between("correlation", self.correlation, -1 / (self.visits - 1), 1)
            return
        if self.effect is MixedEffect.BETWEEN:
            raise ProtocolError(
                f"convention {self.convention.value!r} is for effects within participants; the "
                "effect between groups has f as in G*Power 3.0: convention 'gpower'"
            )
        if self.correlation is not None:
            raise ProtocolError(
                f"correlation is part of f already under the convention {self.convention.value!r}; "
                "leave it out, or use the convention 'gpower'"
            )
