"""How a score follows from answers, written once and used twice.

A formula works on columns of numbers (``values``), for a notebook, and is an expression of the rules
(``expression``), for the calculated item of a form. NaN and NULL stand for what is not known, and
whatever needs something unknown is unknown too, unless the formula counts what is answered.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

import numpy as np

Columns: TypeAlias = Mapping[str, np.ndarray]
"""The answers (n,) to each item, NaN where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Formula:
    """What gives a number for each row of answers.

    ``items`` are those it reads; ``values`` gives the numbers (n,), NaN where they are not known.
    """

    items: tuple[str, ...]
    values: Callable[[Columns], np.ndarray]
    expression: str

    @property
    def is_answer(self) -> bool:
        """Whether it is the answer to one item as it stands."""
        return self.items == (self.expression,)


def answer(item: str) -> Formula:
    """The answer to one item."""
    return Formula(items=(item,), values=lambda columns: columns[item], expression=item)


def answers(items: Iterable[str]) -> tuple[Formula, ...]:
    """The answers to several items."""
    return tuple(answer(item) for item in items)


def code_of(item: str) -> Formula:
    """The number that the code of a choice is."""
    return Formula(
        items=(item,), values=lambda columns: columns[item], expression=f"TO_NUMBER({item})"
    )


def recoded(part: Formula, *, intercept: int, slope: int) -> Formula:
    """``intercept`` + ``slope`` × part: an item that runs the other way, or on another scale."""
    steep = part.expression if abs(slope) == 1 else f"{abs(slope)} * {part.expression}"
    if slope < 0:
        text = f"({intercept} - {steep})"
    elif intercept:
        text = f"({steep} {'-' if intercept < 0 else '+'} {abs(intercept)})"
    else:
        text = steep
    return Formula(
        items=part.items,
        values=lambda columns: intercept + slope * part.values(columns),
        expression=text,
    )


def sum_of(parts: Sequence[Formula]) -> Formula:
    """The sum of the parts, all of which must be known."""
    return Formula(
        items=_items(parts),
        values=lambda columns: np.sum([part.values(columns) for part in parts], axis=0),
        expression=_added(part.expression for part in parts),
    )


def mean_of_answered(parts: Sequence[Formula], *, at_least: int, factor: int = 1) -> Formula:
    """``factor`` times the mean of the parts that are known, of which there must be ``at_least``."""

    def values(columns: Columns) -> np.ndarray:
        stack = np.stack([part.values(columns) for part in parts])
        known = ~np.isnan(stack)
        count = known.sum(axis=0)
        total = np.where(known, stack, 0.0).sum(axis=0)
        enough = count >= at_least
        return np.where(enough, factor * total / np.where(enough, count, 1), np.nan)

    scale = "" if factor == 1 else f"{factor} * "
    if at_least == len(parts):
        total = _added(part.expression for part in parts)
        text = f"{scale}({total}) / {len(parts)}"
    else:
        count = _added(f"IF({part.expression} IS NULL, 0, 1)" for part in parts)
        total = _added(f"COALESCE({part.expression}, 0)" for part in parts)
        text = f"IF({count} >= {at_least}, {scale}({total}) / ({count}), NULL)"
    return Formula(items=_items(parts), values=values, expression=text)


def ticked(given: str, ticks: Sequence[str]) -> Formula:
    """How many of the yes/no items are ticked, once the questionnaire is known to be handed in.

    An item without a tick counts as no; without ``given`` a blank sheet would score 0.
    """

    def values(columns: Columns) -> np.ndarray:
        count = np.sum([columns[tick] == 1 for tick in ticks], axis=0)
        return np.where(columns[given] == 1, count, np.nan)

    count = _added(f"IF(COALESCE({tick}, FALSE), 1, 0)" for tick in ticks)
    return Formula(items=(given, *ticks), values=values, expression=f"IF({given}, {count}, NULL)")


def best(parts: Sequence[Formula], *, highest: bool = True) -> Formula:
    """The highest (or the lowest) of the parts that are known."""
    pick, sign = (np.fmax, ">=") if highest else (np.fmin, "<=")

    def better(one: str, other: str) -> str:
        return f"IF({other} IS NULL OR {one} {sign} {other}, {one}, {other})"

    return Formula(
        items=_items(parts),
        values=lambda columns: reduce(pick, [part.values(columns) for part in parts]),
        expression=reduce(better, [part.expression for part in parts]),
    )


def share(part: Formula, over: Formula, *, factor: int = 1) -> Formula:
    """``factor`` times one part over another, unknown where that is zero."""

    def values(columns: Columns) -> np.ndarray:
        below = over.values(columns)
        return factor * part.values(columns) / np.where(below == 0, np.nan, below)

    scale = "" if factor == 1 else f"{factor} * "
    return Formula(
        items=_items((part, over)),
        values=values,
        expression=f"{scale}({part.expression}) / ({over.expression})",
    )


def difference(part: Formula, less: Formula) -> Formula:
    """One part minus another."""
    return Formula(
        items=_items((part, less)),
        values=lambda columns: part.values(columns) - less.values(columns),
        expression=f"({part.expression}) - ({less.expression})",
    )


def product_of(part: Formula, times: Formula) -> Formula:
    """One part times another."""
    return Formula(
        items=_items((part, times)),
        values=lambda columns: part.values(columns) * times.values(columns),
        expression=f"({part.expression}) * ({times.expression})",
    )


def reached(part: Formula, level: int) -> Formula:
    """1 where the part is at ``level`` or above, else 0."""

    def values(columns: Columns) -> np.ndarray:
        value = part.values(columns)
        return np.where(np.isnan(value), np.nan, (value >= level).astype(float))

    text = part.expression
    return Formula(
        items=part.items,
        values=values,
        expression=f"IF({text} IS NULL, NULL, IF({text} >= {level}, 1, 0))",
    )


def _items(parts: Sequence[Formula]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part.items))


def _added(parts: Iterable[str]) -> str:
    return " + ".join(parts)
