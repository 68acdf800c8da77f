"""A condition of a form in the words of whoever fills it in: labels and answers, and no source.

Pages and findings say conditions alike.

``COALESCE(sex = 'f', FALSE) AND age > 50`` becomes “Sex” is “Female” and “Age” is more than 50. What
cannot be said in words says that it is to be asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from trialkit.errors import ProtocolError
from trialkit.schemas.expressions.nodes import (
    Among,
    Between,
    Call,
    Day,
    Name,
    Negative,
    Node,
    Not,
    Null,
    Number,
    Operation,
    Text,
    Truth,
)
from trialkit.schemas.expressions.walking import joined_by
from trialkit.schemas.forms.expressions import COUNT, Reference
from trialkit.schemas.forms.forms import Form, Item, Purpose, Schemas
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.grammar import expression_tree
from trialkit.schemas.rules.names import CUT, ENTRY, KEYS, NO_ITEMS, TODAY, Scope, chosen

ASK = "the trial team says so (this condition cannot be printed in words)"
_NAMED = 5
_OF_ARMS = frozenset({Purpose.ARM, Purpose.ARM_RECEIVED})
_COMPARED = {
    "=": "is", "<>": "is not", "<": "is less than", "<=": "is at most", ">": "is more than",
    ">=": "is at least",
}  # fmt: skip
_OF_DAYS = {**_COMPARED, "<": "is before", "<=": "is no later than", ">": "is after",
            ">=": "is no earlier than"}  # fmt: skip
_KEYS = {"subject_id": "the participant", "visit": "the visit", "repeat": "the number"}
_DAYS = {TODAY: "today", CUT: "the data cut", ENTRY: "the day on which this is filled in"}
_DENIED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_FUNCTIONS = {
    "ABS": "the size of {}", "ROUND": "{} rounded", "FLOOR": "{} rounded down",
    "CEIL": "{} rounded up", "LENGTH": "the number of characters of {}", "TO_NUMBER": "{}",
    "LOWER": "{}", "UPPER": "{}", "TRIM": "{}", "TO_TEXT": "{}", "TO_DATE": "{}",
}  # fmt: skip
_ASKED = {
    "STARTS_WITH": "{} begins with {}", "ENDS_WITH": "{} ends with {}", "CONTAINS": "{} contains {}",
}  # fmt: skip


class _NoWordsError(Exception):
    """A part of a condition that nobody can say in words."""


def condition_words(condition: str, form: Form, schemas: Schemas, *, otherwise: str = ASK) -> str:
    """A condition of a form in words; ``otherwise`` where it has none."""
    if not condition:
        return ""
    try:
        return _words(form, schemas).said(expression_tree(condition))
    except (ProtocolError, _NoWordsError):
        return otherwise


def words_of_a_finding(condition: str, form: Form, schemas: Schemas) -> str:
    """A condition in words, where a site may read that it holds, or does not, for somebody.

    Empty where it has none, or would tell the arm.
    """
    forms = {each.id: each for each in schemas.forms}
    for each in form.conditions[condition].reads if condition else ():
        if each.item not in NO_ITEMS and forms[each.form].item(each.item).purpose in _OF_ARMS:
            return ""
    return condition_words(condition, form, schemas, otherwise="")


def items_in_words(read: Iterable[Reference], form: Form, schemas: Schemas) -> str:
    """The items that something is reckoned from, the first of them by their labels."""
    words = _words(form, schemas)
    labels = list(dict.fromkeys(words.label(replace(each, code=False)) for each in read))
    more = len(labels) - _NAMED
    if more > 1:
        return f"{', '.join(labels[:_NAMED])} and {more} more"
    return " and ".join(filter(None, (", ".join(labels[:-1]), *labels[-1:])))


def _words(form: Form, schemas: Schemas) -> "_Words":
    forms = {each.id: each for each in schemas.forms}
    visits = {each.code: each.label for each in schemas.visits}
    return _Words(scope=Scope(form=form, forms=forms, missing_codes=()), visits=visits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    scope: Scope
    visits: Mapping[str, str]

    def said(self, node: Node, *, holds: bool = True) -> str:  # noqa: PLR0911 - one a kind of node
        """A condition, or that it does not hold."""
        match node:
            case Operation(sign="AND" | "OR" as sign):
                return self._joined(sign, node, holds=holds)
            case Not(operand=operand):
                return self.said(operand, holds=not holds)
            case Call(function="COALESCE", arguments=(condition, Truth())):
                return self.said(condition, holds=holds)
            case Operation(sign="IS", left=left):
                return f"{self._value(left)} is {'not answered' if holds else 'answered'}"
            case Operation(sign=sign, left=left, right=right):
                return self._compared(sign if holds else _DENIED[sign], left, right)
            case Among(operand=operand, listed=listed):
                texts = [self._answer(each, operand) for each in listed]
                return f"{self._value(operand)} is {'' if holds else 'not '}{_one_of(texts)}"
            case Between(operand=operand, low=low, high=high):
                ends = f"from {self._answer(low, operand)} to {self._answer(high, operand)}"
                return f"{self._value(operand)} is {'' if holds else 'not '}{ends}"
            case Name():
                return self._named(node, holds=holds)
            case Call(function=function, arguments=(text, piece)) if function in _ASKED and holds:
                return _ASKED[function].format(self._value(text), self._value(piece))
            case Call(function="MATCHES", arguments=(text, _)):
                has = "has" if holds else "does not have"
                return f"{self._value(text)} {has} the form that is asked for"
        raise _NoWordsError

    def _joined(self, sign: str, node: Node, *, holds: bool) -> str:
        word = "and" if (sign == "AND") is holds else "or"
        joined = _together(joined_by(sign, node)) if sign == "OR" else joined_by(sign, node)
        if len(joined) == 1:
            return self.said(joined[0], holds=holds)
        parts = []
        for part in joined:
            text = self.said(part, holds=holds)
            inside = part.operand if isinstance(part, Not) else part
            mixed = isinstance(inside, Operation) and inside.sign in {"AND", "OR"}
            mixed = mixed or (sign == "OR" and isinstance(inside, Among))
            parts.append(f"({text})" if mixed else text)
        return f" {word} ".join(parts)

    def _compared(self, sign: str, left: Node, right: Node) -> str:
        if _is_stated(left) and not _is_stated(right):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            left, right, sign = right, left, mirrored.get(sign, sign)
        if isinstance(right, Truth) and sign in {"=", "<>"}:
            return self.said(left, holds=right.holds is (sign == "="))
        reference = self._reference(left)
        counted = reference is not None and reference.of == COUNT
        words = _OF_DAYS if self._is_day(left) else _COMPARED
        value = (
            f"the number of answers chosen in {self._value(left)}" if counted else self._value(left)
        )
        return f"{value} {words[sign]} {self._answer(right, left)}"

    def _named(self, node: Name, *, holds: bool) -> str:
        reference = self._reference(node)
        if reference is None:
            raise _NoWordsError
        value = self._value(node)
        if reference.of and reference.of != COUNT:
            choices = self._item(reference).choices
            label = next(each.label for each in choices if chosen(each.code) == reference.of)
            return f"{value} {'includes' if holds else 'does not include'} “{label}”"
        return f"{value} is “{'Yes' if holds else 'No'}”"

    def _value(self, node: Node) -> str:  # noqa: PLR0911 - one a kind of node
        match node:
            case Name(parts=parts):
                return self.label(self.scope.resolve(parts))
            case Number(text=text):
                return text
            case Text(text=text) | Day(text=text):
                return f"“{text}”" if isinstance(node, Text) else text
            case Negative(operand=operand):
                return f"−{self._value(operand)}"
            case Operation(sign=sign, left=left, right=right) if sign in _SIGNS:
                return f"{self._part(left)} {_SIGNS[sign]} {self._part(right)}"
            case Call(function="COALESCE", arguments=(first, Null() | Number() | Text())):
                return self._value(first)
            case Call(function="IF", arguments=(condition, Number(text="1"), Number(text="0"))):
                return f"(1 where {self.said(condition)}, else 0)"
            case Call(function=function, arguments=(first, *_)) if function in _FUNCTIONS:
                return _FUNCTIONS[function].format(self._part(first))
        raise _NoWordsError

    def _part(self, node: Node) -> str:
        text = self._value(node)
        mixed = isinstance(node, Operation) and node.sign in _SIGNS
        return f"({text})" if mixed else text

    def _answer(self, node: Node, of: Node) -> str:
        """What is compared with a question: the label of an answer where it is one."""
        reference = self._reference(of)
        if reference is None or reference.of or not isinstance(node, Text | Truth):
            return self._value(node)
        if reference.item in KEYS:
            code = node.text if isinstance(node, Text) else ""
            return f"“{self.visits.get(code, code)}”"
        if reference.item in NO_ITEMS:
            return node.text if isinstance(node, Text) else self._value(node)
        item = self._item(reference)
        code = node.text if isinstance(node, Text) else ("yes" if node.holds else "no")
        if item.kind.nature.has_a_day:
            return code
        labels = {each.code: each.label for each in item.offered}
        return f"“{labels.get(code, code)}”"

    def _reference(self, node: Node) -> Reference | None:
        match node:
            case Name(parts=parts):
                return self.scope.resolve(parts)
            case Call(function="TO_NUMBER", arguments=(Name(parts=parts),)):
                return self.scope.resolve(parts)
        return None

    def _is_day(self, node: Node) -> bool:
        reference = self._reference(node)
        if reference is None or reference.item in KEYS or reference.of:
            return False
        if reference.item in NO_ITEMS:
            return True
        return self._item(reference).kind.nature in {Nature.DAY, Nature.DAYS, Nature.MOMENT}

    def _item(self, reference: Reference) -> Item:
        return self.scope.forms[reference.form].item(reference.item)

    def label(self, reference: Reference) -> str:
        """What a value is called."""
        if reference.code:
            raise _NoWordsError
        if reference.item in NO_ITEMS:
            return {**_KEYS, **_DAYS}[reference.item]
        text = f"“{self._item(reference).label}”"
        if reference.form != self.scope.form.id:
            text = f"{text} on “{self.scope.forms[reference.form].title}”"
        if reference.visit:
            text = f"{text} at {self.visits.get(reference.visit, reference.visit)}"
        return text


def _together(parts: Sequence[Node]) -> list[Node]:
    """Alternatives of which several ask for answers of one question, as one that lists them."""
    found: dict[Node, list[Node]] = {}
    bare = [_bare(part) for part in parts]
    for part in bare:
        if _asks_for_one(part):
            found.setdefault(part.left, []).append(part.right)
    said: list[Node] = []
    for part in bare:
        if not _asks_for_one(part):
            said.append(part)
        elif (texts := found.pop(part.left, [])) and len(texts) > 1:
            said.append(Among(operand=part.left, listed=tuple(texts)))
        elif texts:
            said.append(part)
    return said


def _asks_for_one(node: Node) -> TypeGuard[Operation]:
    return (
        isinstance(node, Operation)
        and node.sign == "="
        and isinstance(node.left, Name)
        and isinstance(node.right, Text)
    )


def _bare(node: Node) -> Node:
    """A condition without what decides it where it is not known."""
    match node:
        case Call(function="COALESCE", arguments=(condition, Truth())):
            return condition
    return node


def _is_stated(node: Node) -> bool:
    return isinstance(node, Number | Text | Day | Truth)


def _one_of(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"
