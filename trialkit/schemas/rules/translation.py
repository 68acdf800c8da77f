"""A rule's tree becomes polars expressions, with SQL's three-valued logic.

NULL stands for what is not known: a comparison with it is NULL, ``FALSE AND NULL`` is FALSE,
``TRUE OR NULL`` is TRUE. Division by zero, and arithmetic that leaves the range of numbers, are
NULL. A cell that holds something that cannot be right (unreadable, no choice, outside its hard
range) is not known either, so that ``IS NULL`` and ``COALESCE`` of it are NULL too.

Numbers are floats that stand for decimals (:mod:`trialkit.decimals`): two results of arithmetic are
equal where they differ by what is lost in numbers of the size that they were computed from, so that
``total = a + b`` holds for 0.3, 0.1 and 0.2; values as entered are compared exactly. ``ROUND``
rounds half away from zero, with the same tolerance, as do ``FLOOR`` and ``CEIL``: the floor of
2.9999999999999 is 3. A date less a date is the days between them. ``IF`` takes its third part where
its condition is not true; ``TO_NUMBER`` is the number that the code of a choice is.

What is used more than once becomes a column of its own (a *step*), or nested arithmetic would
double the expression at each level.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from math import isfinite
from operator import add, and_, ge, gt, le, lt, mul, or_, sub, truediv

import polars as pl

from trialkit.decimals import SAME
from trialkit.errors import ProtocolError
from trialkit.schemas.expressions.nodes import (
    Among,
    Between,
    Call,
    Day,
    Name,
    Negative,
    Node,
    Not,
    Null,
    Number,
    Operation,
    Text,
    Truth,
)
from trialkit.schemas.forms.expressions import Kind, Reference
from trialkit.schemas.rules.kinds import RuleTerm, alike, date_in
from trialkit.schemas.rules.names import Scope

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_DAY_LONG = 86_400_000_000
_FIRST_DAY, _LAST_DAY = -719162, 2932896  # 0001-01-01 and 9999-12-31, from 1970-01-01


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A condition while it is written: the names it may use, and the columns it needs so far.

    What the rule itself states becomes a column, too: polars 2.1 may give one row instead of all
    when a literal is compared with an expression that is null in every row.
    """

    scope: Scope
    literals: list[pl.Expr] = field(default_factory=list)
    steps: list[pl.Expr] = field(default_factory=list)
    references: dict[Reference, None] = field(default_factory=dict)
    """What it reads, in the order in which it is named."""

    def literal(self, value: pl.Expr) -> pl.Expr:
        """A value that stands in the rule as a column."""
        name = f"__literal_{len(self.literals)}"
        self.literals.append(value.alias(name))
        return pl.col(name)

    def step(self, value: pl.Expr) -> pl.Expr:
        """The value as a column, so that it can be used twice."""
        name = f"__step_{len(self.steps)}"
        self.steps.append(value.alias(name))
        return pl.col(name)


def boolean(tree: Node, draft: Draft) -> RuleTerm:
    """The condition that a tree states."""
    term = _term(tree, draft)
    if term.kind is not Kind.BOOLEAN:
        raise ProtocolError(f"{term.words}, a {term.kind.value} where a condition belongs")
    return term


def number(tree: Node, draft: Draft) -> RuleTerm:
    """The number that a tree computes."""
    term = _term(tree, draft)
    if term.kind is not Kind.NUMBER:
        raise ProtocolError(f"{term.words}, a {term.kind.value} where a number belongs")
    return term


def _term(tree: Node, draft: Draft) -> RuleTerm:  # noqa: PLR0911 - one a kind of node
    match tree:
        case Name(parts=parts):
            return _named(parts, draft)
        case Number(text=text):
            return _stated_number(text, draft)
        case Text(text=text):
            words = f"'{text}'"
            return RuleTerm(
                kind=Kind.QUOTED, value=pl.lit(text), words=words, quoted=text, literal=True
            )
        case Day(text=text):
            day = date_in(text)
            return RuleTerm(kind=Kind.DATE, value=draft.literal(pl.lit(day)), words=f"DATE '{day}'")
        case Null():
            return RuleTerm(kind=Kind.NULL, value=draft.literal(pl.lit(None)), words="NULL")
        case Truth(holds=holds):
            value = draft.literal(pl.lit(holds))
            return RuleTerm(kind=Kind.BOOLEAN, value=value, words=str(holds).upper())
        case Not(operand=operand):
            term = boolean(operand, draft)
            return _condition(~term.value, [term])
        case Negative(operand=operand):
            return _negative(operand, draft)
        case Between():
            return _between(tree, draft)
        case Among():
            return _among(tree, draft)
        case Operation(sign=sign):
            return _OPERATIONS[sign](tree, draft)
        case Call(function=function, arguments=arguments):
            return _FUNCTIONS[function](arguments, draft)


def _named(parts: Sequence[str], draft: Draft) -> RuleTerm:
    reference = draft.scope.resolve(parts)
    draft.references[reference] = None
    return RuleTerm(
        kind=reference.kind,
        value=pl.col(reference.column),
        wrong=frozenset({reference.wrong}),
        words=".".join(parts),
        whole=reference.whole,
        known=reference.known,
        latest=pl.col(reference.latest) if reference.partial else None,
    )


def _stated_number(text: str, draft: Draft) -> RuleTerm:
    number = float(text)
    if not isfinite(number):
        raise ProtocolError(f"{text[:20]}, a number beyond all bounds")
    value = draft.literal(pl.lit(number))
    return RuleTerm(kind=Kind.NUMBER, value=value, words=text, whole=number.is_integer())


def _alike(terms: Sequence[RuleTerm], draft: Draft) -> tuple[RuleTerm, ...]:
    """The terms as one kind, quoted text read as that kind."""
    return tuple(
        replace(term, value=draft.literal(term.value), literal=False) if term.literal else term
        for term in alike(terms)
    )


def _certain(term: RuleTerm) -> RuleTerm:
    """A date as the one day that it is, unknown where it could be another."""
    if term.latest is None:
        return term
    known = pl.when(term.value == term.latest).then(term.value)
    return replace(term, value=known, latest=None)


def _connected(tree: Operation, draft: Draft) -> RuleTerm:
    """Conditions joined by one word, however many."""
    parts = [boolean(part, draft) for part in _joined_by(tree.sign, tree)]
    connect = and_ if tree.sign == "AND" else or_
    return _condition(reduce(connect, (part.value for part in parts)), parts)


def _joined_by(sign: str, tree: Node) -> list[Node]:
    parts: list[Node] = []
    while isinstance(tree, Operation) and tree.sign == sign:
        parts.append(tree.right)
        tree = tree.left
    return [tree, *reversed(parts)]


def _comparison(tree: Operation, draft: Draft) -> RuleTerm:
    left, right = _comparable(_term(tree.left, draft), _term(tree.right, draft), draft)
    return _condition(_compared(tree.sign, left, right), [left, right])


def _comparable(left: RuleTerm, right: RuleTerm, draft: Draft) -> tuple[RuleTerm, ...]:
    for term in (left, right):
        if term.kind is Kind.NULL:
            raise ProtocolError("a comparison with NULL, which is never true; write IS NULL")
    return _alike([left, right], draft)


def _compared(how: str, left: RuleTerm, right: RuleTerm) -> pl.Expr:
    """A comparison; numbers that come out of arithmetic are equal where their decimals are."""
    if how not in {"=", "<>"}:
        _require_order(left, right)
    if left.latest is not None or right.latest is not None:
        return _compared_in_part(how, left, right)
    one, other = left.value, right.value
    equal = one == other
    if left.kind is Kind.NUMBER and (left.computed or right.computed):
        size = pl.max_horizontal(left.magnitude, right.magnitude)
        equal = (one == other) | ((one - other).abs() <= SAME * size)
    if how == "=":
        return equal
    if how == "<>":
        return ~equal
    if how in {">", "<"}:
        return _ORDERS[how](one, other) & ~equal
    return _ORDERS[how](one, other) | equal


def _compared_in_part(how: str, left: RuleTerm, right: RuleTerm) -> pl.Expr:
    """A comparison of dates that are known in part: unknown unless every day gives one answer."""
    if how in {">", ">="}:
        swapped = {">": "<", ">=": "<="}
        return _compared_in_part(swapped[how], right, left)
    first, last = left.value, _latest(left)
    other_first, other_last = right.value, _latest(right)
    if how in {"=", "<>"}:
        same = (first == last) & (other_first == other_last) & (first == other_first)
        apart = (last < other_first) | (other_last < first)
        yes, no = (same, apart) if how == "=" else (apart, same)
    elif how == "<":
        yes, no = last < other_first, first >= other_last
    else:
        yes, no = last <= other_first, first > other_last
    known = first.is_not_null() & other_first.is_not_null()
    return pl.when(known & yes).then(statement=True).when(known & no).then(statement=False)


def _require_order(left: RuleTerm, right: RuleTerm) -> None:
    """Refuse "more" and "less" of what has no order; letter by letter, W12 comes before W6."""
    if left.kind is Kind.BOOLEAN:
        raise ProtocolError(f"{left.words} {right.words}: yes is not more than no; use = or <>")
    for term in (left, right):
        if term.kind is Kind.TEXT and term.known:
            numbers = all(_NUMBER.fullmatch(code) for code in term.known)
            remedy = f"compare TO_NUMBER({term.words})" if numbers else "use =, <> or IN"
            raise ProtocolError(
                f"an order of {term.words}, whose codes are names and have none; {remedy}"
            )


def _latest(term: RuleTerm) -> pl.Expr:
    return term.value if term.latest is None else term.latest


def _between(tree: Between, draft: Draft) -> RuleTerm:
    first, *limits = (_term(part, draft) for part in (tree.operand, tree.low, tree.high))
    for limit in limits:
        _comparable(first, limit, draft)
    value, low, high = _alike([_used_often(first, draft), *limits], draft)
    inside = _compared(">=", value, low) & _compared("<=", value, high)
    return _condition(inside, [value, low, high])


def _among(tree: Among, draft: Draft) -> RuleTerm:
    value = _used_often(_term(tree.operand, draft), draft)
    pairs = [_comparable(value, _term(each, draft), draft) for each in tree.listed]
    among = reduce(or_, (_compared("=", one, other) for one, other in pairs))
    return _condition(among, [term for pair in pairs for term in pair])


def _used_often(term: RuleTerm, draft: Draft) -> RuleTerm:
    """The term with its value in a step of its own, unless it is a plain text or NULL."""
    if term.kind in {Kind.QUOTED, Kind.NULL}:
        return term
    last = None if term.latest is None else draft.step(term.latest)
    return replace(term, value=draft.step(term.value), latest=last)


def _is_null(tree: Operation, draft: Draft) -> RuleTerm:
    term = _term(tree.left, draft)
    return _condition(_unless_wrong(term.value.is_null(), [term]), [term])


def _arithmetic(tree: Operation, draft: Draft) -> RuleTerm:
    left, right = _term(tree.left, draft), _term(tree.right, draft)
    if {Kind.DATE, Kind.MOMENT} & {left.kind, right.kind} and tree.sign in {"+", "-"}:
        return _with_dates(tree.sign, left, right, draft)
    for term in (left, right):
        _require(term, Kind.NUMBER, "arithmetic is for numbers")
    if tree.sign == "/":
        right = _used_often(right, draft)
        right = replace(right, value=pl.when(right.value != 0).then(right.value))
    whole = left.whole and right.whole and tree.sign != "/"
    value = _ARITHMETIC[tree.sign](left.value, right.value)
    size = None if whole else _size_of(tree.sign, left, right)
    return _number(value, [left, right], draft, whole=whole, size=size)


def _size_of(sign: str, left: RuleTerm, right: RuleTerm) -> pl.Expr | None:
    """The size that the errors of a result go by: that of what cancels in a sum, too."""
    if sign in {"+", "-"}:
        return pl.max_horizontal(left.magnitude, right.magnitude)
    if left.size is None and right.size is None:
        return None
    if sign == "*":
        return left.magnitude * right.magnitude
    return left.magnitude / right.value.abs() * (right.magnitude / right.value.abs())


def _with_dates(sign: str, left: RuleTerm, right: RuleTerm, draft: Draft) -> RuleTerm:
    """The days between two dates, or a date some whole days later or earlier."""
    if sign == "-" and Kind.NUMBER not in {left.kind, right.kind}:
        left, right = map(_certain, _comparable(left, right, draft))
        if left.kind is Kind.MOMENT:
            lasted = (left.value - right.value).dt.total_microseconds() / _DAY_LONG
            return _number(lasted, [left, right], draft, whole=False)
        return _number(_day(left.value) - _day(right.value), [left, right], draft, whole=True)
    start, days = (right, left) if left.kind is Kind.NUMBER else (left, right)
    if sign == "-" and start is right:
        raise ProtocolError(f"{left.words} - {right.words}: a date cannot be taken from a number")
    if days.kind is not Kind.NUMBER or not days.whole:
        raise ProtocolError(f"{days.words} beside a date; only a whole number of days can be added")
    if start.kind is Kind.MOMENT:
        raise ProtocolError(
            f"{start.words}, a date and time, to which nothing can be added; compare a difference, "
            "which is in days: (ended - started) * 24 <= 2"
        )
    shift = -days.value if sign == "-" else days.value
    return RuleTerm(
        kind=Kind.DATE,
        value=_shifted(start.value, shift, draft),
        wrong=_wrong([start, days]),
        words="a date with days added",
        latest=None if start.latest is None else _shifted(start.latest, shift, draft),
    )


def _shifted(start: pl.Expr, days: pl.Expr, draft: Draft) -> pl.Expr:
    """A date some days later, unknown where the calendar ends before."""
    day = draft.step(_day(start) + days)
    exists = day.is_between(_FIRST_DAY, _LAST_DAY)
    return pl.when(exists).then(day).cast(pl.Int32).cast(pl.Date)


def _day(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Date).cast(pl.Int32).cast(pl.Float64)


def _negative(operand: Node, draft: Draft) -> RuleTerm:
    term = _term(operand, draft)
    _require(term, Kind.NUMBER, "a minus sign is for numbers")
    return RuleTerm(
        kind=Kind.NUMBER,
        value=-term.value,
        wrong=term.wrong,
        words=f"-{term.words}",
        whole=term.whole,
        computed=term.computed,
        size=term.size,
    )


def _only(arguments: Sequence[Node], draft: Draft, name: str, kind: Kind, things: str) -> RuleTerm:
    """The one value that a function takes."""
    if len(arguments) != 1:
        raise ProtocolError(f"{name} of {len(arguments)} values; it takes one")
    term = _alike([_term(arguments[0], draft)], draft)[0]
    _require(term, kind, f"{name} is for {things}")
    return term


def _abs(arguments: Sequence[Node], draft: Draft) -> RuleTerm:
    term = _only(arguments, draft, "ABS", Kind.NUMBER, "numbers")
    return _number(term.value.abs(), [term], draft, whole=term.whole, size=term.size)


def _round(arguments: Sequence[Node], draft: Draft) -> RuleTerm:
    term = _only(arguments[:1], draft, "ROUND", Kind.NUMBER, "numbers")
    text = "0"
    if len(arguments) > 1:
        text = arguments[1].text if isinstance(arguments[1], Number) else ""
    if not text.isdigit() or int(text) > 9 or len(arguments) > 2:
        raise ProtocolError("ROUND with other decimals than a whole number from 0 to 9")
    factor = 10.0 ** int(text)
    term = _used_often(term, draft)
    whole = ((term.value.abs() + SAME * term.magnitude) * factor + 0.5).floor()
    return _number(whole / factor * term.value.sign(), [term], draft, whole=text == "0")


def _whole_beside(
    name: str, rounded: Callable[[RuleTerm], pl.Expr]
) -> Callable[[Sequence[Node], Draft], RuleTerm]:
    """``FLOOR`` and ``CEIL``, which know no decimals."""

    def term_of(arguments: Sequence[Node], draft: Draft) -> RuleTerm:
        term = _only(arguments[:1], draft, name, Kind.NUMBER, "numbers")
        if len(arguments) > 1:
            raise ProtocolError(f"{name} with decimals; multiply before and divide after it")
        return _number(rounded(_used_often(term, draft)), [term], draft, whole=True)

    return term_of


def _to_number(arguments: Sequence[Node], draft: Draft) -> RuleTerm:
    """The number that the code of a choice is; only for choices whose codes all are numbers."""
    term = _only(arguments, draft, "TO_NUMBER", Kind.TEXT, "choices")
    if not term.known or not all(_NUMBER.fullmatch(code) for code in term.known):
        raise ProtocolError(f"TO_NUMBER of {term.words}; it is for choices whose codes are numbers")
    whole = all(float(code).is_integer() for code in term.known)
    return _number(term.value.cast(pl.Float64, strict=False), [term], draft, whole=whole)


def _if(arguments: Sequence[Node], draft: Draft) -> RuleTerm:
    """The second part where the condition holds, else the third; NULL where a cell is wrong."""
    if len(arguments) != 3:
        raise ProtocolError("IF with other than three parts; write IF(condition, value, otherwise)")
    when = boolean(arguments[0], draft)
    branches = [_term(part, draft) for part in arguments[1:]]
    then, otherwise = _alike(branches, draft)
    kind = next((each.kind for each in (then, otherwise) if each.kind is not Kind.NULL), Kind.NULL)
    if kind is Kind.NULL:
        raise ProtocolError("IF of nothing but NULL")
    parts = [when, then, otherwise]
    chosen = pl.when(when.value).then(then.value).otherwise(otherwise.value)
    size = None
    if then.size is not None or otherwise.size is not None:
        then, otherwise = _as_numbers(then), _as_numbers(otherwise)
        size = draft.step(pl.when(when.value).then(then.magnitude).otherwise(otherwise.magnitude))
    return RuleTerm(
        kind=kind,
        value=draft.step(_unless_wrong(chosen, parts)),
        wrong=_wrong(parts),
        words="IF(…)",
        whole=all(each.whole or each.kind is Kind.NULL for each in (then, otherwise)),
        computed=then.computed or otherwise.computed,
        size=size,
    )


def _as_numbers(term: RuleTerm) -> RuleTerm:
    """The term, NULL as an unknown number, which has a size."""
    return replace(term, value=term.value.cast(pl.Float64)) if term.kind is Kind.NULL else term


def _length(arguments: Sequence[Node], draft: Draft) -> RuleTerm:
    term = _only(arguments, draft, "LENGTH", Kind.TEXT, "texts")
    return _number(term.value.str.len_chars().cast(pl.Float64), [term], draft, whole=True)


def _coalesce(arguments: Sequence[Node], draft: Draft) -> RuleTerm:
    parts = _alike([_term(part, draft) for part in arguments], draft)
    kind = next((part.kind for part in parts if part.kind is not Kind.NULL), Kind.NULL)
    if kind is Kind.NULL:
        raise ProtocolError("COALESCE of nothing but NULL")
    first = pl.coalesce([part.value for part in parts])
    last = None
    if any(part.latest is not None for part in parts):
        last = _unless_wrong(pl.coalesce([_latest(part) for part in parts]), parts)
    size = None
    if any(part.size is not None for part in parts):
        known = (
            pl.when(part.value.is_not_null()).then(part.magnitude)
            for part in map(_as_numbers, parts)
        )
        size = draft.step(pl.coalesce(list(known)))
    return RuleTerm(
        kind=kind,
        value=_unless_wrong(first, parts),
        wrong=_wrong(parts),
        words="COALESCE(…)",
        whole=all(part.whole or part.kind is Kind.NULL for part in parts),
        computed=any(part.computed for part in parts),
        size=size,
        latest=last,
    )


def _require(term: RuleTerm, kind: Kind, why: str) -> None:
    if term.kind is not kind:
        raise ProtocolError(f"{term.words}, a {term.kind.value}; {why}")


def _number(
    value: pl.Expr,
    parts: Sequence[RuleTerm],
    draft: Draft,
    *,
    whole: bool,
    size: pl.Expr | None = None,
) -> RuleTerm:
    result = draft.step(value)
    return RuleTerm(
        kind=Kind.NUMBER,
        value=pl.when(result.is_finite()).then(result),
        wrong=_wrong(parts),
        words="a computed number",
        whole=whole,
        computed=True,
        size=None if size is None else draft.step(size),
    )


def _condition(value: pl.Expr, parts: Sequence[RuleTerm]) -> RuleTerm:
    return RuleTerm(kind=Kind.BOOLEAN, value=value, wrong=_wrong(parts), words="a condition")


def _wrong(parts: Sequence[RuleTerm]) -> frozenset[str]:
    return frozenset[str]().union(*(part.wrong for part in parts))


def _unless_wrong(value: pl.Expr, parts: Sequence[RuleTerm]) -> pl.Expr:
    """The value, or NULL where a cell that it reads holds what cannot be right."""
    marks = sorted(_wrong(parts))
    return pl.when(~pl.any_horizontal(marks)).then(value) if marks else value


_ORDERS: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
_ARITHMETIC: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
}
_OPERATIONS: Mapping[str, Callable[[Operation, Draft], RuleTerm]] = {
    "AND": _connected,
    "OR": _connected,
    **dict.fromkeys(("=", "<>", *_ORDERS), _comparison),
    "IS": _is_null,
    **dict.fromkeys(_ARITHMETIC, _arithmetic),
}
_FUNCTIONS: Mapping[str, Callable[[Sequence[Node], Draft], RuleTerm]] = {
    "ABS": _abs,
    "ROUND": _round,
    "LENGTH": _length,
    "COALESCE": _coalesce,
    "IF": _if,
    "FLOOR": _whole_beside("FLOOR", lambda term: (term.value + SAME * term.magnitude).floor()),
    "CEIL": _whole_beside("CEIL", lambda term: (term.value - SAME * term.magnitude).ceil()),
    "TO_NUMBER": _to_number,
}
"""What each function is; the grammar lets no other through."""
