"""What is typed for ``trialkit power`` becomes assumptions, sizes and boundaries."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from trialkit.design.sample_size.catalogue import situation_of
from trialkit.design.sample_size.situation import Situation
from trialkit.design.sequential.designs import GroupSequentialDesign, equal_looks
from trialkit.design.sequential.spending import (
    BetaSpending,
    Efficacy,
    Futility,
    FutilityBounds,
    HwangShihDeCani,
    KimDeMets,
    OBrienFleming,
    OBrienFlemingSpending,
    Pocock,
    PocockSpending,
    WangTsiatis,
)
from trialkit.errors import DesignError, ProtocolError
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.sizing.specifications import SIZE_SPECIFICATIONS
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, read_table

_PLAIN: Mapping[str, Efficacy] = MappingProxyType(
    {
        "obrien-fleming-spending": OBrienFlemingSpending(),
        "pocock-spending": PocockSpending(),
        "obrien-fleming": OBrienFleming(),
        "pocock": Pocock(),
    }
)
_FAMILIES: Mapping[str, Callable[[float], Efficacy]] = MappingProxyType(
    {
        "hwang-shih-decani": lambda gamma: HwangShihDeCani(gamma=gamma),
        "kim-demets": lambda rho: KimDeMets(rho=rho),
        "wang-tsiatis": lambda delta: WangTsiatis(delta=delta),
    }
)
BOUNDARIES = (*_PLAIN, "hwang-shih-decani:GAMMA", "kim-demets:RHO", "wang-tsiatis:DELTA")


def typed_situation(method: SampleSizeMethod, assumptions: Sequence[str]) -> Situation:
    """The situation of ``NAME=VALUE`` words, or all complaints about them at once."""
    complaints = Complaints("the call")
    raw: dict[str, object] = {}
    for word in assumptions:
        name, equals, text = word.partition("=")
        if not equals or not name:
            raise DesignError(f"{word!r} is no assumption; write NAME=VALUE, such as difference=10")
        raw[name] = _typed_value(text)
    specification = read_table(
        SIZE_SPECIFICATIONS[method], raw, table=method.value, complaints=complaints
    )
    if specification is None:
        raise ProtocolError(complaints.all())
    return situation_of(specification)


def typed_size(text: str) -> float | tuple[int, ...]:
    """``128``, or ``28,35`` for the arms, the reference first."""
    parts = [_whole(part, text) for part in text.split(",")]
    return parts[0] if len(parts) == 1 else tuple(parts)


def typed_design(
    looks: str,
    boundary: str,
    futility: str | None,
    *,
    binding: bool,
    alpha: float,
    sides: int,
    power: float,
) -> GroupSequentialDesign:
    """The group-sequential design of the options."""
    if "," in looks:
        times = tuple(_number(part, "--looks") for part in looks.split(","))
    else:
        times = equal_looks(_whole(looks, looks))
    return GroupSequentialDesign(
        times=times,
        efficacy=typed_boundary(boundary),
        futility=None if futility is None else _typed_futility(futility),
        binding=binding,
        alpha=alpha,
        sides=sides,
        power=power,
    )


def typed_boundary(text: str) -> Efficacy:
    """A boundary by its name, with its parameter after a colon where it has one."""
    name, colon, parameter = text.partition(":")
    if not colon and name in _PLAIN:
        return _PLAIN[name]
    if name in _FAMILIES and parameter:
        return _FAMILIES[name](_number(parameter, text))
    known = list(BOUNDARIES)
    raise DesignError(
        f"{text!r} is no boundary; known are {', '.join(known)}{suggestion(text, known)}"
    )


def _typed_futility(text: str) -> Futility:
    """A spending function of the type II error, or z at each look before the last."""
    if text[:1].isalpha() and not text.startswith("inf"):
        spending = typed_boundary(text)
        if isinstance(spending, OBrienFleming | Pocock | WangTsiatis):
            raise DesignError(f"--futility {text}: the type II error needs a spending function")
        return BetaSpending(spending=spending)
    return FutilityBounds(z=tuple(_number(part, "--futility") for part in text.split(",")))


def _typed_value(text: str) -> object:
    """A number or list as TOML has it, a bare ``.5`` too; anything else is text."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _whole(part: str, text: str) -> int:
    try:
        return int(part)
    except ValueError:
        raise DesignError(f"{text!r}: {part!r} is no whole number") from None


def _number(part: str, text: str) -> float:
    try:
        return float(part)
    except ValueError:
        raise DesignError(f"{text}: {part!r} is no number") from None
