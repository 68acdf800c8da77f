"""What the functions of an XLSForm are in the words of our rules, where they have a counterpart."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TypeAlias

from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.imports.xlsform.date_functions import DATE_FUNCTIONS, months_added, number_of
from trialkit.imports.xlsform.parts import (
    ALWAYS,
    NEVER,
    Asked,
    Part,
    alike,
    as_condition,
    as_number,
    as_text,
    kind_of,
    known_of,
    number,
    ticked,
    together,
)
from trialkit.imports.xlsform.xpath import NOT, PRODUCT, SUM
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.writing import decided, quoted
from trialkit.schemas.forms.expressions import COUNT, Kind
from trialkit.schemas.items.kind import Nature

Given: TypeAlias = Sequence[Part]
Named: TypeAlias = Callable[[str], Asked]
"""Finds the question that a text names, as the second value of ``jr:choice-name`` does."""
_BY_CHANCE = frozenset({"random", "uuid", "randomize"})
"""What is drawn on the device, once or whenever the form looks."""
_OF_THE_DEVICE = frozenset({"property", "version"})
_TO_THE_END = 9999
"""More characters than are taken of any text."""
_LONGEST_TABLE = 1000
_POWERS = frozenset({"1", "2", "3", "4"})


def function_of(name: str, given: Given, named: Named) -> Part:
    """A function of an XLSForm with what it is given.

    Raises :class:`ExpressionError` where it has no counterpart.
    """
    if name == "jr:choice-name" and len(given) == 2:
        return _label(given, named)
    if name in _OF_ANY_NUMBER and given:
        return _OF_ANY_NUMBER[name](given)
    known = _FUNCTIONS.get((name, len(given)))
    if name in _BY_CHANCE:
        raise NotInTheFileError(f"{name}() is chance, drawn on the device")
    if name in _OF_THE_DEVICE:
        raise NotInTheFileError(f"{name}() is what the device says of itself")
    if known is None:
        raise ExpressionError(f"the function {name}() with {len(given)} values")
    return known(given)


def whole_part(part: Part) -> Part:
    """A number without its decimals, towards zero."""
    text = part.text
    if part.whole:
        return part
    return number(f"IF({text} >= 0, FLOOR({text}), CEIL({text}))", whole=True)


def remainder(left: Part, right: Part) -> Part:
    """What is left over by a division, with the sign of what is divided."""
    one, other = as_number(left), as_number(right)
    quotient = number(f"{one.within(PRODUCT)} / {other.within(PRODUCT + 1)}")
    whole = whole_part(quotient).text
    text = f"{one.within(SUM)} - {other.within(PRODUCT)} * {whole}"
    return number(text, SUM, whole=one.whole and other.whole)


def _selected(given: Given) -> Part:  # noqa: PLR0911 - one a kind of answer
    question, code = given
    asked = question.asked
    if question.quoted is not None and code.asked is not None:
        codes = ", ".join(map(quoted, question.quoted.split()))
        return Part(text=decided(f"{code.text} IN ({codes})", "="), kind=Kind.BOOLEAN)
    if code.quoted is None:
        raise ExpressionError("selected() asks for something that is no choice")
    if asked is not None and asked.nature is Nature.CODES:
        if code.quoted not in asked.item.codes:
            return NEVER
        return Part(text=ticked(asked, code.quoted), kind=Kind.BOOLEAN)
    if question.kind is Kind.BOOLEAN:
        truth = {"yes": "yes", "no": "no", "OK": "yes"}.get(code.quoted)
        if truth is None or asked is None:
            return NEVER
        return Part(text=decided(f"{question.text} = '{truth}'", "="), kind=Kind.BOOLEAN)
    if question.kind is Kind.NUMBER:
        text = f"{question.within(SUM)} = {as_number(code).text}"
        return Part(text=decided(text, "="), kind=Kind.BOOLEAN)
    if question.kind is not Kind.TEXT:
        raise ExpressionError("selected() asks for something that is no choice")
    if question.known and code.quoted not in question.known:
        return NEVER
    return Part(text=decided(f"{question.text} = {code.text}", "="), kind=Kind.BOOLEAN)


def _counted(given: Given) -> Part:
    asked = given[0].asked
    if asked is None or asked.nature is not Nature.CODES:
        raise ExpressionError("count-selected() asks for something that has no choices")
    return number(f"{asked.name}{COUNT}", whole=True)


def _label(given: Given, named: Named) -> Part:
    """The label of the choice that was chosen."""
    said = given[1]
    found = said.asked
    if found is None and said.quoted is not None:
        found = named(said.quoted.strip().removeprefix("${").removesuffix("}"))
    code = given[0]
    if found is None or not found.item.offered or found.nature is Nature.CODES:
        raise ExpressionError("jr:choice-name() asks for something that is no single choice")
    if code.asked is not None and code.asked.nature is Nature.TRUTH:
        code = as_text(code)
    return looked_up(code, {choice.code: choice.label for choice in found.item.offered})


def _if(given: Given) -> Part:
    when, *branches = given
    condition = as_condition(when)
    if condition.holds is not None:
        return branches[0] if condition.holds else branches[1]
    then, otherwise = alike(branches)
    return Part(
        text=f"IF({condition.text}, {then.text}, {otherwise.text})",
        kind=kind_of((then, otherwise)),
        known=known_of((then, otherwise)),
        whole=all(each.whole or each.kind is Kind.NULL for each in (then, otherwise)),
    )


def _coalesce(given: Given) -> Part:
    parts = alike(given)
    there = [part for part in parts if part.kind is not Kind.NULL]
    if len(there) == 1:
        return there[0]
    return Part(
        text=f"COALESCE({', '.join(part.text for part in there)})",
        kind=kind_of(there),
        known=known_of(there),
        whole=all(part.whole for part in there),
    )


def _length(given: Given) -> Part:
    text = as_text(given[0]).text
    return Part(text=f"LENGTH({text})", kind=Kind.NUMBER, length_of=given[0].text, whole=True)


def _cut_out(given: Given) -> Part:
    """Characters of a text, from a place counted from 0 to one that is not in it any more."""
    text, *places = as_text(given[0]), *given[1:]
    stated_places = [place.text for place in places]
    if text.kind is not Kind.TEXT or not all(map(str.isdecimal, stated_places)):
        raise ExpressionError("substr() of something that is no text here, or to places not stated")
    first, last, *_ = (*map(int, stated_places), _TO_THE_END)
    if last <= first:
        raise ExpressionError("substr() of no characters")
    return Part(text=f"SUBSTR({text.text}, {first + 1}, {last - first})", kind=Kind.TEXT)


def _pattern(given: Given) -> Part:
    text, pattern = given
    if pattern.quoted is None:
        raise ExpressionError("regex() with a pattern that is not stated")
    return Part(text=f"MATCHES({_free(text)}, {pattern.text})", kind=Kind.BOOLEAN)


def _ask_text(function: str) -> Callable[[Given], Part]:
    def asked(given: Given) -> Part:
        text, piece = given
        if piece.quoted is None:
            return Part(text=f"{function}({_free(text)}, {_free(piece)})", kind=Kind.BOOLEAN)
        return Part(text=f"{function}({_free(text)}, {piece.text})", kind=Kind.BOOLEAN)

    return asked


def _free(part: Part) -> str:
    part = as_text(part)
    if part.kind is not Kind.TEXT:
        raise ExpressionError(f"{part.text} is no text here")
    return part.text


def looked_up(key: Part, found: Mapping[str, str]) -> Part:
    """What a table says of a key, which is unknown for one that it does not have."""
    key = as_text(key)
    rows = {code: text for code, text in found.items() if text}
    if key.known:
        rows = {code: text for code, text in rows.items() if code in key.known}
    if key.kind is not Kind.TEXT:
        raise ExpressionError("it looks up something that is no single choice")
    if not rows:
        raise NotInTheFileError("the table in which it looks has nothing for any answer")
    if len(rows) > _LONGEST_TABLE:
        raise ExpressionError(
            f"it looks in {len(rows):,} rows of a table, of which a rule can say {_LONGEST_TABLE:,}"
        )
    said = [f"IF({key.text} = {quoted(code)}, {quoted(text)}, NULL)" for code, text in rows.items()]
    texts = tuple(dict.fromkeys(rows.values()))
    joined = said[0] if len(said) == 1 else f"COALESCE({', '.join(said)})"
    return Part(text=joined, kind=Kind.TEXT, known=texts)


def _round(given: Given) -> Part:
    rounded = as_number(given[0])
    decimals = given[1].text if len(given) > 1 else "0"
    if not re.fullmatch(r"\d", decimals):
        raise ExpressionError("round() to other decimals than a number from 0 to 9")
    return number(f"ROUND({rounded.text}, {decimals})", whole=decimals == "0")


def _power(given: Given) -> Part:
    if given[1].text not in _POWERS:
        return number(f"POWER({as_number(given[0]).text}, {as_number(given[1]).text})")
    base = as_number(given[0]).within(PRODUCT + 1)
    return number(" * ".join([base] * int(given[1].text)), PRODUCT)


def _largest(sign: str) -> Callable[[Given], Part]:
    """The largest or smallest of what is stated; blank where one of them is."""

    def pair(one: Part, other: Part) -> Part:
        blank = f"{one.within(SUM)} + {other.within(SUM)} IS NULL"
        chosen = f"IF({one.within(SUM)} {sign} {other.within(SUM)}, {one.text}, {other.text})"
        return number(f"IF({blank}, NULL, {chosen})")

    def of(given: Given) -> Part:
        return reduce(pair, (number_of((each,)) for each in given))

    return of


def _simple(name: str, *, whole: bool = False) -> Callable[[Given], Part]:
    return lambda given: number(f"{name}({as_number(given[0]).text})", whole=whole)


def _piece(given: Given) -> Part:
    """``selected-at()`` of a text of several words, such as a place; of choices nobody keeps the order."""
    text, place = given
    if text.kind is Kind.CHOICES:
        raise ExpressionError("the order in which choices were ticked, which nobody keeps")
    if text.kind is not Kind.TEXT or not place.text.isdecimal():
        raise ExpressionError(
            "selected-at() of something that is no text here, or of a place not stated"
        )
    words = f"SPLIT_PART({text.text}, ' ', {int(place.text) + 1})"
    return Part(text=f"IF(CONTAINS({text.text}, '  '), NULL, {words})", kind=Kind.TEXT)


def _before(given: Given) -> Part:
    """What stands before the first place of a stated text; blank where it is not there."""
    text, piece = given
    if not piece.quoted:
        raise ExpressionError("it looks for a text that is not stated")
    held = _free(text)
    found = f"IF(CONTAINS({held}, {piece.text}), SPLIT_PART({held}, {piece.text}, 1), NULL)"
    return Part(text=found, kind=Kind.TEXT)


def _truth_of(given: Given) -> Part:
    """``boolean-from-string()``: true of ``true``, in any capitals, and of ``1``."""
    held = as_text(given[0])
    if held.quoted is not None:
        return ALWAYS if held.quoted.lower() in {"true", "1"} else NEVER
    said = f"LOWER({_free(held)}) IN ('true', '1')"
    return Part(text=decided(said, "="), kind=Kind.BOOLEAN)


def _not(given: Given) -> Part:
    part = as_condition(given[0])
    if part.holds is not None:
        return NEVER if part.holds else ALWAYS
    return Part(text=f"NOT ({part.text})", kind=Kind.BOOLEAN, level=NOT)


_FUNCTIONS: Mapping[tuple[str, int], Callable[[Given], Part]] = {
    **DATE_FUNCTIONS,
    ("selected", 2): _selected,
    ("count-selected", 1): _counted,
    ("not", 1): _not,
    ("boolean", 1): lambda given: as_condition(given[0]),
    ("true", 0): lambda _: ALWAYS,
    ("false", 0): lambda _: NEVER,
    ("string-length", 1): _length,
    ("if", 3): _if,
    ("round", 1): _round,
    ("round", 2): _round,
    ("abs", 1): _simple("ABS"),
    ("floor", 1): _simple("FLOOR", whole=True),
    ("ceiling", 1): _simple("CEIL", whole=True),
    ("sqrt", 1): _simple("SQRT"),
    ("exp", 1): _simple("EXP"),
    ("log", 1): _simple("LN"),
    ("int", 1): lambda given: whole_part(number_of(given)),
    ("pow", 2): _power,
    ("number", 1): number_of,
    ("once", 1): lambda given: given[0],
    ("string", 1): lambda given: given[0],
    ("normalize-space", 1): lambda given: given[0],
    ("regex", 2): _pattern,
    ("selected-at", 2): _piece,
    ("substring-before", 2): _before,
    ("boolean-from-string", 1): _truth_of,
    ("log10", 1): lambda given: number(f"LN({as_number(given[0]).text}) / LN(10)", PRODUCT),
    ("pi", 0): lambda _: number("3.141592653589793"),
    ("is-selected", 2): _selected,
    ("substr", 2): _cut_out,
    ("substr", 3): _cut_out,
    ("starts-with", 2): _ask_text("STARTS_WITH"),
    ("contains", 2): _ask_text("CONTAINS"),
    ("ends-with", 2): _ask_text("ENDS_WITH"),
}
_OF_ANY_NUMBER: Mapping[str, Callable[[Given], Part]] = {
    "coalesce": _coalesce,
    "max": _largest(">="),
    "min": _largest("<="),
    "concat": together,
    "add-date": months_added,
}
