"""The functions of a rule that take roots, powers and remainders, or a part of a date."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.draft import (
    Draft,
    alike_in,
    certain,
    number_term,
    require,
    used_often,
    wrong_of,
)
from trialkit.schemas.rules.kinds import RuleTerm

Function = Callable[[Sequence[RuleTerm], Draft], RuleTerm]


def _of_one(name: str, function: Callable[[pl.Expr], pl.Expr]) -> tuple[str, Function]:
    """A function of one number, unknown where there is no such number."""

    def term_of(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
        (term,) = _numbers(arguments, draft, name, 1)
        return number_term(function(term.value), [term], draft, whole=False)

    return name, term_of


def _power(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    base, exponent = _numbers(arguments, draft, "POWER", 2)
    return number_term(base.value.pow(exponent.value), [base, exponent], draft, whole=False)


def _modulo(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    """What is left of a division, with the sign of what is divided; unknown by nothing."""
    one, other = (used_often(each, draft) for each in _numbers(arguments, draft, "MOD", 2))
    times = one.value / pl.when(other.value != 0).then(other.value)
    whole_times = times.sign() * times.abs().floor()
    left = one.value - whole_times * other.value
    return number_term(left, [one, other], draft, whole=one.whole and other.whole)


def _numbers(
    arguments: Sequence[RuleTerm], draft: Draft, name: str, count: int
) -> tuple[RuleTerm, ...]:
    if len(arguments) != count:
        wanted = "one" if count == 1 else "two"
        raise ProtocolError(f"{name} of {len(arguments)} values; it takes {wanted}")
    terms = tuple(alike_in([each], draft)[0] for each in arguments)
    for term in terms:
        require(term, Kind.NUMBER, f"{name} is for numbers")
    return terms


def _part_of_date(name: str, part: Callable[[pl.Expr], pl.Expr]) -> tuple[str, Function]:
    """The year, the month or the day of a date; unknown where the date is known in part."""

    def term_of(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
        if len(arguments) != 1 or arguments[0].kind not in {Kind.DATE, Kind.MOMENT}:
            raise ProtocolError(f"{name} of something other than one date")
        term = certain(arguments[0])
        return number_term(part(term.value).cast(pl.Float64), [term], draft, whole=True)

    return name, term_of


_FEWEST, _MOST = 0.001, 1e7
"""Between these every language writes a number with decimals out, and none with an exponent."""


def _to_text(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    """A whole number, or one that was entered, in as few characters as say it: 1.50 is ``1.5``.

    Unknown for a number with decimals that would need an exponent.
    """
    if len(arguments) != 1 or arguments[0].kind is not Kind.NUMBER:
        raise ProtocolError("TO_TEXT of something other than one number")
    term = certain(arguments[0])
    if not term.whole and term.computed:
        raise ProtocolError(
            f"TO_TEXT of {term.words}, of which nobody knows how many decimals are meant; ROUND it to "
            "a whole number first"
        )
    value = draft.step(term.value)
    text = value.cast(pl.Int64, strict=False).cast(pl.String)
    if not term.whole:
        plain = value.abs().is_between(_FEWEST, _MOST)
        text = pl.when(value == value.floor()).then(text).when(plain).then(value.cast(pl.String))
    return RuleTerm(
        kind=Kind.TEXT, value=draft.step(text), wrong=wrong_of([term]), words="TO_TEXT(…)"
    )


NUMBER_FUNCTIONS: Mapping[str, Function] = dict(
    (
        _of_one("SQRT", lambda value: value.sqrt()),
        _of_one("EXP", lambda value: value.exp()),
        _of_one("LN", lambda value: value.log()),
        ("POWER", _power),
        ("MOD", _modulo),
        _part_of_date("YEAR", lambda value: value.dt.year()),
        _part_of_date("MONTH", lambda value: value.dt.month()),
        _part_of_date("DAY", lambda value: value.dt.day()),
        ("TO_TEXT", _to_text),
    )
)
"""What each is; the grammar lets no other through."""
