"""The functions of a rule, each of the parts that it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from trialkit.decimals import SAME
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.comparing import NUMBER
from trialkit.schemas.rules.date_functions import DATE_FUNCTIONS
from trialkit.schemas.rules.draft import (
    Draft,
    alike_in,
    as_condition,
    certain,
    latest,
    number_term,
    require,
    unless_wrong,
    used_often,
    wrong_of,
)
from trialkit.schemas.rules.kinds import RuleTerm
from trialkit.schemas.rules.number_functions import NUMBER_FUNCTIONS
from trialkit.schemas.rules.several_numbers import SEVERAL_NUMBERS
from trialkit.schemas.rules.text_functions import TEXT_FUNCTIONS


def _abs(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    term = _only(arguments, draft, "ABS", Kind.NUMBER, "numbers")
    return number_term(term.value.abs(), [term], draft, whole=term.whole, size=term.size)


def _round(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    term = _only(arguments[:1], draft, "ROUND", Kind.NUMBER, "numbers")
    text = "0"
    if len(arguments) > 1:
        text = arguments[1].words if arguments[1].kind is Kind.NUMBER else ""
    if not text.isdigit() or int(text) > 9 or len(arguments) > 2:
        raise ProtocolError("ROUND with other decimals than a whole number from 0 to 9")
    factor = 10.0 ** int(text)
    term = used_often(term, draft)
    whole = ((term.value.abs() + SAME * term.magnitude) * factor + 0.5).floor()
    return number_term(whole / factor * term.value.sign(), [term], draft, whole=text == "0")


def _whole_beside(
    name: str, rounded: Callable[[RuleTerm], pl.Expr]
) -> Callable[[Sequence[RuleTerm], Draft], RuleTerm]:
    """``FLOOR`` and ``CEIL``, which know no decimals."""

    def term_of(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
        term = _only(arguments[:1], draft, name, Kind.NUMBER, "numbers")
        if len(arguments) > 1:
            raise ProtocolError(f"{name} with decimals; multiply before and divide after it")
        return number_term(rounded(used_often(term, draft)), [term], draft, whole=True)

    return term_of


def _to_number(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    """The number that the code of a choice is, or that a free text says; unknown of another text."""
    term = _only(arguments, draft, "TO_NUMBER", Kind.TEXT, "choices and texts")
    if not term.known:
        plain = pl.when(term.value.str.contains(rf"^{NUMBER.pattern}$")).then(term.value)
        return number_term(plain.cast(pl.Float64, strict=False), [term], draft, whole=False)
    if not all(NUMBER.fullmatch(code) for code in term.known):
        raise ProtocolError(f"TO_NUMBER of {term.words}; it is for choices whose codes are numbers")
    whole = all(float(code).is_integer() for code in term.known)
    return number_term(term.value.cast(pl.Float64, strict=False), [term], draft, whole=whole)


def _if(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    """The value behind the first condition that holds, else the last; NULL where a cell is wrong.

    Conditions and values take turns: ``IF(a, 1, b, 2, 3)`` is ``IF(a, 1, IF(b, 2, 3))``.
    """
    if len(arguments) < 3 or len(arguments) % 2 == 0:
        raise ProtocolError(
            "IF with other than three parts; write IF(condition, value, otherwise), or further "
            "conditions and values before the last"
        )
    whens = [as_condition(each) for each in arguments[:-1:2]]
    branches = [*map(certain, alike_in([*arguments[1::2], arguments[-1]], draft))]
    kind = next((each.kind for each in branches if each.kind is not Kind.NULL), Kind.NULL)
    if kind is Kind.NULL:
        raise ProtocolError("IF of nothing but NULL")
    parts = [*whens, *branches]
    size = None
    if any(each.size is not None for each in branches):
        sizes = [_as_numbers(each).magnitude for each in branches]
        size = draft.step(_first_that_holds(whens, sizes))
    chosen = _first_that_holds(whens, [each.value for each in branches])
    return RuleTerm(
        kind=kind,
        value=draft.step(unless_wrong(chosen, parts)),
        wrong=wrong_of(parts),
        words="IF(…)",
        whole=all(each.whole or each.kind is Kind.NULL for each in branches),
        computed=any(each.computed for each in branches),
        size=size,
    )


def _first_that_holds(whens: Sequence[RuleTerm], values: Sequence[pl.Expr]) -> pl.Expr:
    """The value that stands beside the first condition that holds, else the last value."""
    first, *others = zip(whens, values[:-1], strict=True)
    chosen = pl.when(first[0].value).then(first[1])
    for when, value in others:
        chosen = chosen.when(when.value).then(value)  # type: ignore[assignment]
    return chosen.otherwise(values[-1])


def _as_numbers(term: RuleTerm) -> RuleTerm:
    """The term, NULL as an unknown number, which has a size."""
    return replace(term, value=term.value.cast(pl.Float64)) if term.kind is Kind.NULL else term


def _length(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    term = _only(arguments, draft, "LENGTH", Kind.TEXT, "texts")
    return number_term(term.value.str.len_chars().cast(pl.Float64), [term], draft, whole=True)


def _coalesce(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    parts = alike_in(arguments, draft)
    kind = next((part.kind for part in parts if part.kind is not Kind.NULL), Kind.NULL)
    if kind is Kind.NULL:
        raise ProtocolError("COALESCE of nothing but NULL")
    first = pl.coalesce([part.value for part in parts])
    last = None
    if any(part.latest is not None for part in parts):
        last = unless_wrong(pl.coalesce([latest(part) for part in parts]), parts)
    size = None
    if any(part.size is not None for part in parts):
        known = (
            pl.when(part.value.is_not_null()).then(part.magnitude)
            for part in map(_as_numbers, parts)
        )
        size = draft.step(pl.coalesce(list(known)))
    return RuleTerm(
        kind=kind,
        value=unless_wrong(first, parts),
        wrong=wrong_of(parts),
        words="COALESCE(…)",
        whole=all(part.whole or part.kind is Kind.NULL for part in parts),
        computed=any(part.computed for part in parts),
        size=size,
        latest=last,
    )


def _only(
    arguments: Sequence[RuleTerm], draft: Draft, name: str, kind: Kind, things: str
) -> RuleTerm:
    """The one value that a function takes."""
    if len(arguments) != 1:
        raise ProtocolError(f"{name} of {len(arguments)} values; it takes one")
    term = alike_in(arguments, draft)[0]
    require(term, kind, f"{name} is for {things}")
    return certain(term)


FUNCTIONS: Mapping[str, Callable[[Sequence[RuleTerm], Draft], RuleTerm]] = {
    "ABS": _abs,
    "ROUND": _round,
    "LENGTH": _length,
    "COALESCE": _coalesce,
    "IF": _if,
    "FLOOR": _whole_beside("FLOOR", lambda term: (term.value + SAME * term.magnitude).floor()),
    "CEIL": _whole_beside("CEIL", lambda term: (term.value - SAME * term.magnitude).ceil()),
    "TO_NUMBER": _to_number,
    **SEVERAL_NUMBERS,
    **NUMBER_FUNCTIONS,
    **DATE_FUNCTIONS,
    **TEXT_FUNCTIONS,
}
"""What each function is; the grammar lets no other through."""
