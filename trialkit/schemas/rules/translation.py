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

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from operator import and_, or_

import polars as pl

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
    OfRows,
    Operation,
    Text,
    Truth,
)
from trialkit.schemas.expressions.walking import joined_by
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.arithmetic import SIGNS, arithmetic, negative
from trialkit.schemas.rules.comparing import ORDERS, comparable, compared
from trialkit.schemas.rules.draft import (
    Draft,
    alike_in,
    as_condition,
    certain,
    condition_term,
    unless_wrong,
    used_often,
)
from trialkit.schemas.rules.functions import FUNCTIONS
from trialkit.schemas.rules.kinds import RuleTerm, date_in
from trialkit.schemas.rules.other_rows import look_term, looked_at, refuse_too_many
from trialkit.schemas.rules.possible import refuse_blanks, refuse_impossible


def boolean(tree: Node, draft: Draft) -> RuleTerm:
    """The condition that a tree states."""
    return as_condition(_term(tree, draft))


def number(tree: Node, draft: Draft) -> RuleTerm:
    """The number that a tree computes."""
    term = certain(_term(tree, draft))
    if term.kind is not Kind.NUMBER:
        raise ProtocolError(f"{term.words}, a {term.kind.value} where a number belongs")
    return term


def _term(tree: Node, draft: Draft) -> RuleTerm:  # noqa: PLR0911, PLR0912 - one a kind of node
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
            return condition_term(~term.value, [term])
        case Negative(operand=operand):
            return negative(_term(operand, draft))
        case Between():
            return _between(tree, draft)
        case Among():
            return _among(tree, draft)
        case Operation(sign=sign):
            return _OPERATIONS[sign](tree, draft)
        case Call(function=function, arguments=arguments):
            return FUNCTIONS[function]([_term(each, draft) for each in arguments], draft)
        case OfRows():
            return _of_rows(tree, draft)


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


def _connected(tree: Operation, draft: Draft) -> RuleTerm:
    """Conditions joined by one word, however many."""
    parts = [boolean(part, draft) for part in joined_by(tree.sign, tree)]
    connect = and_ if tree.sign == "AND" else or_
    return condition_term(_paired(connect, [part.value for part in parts]), parts)


def _paired(connect: Callable[[pl.Expr, pl.Expr], pl.Expr], values: list[pl.Expr]) -> pl.Expr:
    """Values joined two by two, so that thousands are within each other a dozen times only."""
    while len(values) > 1:
        pairs = zip(values[::2], values[1::2], strict=False)
        values = [connect(*pair) for pair in pairs] + values[len(values) & ~1 :]
    return values[0]


def _comparison(tree: Operation, draft: Draft) -> RuleTerm:
    left, right = comparable(_term(tree.left, draft), _term(tree.right, draft), draft)
    return condition_term(compared(tree.sign, left, right), [left, right])


def _between(tree: Between, draft: Draft) -> RuleTerm:
    first, *limits = (_term(part, draft) for part in (tree.operand, tree.low, tree.high))
    for limit in limits:
        comparable(first, limit, draft)
    value, low, high = alike_in([used_often(first, draft), *limits], draft)
    inside = compared(">=", value, low) & compared("<=", value, high)
    return condition_term(inside, [value, low, high])


def _among(tree: Among, draft: Draft) -> RuleTerm:
    value = used_often(_term(tree.operand, draft), draft)
    pairs = [comparable(value, _term(each, draft), draft) for each in tree.listed]
    among = _paired(or_, [compared("=", one, other) for one, other in pairs])
    return condition_term(among, [term for pair in pairs for term in pair])


def _is_null(tree: Operation, draft: Draft) -> RuleTerm:
    term = _term(tree.left, draft)
    return condition_term(unless_wrong(term.value.is_null(), [term]), [term])


def _arithmetic(tree: Operation, draft: Draft) -> RuleTerm:
    return arithmetic(tree.sign, _term(tree.left, draft), _term(tree.right, draft), draft)


def _of_rows(tree: OfRows, draft: Draft) -> RuleTerm:
    """What other rows say: a condition of each of them, or a value of the row before."""
    refuse_too_many(tree, draft)
    there = looked_at(tree, draft.scope)
    inner = Draft(scope=there.scope, looks={})
    if there.operand is None:
        term = condition_term(inner.literal(pl.lit(value=True)), [])
    elif tree.function == "PREVIOUS":
        term = _term(there.operand, inner)
    elif tree.function in {"SUM", "MIN", "MAX"}:
        term = _number_of_rows(tree, there.operand, inner)
    else:
        refuse_blanks(there.operand)
        refuse_impossible(there.operand, there.scope)
        term = _condition_of_rows(tree, there.operand, inner)
    among = None
    if tree.among is not None:
        refuse_impossible(tree.among, there.scope)
        among = boolean(tree.among, inner).value
    return look_term(tree, there, term, inner=inner, draft=draft, among=among)


def _number_of_rows(tree: OfRows, operand: Node, inner: Draft) -> RuleTerm:
    """What is added up, or of which the least or greatest is meant: numbers, and of those days, too."""
    term = _term(operand, inner)
    if term.latest is not None:
        raise ProtocolError(
            f"{tree.function} of {term.words}, which may be known in part; it is for what is known "
            "whole or not at all"
        )
    kinds = {Kind.NUMBER} if tree.function == "SUM" else {Kind.NUMBER, Kind.DATE, Kind.MOMENT}
    if term.kind not in kinds:
        things = "numbers" if tree.function == "SUM" else "numbers and dates"
        raise ProtocolError(
            f"{tree.function} of {term.words}, a {term.kind.value}; it is for {things}"
        )
    return term


def _condition_of_rows(tree: OfRows, operand: Node, inner: Draft) -> RuleTerm:
    term = _term(operand, inner)
    if term.kind is not Kind.BOOLEAN:
        raise ProtocolError(
            f"{tree.function} of {term.words}, a {term.kind.value}; it asks in which rows a "
            f"condition holds, such as {tree.function}({term.words} IS NOT NULL)"
        )
    return term


_OPERATIONS: Mapping[str, Callable[[Operation, Draft], RuleTerm]] = {
    "AND": _connected,
    "OR": _connected,
    **dict.fromkeys(("=", "<>", *ORDERS), _comparison),
    "IS": _is_null,
    **dict.fromkeys(SIGNS, _arithmetic),
}
