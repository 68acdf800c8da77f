"""REDCap's logic in the language of our rules, or the reason why it cannot be said there.

In REDCap a blank is an empty text, and every comparison with it is true or false: ``[x] <> '1'`` is
true where x is blank. In SQL it would be unknown. So

* ``=`` and ``<>`` with a stated value become ``COALESCE(x = '1', FALSE)`` and
  ``COALESCE(x <> '1', TRUE)``, and with ``''`` become ``IS NULL`` and ``IS NOT NULL``;
* what REDCap's documentation leaves open (``<``, ``<=``, ``>``, ``>=`` with a blank among the two, and
  ``=`` and ``<>`` of two answers of which one is blank) stays unknown, and finds nothing;
* a missing data code is an answer to REDCap: ``[x] = ''`` is false where x holds one, ``[x] <> '1'`` true;
* an unticked choice of a checkbox is ``0`` whether or not anybody saw the question;
* in arithmetic a blank gives a blank; ``sum`` and ``mean`` leave blanks out.

A year of ``datediff`` has 365.2425 days, a month 30.44, as REDCap's documentation says.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trialkit.imports.redcap.answers import FindAnswer, RedcapAnswer
from trialkit.imports.redcap.logic import FieldName, read_logic
from trialkit.imports.redcap.stated_values import (
    CLOCK,
    DAY,
    NUMBER,
    ORDERS,
    Said,
    with_value,
)
from trialkit.schemas.expressions.nodes import (
    Call,
    Negative,
    Node,
    Number,
    Operation,
    Text,
    Truth,
)
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.writing import blank_test, decided, part_of
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.grammar import MAXIMUM_LENGTH

_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DAYS_OF = {"d": "", "y": "365.2425", "M": "30.44"}
_DATE_ORDERS = frozenset({"ymd", "mdy", "dmy"})
_BLANK = frozenset({"", "NaN"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Translator:
    """Says logic in the language of rules, for one form."""

    find: FindAnswer
    missing_codes: Mapping[str, str] = field(default_factory=dict)
    """REDCap's missing data codes, and what they are called in the trial."""

    def condition(self, logic: str) -> str:
        """A condition of REDCap as a condition of ours.

        Raises :class:`ExpressionError` that says what stands in the way.
        """
        return _of_bearable_length(self._condition(read_logic(logic)).text)

    def calculation(self, logic: str) -> str:
        """A calculation of REDCap as a number of ours.

        Raises :class:`ExpressionError` that says what stands in the way.
        """
        return _of_bearable_length(self._number(read_logic(logic)))

    # conditions

    def _condition(self, node: Node) -> Said:
        match node:
            case Truth(holds=holds):
                return Said(text="TRUE" if holds else "FALSE")
            case Operation(sign="and" | "or" as word, left=left, right=right):
                return self._joined(word, left, right)
            case Operation(sign=sign, left=left, right=right) if sign in _COMPARISONS:
                return self._comparison(sign, left, right)
            case Call(function="if", arguments=(when, then, otherwise)):
                first = self._joined("and", when, then)
                second = self._condition(otherwise)
                negated = self._condition(when)
                text = f"(({first.text}) OR (NOT ({negated.text}) AND ({second.text})))"
                return Said(text=text, open=first.open or second.open or negated.open)
            case Call() if node.function in _QUESTIONS:
                return Said(text=self._question(node))
            case FieldName():
                return self._comparison("=", node, Number(text="1"))
        raise ExpressionError(f"{_shown(node)} where a condition was expected")

    def _joined(self, word: str, left: Node, right: Node) -> Said:
        parts = [self._condition(left), self._condition(right)]
        texts = [
            part.text if not _joins(part.text) or _is_joined(node, word) else f"({part.text})"
            for part, node in zip(parts, (left, right), strict=True)
        ]
        return Said(text=f" {word.upper()} ".join(texts), open=any(part.open for part in parts))

    def _question(self, call: Call) -> str:
        """A function that is true or false of one field."""
        if len(call.arguments) != 1 or not isinstance(call.arguments[0], FieldName):
            raise ExpressionError(f"{call.function}() of something other than one field")
        answer = self._answer(call.arguments[0])
        name = answer.name
        match call.function:
            case "isblankormissingcode":
                return f"{name} IS NULL"
            case "isblanknotmissingcode":
                return self._is_blank(answer)
            case "ismissingcode":
                return f"{part_of(name, 'missing')} IS NOT NULL"
        if answer.nature.is_number and call.function == "isnumber":
            return f"{name} IS NOT NULL"
        raise ExpressionError(f"{call.function}() of a field that is no number")

    def _is_blank(self, answer: RedcapAnswer) -> str:
        if not self.missing_codes:
            return f"{answer.name} IS NULL"
        return f"({answer.name} IS NULL AND {part_of(answer.name, 'missing')} IS NULL)"

    def _comparison(self, sign: str, left: Node, right: Node) -> Said:
        if isinstance(left, Text | Number | Truth) and not isinstance(right, Text | Number | Truth):
            left, right, sign = right, left, _MIRRORED.get(sign, sign)
        if isinstance(left, Call) and left.function in _QUESTIONS:
            return self._answered_question(sign, left, right)
        stated = _stated(right)
        if isinstance(left, FieldName) and stated is not None:
            return self._with_stated(sign, left, stated)
        if isinstance(left, FieldName) and isinstance(right, FieldName):
            found = self._two_answers(sign, left, right)
            if found is not None:
                return found
        if stated in _BLANK:
            return Said(text=f"{self._number(left)} {blank_test(sign)}")
        return self._two_numbers(sign, left, right, stated=stated)

    def _answered_question(self, sign: str, call: Call, right: Node) -> Said:
        answer = {"1": True, "true": True, "0": False, "false": False}.get(_stated(right) or "")
        if answer is None or sign not in {"=", "<>"}:
            raise ExpressionError(
                f"{call.function}() compared with something other than true or false"
            )
        asked = self._question(call)
        return Said(text=asked if answer is (sign == "=") else f"NOT ({asked})")

    def _two_numbers(self, sign: str, left: Node, right: Node, *, stated: str | None) -> Said:
        one, other = self._number(left), self._number(right)
        if sign in ORDERS or stated is None:
            return Said(text=f"{one} {sign} {other}", open=True)
        return Said(text=decided(f"{one} {sign} {other}", sign))

    def _two_answers(self, sign: str, left: FieldName, right: FieldName) -> Said | None:
        one, other = self._answer(left), self._answer(right)
        if one.nature is other.nature and one.nature in _ORDERED:
            return Said(text=f"{one.name} {sign} {other.name}", open=True)
        said = all(e.type.kind.takes_any_text or e.nature is Nature.CODE for e in (one, other))
        if said and sign in {"=", "<>"}:
            if one.nature is not other.nature:
                raise ExpressionError(f"{left} and {right}, a free text compared with a choice")
            return Said(text=f"{one.name} {sign} {other.name}", open=True)
        return None

    # a field compared with a stated value

    def _with_stated(self, sign: str, node: FieldName, stated: str) -> Said:
        answer = self._answer(node)
        if node.code:
            return self._with_tick(sign, node, answer, stated)
        if stated in _BLANK:
            return self._with_blank(sign, answer)
        if stated in self.missing_codes:
            return self._with_reason(sign, answer, self.missing_codes[stated])
        return with_value(sign, node, answer, stated)

    def _with_blank(self, sign: str, answer: RedcapAnswer) -> Said:
        blank = self._is_blank(answer)
        if blank_test(sign) == "IS NULL":
            return Said(text=blank)
        return Said(text=f"NOT {blank}" if self.missing_codes else f"{answer.name} IS NOT NULL")

    def _with_tick(self, sign: str, node: FieldName, answer: RedcapAnswer, stated: str) -> Said:
        if answer.nature is not Nature.CODES:
            raise ExpressionError(f"{node}, which is no checkbox")
        truth = {"1": True, "0": False}.get(stated)
        if truth is None or sign not in {"=", "<>"}:
            raise ExpressionError(f"{node} {sign} '{stated}'; a choice is 1 or 0")
        ticked = self._ticked(node, answer)
        return Said(text=ticked if truth is (sign == "=") else f"NOT {ticked}")

    def _ticked(self, node: FieldName, answer: RedcapAnswer) -> str:
        same = [each.code for each in answer.choices if each.in_redcap == node.code]
        same += [
            each.code for each in answer.choices if each.in_redcap.lower() == node.code.lower()
        ]
        if not same or same[0] in {"missing", "count"}:
            raise ExpressionError(f"{node}, but {node.name} has no choice {node.code!r}")
        return f"COALESCE({part_of(answer.name, same[0])}, FALSE)"

    def _with_reason(self, sign: str, answer: RedcapAnswer, code: str) -> Said:
        if sign not in {"=", "<>"}:
            raise ExpressionError(f"the order of {code}, a missing data code")
        return Said(text=decided(f"{part_of(answer.name, 'missing')} {sign} '{code}'", sign))

    # numbers

    def _number(self, node: Node) -> str:
        stated = _stated(node)
        if stated is not None:
            return _stated_number(stated)
        match node:
            case FieldName():
                return self._number_of(node)
            case Negative(operand=operand):
                return f"-({self._number(operand)})"
            case Operation(sign="+" | "-" | "*" | "/" as sign, left=left, right=right):
                level = _level(node)
                return f"{self._within(left, level)} {sign} {self._within(right, level + 1)}"
            case Operation(sign="^", left=left, right=right):
                return self._power(left, right)
            case Call():
                return self._calculated(node)
        raise ExpressionError(f"{_shown(node)} where a number was expected")

    def _within(self, node: Node, level: int) -> str:
        """A number as a part of arithmetic that binds this tightly."""
        text = self._number(node)
        return f"({text})" if _level(node) < level else text

    def _number_of(self, node: FieldName) -> str:
        answer = self._answer(node)
        if node.code:
            return f"IF({self._ticked(node, answer)}, 1, 0)"
        if answer.nature.is_number:
            return answer.name
        if answer.nature is Nature.TRUTH:
            return f"IF({answer.name} IS NULL, NULL, IF({answer.name}, 1, 0))"
        if answer.nature is Nature.CODE and answer.is_coded_in_numbers and not answer.is_recoded:
            return f"TO_NUMBER({answer.name})"
        raise ExpressionError(f"{node} in arithmetic, which holds no number")

    def _power(self, base: Node, exponent: Node) -> str:
        times = exponent.text if isinstance(exponent, Number) else ""
        if times not in {"1", "2", "3", "4"}:
            raise ExpressionError("a power other than 1, 2, 3 or 4")
        return "(" + " * ".join([self._within(base, 3)] * int(times)) + ")"

    def _calculated(self, call: Call) -> str:
        arguments = call.arguments
        match call.function, len(arguments):
            case "if", 3:
                return self._chosen(*arguments)
            case "round" | "rounddown" | "roundup" | "abs", 1 | 2:
                return self._rounded(call)
            case "sum" | "mean", count if count:
                return self._aggregate(call)
            case "datediff", 3 | 4 | 5:
                return self._days_between(arguments)
        raise ExpressionError(f"the function {call.function}() with {len(arguments)} values")

    def _chosen(self, when: Node, then: Node, otherwise: Node) -> str:
        condition = self._condition(when)
        chosen = f"IF({condition.text}, {self._number(then)}, {self._number(otherwise)})"
        if not condition.open:
            return chosen
        return f"IF(({condition.text}) IS NULL, NULL, {chosen})"

    def _rounded(self, call: Call) -> str:
        """``rounddown`` and ``roundup`` of a negative number may mean two things: left unknown."""
        number = self._number(call.arguments[0])
        decimals = _decimals(call.arguments[1:])
        if call.function == "round":
            return f"ROUND({number}, {decimals})"
        if call.function == "abs":
            return f"ABS({number})"
        function, factor = "FLOOR" if call.function == "rounddown" else "CEIL", 10 ** int(decimals)
        scaled = f"{function}({number})" if factor == 1 else f"{function}(({number}) * {factor})"
        rounded = scaled if factor == 1 else f"{scaled} / {factor}"
        return f"IF({number} >= 0, {rounded}, NULL)"

    def _aggregate(self, call: Call) -> str:
        """The sum or the mean of what is there."""
        numbers = [self._number(each) for each in call.arguments]
        total = " + ".join(f"COALESCE({each}, 0)" for each in numbers)
        if call.function == "sum":
            return f"({total})"
        count = " + ".join(f"IF({each} IS NULL, 0, 1)" for each in numbers)
        return f"(({total}) / ({count}))"

    def _days_between(self, arguments: Sequence[Node]) -> str:
        start, end, unit, *rest = arguments
        signed = any(isinstance(each, Truth) and each.holds for each in rest)
        for each in rest:
            if not isinstance(each, Truth) and _stated(each) not in _DATE_ORDERS:
                raise ExpressionError(f"datediff() with {_shown(each)}")
        name = unit.text if isinstance(unit, Text) else ""
        if name not in _DAYS_OF:
            raise ExpressionError(
                f"datediff() in the unit {name!r}; days, months and years can be said"
            )
        days = f"{self._date(end)} - {self._date(start)}"
        days = f"({days})" if signed else f"ABS({days})"
        return f"({days} / {_DAYS_OF[name]})" if _DAYS_OF[name] else days

    def _date(self, node: Node) -> str:
        if isinstance(node, FieldName):
            answer = self._answer(node)
            if answer.nature is Nature.DAY:
                return answer.name
            raise ExpressionError(f"{node} in datediff(), which is no date")
        stated = _stated(node) or ""
        if DAY.fullmatch(stated):
            return f"DATE '{stated}'"
        if stated.lower() in CLOCK:
            raise ExpressionError(f"'{stated}', which changes from day to day")
        raise ExpressionError(f"datediff() of {_shown(node)}")

    def _answer(self, node: FieldName) -> RedcapAnswer:
        if set(node.modifiers) - {":value"}:
            raise ExpressionError(f"{node}, of which more than the value is asked")
        return self.find(node)


_ORDERED = frozenset({Nature.DAY, Nature.MOMENT, Nature.CLOCK})
_QUESTIONS = frozenset(
    {"isblankormissingcode", "isblanknotmissingcode", "ismissingcode", "isnumber", "isinteger"}
)


def _stated(node: Node) -> str | None:
    """The value that stands in the logic itself, if the part is one."""
    match node:
        case Text(text=text):
            return text
        case Number(text=text):
            return _written(text)
        case Negative(operand=Number(text=text)):
            return f"-{_written(text)}"
        case Truth(holds=holds):
            return "1" if holds else "0"
    return None


def _written(number: str) -> str:
    """A number as rules write it: ``.5`` and ``5.`` are 0.5 and 5."""
    whole, point, decimals = number.partition(".")
    return f"{whole or '0'}.{decimals}" if point and decimals else whole or "0"


def _decimals(arguments: Sequence[Node]) -> str:
    if not arguments:
        return "0"
    text = _stated(arguments[0]) or ""
    if not re.fullmatch("[0-9]", text):
        raise ExpressionError(f"rounding to {_shown(arguments[0])} decimals")
    return text


def _joins(text: str) -> bool:
    return " AND " in text or " OR " in text


def _is_joined(node: Node, word: str) -> bool:
    return isinstance(node, Operation) and node.sign == word


def _level(node: Node) -> int:
    """How tightly a number's parts are bound: sums 1, products 2, all else 3."""
    levels = {"+": 1, "-": 1, "*": 2, "/": 2}
    return levels.get(node.sign, 3) if isinstance(node, Operation) else 3


def _stated_number(stated: str) -> str:
    if stated in _BLANK:
        return "NULL"
    if not NUMBER.fullmatch(stated.strip()):
        raise ExpressionError(f"{stated[:40]!r} where a number was expected")
    return _written(stated.strip())


def _of_bearable_length(text: str) -> str:
    if len(text) > MAXIMUM_LENGTH:
        raise ExpressionError(
            f"said as a rule it has {len(text)} characters, more than a rule may have"
        )
    return text


def _shown(node: Node) -> str:
    match node:
        case FieldName():
            return str(node)
        case Text(text=text) | Number(text=text):
            return repr(text[:40])
        case Truth(holds=holds):
            return str(holds).lower()
        case Call(function=function):
            return f"{function}(...)"
        case Operation(sign=sign):
            return f"... {sign} ..."
    return "-(...)"
