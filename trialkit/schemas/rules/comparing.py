"""Two values of a rule beside each other: equal, more, less, between, among."""

import re
from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt

import polars as pl

from trialkit.decimals import SAME
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.draft import Draft, alike_in, certain, latest
from trialkit.schemas.rules.kinds import RuleTerm

NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
"""A code of a choice that is a number."""
ORDERS: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


def comparable(left: RuleTerm, right: RuleTerm, draft: Draft) -> tuple[RuleTerm, ...]:
    """Two parts as one kind, neither of them NULL."""
    for term in (left, right):
        if term.kind is Kind.NULL:
            raise ProtocolError("a comparison with NULL, which is never true; write IS NULL")
    return alike_in([left, right], draft)


def compared(how: str, left: RuleTerm, right: RuleTerm) -> pl.Expr:
    """A comparison; numbers that come out of arithmetic are equal where their decimals are."""
    if how not in {"=", "<>"}:
        _require_order(left, right)
    if left.kind is Kind.NUMBER and (left.computed or right.computed):
        left, right = certain(left), certain(right)
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
        return ORDERS[how](one, other) & ~equal
    return ORDERS[how](one, other) | equal


def _compared_in_part(how: str, left: RuleTerm, right: RuleTerm) -> pl.Expr:
    """A comparison of what is known in part: unknown unless all that it can be gives one answer."""
    if how in {">", ">="}:
        swapped = {">": "<", ">=": "<="}
        return _compared_in_part(swapped[how], right, left)
    first, last = left.value, latest(left)
    other_first, other_last = right.value, latest(right)
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
            numbers = all(NUMBER.fullmatch(code) for code in term.known)
            remedy = f"compare TO_NUMBER({term.words})" if numbers else "use =, <> or IN"
            raise ProtocolError(
                f"an order of {term.words}, whose codes are names and have none; {remedy}"
            )
