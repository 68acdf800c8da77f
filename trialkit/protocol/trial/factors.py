"""The factors of a factorial trial: what is combined in its arms, and which effects that gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.tables.choices import by_code


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorLevel:
    """One of the things that a factor may be: with or without, low or high."""

    code: str
    label: str

    def __post_init__(self) -> None:
        if not self.code.strip() or not self.label.strip():
            raise ProtocolError("code and label of a level are never blank")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialFactor:
    """What every participant is allocated to one level of. The first level is the reference."""

    code: str
    label: str
    levels: tuple[FactorLevel, ...]

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ProtocolError("label says what the factor is; it is not blank")
        if len(self.levels) < 2:
            raise ProtocolError("a factor has two levels or more, the reference first")
        if len({each.code for each in self.levels}) < len(self.levels):
            raise ProtocolError("two levels of the factor have one code")
        if len({each.label.casefold() for each in self.levels}) < len(self.levels):
            raise ProtocolError("two levels of the factor have one label")

    @property
    def reference(self) -> FactorLevel:
        """The level that the others are compared with."""
        return self.levels[0]

    @property
    def others(self) -> tuple[FactorLevel, ...]:
        """The levels that are compared with the reference."""
        return self.levels[1:]

    def level(self, code: str) -> FactorLevel:
        """The level with this code."""
        return by_code(self.levels, code, what=f"level of {self.code}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorialContrast:
    """An effect of a factorial trial: which levels are compared, of what, and where."""

    effect: FactorialEffect
    factors: tuple[TrialFactor, ...]
    """Whose it is: of one factor, or of several that interact."""
    levels: tuple[FactorLevel, ...]
    """The level of each that is compared with its reference."""
    held: tuple[tuple[TrialFactor, FactorLevel], ...] = ()
    """At which level the other factors are, of an effect inside the table."""

    @property
    def term(self) -> str:
        """How the results name it, by codes: ``exercise: yes - no where diet = no``."""
        name = " x ".join(each.code for each in self.factors)
        pairs = [
            f"{level.code} - {factor.reference.code}"
            for factor, level in zip(self.factors, self.levels, strict=True)
        ]
        compared = " x ".join(pairs if len(pairs) == 1 else (f"({each})" for each in pairs))
        return f"{name}: {compared}{self._where}"

    @property
    def _where(self) -> str:
        if self.effect is FactorialEffect.AVERAGED:
            return " averaged"
        held = ", ".join(f"{factor.code} = {level.code}" for factor, level in self.held)
        return f" where {held}" if held else ""


def factorial_contrasts(factors: Sequence[TrialFactor]) -> tuple[FactorialContrast, ...]:
    """Every effect: of each factor at the margin, averaged and inside the table; the interactions."""
    return (
        *_of_each(factors, FactorialEffect.MARGIN),
        *_of_each(factors, FactorialEffect.AVERAGED),
        *_inside(factors),
        *_interactions(factors),
    )


def cells(factors: Sequence[TrialFactor]) -> tuple[tuple[FactorLevel, ...], ...]:
    """Every combination of levels, the reference levels first, the last factor running fastest."""
    return tuple(product(*(each.levels for each in factors)))


def level_term(factor: TrialFactor, level: FactorLevel) -> str:
    """How the results name all who are at a level: ``exercise = yes``."""
    return f"{factor.code} = {level.code}"


def _of_each(
    factors: Sequence[TrialFactor], effect: FactorialEffect
) -> Iterator[FactorialContrast]:
    for factor in factors:
        for level in factor.others:
            yield FactorialContrast(effect=effect, factors=(factor,), levels=(level,))


def _inside(factors: Sequence[TrialFactor]) -> Iterator[FactorialContrast]:
    for factor in factors:
        others = [each for each in factors if each is not factor]
        for level in factor.others:
            for setting in product(*(each.levels for each in others)):
                yield FactorialContrast(
                    effect=FactorialEffect.INSIDE,
                    factors=(factor,),
                    levels=(level,),
                    held=tuple(zip(others, setting, strict=True)),
                )


def _interactions(factors: Sequence[TrialFactor]) -> Iterator[FactorialContrast]:
    for several in range(2, len(factors) + 1):
        for which in combinations(factors, several):
            for levels in product(*(each.others for each in which)):
                yield FactorialContrast(
                    effect=FactorialEffect.INTERACTION, factors=which, levels=levels
                )
