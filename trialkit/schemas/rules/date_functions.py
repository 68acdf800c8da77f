"""The functions of a rule that make a date: of a text that states one, and of one some months apart."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.draft import Draft, alike_in, certain, require, wrong_of
from trialkit.schemas.rules.kinds import RuleTerm

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_YEARS = (1, 9999)


def _to_date(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    """The date that a free text states as ``2025-03-31``; unknown of any other text."""
    if len(arguments) != 1:
        raise ProtocolError(f"TO_DATE of {len(arguments)} values; it takes one text")
    (term,) = alike_in(arguments, draft)
    require(term, Kind.TEXT, "TO_DATE is for texts")
    stated = pl.when(term.value.str.contains(_DAY)).then(term.value)
    found = draft.step(stated.str.to_date("%Y-%m-%d", strict=False))
    return RuleTerm(kind=Kind.DATE, value=found, wrong=wrong_of([term]), words="TO_DATE(…)")


def _add_months(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    """The date some whole months later, or earlier: the same day of the month, or its last one.

    A month after 31 January is 28 February (29 in a leap year), as in other languages of data;
    unknown where the calendar ends.
    """
    if len(arguments) != 2 or arguments[0].kind is not Kind.DATE:
        raise ProtocolError("ADD_MONTHS of something other than a date and a number")
    date, months = arguments[0], certain(arguments[1])
    require(months, Kind.NUMBER, "ADD_MONTHS adds a whole number of months")
    if not months.whole:
        raise ProtocolError(f"{months.words} in ADD_MONTHS; only whole months can be added")
    shift = draft.step(months.value)
    return RuleTerm(
        kind=Kind.DATE,
        value=_later(date.value, shift, draft),
        wrong=wrong_of([date, months]),
        words="ADD_MONTHS(…)",
        latest=None if date.latest is None else _later(date.latest, shift, draft),
    )


def _later(date: pl.Expr, months: pl.Expr, draft: Draft) -> pl.Expr:
    day = draft.step(date.cast(pl.Date))
    at = draft.step(day.dt.year().cast(pl.Float64) * 12 + day.dt.month() - 1 + months)
    year, month = draft.step((at / 12).floor()), draft.step(at - (at / 12).floor() * 12 + 1)
    there = year.is_between(*_YEARS)
    known = pl.when(there).then(year).cast(pl.Int32)
    first = draft.step(pl.date(known, month.cast(pl.Int32), 1))
    last = first.dt.month_end().dt.day()
    return first + pl.duration(days=pl.min_horizontal(day.dt.day(), last) - 1)


DATE_FUNCTIONS: Mapping[str, Callable[[Sequence[RuleTerm], Draft], RuleTerm]] = {
    "TO_DATE": _to_date,
    "ADD_MONTHS": _add_months,
}
"""What each is; the grammar lets no other through."""
