"""REDCap's functions of texts: what they give, and what they ask.

``contains``, ``starts_with`` and ``ends_with`` do not heed capitals, as REDCap's documentation says. A blank
is an empty text in ``concat``; what ``concat_ws`` does with one is not documented, and stays unknown.
"""

from collections.abc import Callable, Mapping

from trialkit.imports.redcap.clock import rests_on_the_day, unknown_with_the_day
from trialkit.imports.redcap.logic import FieldName
from trialkit.imports.redcap.saying import Said, Sayer, chosen, is_blank, shown, stated
from trialkit.schemas.expressions.nodes import Call, Node, Number, Text
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.writing import quoted
from trialkit.schemas.items.kind import Nature

Function = Callable[[Call, Sayer], str]


def is_text(node: Node) -> bool:
    """Whether a part gives a text rather than a number."""
    if isinstance(node, Call):
        if node.function == "if" and len(node.arguments) == 3:
            return any(is_text(each) for each in node.arguments[1:])
        return node.function in _FUNCTIONS
    if not isinstance(node, Text) or is_blank(node.text):
        return False
    return not node.text.strip().replace(".", "", 1).lstrip("-").isdigit()


def text_said(node: Node, sayer: Sayer) -> str:
    """A part of logic as a text.

    Raises :class:`ExpressionError` for one that is none.
    """
    value = stated(node)
    if value is not None:
        return "NULL" if is_blank(value) else quoted(value)
    if isinstance(node, FieldName):
        return _of_field(node, sayer)
    if isinstance(node, Call):
        if node.function == "if" and len(node.arguments) == 3:
            return chosen(node, sayer, sayer.text_of)
        if node.function in _FUNCTIONS and node.arguments:
            return _FUNCTIONS[node.function](node, sayer)
    raise ExpressionError(f"{shown(node)} where a text was expected")


def _of_field(node: FieldName, sayer: Sayer) -> str:
    """A field as the text that REDCap has for it."""
    answer = sayer.answer_of(node)
    name = answer.name
    if node.code:
        raise ExpressionError(f"{node}, one choice of a checkbox, where a text was expected")
    if answer.nature is Nature.TEXT or (answer.nature is Nature.CODE and not answer.is_recoded):
        return name
    if answer.nature is Nature.TRUTH:
        return f"IF({name} IS NULL, NULL, {name}, '1', '0')"
    if answer.nature is Nature.WHOLE:
        return f"TO_TEXT({name})"
    raise ExpressionError(f"{node} as a text, which may be written in several ways")


def _concat(call: Call, sayer: Sayer) -> str:
    parts = []
    for each in call.arguments:
        if stated(each) is None:
            parts.append(f"COALESCE(CONCAT({sayer.text_of(each)}), '')")
        elif stated(each):
            parts.append(quoted(stated(each) or ""))
    if not parts:
        return "NULL"
    together = f"CONCAT({', '.join(parts)})"
    rests = rests_on_the_day(call.arguments)
    return unknown_with_the_day(together, sayer.day) if rests else together


def _concat_with(call: Call, sayer: Sayer) -> str:
    between = stated(call.arguments[0])
    if between is None or len(call.arguments) < 2:
        raise ExpressionError("concat_ws() without a separator in quotation marks")
    parts = [sayer.text_of(each) for each in call.arguments[1:]]
    return (
        f"CONCAT({f', {quoted(between)}, '.join(parts)})"
        if between
        else f"CONCAT({', '.join(parts)})"
    )


def _changed(name: str) -> Function:
    def said(call: Call, sayer: Sayer) -> str:
        if len(call.arguments) != 1:
            raise ExpressionError(f"{call.function}() of {len(call.arguments)} values")
        return f"{name}({sayer.text_of(call.arguments[0])})"

    return said


def _part(name: str, numbers: int) -> Function:
    def said(call: Call, sayer: Sayer) -> str:
        text, *places = call.arguments
        numerals = [
            each.text for each in places if isinstance(each, Number) and each.text.isdigit()
        ]
        if len(places) != numbers or len(numerals) != numbers:
            raise ExpressionError(f"{call.function}() without whole numbers of characters")
        return f"{name}({', '.join([sayer.text_of(text), *numerals])})"

    return said


_FUNCTIONS: Mapping[str, Function] = {
    "concat": _concat,
    "concat_ws": _concat_with,
    "upper": _changed("UPPER"),
    "lower": _changed("LOWER"),
    "trim": _changed("TRIM"),
    "left": _part("LEFT", 1),
    "right": _part("RIGHT", 1),
    "mid": _part("SUBSTR", 2),
}
QUESTIONS = {
    "contains": "CONTAINS",
    "not_contain": "CONTAINS",
    "starts_with": "STARTS_WITH",
    "ends_with": "ENDS_WITH",
}
"""The functions that ask whether one text is part of another."""


def part_asked(call: Call, sayer: Sayer) -> Said:
    """Whether one text is part of another, whatever the capitals."""
    if len(call.arguments) != 2:
        raise ExpressionError(f"{call.function}() of {len(call.arguments)} values")
    text, part = call.arguments
    looked_for = stated(part)
    if looked_for == "":
        raise ExpressionError(f"{call.function}() of an empty text")
    said = quoted(looked_for.lower()) if looked_for else f"LOWER({sayer.text_of(part)})"
    asked = f"{QUESTIONS[call.function]}(LOWER({sayer.text_of(text)}), {said})"
    if looked_for is not None:
        asked = f"COALESCE({asked}, FALSE)"
    found = asked if call.function != "not_contain" else f"NOT {asked}"
    return Said(text=found, open=looked_for is None)
