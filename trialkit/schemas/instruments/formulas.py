"""How a score follows from answers: an expression in the language of rules, and what it gives.

The text is what the calculated item of a form holds. A notebook reckons the same text here on columns
of numbers, a second route beside the one that the rules take. NaN and NULL stand for what is not
known, and whatever needs something unknown is unknown too, unless the text says otherwise.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import add, ge, gt, le, lt, mul, sub
from typing import TypeAlias

import numpy as np

from trialkit.decimals import CALCULATED
from trialkit.decimals.columns import settled
from trialkit.errors import ProtocolError
from trialkit.schemas.expressions.nodes import (
    Call,
    Name,
    Negative,
    Node,
    Not,
    Null,
    Number,
    Operation,
    Truth,
)
from trialkit.schemas.expressions.walking import every_part
from trialkit.schemas.rules.grammar import expression_tree

Columns: TypeAlias = Mapping[str, np.ndarray]
"""The answers (n,) to each item, NaN where there is none; yes is 1 and no is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """What gives a number for each row of answers."""

    expression: str

    @property
    def items(self) -> tuple[str, ...]:
        """The items that it reads."""
        return tuple(dict.fromkeys(_names(_tree(self.expression))))

    @property
    def is_answer(self) -> bool:
        """Whether it is the answer to one item as it stands."""
        return self.items == (self.expression,)

    def values(self, columns: Columns) -> np.ndarray:
        """The numbers (n,) in decimal, NaN where they are not known."""
        first = next(iter(columns.values()))
        with np.errstate(invalid="ignore"):
            found = np.broadcast_to(_value(_tree(self.expression), columns), first.shape)
        return settled(found.astype(float), size=np.abs(found), digits=CALCULATED)


_tree = cache(expression_tree)


def _names(tree: Node) -> Iterator[str]:
    for node in every_part(tree):
        match node:
            case Name(parts=(item,)):
                yield item


def _value(tree: Node, columns: Columns) -> np.ndarray:  # noqa: PLR0911 - one a kind of node
    match tree:
        case Name(parts=(item,)):
            return columns[item]
        case Number(text=text):
            return np.array(float(text))
        case Truth(holds=holds):
            return np.array(float(holds))
        case Null():
            return np.array(np.nan)
        case Negative(operand=operand):
            return -_value(operand, columns)
        case Not(operand=operand):
            return 1 - _value(operand, columns)
        case Operation(sign="IS", left=left):
            return np.where(np.isnan(_value(left, columns)), 1.0, 0.0)
        case Operation(sign=sign, left=left, right=right) if sign in _SIGNS:
            return _SIGNS[sign](_value(left, columns), _value(right, columns))
        case Call(function=function, arguments=arguments) if function in _FUNCTIONS:
            return _FUNCTIONS[function](*(_value(each, columns) for each in arguments))
    raise ProtocolError(f"{tree}, which no score is made of")


def _divided(part: np.ndarray, over: np.ndarray) -> np.ndarray:
    return part / np.where(over == 0, np.nan, over)


def _either(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.where((one == 1) | (other == 1), 1.0, one + other)


def _compared(
    how: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    def compared(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.where(np.isnan(one + other), np.nan, how(one, other))

    return compared


def _if(when: np.ndarray, then: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    return np.where(when == 1, then, otherwise)


def _coalesce(first: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(first), other, first)


_SIGNS: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": _divided,
    "OR": _either,
    **{sign: _compared(how) for sign, how in {"<": lt, "<=": le, ">": gt, ">=": ge}.items()},
}
_FUNCTIONS: Mapping[str, Callable[..., np.ndarray]] = {
    "IF": _if,
    "COALESCE": _coalesce,
    "TO_NUMBER": lambda code: code,
}


def answer(item: str) -> Formula:
    """The answer to one item."""
    return Formula(expression=item)


def answers(items: Iterable[str]) -> tuple[Formula, ...]:
    """The answers to several items."""
    return tuple(answer(item) for item in items)


def recoded(part: Formula, *, intercept: int, slope: int) -> Formula:
    """``intercept`` + ``slope`` × part: an item that runs the other way, or on another scale."""
    steep = part.expression if abs(slope) == 1 else f"{abs(slope)} * {part.expression}"
    if slope < 0:
        return Formula(expression=f"({intercept} - {steep})")
    if intercept:
        return Formula(expression=f"({steep} {'-' if intercept < 0 else '+'} {abs(intercept)})")
    return Formula(expression=steep)


def sum_of(parts: Sequence[Formula]) -> Formula:
    """The sum of the parts, all of which must be known."""
    return Formula(expression=_added(part.expression for part in parts))


def mean_of_answered(parts: Sequence[Formula], *, at_least: int, factor: int = 1) -> Formula:
    """``factor`` times the mean of the parts that are known, of which there must be ``at_least``."""
    scale = "" if factor == 1 else f"{factor} * "
    if at_least == len(parts):
        total = _added(part.expression for part in parts)
        return Formula(expression=f"{scale}({total}) / {len(parts)}")
    count = _added(f"IF({part.expression} IS NULL, 0, 1)" for part in parts)
    total = _added(f"COALESCE({part.expression}, 0)" for part in parts)
    return Formula(expression=f"IF({count} >= {at_least}, {scale}({total}) / ({count}), NULL)")


def ticked(given: str, ticks: Sequence[str]) -> Formula:
    """How many of the yes/no items are ticked, once the questionnaire is known to be handed in.

    An item without a tick counts as no; without ``given`` a blank sheet would score 0.
    """
    count = _added(f"IF(COALESCE({tick}, FALSE), 1, 0)" for tick in ticks)
    return Formula(expression=f"IF({given}, {count}, NULL)")


def best(parts: Sequence[Formula], *, highest: bool = True) -> Formula:
    """The highest (or the lowest) of the parts that are known."""
    sign = ">=" if highest else "<="

    def better(one: str, other: str) -> str:
        return f"IF({other} IS NULL OR {one} {sign} {other}, {one}, {other})"

    return Formula(expression=reduce(better, [part.expression for part in parts]))


def share(part: Formula, over: Formula, *, factor: int = 1) -> Formula:
    """``factor`` times one part over another, unknown where that is zero."""
    scale = "" if factor == 1 else f"{factor} * "
    return Formula(expression=f"{scale}({part.expression}) / ({over.expression})")


def difference(part: Formula, less: Formula) -> Formula:
    """One part minus another."""
    return Formula(expression=f"({part.expression}) - ({less.expression})")


def _added(parts: Iterable[str]) -> str:
    return " + ".join(parts)
