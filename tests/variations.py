"""Every option of every method with its other values, found by introspection.

The tests that an option is told and that it is felt walk through these: a new method or option is
in both as it comes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, fields, replace
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.external import External
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.imputation import DrawMethod, ImputationStrategy
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.pair_comparison import NextPriority
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.risk_comparison import RiskComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.stratified_ranks import StratifiedRanks
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.results.effect import Scale

AGE, SEX = "demographics.age", "demographics.sex"
"""A numeric and a categorical characteristic, and visits (``V1``, ``V2``), as the made-up trial calls them."""


CARRIED_OUT = {
    method: kind for method, kind in SPECIFICATIONS.items() if method is not Method.EXTERNAL
}
"""The methods that trialkit itself carries out; of the others it reads results."""


NEEDED: Mapping[type[Specification], Mapping[str, Any]] = {
    MarginComparison: {"margin": 5},
    MultipleImputation: {"draws": DrawMethod.APPROXIMATE_BAYES, "samples": 20, "seed": 1},
    ResponderComparison: {"missing": MissingRule.OBSERVED_ONLY},
    TippingPoint: {
        "draws": DrawMethod.APPROXIMATE_BAYES,
        "samples": 20,
        "seed": 1,
        "arm": "A1",
        "deltas": DeltaGrid(first=-2, last=4, step=2),
    },
    External: {
        "file": "external/cox.csv",
        "program": "R 4.5.1, survival 3.8-3",
        "description": "Cox regression with Efron's handling of ties",
        "scale": Scale.DIFFERENCE,
    },
}
"""What a specification cannot do without, or what is tried of it."""


def specification_of(method: Method, *, category: str = SEX) -> Specification:
    """A specification of this method with the least that it needs."""
    kind = SPECIFICATIONS[method]
    if kind is Subgroups:
        return Subgroups(by=category)
    if kind in {StratifiedProportions, StratifiedRanks}:
        return kind(strata=category if kind is StratifiedProportions else (category,))
    return kind(method=method, **NEEDED.get(kind, {}))


MODELS: tuple[Specification, ...] = (
    Ancova(),
    Ancova(covariates=()),
    StandardisedRiskComparison(),
    StandardisedRiskComparison(covariates=(SEX,)),
)
"""Models that a comparison with a margin may hold: of means and of risks."""
OF_IMPUTATION: Mapping[str, tuple[object, ...]] = {
    "arm": ("A1", "A2", "A0"),
    "deltas": (DeltaGrid(first=-2, last=4, step=2), DeltaGrid(first=-2, last=4)),
    "other_deltas": (None, DeltaGrid(first=0, last=2), DeltaGrid(first=-2, last=2, step=2)),
    "after": ((), ("missing",), ("stopped",)),
    "strategies": ({}, {"stopped": ImputationStrategy.COPY_REFERENCE}),
    "delta": ({}, {"A1": 5.0}, {"A1": {"V2": 5.0}}, {"A1": 7.0}),
}
"""Options of imputations that name events, arms and visits, as the made-up trial of feeling calls them."""
_WORDS_OF_OUTSIDE = {
    "file": ("external/other.csv",),
    "program": ("SAS 9.4",),
    "description": ("Weibull regression",),
    "script": ("external/cox.R", "external/other.R"),
    "script_sha256": ("a" * 64, "b" * 64),
}
"""Options of an external analysis that are text, with other values."""


def options(kind: type[Any]) -> list[Field[Any]]:
    """What a plan may say of a method beside its name."""
    return [each for each in fields(kind) if each.name != "method"]


CASES = [(method, each.name) for method, kind in SPECIFICATIONS.items() for each in options(kind)]
"""Every method with each of its options."""


def alternatives(kind: Any, characteristics: tuple[str, ...]) -> Iterator[object]:
    """Values that an option of this type might have."""
    if get_origin(kind) in {Union, UnionType}:
        for each in get_args(kind):
            yield from [None] if each is NoneType else alternatives(each, characteristics)
    elif get_origin(kind) is tuple:
        yield ()
        yield from ((each,) for each in alternatives(get_args(kind)[0], characteristics))
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from kind
    elif kind is Specification:
        yield from MODELS
    elif kind is bool:
        yield from (True, False)
    elif kind is str:
        yield from characteristics
    elif kind is int:
        yield from (1, 2, 3, 4, 7, 999, 12_345)
    elif kind is float:
        yield from (0.01, 0.05, 0.3, 7.0)
    else:
        raise NotImplementedError(f"say in this module which values a {kind!r} may have")


def said_out(specification: Specification) -> Specification:
    """With what an option means that says nothing: two plans that mean one thing are one."""
    if isinstance(specification, RiskComparison):
        measures = specification.measures
        return replace(
            specification, ratio_interval=measures.ratio, odds_ratio_method=measures.odds
        )
    return specification


def changed(
    specification: Specification, name: str, *, characteristics: tuple[str, ...] = (AGE, SEX)
) -> Iterator[Specification]:
    """The specification with each other value of an option that it admits."""
    kind = type(specification)
    values: Iterable[object] = alternatives(get_type_hints(kind)[name], characteristics)
    if name == "then":
        pain = NextPriority(outcome="pain")
        values = ((), (pain,), (replace(pain, more_than=7.0),))
    if name == "model" and kind is MultipleImputation:
        values = (
            None,
            Ancova(covariates=()),
            Ancova(robust=RobustCovariance.HC3),
            Logistic(limits=RatioLimits.WALD),
        )
    if name == "visits":
        values = ((), ("V2",), ("V1", "V2"))
    if name in OF_IMPUTATION:
        values = OF_IMPUTATION[name]
    if kind is External and name in _WORDS_OF_OUTSIDE:
        values = _WORDS_OF_OUTSIDE[name]
    for value in values:
        try:
            other = replace(specification, **{name: value})
        except ProtocolError:
            continue
        if said_out(other) != said_out(specification):
            yield other


def pairs(method: Method, name: str) -> list[tuple[Specification, Specification]]:
    """Specifications that differ in one option alone; where it needs another one, with that."""
    first = specification_of(method)
    starts = [first]
    for other in options(SPECIFICATIONS[method]):
        if other.name != name:
            starts += changed(first, other.name)
    return [(start, end) for start in starts for end in changed(start, name)]


def is_enum(method: Method, option: str) -> bool:
    """Whether all values of an option are known, so that one that cannot change is refused."""
    return isinstance(get_type_hints(SPECIFICATIONS[method])[option], type(Enum))
