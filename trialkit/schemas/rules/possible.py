"""Whether a condition can be true, and whether it can be false: what never can is refused.

A blank is unknown, and a comparison with it is never true; ``reason <> ''`` finds nothing, ever. So
does a number outside an item's range, a missing code as a value, or ``side = 'l' AND side = 'r'``.
Each is refused where it is written, since nobody would learn of it later.

Of each name that is compared with what the condition states, a few values stand for all others: the
stated ones, those between and beyond them, and none. The condition is worked out for each of them,
with every part that does something else taken to be true, false or unknown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from math import prod
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeAlias

from trialkit.errors import ProtocolError
from trialkit.schemas.expressions.nodes import (
    Among,
    Between,
    Call,
    Name,
    Node,
    Not,
    Number,
    Operation,
    Text,
    Truth,
)
from trialkit.schemas.expressions.walking import every_part, inner, joined_by, leaves, words
from trialkit.schemas.rules.named_values import NamedValue, Value, named_value
from trialkit.schemas.rules.names import Scope

Outcome: TypeAlias = bool | None
"""What a condition gives: true, false, or None where it cannot be said."""
Outcomes: TypeAlias = frozenset[Outcome]

_ANY: Outcomes = frozenset({True, False, None})
_MOST = 5000
"""How many combinations of values are tried; of more, everything is taken to be possible."""
_LONGEST = 300_000
"""How many parts are worked out for all of them together."""
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EQUALITY = ("=", "<>")


def outcomes(tree: Node, scope: Scope, *, limited: bool = True) -> Outcomes:
    """The outcomes that a condition can have; all three where there are too many names to try.

    ``limited`` to the values that the forms allow; without, whatever can be written down is tried.
    """
    return _Outcomes(scope=scope, limited=limited).of(tree)


def refuse_blanks(tree: Node) -> None:
    """Raise :class:`ProtocolError` for a comparison with a blank text, which is never true."""
    for node in every_part(tree):
        for one, other in _compared_with(node):
            if _is_blank(one) and not _may_be_blank(other):
                asked = words(other)
                raise ProtocolError(
                    f"a comparison of {asked} with '', which is never true since a blank is "
                    f"unknown; write {asked} IS NULL or {asked} IS NOT NULL"
                )


def refuse_impossible(tree: Node, scope: Scope) -> None:
    """Raise :class:`ProtocolError` where the condition, or a part of it, can never be true."""
    allowed = _Outcomes(scope=scope, limited=True)
    for node in every_part(tree):
        _refuse_what_tells_nothing(node, allowed)
    for node in _conditions(tree):
        if True not in allowed.of(node):
            raise ProtocolError(f"{words(node)}, which can never be true{allowed.limits(node)}")


def refuse_what_never_fails(tree: Node, scope: Scope) -> None:
    """Raise :class:`ProtocolError` for a rule that holds whatever is entered."""
    if False not in outcomes(tree, scope, limited=False):
        raise ProtocolError(
            f"{words(tree)}, which can never be false, so that the rule finds nothing"
        )


def _refuse_what_tells_nothing(node: Node, allowed: "_Outcomes") -> None:
    """Refuse a value that an item can never have, and a length that every text has."""
    asked = allowed.asked(node)
    if asked is None:
        return
    is_equality = isinstance(node, Among) or (
        isinstance(node, Operation) and node.sign in _EQUALITY
    )
    for stated in _stated(node, asked.node) if is_equality else ():
        value = asked.read(stated)
        if value is not None and not asked.can_be(value):
            raise ProtocolError(
                f"{words(stated)}, which {asked.words} can never be{asked.instead(value)}"
            )
    is_null = isinstance(node, Operation) and node.sign == "IS"
    if asked.is_length and not is_null and not {True, False} <= allowed.of(node):
        raise ProtocolError(
            f"{words(node)}, which tells nothing, since a blank is unknown and has no length; "
            f"write {asked.name} IS NULL or {asked.name} IS NOT NULL"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variable:
    """What is tried with several values: a name, or a part that is not looked into."""

    node: Node
    values: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcomes:
    """Works out which outcomes a condition, and each part of it, can have."""

    scope: Scope
    limited: bool
    """Whether items keep to the ranges and choices of their forms."""
    _known: dict[int, tuple[Node, NamedValue | None]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What was asked of each part so far, since every step asks again: by its place in memory, as a
    chain of any length is too deep to be looked up by what it says."""

    def of(self, node: Node) -> Outcomes:
        """The outcomes that a condition can have."""
        match node:
            case Truth(holds=holds):
                return frozenset({holds})
            case Not(operand=operand):
                return frozenset(_denied(each) for each in self.of(operand))
            case Operation(sign="AND" | "OR" as sign):
                return reduce(
                    lambda one, other: frozenset(
                        _joined(sign, each) for each in product(one, other)
                    ),
                    [self._together(sign, parts) for parts in self._related(sign, node)],
                )
        return self._tried(node)

    def limits(self, node: Node) -> str:
        """The range of the one name that a part compares, in words."""
        asked = self.asked(node)
        return "" if asked is None else asked.limits

    def asked(self, leaf: Node) -> NamedValue | None:
        """The name that a part compares with what it states, None where it does something else."""
        if id(leaf) not in self._known:
            self._known[id(leaf)] = leaf, self._asked(leaf)
        return self._known[id(leaf)][1]

    def _asked(self, leaf: Node) -> NamedValue | None:
        candidates: tuple[Node, ...]
        match leaf:
            case Name():
                candidates = (leaf,)
            case Operation(sign="IS", left=left):
                candidates = (left,)
            case Operation(sign=sign, left=left, right=right) if sign in _SIGNS:
                candidates = (left, right)
            case Between(operand=operand) | Among(operand=operand):
                candidates = (operand,)
            case _:
                return None
        needs_order = isinstance(leaf, Between) or (
            isinstance(leaf, Operation) and leaf.sign in _MIRRORED
        )
        for name in candidates:
            found = named_value(name, self.scope, limited=self.limited)
            if found is None or (needs_order and not found.has_order):
                continue
            if all(found.read(each) is not None for each in _stated(leaf, name)):
                return found
        return None

    def _related(self, sign: str, node: Node) -> list[tuple[Node, ...]]:
        """The parts that a word joins, those together that speak of the same names."""
        groups: list[tuple[set[Node], tuple[Node, ...]]] = []
        for part in joined_by(sign, node):
            names = {each.node for each in self._variables(part)}
            parts: tuple[Node, ...] = (part,)
            for group in [each for each in groups if each[0] & names]:
                groups.remove(group)
                names, parts = names | group[0], (*group[1], *parts)
            groups.append((names, parts))
        return [parts for _, parts in groups]

    def _together(self, sign: str, parts: Sequence[Node]) -> Outcomes:
        """The outcomes of parts that speak of the same names."""
        if len(parts) == 1:
            return self.of(parts[0])
        return self._tried(
            reduce(lambda left, right: Operation(sign=sign, left=left, right=right), parts)
        )

    def _tried(self, node: Node) -> Outcomes:
        """The outcomes for every combination of the values that the names may have."""
        variables = self._variables(node)
        tried = prod(len(each.values) for each in variables)
        parts = list(leaves(node))
        if tried > _MOST or tried * len(parts) > _LONGEST:
            return _ANY
        tests = {leaf: self._test(leaf) for leaf in parts}
        names = [each.node for each in variables]
        return frozenset(
            _outcome(node, tests, dict(zip(names, values, strict=True)))
            for values in product(*(each.values for each in variables))
        )

    def _variables(self, node: Node) -> list[_Variable]:
        """The names that a condition compares, with the values that are tried, and its other parts."""
        stated: dict[Node, list[Value]] = {}
        asked: dict[Node, NamedValue] = {}
        for leaf in leaves(node):
            found = self.asked(leaf)
            name = leaf if found is None else found.node
            values = stated.setdefault(name, [])
            if found is not None:
                asked[name] = found
                read = (found.read(each) for each in _stated(leaf, name))
                values += [each for each in read if each is not None]
        return [
            _Variable(node=name, values=_tried_values(name, asked.get(name), values))
            for name, values in stated.items()
        ]

    def _test(self, leaf: Node) -> Callable[[Mapping[Node, Value | None]], Outcome]:
        """What a part gives, when each name has one value."""
        asked = self.asked(leaf)
        if asked is None:
            return lambda values: _truth(values[leaf])
        name, stated = asked.node, [asked.read(each) for each in _stated(leaf, asked.node)]
        match leaf:
            case Operation(sign="IS"):
                return lambda values: values[name] is None
            case Operation(sign=sign, left=left):
                compare = _SIGNS[sign if left == name else _MIRRORED.get(sign, sign)]
                return _unless_unknown(name, lambda value: compare(value, stated[0]))
            case Between():
                limits: list[Any] = stated
                return _unless_unknown(name, lambda value: limits[0] <= value <= limits[1])
            case Among():
                return _unless_unknown(name, lambda value: value in stated)
        return _unless_unknown(name, bool)


def _unless_unknown(
    name: Node, test: Callable[[Any], bool]
) -> Callable[[Mapping[Node, Value | None]], Outcome]:
    return lambda values: None if values[name] is None else test(values[name])


def _tried_values(
    node: Node, asked: NamedValue | None, stated: Sequence[Value]
) -> tuple[Value | None, ...]:
    if asked is None:
        return _settled(node)
    values = asked.values(stated)
    return (*values,) if asked.is_key else (*values, None)


def _settled(node: Node) -> tuple[Outcome, ...]:
    """The outcomes of a part that compares no name with anything stated."""
    match node:
        case Truth(holds=holds):
            return (holds,)
        case Operation(sign=sign, left=Number(text=one), right=Number(text=other)):
            return (_SIGNS[sign](float(one), float(other)),) if sign in _SIGNS else (False,)
        case Operation(sign=sign, left=Name() as left, right=right) if sign in _SIGNS:
            return (_SIGNS[sign](0, 0), None) if left == right else (True, False, None)
    return (True, False, None)


def _outcome(
    node: Node,
    tests: Mapping[Node, Callable[[Mapping[Node, Value | None]], Outcome]],
    values: Mapping[Node, Value | None],
) -> Outcome:
    """What a condition gives, when each name has one value."""
    match node:
        case Not(operand=operand):
            return _denied(_outcome(operand, tests, values))
        case Operation(sign="AND" | "OR" as sign):
            return _joined(sign, [_outcome(each, tests, values) for each in joined_by(sign, node)])
    return tests[node](values)


def _stated(leaf: Node, name: Node) -> tuple[Node, ...]:
    """What a part compares its name with."""
    match leaf:
        case Operation(sign="IS"):
            return ()
        case Operation(left=left, right=right):
            return (right,) if left == name else (left,)
        case Between(low=low, high=high):
            return (low, high)
        case Among(listed=listed):
            return listed
    return ()


def _conditions(node: Node) -> Iterator[Node]:
    """Everything in an expression that is true, false or unknown, what is inside first.

    TRUE and FALSE say what they are; of conditions that one word joins there is the whole.
    """
    parts = inner(node)
    if isinstance(node, Operation) and node.sign in {"AND", "OR"}:
        parts = joined_by(node.sign, node)
    for part in parts:
        yield from _conditions(part)
    match node:
        case Operation(sign=sign) if sign in {*_SIGNS, "AND", "OR", "IS"}:
            yield node
        case Not() | Between() | Among():
            yield node


def _compared_with(node: Node) -> Iterator[tuple[Node, Node]]:
    """What is compared with what, either way round."""
    match node:
        case Operation(sign=sign, left=left, right=right) if sign in _SIGNS:
            yield from ((left, right), (right, left))
        case Between(operand=operand, low=low, high=high):
            yield from ((low, operand), (high, operand))
        case Among(operand=operand, listed=listed):
            yield from ((each, operand) for each in listed)


def _is_blank(node: Node) -> bool:
    return isinstance(node, Text) and not node.text.strip()


def _may_be_blank(node: Node) -> bool:
    """Whether it can be an empty text: only where the condition itself states one."""
    match node:
        case Call(function="COALESCE" | "IF", arguments=arguments):
            return any(_may_be_blank(each) for each in arguments)
    return _is_blank(node)


def _truth(value: Value | None) -> Outcome:
    return None if value is None else bool(value)


def _denied(outcome: Outcome) -> Outcome:
    return None if outcome is None else not outcome


def _joined(sign: str, parts: Sequence[Outcome]) -> Outcome:
    """Conditions joined by one word, with what is not known."""
    decisive = sign == "OR"
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive
