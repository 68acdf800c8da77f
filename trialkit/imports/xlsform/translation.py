"""Conditions and calculations of an XLSForm in the words of our rules, where they have a counterpart.

A question that is not answered is, in an XLSForm, no number and an empty text: every comparison with
it is false, but "is not", which is true. In a condition of when a question is shown, and wherever a
calculation asks something, this is kept, by COALESCE; a constraint is there not looked at where its
own question is blank, and a rule here finds nothing where a value is missing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import eq, ge, gt, le, lt, ne
from typing import TypeAlias

from trialkit.imports.redcap.plain_text import plain
from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.imports.xlsform.functions import function_of, looked_up, remainder
from trialkit.imports.xlsform.parts import (
    ALWAYS,
    NEVER,
    NULL,
    Asked,
    Part,
    answer,
    as_condition,
    as_day,
    as_number,
    compared_alike,
    is_condition,
    is_numeral,
    number,
    only_choice,
    stated,
)
from trialkit.imports.xlsform.repeats import OF_REPEATS, Repeats, of_repeat
from trialkit.imports.xlsform.survey import SurveyRow
from trialkit.imports.xlsform.xpath import (
    AND,
    BESIDE,
    COLUMN,
    COMPARISON,
    ITSELF,
    LEVELS,
    LOOKED_UP,
    OR,
    PRODUCT,
    SIGN,
    SUM,
    VALUE,
    read_xpath,
)
from trialkit.schemas.expressions.nodes import Call, Name, Negative, Node, Number, Operation, Text
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.walking import every_part
from trialkit.schemas.expressions.writing import blank_test, decided
from trialkit.schemas.forms.expressions import Kind

FindAsked: TypeAlias = Callable[[str], Asked]
"""Finds the question that a name or a path means, or raises ``ExpressionError`` that says why not."""

_BLANK = frozenset({"", "NaN"})
"""How a question without an answer is compared: as a text, and as a number."""
_EQUALITY = frozenset({"=", "<>"})
_DATES = frozenset({Kind.DATE, Kind.MOMENT})
_LEFT_OPEN = frozenset({"sum", "min", "max"})
"""Collect leaves blanks out of these, Enketo gives no number where there is one."""
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip
_OF_LENGTHS = {
    **dict.fromkeys([(">", "0"), ("<>", "0"), (">=", "1")], "<>"),
    **dict.fromkeys([("=", "0"), ("<=", "0"), ("<", "1")], "="),
}
"""Comparisons of a length that ask whether anything was entered: a blank has none here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class XpathTranslator:
    """Says the expressions of a form in the words of our rules."""

    find: FindAsked
    own: Asked | None = None
    """What a lone ``.`` stands for."""
    day: Asked | None = None
    """The question that holds the day on which the form was filled in."""
    repeats: Repeats | None = None
    """Finds what is asked of the rows of a repeat."""
    lists: Mapping[str, Sequence[SurveyRow]] = field(default_factory=dict)
    """The lists of the sheet ``choices``, and the tables that lie beside the form."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """What the sheet ``choices`` says of the choice that a filter is about."""

    def shown(self, expression: str) -> Part:
        """A condition in which a blank decides. Raises :class:`ExpressionError` that says why not."""
        return as_condition(self._part(read_xpath(expression), decides=True))

    def kept(self, expression: str) -> Part:
        """A condition that is not known where a blank is asked for."""
        return as_condition(self._part(read_xpath(expression), decides=False))

    def value(self, expression: str) -> Part:
        """What is worked out, of whatever kind."""
        return self._part(read_xpath(expression), decides=True)

    def _part(self, node: Node, *, decides: bool) -> Part:  # noqa: PLR0911 - one a kind of node
        """What a part of the tree is in our words."""
        match node:
            case Number(text=text):
                return number(f"0{text}" if text.startswith(".") else text)
            case Text(text=text):
                return stated(text)
            case Name():
                return self._named(node)
            case Negative(operand=operand):
                text = f"-{as_number(self._part(operand, decides=decides)).within(VALUE)}"
                return number(text, SIGN)
            case Call(function=function, arguments=arguments):
                return self._call(function, arguments, decides=decides)
            case Operation(sign="and" | "or" as word, left=left, right=right):
                parts = (self._part(each, decides=decides) for each in (left, right))
                return _joined(word, *map(as_condition, parts))
            case Operation(sign=sign, left=left, right=right):
                decides = decides and not _is_left_open(node)
                one, other = (self._part(each, decides=decides) for each in (left, right))
                if sign == "mod":
                    return remainder(one, other)
                if sign in LEVELS:
                    return _reckoned(sign, one, other)
                return _compared(sign, one, other, decides=decides)
        raise ExpressionError("it has no counterpart")

    def _named(self, node: Name) -> Part:
        if node == ITSELF:
            if self.own is None:
                raise ExpressionError("it asks for the answer that it governs")
            return answer(self.own)
        if node.parts[0] == COLUMN and len(node.parts) == 2:
            if node.parts[1].lower() == "null":
                return NULL
            if node.parts[1] not in self.columns:
                raise ExpressionError(f"{node.parts[1]!r} has no counterpart")
            return stated(self.columns[node.parts[1]])
        return answer(self.find(node.parts[0]))

    def _call(self, function: str, arguments: tuple[Node, ...], *, decides: bool) -> Part:
        """A function; what its condition asks is always decided."""
        if function in {"today", "now"} and not arguments and self.day is not None:
            return answer(self.day)
        if function == BESIDE:
            return self._beside(arguments)
        if self.repeats is not None and function in OF_REPEATS:
            found = of_repeat(function, arguments, self.repeats, self._plain)
            if found is not None:
                return found
        deciding = decides or function in {"if", "coalesce"}
        given = [self._part(each, decides=deciding) for each in arguments]
        if function == LOOKED_UP and len(given) == 4:
            return self._looked_up(given)
        return function_of(function, given, self.find)

    def _plain(self, node: Node) -> Part:
        return self._part(node, decides=True)

    def _looked_up(self, given: Sequence[Part]) -> Part:
        """What a list or a table says of a key in one of its columns, in the first row that has it."""
        name, column, of, key = given
        rows = self._table(name.quoted or "")
        if rows is None:
            raise NotInTheFileError(
                f"{name.text} is no list of the sheet choices, and no CSV file of that name is beside "
                "the form"
            )
        found: dict[str, str] = {}
        for row in rows:
            found.setdefault(row[of.quoted or ""], plain(row[column.quoted or ""]))
        return looked_up(key, found)

    def _table(self, name: str) -> Sequence[SurveyRow] | None:
        stem = name.removesuffix(".csv")
        return next(
            (self.lists[each] for each in (stem, f"{stem}.csv") if each in self.lists), None
        )

    def _beside(self, arguments: tuple[Node, ...]) -> Part:
        """What is asked of a list or a file, and is no look at one row by one column."""
        name = arguments[0].text if isinstance(arguments[0], Text) else ""
        if self._table(name) is not None:
            raise ExpressionError(f"it asks more of {name!r} than one cell of the row with a key")
        raise NotInTheFileError(f"it asks for {name!r}, which is not in the form")


def _is_left_open(node: Node) -> bool:
    """Whether it rests on what ODK's own programs answer in two ways where something is blank."""
    return any(isinstance(part, Call) and part.function in _LEFT_OPEN for part in every_part(node))


def _joined(word: str, left: Part, right: Part) -> Part:
    level = AND if word == "and" else OR
    for one, other in ((left, right), (right, left)):
        if one.holds is not None:
            decides = one.holds is (word == "or")
            return (ALWAYS if one.holds else NEVER) if decides else other
    text = f"{left.within(level)} {word.upper()} {right.within(level)}"
    return Part(text=text, kind=Kind.BOOLEAN, level=level)


def _reckoned(sign: str, left: Part, right: Part) -> Part:
    """Arithmetic, of which a date less a date is days, and a date and days another date."""
    level = LEVELS[sign]
    days = {left.kind, right.kind} & _DATES
    if sign in {"+", "-"} and days:
        left, right = as_day(left), as_day(right)
        text = f"{_of_days(left).within(SUM)} {sign} {_of_days(right).within(SUM + 1)}"
        both = left.kind in _DATES | {Kind.QUOTED} and right.kind in _DATES | {Kind.QUOTED}
        whole = both and Kind.MOMENT not in {left.kind, right.kind}
        return Part(text=text, kind=Kind.NUMBER if both else Kind.DATE, level=SUM, whole=whole)
    one, other = as_number(left), as_number(right)
    beyond = level + 1  # a - (b - c)
    text = f"{one.within(level)} {sign} {other.within(beyond)}"
    whole = sign != "/" and one.whole and other.whole
    return number(text, level if level in {SUM, PRODUCT} else VALUE, whole=whole)


def _of_days(part: Part) -> Part:
    if part.kind in _DATES or part.kind is Kind.QUOTED:
        return part
    return as_number(part)


def _compared(  # noqa: PLR0911 - one a kind of comparison
    sign: str, left: Part, right: Part, *, decides: bool
) -> Part:
    for one, other in ((left, right), (right, left)):
        if one.quoted in _BLANK and sign in _EQUALITY:
            return _with_blank(sign, other)
    if left.quoted is not None and right.quoted is not None and sign in _EQUALITY:
        return ALWAYS if (left.quoted == right.quoted) is (sign == "=") else NEVER
    if (known := _of_two_numbers(sign, left, right)) is not None:
        return known
    if left.length_of and (sign, right.text) in _OF_LENGTHS:
        text = f"{left.length_of} {blank_test(_OF_LENGTHS[sign, right.text])}"
        return Part(text=text, kind=Kind.BOOLEAN, level=COMPARISON)
    for one, other in ((left, right), (right, left)):
        if decides and sign in _EQUALITY and _can_never_be(one, other):
            return NEVER if sign == "=" else ALWAYS
        if one.kind is Kind.CHOICES:
            return _of_choices(sign, one, other)
        if one.holds is not None and is_condition(other) and sign in _EQUALITY:
            return other if one.holds is (sign == "=") else _denied(other)
    typed = next((p for p in (left, right) if p.kind is Kind.TEXT and not p.known), None)
    left, right = compared_alike(left, right, sign)
    text = f"{left.within(SUM)} {sign} {right.within(SUM)}"
    if not decides and typed is not None and left.kind is right.kind is Kind.NUMBER:
        blanks = " OR ".join(f"{p.within(SUM)} IS NULL" for p in _may_be_blank(typed, left, right))
        return Part(text=f"IF({blanks}, NULL, {decided(text, sign)})", kind=Kind.BOOLEAN)
    if decides:
        return Part(text=decided(text, sign), kind=Kind.BOOLEAN)
    return Part(text=text, kind=Kind.BOOLEAN, level=COMPARISON)


def _of_two_numbers(sign: str, left: Part, right: Part) -> Part | None:
    """A comparison of two values that are stated, of which one is a number; None for any other."""
    stated_ones = [part.text if part.quoted is None else part.quoted for part in (left, right)]
    if not any(part.kind is Kind.NUMBER for part in (left, right)) or not all(
        part.quoted is not None or (part.kind is Kind.NUMBER and is_numeral(part.text))
        for part in (left, right)
    ):
        return None
    if not all(map(is_numeral, stated_ones)):
        return ALWAYS if sign == "<>" else NEVER
    one, other = map(float, stated_ones)
    return ALWAYS if _COMPARED[sign](one, other) else NEVER


def _can_never_be(one: Part, other: Part) -> bool:
    """Whether a text is compared with one that its question does not offer."""
    if one.kind is not Kind.TEXT or not one.known or other.quoted is None:
        return False
    return other.quoted not in one.known


def _may_be_blank(typed: Part, *sides: Part) -> list[Part]:
    """A text that was typed, and the other side of a comparison where that is no stated number."""
    others = [part for part in sides if typed.text not in part.text]
    return [typed, *(part for part in others if not is_numeral(part.text))]


def _with_blank(sign: str, part: Part) -> Part:
    """Whether nothing is there, or something; a condition always is something."""
    if part.quoted is not None:
        return ALWAYS if (part.quoted == "") is (sign == "=") else NEVER
    if is_condition(part):
        return NEVER if sign == "=" else ALWAYS
    text = f"{part.within(SUM)} {blank_test(sign)}"
    return Part(text=text, kind=Kind.BOOLEAN, level=COMPARISON)


def _of_choices(sign: str, choices: Part, other: Part) -> Part:
    """Several choices compared with one, which is to be the only one that was chosen."""
    if choices.asked is None or other.quoted is None or sign not in _EQUALITY:
        code = other.text if other.kind is Kind.NUMBER else None
        if choices.asked is None or code is None or sign not in _EQUALITY:
            raise ExpressionError("several choices cannot be compared with one; selected() can ask")
        other = stated(code)
    only = Part(text=only_choice(choices.asked, other.quoted or ""), kind=Kind.BOOLEAN)
    return only if sign == "=" else _denied(only)


def _denied(part: Part) -> Part:
    return replace(part, text=f"NOT ({part.text})")
