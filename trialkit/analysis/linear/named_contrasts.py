"""Contrasts as they are said: an arm, a pair of arms, weights by name; visits alike; covariates held.

What is not known is told with the names that there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from trialkit.analysis.linear.linear_model import FactorColumn, ModelColumn
from trialkit.errors import AnalysisError
from trialkit.protocol.tables.choices import suggestion

NOWHERE: Mapping[str, object] = MappingProxyType({})
"""Covariates that stand at their average."""
PAIR = 2
ROUNDING = 1e-9
"""Weights of thirds sum to nothing, or to 1, within this."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NamedWeights:
    """The weight of each level, and the words for them."""

    words: str
    weights: np.ndarray


def arm_weights(
    stated: object, arms: Sequence[object], *, reference: object, sign: str = "-"
) -> NamedWeights:
    """An arm (against the reference), a pair ``(one, other)``, or weights by arm."""
    if not isinstance(stated, tuple | list | Mapping):
        _place(stated, arms, parameter="arm")
        if stated == reference:
            raise AnalysisError(
                f"arm={stated!r} is the reference; name another arm, or arm={{{stated!r}: 1}} for its mean"
            )
        stated = (stated, reference)
    return _weights(stated, arms, parameter="arm", sign=sign)


def visit_weights(stated: object, visits: Sequence[object]) -> NamedWeights:
    """A visit, a pair ``(later, earlier)`` for the change between them, or weights by visit."""
    if stated is None:
        listed = ", ".join(map(repr, visits))
        raise AnalysisError(
            f"visit= must say when: one of {listed}, a pair (later, earlier), or weights by visit"
        )
    if not isinstance(stated, tuple | list | Mapping):
        stated = {stated: 1.0}
    return _weights(stated, visits, parameter="visit", sign="-")


def held_covariates(
    at: Mapping[str, object], covariates: Mapping[str, tuple[object, ...] | None]
) -> dict[str, object]:
    """What covariates are held at: a number, or one of the levels of those that have any."""
    if not isinstance(at, Mapping):
        raise AnalysisError(
            f"at={at!r} must say each covariate's value, such as {{'baseline': 50}}"
        )
    held: dict[str, object] = {}
    for name, value in at.items():
        if name not in covariates:
            known = [repr(each) for each in covariates]
            raise AnalysisError(
                f"at={{{name!r}: …}} is not a covariate of the model; "
                + (f"covariates are {', '.join(known)}" if known else "it has none")
                + suggestion(str(name), list(covariates))
            )
        levels = covariates[name]
        if levels is not None:
            _place(value, levels, parameter=name)
        elif not _is_a_number(value):
            raise AnalysisError(f"at={{{name!r}: {value!r}}} must be a number")
        held[name] = value
    return held


def held_numbers(at: Mapping[str, object], columns: Sequence[ModelColumn]) -> dict[str, float]:
    """The same of the columns of a linear model: numbers, and the number of a factor's level."""
    levels = {
        each.name: each.levels if isinstance(each, FactorColumn) else None for each in columns
    }
    return {
        name: float(str(value))
        if levels[name] is None
        else float((levels[name] or ()).index(value))
        for name, value in held_covariates(at, levels).items()
    }


def contrast_words(arm: NamedWeights, visit: NamedWeights | None, at: Mapping[str, object]) -> str:
    """How the contrast is called: ``EG - CG, W12 - BL, age = 50``."""
    said = [arm.words] if visit is None else [arm.words, visit.words]
    return ", ".join([*said, *(f"{name} = {value}" for name, value in at.items())])


def _weights(
    stated: object, levels: Sequence[object], *, parameter: str, sign: str
) -> NamedWeights:
    """The weights of a pair, or those that are stated by level."""
    weights = np.zeros(len(levels))
    if isinstance(stated, Mapping):
        for level, weight in stated.items():
            if not _is_a_number(weight):
                raise AnalysisError(f"{parameter}={{{level!r}: {weight!r}}} must be a number")
            weights[_place(level, levels, parameter=parameter)] = float(str(weight))
        if not weights.any():
            raise AnalysisError(f"{parameter}={stated!r} weighs nothing")
        _refuse_odd_sum(stated, float(weights.sum()), parameter=parameter)
        return NamedWeights(words=_in_words(weights, levels), weights=weights)
    if not isinstance(stated, tuple | list) or len(stated) != PAIR or stated[0] == stated[1]:
        raise AnalysisError(
            f"{parameter}={stated!r} must be a pair of two, the first less the second"
        )
    one, other = (_place(each, levels, parameter=parameter) for each in stated)
    weights[one], weights[other] = 1.0, -1.0
    return NamedWeights(words=f"{levels[one]} {sign} {levels[other]}", weights=weights)


def _refuse_odd_sum(stated: object, total: float, *, parameter: str) -> None:
    """Refuse weights of neither a difference nor a mean: a slip of the pen would pass as an estimate."""
    if min(abs(total), abs(total - 1)) > ROUNDING:
        raise AnalysisError(
            f"{parameter}={stated!r} sums to {total:.6g}: weights sum to 0 for a difference, to 1 for a mean"
        )


def _in_words(weights: np.ndarray, levels: Sequence[object]) -> str:
    """``EG - 0.5 A - 0.5 B``."""
    said = ""
    for weight, level in zip(weights.tolist(), levels, strict=True):
        if not weight:
            continue
        size = "" if abs(weight) == 1 else f"{abs(weight):.6g} "
        joint = (" - " if said else "-") if weight < 0 else (" + " if said else "")
        said += f"{joint}{size}{level}"
    return said


def _place(level: object, levels: Sequence[object], *, parameter: str) -> int:
    if level not in levels:
        listed = ", ".join(map(repr, levels))
        raise AnalysisError(
            f"{parameter}={level!r} is not known; there are {listed}"
            + suggestion(str(level), [str(each) for each in levels])
        )
    return list(levels).index(level)


def _is_a_number(value: object) -> bool:
    known = isinstance(value, int | float | np.integer | np.floating)
    return known and not isinstance(value, bool) and bool(np.isfinite(float(str(value))))
