"""A situation to be sized, and the size it needs; see ``docs/methods/sample_size.md``.

Every situation is a frozen set of assumptions (``trialkit.protocol.sizing``) that can be
solved for the size, the power or the effect. ``n`` is the number analysed: one number is the total,
split by the allocation; several are the arms', the reference first.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from math import gcd, isfinite
from numbers import Real
from typing import Any, ClassVar, Self, cast

import pandas as pd

from trialkit.design.sample_size.solving import (
    effect_with,
    settled,
    stepped,
    unrounded,
    whole_blocks,
)
from trialkit.design.sample_size.words import listed, percent_shown, power_shown, shown
from trialkit.errors import DesignError
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.results.tabular import Tabular

Sizes = tuple[float, ...]

TWO_ARMS = ("reference", "experimental")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number that the calculation went through, such as the critical value of F."""

    name: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRange:
    """Where an effect can lie: from ``null``, nothing to detect, towards ``limit``."""

    null: float
    limit: float


class Situation(ABC):
    """What a trial is sized for. Subclasses add the power of their test to the assumptions."""

    __slots__ = ()

    method: ClassVar[SampleSizeMethod]
    effect_name: ClassVar[str] = "difference"
    """The assumption that is solved for when the detectable effect is wanted."""
    varied: ClassVar[tuple[str, ...]]
    """The assumptions that the sensitivity table varies."""
    unit: ClassVar[str] = "participants"
    """What the power depends on and is counted."""
    has_a_direction: ClassVar[bool] = True
    """Whether the test is of one difference, as the looks of a group-sequential design need."""
    joining: ClassVar[str] = "are to be randomised"
    """What the participants do that follow from the size."""
    not_analysed: ClassVar[str] = ""
    """What trialkit cannot analyse yet, although it can size a trial for it."""
    of_hazards: ClassVar[bool] = False
    """Whether it is for a hazard ratio of times to an event."""
    dropout_is_elsewhere: ClassVar[str] = ""
    """Where dropout is taken into account when it is not by randomising more."""

    # what a situation knows

    @abstractmethod
    def power_of(self, sizes: Sizes) -> float:
        """The power with these sizes of the arms, which need not be whole."""

    @abstractmethod
    def possible(self, sizes: Sizes) -> bool:
        """Whether the test exists with these sizes."""

    @abstractmethod
    def question(self) -> str:
        """What is to be shown and by which test, as the sentence for the protocol has it."""

    def effect_range(self) -> EffectRange:
        """Where the effect is looked for; by default on its own side of zero."""
        return EffectRange(
            null=0.0, limit=float("inf") if self.assumed_effect > 0 else -float("inf")
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """What the calculation went through on the way."""
        del sizes
        return ()

    def notes(self) -> tuple[str, ...]:
        """What a reader of the result must know."""
        return (self.not_analysed,) if self.not_analysed else ()

    @property
    def arm_names(self) -> tuple[str, ...]:
        """What the sizes are sizes of."""
        return names_of_arms(len(self.shares))

    @property
    def shares(self) -> tuple[int, ...]:
        """The arms' shares, in lowest terms."""
        return lowest_terms(getattr(self, "allocation", (1,)))

    @property
    def assumed_effect(self) -> float:
        """The effect that is assumed."""
        return float(getattr(self, self.effect_name))

    @property
    def smooth(self) -> "Situation":
        """A situation whose power grows without teeth, from which the search starts."""
        return self

    def participants_of(self, sizes: Sizes) -> Sizes | None:
        """The participants of each arm, where the sizes count something else; None if unknown."""
        return sizes

    @property
    def counts_losses(self) -> bool:
        """Whether losses are among the assumptions, beside a dropout."""
        return False

    def expecting(self, sizes: Sizes) -> str:
        """What is expected of those who are randomised, with its sign before it; blank for nothing."""
        del sizes
        return ""

    # what anybody can ask

    def power(self, n: float | Sequence[int]) -> float:
        """The power with ``n`` analysed.

        Raises :class:`DesignError` when the test does not exist with so few.
        """
        return self.power_of(self._checked(n))

    def solve_n(self, power: float = 0.8, *, dropout: float = 0.0) -> "RequiredSize":
        """The smallest size in the ratio of the allocation that has the power.

        ``dropout`` is the share of the randomised who will not be analysed. Raises
        :class:`DesignError` for a power outside alpha to 1, or out of reach.
        """
        self._check_power(power)
        unit = sum(self.shares)
        start = self.smooth
        least = self._least()
        total = unrounded(
            lambda n: start.power_of(self._split(n)), power=power, least=float(least * unit)
        )
        search = stepped if start is self else settled
        blocks = search(
            lambda k: self.power_of(self._blocks(k)),
            power=power,
            start=whole_blocks(self._split(total), self.shares),
            least=least,
        )
        return self._required(
            self._blocks(blocks), unrounded_n=self._split(total), target=power, dropout=dropout
        )

    def evaluate(self, n: float | Sequence[int], *, dropout: float = 0.0) -> "RequiredSize":
        """The power with ``n`` analysed, told in the same way as a size that was solved for."""
        return self._required(self._checked(n), unrounded_n=None, target=None, dropout=dropout)

    def detectable(self, n: float | Sequence[int], power: float = 0.8) -> float:
        """The smallest effect that has the power with ``n`` analysed, on the assumed side."""
        self._check_power(power)
        sizes = self._checked(n)
        where = self.effect_range()
        return effect_with(
            lambda effect: self.with_assumption(self.effect_name, effect).power_of(sizes),
            power=power,
            null=where.null,
            limit=where.limit,
            scale=abs(self.assumed_effect - where.null) or 1.0,
        )

    def with_assumption(self, name: str, value: float) -> Self:
        """The same situation with one assumption changed."""
        return cast("Self", replace(cast("Any", self), **{name: value}))

    # how it is done

    def _least(self) -> int:
        """The smallest number of blocks with which the test exists."""
        blocks = 1
        while not self.possible(self._blocks(blocks)):
            blocks += 1
        return blocks

    def _blocks(self, count: int) -> tuple[int, ...]:
        return tuple(count * share for share in self.shares)

    def _split(self, total: float) -> Sizes:
        whole = sum(self.shares)
        return tuple(total * share / whole for share in self.shares)

    def _checked(self, n: float | Sequence[int]) -> Sizes:
        by_arm = isinstance(n, Sequence) and not isinstance(n, str)
        given = tuple(cast("Sequence[float]", n)) if by_arm else (cast("float", n),)
        if not all(isinstance(each, Real) for each in given):
            raise DesignError(f"n must be a number, or one for each arm; got {n!r}")
        sizes = tuple(float(each) for each in given)
        sizes = sizes if by_arm else self._split(sizes[0])
        if len(sizes) != len(self.shares) or not all(isfinite(each) for each in sizes):
            raise DesignError(
                f"n must be a total or {len(self.shares)} numbers, one for each of "
                f"{', '.join(self.arm_names)}; got {n!r}"
            )
        if not self.possible(sizes):
            raise DesignError(f"n={n!r}: too few {self.unit} for the test to exist")
        return sizes

    def _check_power(self, power: float) -> None:
        alpha = float(getattr(self, "alpha"))  # noqa: B009 - every specification has one
        if not alpha < power < 1:
            raise DesignError(
                f"power must lie between alpha ({alpha:g}) and 1, got {power:g}; 0.8 is 80 %"
            )

    def _required(
        self, sizes: Sizes, *, unrounded_n: Sizes | None, target: float | None, dropout: float
    ) -> "RequiredSize":
        if not 0 <= dropout < 1:
            raise DesignError(f"dropout must be from 0 to below 1, got {dropout:g}")
        if dropout and self.dropout_is_elsewhere:
            raise DesignError(self.dropout_is_elsewhere)
        people = self.participants_of(sizes)
        randomised = None
        if people is not None:
            shares = lowest_terms(getattr(self, "allocation", ()) or self.shares)
            blocks = whole_blocks(tuple(each / (1 - dropout) for each in people), shares)
            exact = target is None and not dropout and self.unit == "participants"
            randomised = sizes if exact else tuple(blocks * share for share in shares)
        return RequiredSize(
            situation=self,
            target_power=target,
            power=self.power_of(sizes),
            n_by_arm=sizes,
            unrounded_by_arm=unrounded_n,
            randomised_by_arm=randomised,
            dropout=dropout,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RequiredSize(Tabular):
    """The size of a trial, with everything it rests on.

    ``n_by_arm`` counts what the power depends on (participants; events of a log-rank test;
    clusters), ``randomised_by_arm`` participants, dropout included, in the ratio of the allocation;
    None when they do not follow from the assumptions. ``target_power`` is None when the power was
    asked for and not the size.
    """

    situation: Situation
    target_power: float | None
    power: float
    n_by_arm: Sizes
    unrounded_by_arm: Sizes | None
    randomised_by_arm: Sizes | None
    dropout: float

    @property
    def n(self) -> int:
        """The total analysed, in the situation's unit."""
        return round(sum(self.n_by_arm))

    @property
    def n_unrounded(self) -> float | None:
        """The total before it was made whole."""
        return None if self.unrounded_by_arm is None else sum(self.unrounded_by_arm)

    @property
    def n_randomised(self) -> int | None:
        """The participants to be randomised."""
        return None if self.randomised_by_arm is None else round(sum(self.randomised_by_arm))

    @property
    def assumptions(self) -> tuple[tuple[str, object], ...]:
        """Every assumption with its value, in the words of the protocol, defaults included."""
        given = cast("Any", self.situation)
        return tuple((each.name, getattr(given, each.name)) for each in fields(given))

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What the calculation went through: noncentrality, critical value, degrees of freedom."""
        return self.situation.quantities(self.n_by_arm)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know, such as that trialkit cannot yet analyse this."""
        return self.situation.notes()

    @property
    def sentence(self) -> str:
        """The sentence for the protocol."""
        unit = self.situation.unit
        arms = listed([round(each) for each in self.n_by_arm], self.situation.arm_names)
        size = f"{self.n} {unit}" + (f" ({arms})" if arms else "")
        if self.target_power is None:
            text = f"With {size} analysed the power {self.situation.question()} is "
            text += power_shown(self.power)
        else:
            text = (
                f"To have a power of at least {shown(self.target_power)} "
                f"{self.situation.question()}, {size} must be analysed "
                f"(power {power_shown(self.power)})"
            )
        return f"{text}.{self._randomised_words()}"

    def _randomised_words(self) -> str:
        people = self.randomised_by_arm
        if people is None or (self.situation.unit == "participants" and not self.dropout):
            return ""
        arms = listed([round(each) for each in people], names_of_arms(len(people)))
        allowing = f"Allowing for {percent_shown(self.dropout)} dropout, " if self.dropout else ""
        text = f"{allowing}{self.n_randomised} participants"
        return (
            f" {text[0].upper()}{text[1:]}{f' ({arms})' if arms else ''} {self.situation.joining}"
            f"{self.situation.expecting(self.n_by_arm)}."
        )

    @property
    def title(self) -> str:
        """The method, the size and its power."""
        size = f"{self.n} {self.situation.unit}"
        return f"{self.situation.method.value}: {size}, power {power_shown(self.power)}"

    def to_frame(self) -> pd.DataFrame:
        """One row an arm, and the total: analysed, not rounded, and to be randomised."""
        names = [*self.situation.arm_names, "total"]
        unit = self.situation.unit
        people = self.randomised_by_arm
        same = people is not None and len(people) == len(self.n_by_arm)
        rows = []
        for place, name in enumerate(names):
            total = name == "total"
            rough = None if self.unrounded_by_arm is None else (*self.unrounded_by_arm,)
            rows.append(
                {
                    "arm": name,
                    unit: self.n if total else round(self.n_by_arm[place]),
                    f"{unit}_unrounded": None
                    if rough is None
                    else (sum(rough) if total else rough[place]),
                    "randomised": (
                        self.n_randomised
                        if total
                        else (round(people[place]) if people is not None and same else None)
                    ),
                }
            )
        return pd.DataFrame(rows)

    def describe(self) -> pd.DataFrame:
        """Every assumption, then every quantity of the calculation: ``name``, ``value``."""
        given = [
            (name, value.value if isinstance(value, StrEnum) else value)
            for name, value in self.assumptions
        ]
        found = [(each.name, each.value) for each in self.quantities]
        asked = [("target_power", self.target_power), ("dropout", self.dropout)]
        return pd.DataFrame(
            [*given, *asked, *found, ("power", self.power)], columns=["name", "value"]
        ).astype({"value": object})


def names_of_arms(count: int) -> tuple[str, ...]:
    """Reference and experimental arm; groups by number where there are more."""
    if count == 1:
        return ("all",)
    return TWO_ARMS if count == 2 else tuple(f"group {place}" for place in range(1, count + 1))


def lowest_terms(allocation: Sequence[int]) -> tuple[int, ...]:
    """The shares divided by what they have in common: ``(2, 4)`` is ``(1, 2)``."""
    divisor = gcd(*allocation)
    return tuple(share // divisor for share in allocation)
