"""Sums, products and differences of a rule, of numbers and of dates."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import add, mul, sub, truediv

import polars as pl

from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.comparing import comparable
from trialkit.schemas.rules.draft import Draft, certain, number_term, require, used_often, wrong_of
from trialkit.schemas.rules.kinds import RuleTerm

_DAY_LONG, _DAY_MINUTES = 86_400_000_000, 1440
_FIRST_DAY, _LAST_DAY = -719162, 2932896  # 0001-01-01 and 9999-12-31, from 1970-01-01
SIGNS: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
}


def arithmetic(sign: str, left: RuleTerm, right: RuleTerm, draft: Draft) -> RuleTerm:
    """Two parts with a sign of arithmetic between them.

    A difference of dates, or of times of one day, is in days.
    """
    if {Kind.DATE, Kind.MOMENT} & {left.kind, right.kind} and sign in {"+", "-"}:
        return _with_dates(sign, left, right, draft)
    if Kind.TIME in {left.kind, right.kind} and sign == "-":
        left, right = map(certain, comparable(left, right, draft))
        lasted = (_minutes(left.value) - _minutes(right.value)) / _DAY_MINUTES
        return number_term(lasted, [left, right], draft, whole=False)
    for term in (left, right):
        require(term, Kind.NUMBER, "arithmetic is for numbers")
    left, right = certain(left), certain(right)
    if sign == "/":
        right = used_often(right, draft)
        right = replace(right, value=pl.when(right.value != 0).then(right.value))
    whole = left.whole and right.whole and sign != "/"
    value = SIGNS[sign](left.value, right.value)
    size = None if whole else _size_of(sign, left, right)
    return number_term(value, [left, right], draft, whole=whole, size=size)


def negative(term: RuleTerm) -> RuleTerm:
    """A part with a minus sign before it."""
    require(term, Kind.NUMBER, "a minus sign is for numbers")
    term = certain(term)
    return RuleTerm(
        kind=Kind.NUMBER,
        value=-term.value,
        wrong=term.wrong,
        words=f"-{term.words}",
        whole=term.whole,
        computed=term.computed,
        size=term.size,
    )


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
        left, right = map(certain, comparable(left, right, draft))
        if left.kind is Kind.MOMENT:
            lasted = (left.value - right.value).dt.total_microseconds() / _DAY_LONG
            return number_term(lasted, [left, right], draft, whole=False)
        return number_term(_day(left.value) - _day(right.value), [left, right], draft, whole=True)
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
    days = certain(days)
    shift = -days.value if sign == "-" else days.value
    return RuleTerm(
        kind=Kind.DATE,
        value=_shifted(start.value, shift, draft),
        wrong=wrong_of([start, days]),
        words="a date with days added",
        latest=None if start.latest is None else _shifted(start.latest, shift, draft),
    )


def _shifted(start: pl.Expr, days: pl.Expr, draft: Draft) -> pl.Expr:
    """A date some days later, unknown where the calendar ends before."""
    day = draft.step(_day(start) + days)
    exists = day.is_between(_FIRST_DAY, _LAST_DAY)
    return pl.when(exists).then(day).cast(pl.Int32).cast(pl.Date)


def _minutes(value: pl.Expr) -> pl.Expr:
    """The minutes since midnight of times such as ``08:30``."""
    hours, minutes = (value.str.slice(start, 2).cast(pl.Float64) for start in (0, 3))
    return hours * 60 + minutes


def _day(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Date).cast(pl.Int32).cast(pl.Float64)
