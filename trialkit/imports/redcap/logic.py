"""REDCap's language of conditions and calculations, read into a tree.

``[field]``, ``[field(code)]`` for one choice of a checkbox, ``[event][field]``, ``[field][2]`` for an
instance; texts in either quotation mark; ``= <> != < <= > >=``, ``+ - * /``, ``(x)^(y)``, ``and``,
``or``, and functions. Nothing is run: what the tree means is said by
:mod:`trialkit.imports.redcap.translation`.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

MAXIMUM_LENGTH = 20_000
MAXIMUM_DEPTH = 60

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<comment>(?://|\#)[^\n]*)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<field>\[[^\[\]]*\])
      | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
      | (?P<sign><>|!=|<=|>=|&&|\|\||[=<>+\-*/^(),])""",
    re.VERBOSE,
)
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9_]*|event-name)(?:\(([^()]*)\))?((?::[A-Za-z0-9_-]+)*)")
_EVENT = re.compile(r"[a-z0-9][a-z0-9_]*|event-name")
_INSTANCE = re.compile(r"[0-9]+|(?:first|last|previous|next|current)-instance")
_ALIKE = {"!=": "<>", "&&": "and", "||": "or"}
EVENT_NAME = "event-name"
"""The one smart variable that has a meaning here: the event at hand, which is the row's visit."""
_LEVELS = (("or",), ("and",), ("=", "<>", "<", "<=", ">", ">="), ("+", "-"), ("*", "/"))


class LogicError(Exception):
    """A text that is no logic of REDCap, or none that can be carried over; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as it was written."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text in quotation marks, without them."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """``true`` or ``false``."""

    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldName:
    """A field in brackets: of the same event and instance unless others are named."""

    name: str
    code: str = ""
    """The choice of a checkbox that is meant."""
    event: str = ""
    instance: str = ""
    modifiers: tuple[str, ...] = ()

    def __str__(self) -> str:
        code = f"({self.code})" if self.code else ""
        event = f"[{self.event}]" if self.event else ""
        instance = f"[{self.instance}]" if self.instance else ""
        return f"{event}[{self.name}{code}{''.join(self.modifiers)}]{instance}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function and what it is given."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Two parts with a sign, or ``and`` or ``or``, between them."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Negative:
    """A part with a minus sign before it."""

    operand: "Node"


Node: TypeAlias = Number | Text | Truth | FieldName | Call | Operation | Negative


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def read_logic(text: str) -> Node:
    """The tree of a condition or a calculation.

    Raises :class:`LogicError` for what cannot be understood.
    """
    if len(text) > MAXIMUM_LENGTH:
        raise LogicError(f"{len(text)} characters; {MAXIMUM_LENGTH} can be read")
    return _Reader(_tokens(text)).whole()


def _tokens(text: str) -> list[_Token]:
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise LogicError(f"{text[position : position + 20]!r} cannot be read")
        kind = match.lastgroup or ""
        if kind not in {"space", "comment"}:
            tokens.append(_Token(kind, match.group()))
        position = match.end()
    if not tokens:
        raise LogicError("there is nothing in it")
    return tokens


class _Reader:
    """Reads tokens from left to right, the loosest sign first."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        """Everything, to the end."""
        node = self._level(0)
        if self._at < len(self._tokens):
            raise LogicError(f"{self._tokens[self._at].text[:20]!r} where an end was expected")
        return node

    def _sign(self) -> str:
        """The sign or joining word that comes next, or nothing."""
        if self._at >= len(self._tokens):
            return ""
        token = self._tokens[self._at]
        text = token.text.lower()
        if token.kind == "sign" or text in {"and", "or"}:
            return _ALIKE.get(text, text)
        return ""

    def _expect(self, sign: str) -> None:
        if self._sign() != sign:
            found = repr(self._tokens[self._at].text[:20]) if self._at < len(self._tokens) else ""
            raise LogicError(f"{found or 'an end'} where {sign!r} was expected")
        self._at += 1

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._signed()
        left = self._level(level + 1)
        while (sign := self._sign()) in _LEVELS[level]:
            self._at += 1
            left = Operation(sign=sign, left=left, right=self._level(level + 1))
        return left

    def _signed(self) -> Node:
        if self._sign() in {"-", "+"}:
            sign = self._sign()
            self._at += 1
            self._go_deeper()
            operand = self._signed()
            self._depth -= 1
            return Negative(operand=operand) if sign == "-" else operand
        base = self._single()
        if self._sign() == "^":
            self._at += 1
            return Operation(sign="^", left=base, right=self._single())
        return base

    def _go_deeper(self) -> None:
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise LogicError(f"nested more than {MAXIMUM_DEPTH} deep")

    def _single(self) -> Node:
        if self._at >= len(self._tokens):
            raise LogicError("it ends where a value was expected")
        token = self._tokens[self._at]
        self._at += 1
        match token.kind:
            case "number":
                return Number(text=token.text)
            case "text":
                return Text(text=token.text[1:-1])
            case "field":
                return self._field(token)
            case "word":
                return self._word(token.text)
        if token.text == "(":
            self._go_deeper()
            node = self._level(0)
            self._expect(")")
            self._depth -= 1
            return node
        raise LogicError(f"{token.text!r} where a value was expected")

    def _word(self, word: str) -> Node:
        if self._sign() == "(":
            return self._call(word.lower())
        if word.lower() in {"true", "false"}:
            return Truth(holds=word.lower() == "true")
        raise LogicError(f"the word {word[:30]!r}, which is no field in brackets and no function")

    def _call(self, function: str) -> Call:
        self._expect("(")
        self._go_deeper()
        arguments: list[Node] = []
        while self._sign() != ")":
            arguments.append(self._level(0))
            if self._sign() != ")":
                self._expect(",")
        self._expect(")")
        self._depth -= 1
        return Call(function=function, arguments=tuple(arguments))

    def _field(self, token: _Token) -> FieldName:
        """The brackets that stand side by side: an event, the field, an instance."""
        parts = [_inner(token)]
        while self._at < len(self._tokens) and self._tokens[self._at].kind == "field":
            parts.append(_inner(self._tokens[self._at]))
            self._at += 1
        shown = "".join(f"[{part}]" for part in parts)
        instance = parts.pop() if len(parts) > 1 and _INSTANCE.fullmatch(parts[-1]) else ""
        match = _FIELD.fullmatch(parts[-1])
        event = parts[0].lower() if len(parts) > 1 else ""
        if match is None or len(parts) > 2 or (event and not _EVENT.fullmatch(event)):
            raise LogicError(f"{shown[:60]}, which names no field of the dictionary")
        name, code, modifiers = match.groups()
        return FieldName(
            name=name.lower(),
            code=(code or "").strip(),
            event=event,
            instance=instance,
            modifiers=tuple(f":{each}" for each in modifiers.split(":") if each),
        )


def _inner(token: _Token) -> str:
    return token.text[1:-1].strip()
