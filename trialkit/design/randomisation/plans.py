"""A planned randomisation: arms, law, strata and length, before there is any key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

from trialkit.design.randomisation.minimisation import (
    Factor,
    Imbalance,
    Minimisation,
    Preference,
    check_minimisation,
)
from trialkit.design.randomisation.schemes import (
    Arms,
    BigStick,
    EfronCoin,
    PermutedBlocks,
    Sequential,
    Share,
    Simple,
    WeiUrn,
    check_scheme,
)
from trialkit.errors import DesignError
from trialkit.files.json_reading import json_object
from trialkit.limits import LARGEST_WHOLE
from trialkit.protocol.tables.canonical import canonical

Scheme: TypeAlias = Sequential | Minimisation
ALL = "all"
"""The one stratum of a list without strata."""
_RESERVED = frozenset("=,|\n")
_MOST_SLOTS = 1_000_000
_CHANCE = re.compile(r"[0-9]{1,18}(/[1-9][0-9]{0,17})?")


class Use(StrEnum):
    """What a list is for."""

    TRIAL = "trial"
    TRAINING = "training"
    """A dummy list with another key, to try forms and people out."""


class Law(StrEnum):
    """The name of a law on the command line and in the plan's file."""

    SIMPLE = "simple"
    BLOCKS = "blocks"
    EFRON = "efron"
    URN = "urn"
    BIG_STICK = "big-stick"
    MINIMISATION = "minimisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomisationPlan:
    """Everything about a list but its key."""

    trial: str
    arms: Arms
    scheme: Scheme
    factors: tuple[Factor, ...] = ()
    """What is stratified by, or minimised over."""
    slots: int
    """How many in each stratum, at least: a block that is begun is finished."""
    use: Use = Use.TRIAL

    def __post_init__(self) -> None:
        if isinstance(self.scheme, Minimisation):
            check_minimisation(self.scheme, self.arms)
            if not self.factors:
                raise DesignError("minimisation needs a factor to minimise over")
        else:
            check_scheme(self.scheme, self.arms)
        names = [factor.name for factor in self.factors]
        if len(set(names)) != len(names):
            raise DesignError(f"a factor is named twice: {', '.join(names)}")
        for text in (*names, *(level for factor in self.factors for level in factor.levels)):
            if not text or _RESERVED & set(text):
                raise DesignError(f"{text!r} cannot name a factor or level: no '=', ',' or '|'")
        if self.slots < 1:
            raise DesignError(f"each stratum needs 1 slot or more, got {self.slots}")
        if not isinstance(self.scheme, Minimisation) and self.slots * self.n_strata > _MOST_SLOTS:
            raise DesignError(
                f"{self.n_strata} strata of {self.slots} slots are more than {_MOST_SLOTS}: that "
                "many strata would stay nearly empty; minimise over the factors instead"
            )

    @property
    def n_strata(self) -> int:
        """How many strata there are."""
        count = 1
        for factor in self.factors:
            count *= len(factor.levels)
        return count

    @property
    def strata(self) -> tuple[str, ...]:
        """The labels of the strata; minimisation has one stream for all."""
        if isinstance(self.scheme, Minimisation) or not self.factors:
            return (ALL,)
        levels = product(*(factor.levels for factor in self.factors))
        names = [factor.name for factor in self.factors]
        return tuple(label(dict(zip(names, each, strict=True))) for each in levels)

    def stratum(self, entered: Mapping[str, str]) -> str:
        """The stratum of somebody with these levels.

        Raises :class:`DesignError` for a factor that is missing or unknown, and for a strange level.
        """
        names = [factor.name for factor in self.factors]
        if set(entered) != set(names):
            raise DesignError(
                f"the levels given are for {_listed(entered)}; this randomisation needs "
                f"{_listed(names)}"
            )
        for factor in self.factors:
            if entered[factor.name] not in factor.levels:
                raise DesignError(
                    f"{factor.name}={entered[factor.name]!r} is no level of it; levels are "
                    f"{', '.join(factor.levels)}"
                )
        if isinstance(self.scheme, Minimisation) or not names:
            return ALL
        return label({name: entered[name] for name in names})

    def to_text(self) -> str:
        """The plan as canonical JSON: the same plan, the same bytes."""
        return canonical(_as_json(self))


def label(levels: Mapping[str, str]) -> str:
    """The name of a stratum, which its stream is drawn for."""
    return ",".join(f"{name}={level}" for name, level in levels.items())


def plan_from_text(text: str) -> RandomisationPlan:
    """The plan that :meth:`RandomisationPlan.to_text` wrote."""
    try:
        raw = json_object(text)
        return RandomisationPlan(
            trial=_text(raw["trial"]),
            arms=Arms(
                shares=tuple(
                    Share(code=_text(each["code"]), ratio=_whole(each["ratio"]))
                    for each in raw["arms"]
                )
            ),
            scheme=_scheme(raw["scheme"]),
            factors=tuple(
                Factor(
                    name=_text(each["name"]),
                    levels=tuple(_text(level) for level in each["levels"]),
                    weight=_whole(each["weight"]),
                )
                for each in raw["factors"]
            ),
            slots=_whole(raw["slots"]),
            use=Use(raw["use"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise DesignError(
            f"this is no plan of a randomisation ({error}); make one by 'trialkit randomise plan'"
        ) from None


def words(scheme: Scheme) -> str:
    """The law in the words of a report."""
    match scheme:
        case Simple():
            return "simple, each allocation for itself"
        case PermutedBlocks(lengths=lengths):
            return f"permuted blocks of length {' or '.join(map(str, lengths))}"
        case EfronCoin(p=p):
            return f"Efron's biased coin, p = {p}"
        case WeiUrn(alpha=alpha, beta=beta):
            return f"Wei's urn UD({alpha}, {beta})"
        case BigStick(limit=limit):
            return f"big stick, at most {limit} apart"
        case Minimisation():
            return (
                f"minimisation of the {scheme.imbalance.value}, "
                f"{'p' if scheme.preference is Preference.BEST else 'q'} = {scheme.p}"
            )


def _as_json(plan: RandomisationPlan) -> dict[str, Any]:
    return {
        "trial": plan.trial,
        "use": plan.use.value,
        "slots": plan.slots,
        "arms": [{"code": share.code, "ratio": share.ratio} for share in plan.arms.shares],
        "factors": [
            {"name": each.name, "levels": list(each.levels), "weight": each.weight}
            for each in plan.factors
        ],
        "scheme": _scheme_as_json(plan.scheme),
    }


def _scheme_as_json(scheme: Scheme) -> dict[str, Any]:
    match scheme:
        case Simple():
            return {"law": Law.SIMPLE.value}
        case PermutedBlocks(lengths=lengths):
            return {"law": Law.BLOCKS.value, "lengths": list(lengths)}
        case EfronCoin(p=p):
            return {"law": Law.EFRON.value, "p": str(p)}
        case WeiUrn(alpha=alpha, beta=beta):
            return {"law": Law.URN.value, "alpha": alpha, "beta": beta}
        case BigStick(limit=limit):
            return {"law": Law.BIG_STICK.value, "limit": limit}
        case Minimisation(p=p, imbalance=imbalance, preference=preference):
            return {
                "law": Law.MINIMISATION.value,
                "p": str(p),
                "imbalance": imbalance.value,
                "preference": preference.value,
            }


def _scheme(raw: Mapping[str, Any]) -> Scheme:
    match Law(raw["law"]):
        case Law.SIMPLE:
            return Simple()
        case Law.BLOCKS:
            return PermutedBlocks(lengths=tuple(_whole(each) for each in raw["lengths"]))
        case Law.EFRON:
            return EfronCoin(p=_chance(raw["p"]))
        case Law.URN:
            return WeiUrn(alpha=_whole(raw["alpha"]), beta=_whole(raw["beta"]))
        case Law.BIG_STICK:
            return BigStick(limit=_whole(raw["limit"]))
        case Law.MINIMISATION:
            return Minimisation(
                p=_chance(raw["p"]),
                imbalance=Imbalance(raw["imbalance"]),
                preference=Preference(raw["preference"]),
            )


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError(f"{raw!r} is no text")
    return raw


def _whole(raw: object) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or abs(raw) > LARGEST_WHOLE:
        raise TypeError("a whole number of 15 digits at most was expected")
    return raw


def _chance(raw: object) -> Fraction:
    """As :func:`str` writes a fraction: other texts may stand for numbers of a billion digits."""
    if not isinstance(raw, str) or not _CHANCE.fullmatch(raw):
        raise TypeError("a chance such as 2/3 was expected")
    return Fraction(raw)


def _listed(names: Mapping[str, str] | Sequence[str]) -> str:
    return ", ".join(names) or "no factor"
