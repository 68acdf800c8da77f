"""What the parts of REDCap's logic can say of themselves, and what is said of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.imports.redcap.logic import FieldName
from trialkit.schemas.expressions.nodes import Call, Negative, Node, Number, Operation, Text, Truth

BLANK = frozenset({"", "nan"})
"""What stands for a blank, in small letters: ``'NaN'`` is what a calculation without result gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A part of a rule, and whether it may be unknown though REDCap would decide it."""

    text: str
    open: bool = False
    remarks: tuple[str, ...] = ()
    """What a person should know of it, though it is said."""


class Sayer(Protocol):
    """Says a part of logic as a part of a rule.

    Each raises ``ExpressionError`` that says what stands in the way.
    """

    @property
    def day(self) -> RedcapAnswer:
        """The day on which the form was filled in."""

    def condition_of(self, node: Node) -> Said:
        """A part that is true or false."""

    def number_of(self, node: Node) -> str:
        """A part as a number."""

    def text_of(self, node: Node) -> str:
        """A part as a text."""

    def answer_of(self, node: FieldName) -> RedcapAnswer:
        """The item that a field in brackets means."""


def stated(node: Node) -> str | None:
    """The value that stands in the logic itself, if the part is one."""
    match node:
        case Text(text=text):
            return text
        case Number(text=text):
            return written(text)
        case Negative(operand=Number(text=text)):
            return f"-{written(text)}"
        case Truth(holds=holds):
            return "1" if holds else "0"
    return None


def written(number: str) -> str:
    """A number as rules write it: ``.5`` and ``5.`` are 0.5 and 5."""
    whole, point, decimals = number.partition(".")
    return f"{whole or '0'}.{decimals}" if point and decimals else whole or "0"


def is_blank(value: str | None) -> bool:
    """Whether a stated value is a blank."""
    return value is not None and value.strip().lower() in BLANK


def chosen(call: Call, sayer: Sayer, value_of: Callable[[Node], str]) -> str:
    """``if(a, 1, if(b, 2, 3))`` as one ``IF``, however many stand in each other's third part."""
    parts: list[str] = []
    node: Node = call
    while isinstance(node, Call) and node.function == "if" and len(node.arguments) == 3:
        when, then, node = node.arguments
        condition = sayer.condition_of(when)
        if condition.open:
            parts += [f"({condition.text}) IS NULL", "NULL"]
        parts += [condition.text, value_of(then)]
    return f"IF({', '.join([*parts, value_of(node)])})"


def joined(word: str, parts: Sequence[Said]) -> Said:
    """Conditions with ``and`` or ``or`` between; what is always true or false is not written."""
    decisive, idle = ("FALSE", "TRUE") if word == "and" else ("TRUE", "FALSE")
    remarks = tuple(dict.fromkeys(remark for part in parts for remark in part.remarks))
    if any(part.text == decisive for part in parts):
        return Said(text=decisive, remarks=remarks)
    left = [part for part in parts if part.text != idle]
    if not left:
        return Said(text=idle, remarks=remarks)
    other = " OR " if word == "and" else " AND "
    texts = [
        f"({part.text})" if len(left) > 1 and other in part.text else part.text for part in left
    ]
    text = f" {word.upper()} ".join(texts)
    return Said(text=text, open=any(part.open for part in left), remarks=remarks)


def shown(node: Node) -> str:
    """A part of logic in a message."""
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
