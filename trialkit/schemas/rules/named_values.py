"""What a name in a rule may hold, beside what the rule compares it with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor, inf
from typing import TypeAlias

from trialkit.schemas.expressions.nodes import (
    Call,
    Day,
    Name,
    Negative,
    Node,
    Number,
    OfRows,
    Text,
    Truth,
)
from trialkit.schemas.expressions.walking import words
from trialkit.schemas.forms.expressions import COUNT, Kind, Reference
from trialkit.schemas.rules.kinds import date_in
from trialkit.schemas.rules.names import KEYS, NO_ITEMS, Scope

Value: TypeAlias = float | str | bool
"""A number, a text, an answer of yes or no; a date is the number of its day."""

_COMPARED = (Kind.NUMBER, Kind.TEXT, Kind.TIME, Kind.BOOLEAN, Kind.DATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedValue:
    """A name, or the length of a text, and which values it may have."""

    node: Node
    name: str
    """What the item is called in the rule."""
    kind: Kind
    whole: bool = False
    """Whether it is counted, not measured."""
    is_length: bool = False
    is_key: bool = False
    """Whether it is a key of the row, which is never unknown."""
    low: float = -inf
    high: float = inf
    known: tuple[str, ...] = ()
    """The only texts that it can have; empty for any."""
    never: tuple[str, ...] = ()
    """Texts that it cannot have: missing codes, which are no values."""

    @property
    def words(self) -> str:
        """What it is called in messages."""
        return f"LENGTH({self.name})" if self.is_length else self.name

    @property
    def has_order(self) -> bool:
        """Whether one value can be more than another."""
        return self.kind in {Kind.NUMBER, Kind.DATE}

    def read(self, node: Node) -> Value | None:  # noqa: PLR0911 - one a kind of value
        """What a rule states as a value to compare with; None for anything else."""
        match node, self.kind:
            case Number(text=text), Kind.NUMBER:
                return float(text)
            case Negative(operand=Number(text=text)), Kind.NUMBER:
                return -float(text)
            case ((Text(text=text) | Day(text=text)), Kind.DATE):
                return float(date_in(text).toordinal())
            case Text(text=text), (Kind.TEXT | Kind.TIME):
                return text
            case Text(text=text), Kind.BOOLEAN:
                return text == "yes"
            case Truth(holds=holds), Kind.BOOLEAN:
                return holds
        return None

    def can_be(self, value: Value) -> bool:
        """Whether this is a value that it may have."""
        return value in self.values([value])

    def values(self, stated: Sequence[Value]) -> list[Value]:
        """The stated values that it may have, and others that stand for all the rest."""
        if self.kind is Kind.BOOLEAN:
            return [True, False]
        if self.has_order:
            return [*self._numbers({each for each in stated if isinstance(each, float)})]
        texts = [each for each in stated if isinstance(each, str)]
        another = " or ".join(["another", *texts])
        return [each for each in self.known or (*texts, another) if each not in self.never]

    def _numbers(self, stated: set[float]) -> list[float]:
        """Numbers at, between and beyond the stated ones and the limits."""
        ends = {each for each in (self.low, self.high) if abs(each) < inf}
        points = sorted({each for each in stated if self.low <= each <= self.high} | ends) or [0.0]
        between = [(one + other) / 2 for one, other in pairwise(points)]
        tried = {*points, *between, points[0] - 1, points[-1] + 1}
        if self.whole:
            near = {step for value in tried for step in (floor(value), ceil(value))}
            tried = {float(value + step) for value in near for step in (-1, 0, 1)}
        return sorted(value for value in tried if self.low <= value <= self.high)

    def instead(self, value: Value) -> str:
        """What it can be, where it can never be this value."""
        if value in self.never:
            return f", since it is a missing code; write {self.name}__missing = '{value}'"
        if self.known:
            return f"; it is one of {', '.join(self.known)}"
        return self.limits

    @property
    def limits(self) -> str:
        """The range that its form gives it, in words; empty where it has none."""
        if self.is_length or self.kind is not Kind.NUMBER or self.low == -self.high == -inf:
            return ""
        if self.high == inf:
            return f"; its form has it at least {self.low:g}"
        if self.low == -inf:
            return f"; its form has it at most {self.high:g}"
        return f"; its form has it from {self.low:g} to {self.high:g}"


def named_value(node: Node, scope: Scope, *, limited: bool) -> NamedValue | None:
    """What is named, if values can be compared with it; ``limited`` to what its form allows."""
    match node:
        case Name(parts=parts):
            return _of_item(node, ".".join(parts), scope.resolve(parts), scope, limited=limited)
        case Call(function="LENGTH", arguments=(Name(parts=parts),)):
            return NamedValue(
                node=node,
                name=".".join(parts),
                kind=Kind.NUMBER,
                whole=True,
                is_length=True,
                low=1,
            )
        case OfRows():
            return _of_rows(node, scope, limited=limited)
    return None


def _of_rows(tree: OfRows, scope: Scope, *, limited: bool) -> NamedValue | None:
    """How many rows, from none on; or the value of the row before, which is one that it may have."""
    if tree.function == "COUNT":
        return NamedValue(node=tree, name=words(tree), kind=Kind.NUMBER, whole=True, low=0)
    if tree.function == "PREVIOUS" and isinstance(tree.operand, Name):
        parts = tree.operand.parts
        found = _of_item(tree, words(tree), scope.resolve(parts), scope, limited=limited)
        return None if found is None else replace(found, is_key=False)
    return None


def _of_item(
    node: Node, name: str, reference: Reference, scope: Scope, *, limited: bool
) -> NamedValue | None:
    if reference.kind not in _COMPARED or reference.partial:
        return None
    value = NamedValue(
        node=node,
        name=name,
        kind=reference.kind,
        whole=reference.whole or reference.kind is Kind.DATE,
        is_key=reference.item in KEYS,
    )
    if reference.item in NO_ITEMS or not limited:
        return value
    if reference.of == COUNT:
        return replace(value, low=0)
    free = reference.kind is Kind.TEXT and not reference.known
    value = replace(value, known=reference.known, never=scope.missing_codes if free else ())
    if reference.code or reference.of:
        return value
    ends = scope.forms[reference.form].item(reference.item).range
    low, high = (
        None if end is None else float(end if isinstance(end, int | float) else end.toordinal())
        for end in (ends.low, ends.high)
    )
    return replace(value, low=-inf if low is None else low, high=inf if high is None else high)
