"""REDCap's logic in the language of our rules, or the reason why it cannot be said there.

In REDCap a blank is an empty text, and every comparison with it is true or false: ``[x] <> '1'`` is
true where x is blank. In SQL it would be unknown. So

* ``=`` and ``<>`` with a stated value become ``COALESCE(x = '1', FALSE)`` and
  ``COALESCE(x <> '1', TRUE)``, and with ``''`` become ``IS NULL`` and ``IS NOT NULL``;
* a value that the field can never have makes ``=`` false and ``<>`` true, which is said with a remark;
* what REDCap's documentation leaves open (``<``, ``<=``, ``>``, ``>=`` with a blank among the two, and
  ``=`` and ``<>`` of two answers of which one is blank) stays unknown, and finds nothing;
* a missing data code is an answer to REDCap: ``[x] = ''`` is false where x holds one, ``[x] <> '1'`` true;
* an unticked choice of a checkbox is ``0`` whether or not anybody saw the question;
* ``today`` and ``now`` are the day on which the form was filled in, of which nobody knows;
* in arithmetic a blank gives a blank, and ``'NaN'`` is one; functions of several numbers leave blanks out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from trialkit.imports.redcap.answers import FindAnswer, RedcapAnswer
from trialkit.imports.redcap.clock import (
    NOT_KNOWN,
    TODAY,
    UNKNOWN_DAY,
    is_clock,
    names_the_unknown_day,
    rests_on_the_day,
    unknown_with_the_day,
)
from trialkit.imports.redcap.logic import FieldName, read_logic
from trialkit.imports.redcap.numbers import is_left_open, number_said, stated_number
from trialkit.imports.redcap.saying import Said, is_blank, joined, shown, stated
from trialkit.imports.redcap.stated_values import ORDERS, tick_with_value, with_value
from trialkit.imports.redcap.texts import QUESTIONS, is_text, part_asked, text_said
from trialkit.schemas.expressions.nodes import (
    Call,
    Negative,
    Node,
    Number,
    Operation,
    Truth,
)
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.walking import every_part, joined_by
from trialkit.schemas.expressions.writing import blank_test, decided, part_of, quoted
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.grammar import MAXIMUM_LENGTH

_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True, kw_only=True)
class Translator:
    """Says logic in the language of rules, for one form."""

    find: FindAnswer
    missing_codes: Mapping[str, str] = field(default_factory=dict)
    """REDCap's missing data codes, and what they are called in the trial."""
    day: RedcapAnswer = UNKNOWN_DAY
    """What ``today`` is: the field that holds the day on which the form was filled in."""

    def condition(self, logic: str) -> Said:
        """A condition of REDCap as a condition of ours.

        Raises :class:`ExpressionError` that says what stands in the way.
        """
        said = self.condition_of(read_logic(logic))
        _refuse_too_long(said.text)
        if names_the_unknown_day(said.text):
            return replace(said, remarks=(*said.remarks, NOT_KNOWN))
        return said

    def calculation(self, logic: str) -> str:
        """A calculation of REDCap as a number of ours.

        Raises :class:`ExpressionError` that says what stands in the way.
        """
        return _refuse_too_long(self.number_of(read_logic(logic)))

    def text(self, logic: str) -> str:
        """A calculation of REDCap as a text of ours.

        Raises :class:`ExpressionError` that says what stands in the way.
        """
        return _refuse_too_long(self.text_of(read_logic(logic)))

    def date_later(self, logic: str) -> str:
        """What ``@CALCDATE(date, 7, 'd')`` gives: a date some whole days later or earlier.

        Raises :class:`ExpressionError` for other units, and for a date with a time.
        """
        node = read_logic(f"calcdate({logic})")
        arguments = node.arguments if isinstance(node, Call) else ()
        if len(arguments) != 3 or stated(arguments[2]) != "d":
            raise ExpressionError("a date that is not some days later")
        date = arguments[0]
        if is_clock(date):
            day = self.day if stated(date) == TODAY else UNKNOWN_DAY
            return f"{day.name} + ({self.number_of(arguments[1])})"
        if not isinstance(date, FieldName) or self.answer_of(date).nature is not Nature.DAY:
            raise ExpressionError(f"{shown(date)}, which is no date")
        return f"{self.answer_of(date).name} + ({self.number_of(arguments[1])})"

    # conditions

    def condition_of(self, node: Node) -> Said:  # noqa: PLR0911 - one a kind of node
        """A part that is true or false."""
        match node:
            case Truth(holds=holds):
                return Said(text="TRUE" if holds else "FALSE")
            case Operation(sign="and" | "or" as word):
                return joined(word, [self.condition_of(each) for each in joined_by(word, node)])
            case Operation(sign=sign, left=left, right=right) if sign in _COMPARISONS:
                return self._comparison(sign, left, right)
            case Call(function="if", arguments=(when, then, otherwise)):
                asked, first, second = (self.condition_of(e) for e in (when, then, otherwise))
                denied = Said(text=f"NOT ({asked.text})", open=asked.open)
                both = [joined("and", [asked, first]), joined("and", [denied, second])]
                return joined("or", both)
            case Call() if node.function in _ASKED or node.function in QUESTIONS:
                return self._question(node)
            case FieldName():
                return self._comparison("=", node, Number(text="1"))
            case Number(text=text):
                return Said(text="TRUE" if float(text) else "FALSE")
        raise ExpressionError(f"{shown(node)} where a condition was expected")

    def _question(self, call: Call) -> Said:
        """A function that is true or false."""
        if call.function in QUESTIONS:
            return self._on_the_day(part_asked(call, self), *call.arguments)
        if len(call.arguments) != 1 or not isinstance(call.arguments[0], FieldName):
            raise ExpressionError(f"{call.function}() of something other than one field")
        answer = self.answer_of(call.arguments[0])
        match call.function:
            case "isblankormissingcode":
                return Said(text=f"{answer.name} IS NULL")
            case "isblanknotmissingcode":
                return Said(text=self._is_blank(answer))
            case "ismissingcode":
                return Said(text=f"{part_of(answer.name, 'missing')} IS NOT NULL")
        return self._is_numeral(call, answer)

    def _is_numeral(self, call: Call, answer: RedcapAnswer) -> Said:
        """Whether an answer is a number, or a whole one."""
        name = answer.name
        if answer.nature is Nature.WHOLE or (
            answer.nature.is_number and call.function == "isnumber"
        ):
            return Said(text=f"{name} IS NOT NULL")
        if answer.nature is Nature.NUMBER:
            return Said(text=f"COALESCE({name} = FLOOR({name}), FALSE)")
        if answer.nature in {Nature.TEXT, Nature.CODE} and not answer.is_recoded:
            numeral = _NUMERALS[call.function]
            return Said(text=f"COALESCE(MATCHES(CONCAT({name}), '{numeral}'), FALSE)")
        raise ExpressionError(f"{call.function}() of an item of type {answer.type.value}")

    def _is_blank(self, answer: RedcapAnswer) -> str:
        if not self.missing_codes:
            return f"{answer.name} IS NULL"
        return f"({answer.name} IS NULL AND {part_of(answer.name, 'missing')} IS NULL)"

    def _comparison(self, sign: str, left: Node, right: Node) -> Said:
        return self._on_the_day(self._compared(sign, left, right), left, right)

    def _on_the_day(self, said: Said, *parts: Node) -> Said:
        """What is said, unknown with the day that a part of it rests on."""
        if not rests_on_the_day(parts):
            return said
        return replace(said, text=unknown_with_the_day(said.text, self.day), open=True)

    def _compared(self, sign: str, left: Node, right: Node) -> Said:
        if stated(left) is not None and stated(right) is None:
            left, right, sign = right, left, _MIRRORED.get(sign, sign)
        value = stated(right)
        if isinstance(left, Call) and (left.function in _ASKED or left.function in QUESTIONS):
            return self._answered_question(sign, left, right)
        if isinstance(left, FieldName) and value is not None:
            return self._with_stated(sign, left, value)
        if isinstance(left, FieldName) and isinstance(right, FieldName):
            found = self._two_answers(sign, left, right)
            if found is not None:
                return found
        if is_text(left) or is_text(right):
            return self._two_texts(sign, left, right)
        if is_blank(value):
            return Said(text=f"{self._within(left, 3)} {blank_test(sign)}", open=_is_open(left))
        return self._two_numbers(sign, left, right)

    def _answered_question(self, sign: str, call: Call, right: Node) -> Said:
        answer = {"1": True, "true": True, "0": False, "false": False}.get(stated(right) or "")
        if answer is None or sign not in {"=", "<>"}:
            raise ExpressionError(
                f"{call.function}() compared with something other than true or false"
            )
        asked = self._question(call)
        if answer is (sign == "="):
            return asked
        return Said(text=f"NOT ({asked.text})", open=asked.open)

    def _two_texts(self, sign: str, left: Node, right: Node) -> Said:
        one = self.text_of(left)
        if is_blank(stated(right)):
            return Said(text=f"{one} {blank_test(sign)}")
        other = self.text_of(right)
        if sign in ORDERS:
            raise ExpressionError(f"{shown(left)} {sign} {shown(right)}, the order of texts")
        if stated(right) is None:
            return Said(text=f"{one} {sign} {other}", open=True)
        return Said(text=decided(f"{one} {sign} {other}", sign))

    def _two_numbers(self, sign: str, left: Node, right: Node) -> Said:
        one, other = self.number_of(left), self.number_of(right)
        if sign in ORDERS or stated(right) is None or _is_open(left):
            return Said(text=f"{one} {sign} {other}", open=True)
        return Said(text=decided(f"{one} {sign} {other}", sign))

    def _two_answers(self, sign: str, left: FieldName, right: FieldName) -> Said | None:
        one, other = self.answer_of(left), self.answer_of(right)
        if one.nature is other.nature and one.nature in _ORDERED:
            return Said(text=f"{one.name} {sign} {other.name}", open=True)
        said = all(e.type.kind.takes_any_text or e.nature is Nature.CODE for e in (one, other))
        if not said or sign not in {"=", "<>"} or one.is_recoded or other.is_recoded:
            return None
        names = [e.name if e.nature is Nature.TEXT else f"CONCAT({e.name})" for e in (one, other)]
        if one.nature is other.nature:
            names = [one.name, other.name]
        return Said(text=f"{names[0]} {sign} {names[1]}", open=True)

    # a field compared with a stated value

    def _with_stated(self, sign: str, node: FieldName, value: str) -> Said:
        answer = self.answer_of(node)
        if node.code:
            return tick_with_value(sign, node, self._ticked(node, answer), value)
        if is_blank(value):
            return self._with_blank(sign, answer)
        if value in self.missing_codes:
            return self._with_reason(sign, answer, self.missing_codes[value])
        return with_value(sign, node, answer, value)

    def _with_blank(self, sign: str, answer: RedcapAnswer) -> Said:
        blank = self._is_blank(answer)
        if blank_test(sign) == "IS NULL":
            return Said(text=blank)
        return Said(text=f"NOT {blank}" if self.missing_codes else f"{answer.name} IS NOT NULL")

    def _ticked(self, node: FieldName, answer: RedcapAnswer) -> str:
        if answer.nature is not Nature.CODES:
            raise ExpressionError(f"{node}, which is no checkbox")
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
        held = decided(f"{part_of(answer.name, 'missing')} = {quoted(code)}", "=")
        return Said(text=held if sign == "=" else f"NOT {held}")

    # numbers and texts

    def number_of(self, node: Node) -> str:
        """A part as a number."""
        value = stated(node)
        if value is not None:
            return "NULL" if is_blank(value) else stated_number(value)
        match node:
            case FieldName():
                return self._number_of(node)
            case Negative(operand=operand):
                return f"-({self.number_of(operand)})"
            case Operation(sign="+" | "-" | "*" | "/" as sign, left=left, right=right):
                level = _level(node)
                return f"{self._within(left, level)} {sign} {self._within(right, level + 1)}"
            case Operation(sign="^", left=left, right=right):
                return self._power(left, right)
            case Call():
                return number_said(node, self)
        raise ExpressionError(f"{shown(node)} where a number was expected")

    def text_of(self, node: Node) -> str:
        """A part as a text."""
        return text_said(node, self)

    def answer_of(self, node: FieldName) -> RedcapAnswer:
        """The item that a field in brackets means."""
        if set(node.modifiers) - {":value"}:
            raise ExpressionError(f"{node}, of which more than the value is asked")
        return self.find(node)

    def _within(self, node: Node, level: int) -> str:
        """A number as a part of arithmetic that binds this tightly."""
        text = self.number_of(node)
        return f"({text})" if _level(node) < level else text

    def _number_of(self, node: FieldName) -> str:
        answer = self.answer_of(node)
        name = answer.name
        if node.code:
            return f"IF({self._ticked(node, answer)}, 1, 0)"
        if answer.nature.is_number:
            return name
        if answer.nature is Nature.TRUTH:
            return f"IF({name} IS NULL, NULL, IF({name}, 1, 0))"
        if answer.nature is Nature.TEXT and name != "subject_id":
            return f"TO_NUMBER({name})"
        if answer.nature is Nature.CODE and answer.is_recoded:
            codes = [each for each in answer.choices if each.number is not None]
            if codes:
                numbers = ", ".join(f"{name} = '{e.code}', {e.number:g}" for e in codes)
                return f"IF({numbers}, NULL)"
        elif answer.nature is Nature.CODE:
            return f"TO_NUMBER({name if answer.is_coded_in_numbers else f'CONCAT({name})'})"
        raise ExpressionError(f"{node} in arithmetic, which holds no number")

    def _power(self, base: Node, exponent: Node) -> str:
        times = exponent.text if isinstance(exponent, Number) else ""
        if times in {"1", "2", "3", "4"}:
            return "(" + " * ".join([self._within(base, 3)] * int(times)) + ")"
        return f"POWER({self.number_of(base)}, {self.number_of(exponent)})"


_ORDERED = frozenset({Nature.DAY, Nature.MOMENT, Nature.CLOCK})
_ASKED = frozenset(
    {"isblankormissingcode", "isblanknotmissingcode", "ismissingcode", "isnumber", "isinteger"}
)
_NUMERALS = {"isnumber": r"[+-]?[0-9]*[.]?[0-9]+", "isinteger": "[+-]?[0-9]+"}


def _is_open(node: Node) -> bool:
    """Whether a number has a part of which REDCap's documentation does not say if it is blank."""
    return any(isinstance(each, Call) and is_left_open(each) for each in every_part(node))


def _level(node: Node) -> int:
    """How tightly a number's parts are bound: sums 1, products 2, all else 3."""
    levels = {"+": 1, "-": 1, "*": 2, "/": 2}
    return levels.get(node.sign, 3) if isinstance(node, Operation) else 3


def _refuse_too_long(text: str) -> str:
    if len(text) > MAXIMUM_LENGTH:
        raise ExpressionError(
            f"said as a rule it has {len(text)} characters, more than a rule may have"
        )
    return text
