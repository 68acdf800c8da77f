"""Expressions become trees: one reader for every language, told how a language is spelled.

The reader climbs precedences (Pratt, 1973). What a word or sign means where a value is expected is
looked up among a dialect's ``openers``, what it means behind a value among its ``infixes``. Nothing
is run, and nothing gets through that a dialect does not name. Signs of one level are read in a loop,
and nesting is bounded, so that no text can make the reader run away.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from trialkit.schemas.expressions.nodes import Call, Negative, Node, Number, Operation, Text
from trialkit.schemas.expressions.walking import height

HIGHEST = 300
"""How high the tree of an expression may be: whoever walks it takes a step inwards for each level."""


class ExpressionError(Exception):
    """A text that is no expression, or one that cannot be carried over; says why."""


class IncompleteError(ExpressionError):
    """Words that can be read, in an order that makes no expression."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression: its kind is the group of the dialect's pattern that found it."""

    kind: str
    text: str
    key: str
    """The text as the dialect's tables spell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Infix:
    """What stands behind a value: how tightly it binds, and how the rest of it is read."""

    level: int
    read: Callable[["Reader", Node], Node]
    alone: bool = False
    """Whether another of its level may not follow."""


def _strange(text: str, position: int) -> str:
    return f"{text[position : position + 20]!r} cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A language of expressions."""

    pattern: re.Pattern[str]
    """Its words, by the groups ``space``, ``comment``, ``number``, ``text``, ``name``, ``word`` and
    ``sign``; what is found by another, or not at all, is strange to it."""
    openers: Mapping[str, Callable[["Reader"], Node]]
    infixes: Mapping[str, Infix]
    word: Callable[["Reader", Token], Node]
    """Reads what begins with a word that opens nothing else."""
    name: Callable[["Reader", Token], Node]
    """Reads what begins with a name that is marked as one."""
    fold: Callable[[str], str]
    """Writes a word as the tables spell it."""
    deepest: int
    most: int
    """How many words and signs are read."""
    flat: frozenset[str] = frozenset()
    """The signs of which a chain may have any length."""
    strange: Callable[[str, int], str] = _strange
    """Says what is wrong with the text at a position that cannot be read."""


_READ = frozenset({"number", "text", "name", "word", "sign"})
_PASSED_OVER = frozenset({"space", "comment"})


def read_expression(text: str, dialect: Dialect) -> Node:
    """The tree of an expression.

    Raises :class:`ExpressionError` for what cannot be understood.
    """
    reader = Reader(_tokens(text, dialect), dialect)
    node = reader.expression()
    reader.refuse_more()
    if height(node, flat=dialect.flat) > HIGHEST:
        raise ExpressionError(
            f"more than {HIGHEST} parts within each other, or in one chain of sums or products, "
            "which is all that are allowed"
        )
    return node


def _tokens(text: str, dialect: Dialect) -> list[Token]:
    found, position = [], 0
    while position < len(text):
        match = dialect.pattern.match(text, position)
        kind = match.lastgroup if match else None
        if match is None or kind is None or kind not in _READ | _PASSED_OVER:
            raise ExpressionError(dialect.strange(text, position))
        if kind in _READ:
            found.append(Token(kind, match[kind], dialect.fold(match[kind])))
        position = match.end()
    if not found:
        raise IncompleteError("there is nothing in it")
    if len(found) > dialect.most:
        raise ExpressionError(f"{len(found)} words and signs; {dialect.most} are allowed")
    return found


class Reader:
    """Reads the words of an expression from left to right."""

    def __init__(self, tokens: list[Token], dialect: Dialect) -> None:
        self._tokens = tokens
        self._dialect = dialect
        self._at = 0
        self._depth = 0

    def next(self) -> Token:
        """The word that comes next; at the end one that is nothing."""
        return self._tokens[self._at] if self._at < len(self._tokens) else Token("", "", "")

    def take(self) -> Token:
        """The word that comes next, which is then read."""
        token = self.next()
        if not token.kind:
            raise IncompleteError("it ends where a value was expected")
        self._at += 1
        return token

    def takes(self, key: str) -> bool:
        """Whether this word or sign comes next; it is then read."""
        found = self.next()
        if found.key != key or found.kind not in {"word", "sign"}:
            return False
        self._at += 1
        return True

    def expect(self, key: str) -> None:
        """Read this word or sign, which has to come."""
        if not self.takes(key):
            raise IncompleteError(f"{self._shown() or 'an end'} where {key!r} was expected")

    def refuse_more(self) -> None:
        """Refuse whatever is left."""
        if self.next().kind:
            raise IncompleteError(f"{self._shown()} where an end was expected")

    def expression(self, level: int = 0) -> Node:
        """A value and what stands behind it, as long as that binds more tightly than ``level``."""
        left = self._opened()
        tightest = float("inf")
        while (infix := self._infix()) is not None and level < infix.level <= tightest:
            self._at += 1
            left = infix.read(self, left)
            tightest = infix.level - infix.alone
        return left

    def listed(self) -> tuple[Node, ...]:
        """Expressions between commas, up to a closing parenthesis, the opening one being read."""
        found: list[Node] = []
        with self.deeper():
            if not self.takes(")"):
                found.append(self.expression())
                while self.takes(","):
                    found.append(self.expression())
                self.expect(")")
        return tuple(found)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Go one step further in."""
        self._depth += 1
        if self._depth > self._dialect.deepest:
            raise ExpressionError(
                f"parentheses, signs or NOTs nested more than {self._dialect.deepest} deep, which is "
                "all that are allowed"
            )
        yield
        self._depth -= 1

    def _infix(self) -> Infix | None:
        token = self.next()
        return self._dialect.infixes.get(token.key) if token.kind in {"word", "sign"} else None

    def _opened(self) -> Node:
        token = self.take()
        match token.kind:
            case "number":
                return Number(text=token.text)
            case "text":
                quote = token.text[0]
                return Text(text=token.text[1:-1].replace(quote * 2, quote))
            case "name":
                return self._dialect.name(self, token)
        if token.key in self._dialect.openers:
            return self._dialect.openers[token.key](self)
        if token.kind == "word":
            return self._dialect.word(self, token)
        raise IncompleteError(f"{token.text!r} where a value was expected")

    def _shown(self) -> str:
        return repr(self.next().text[:20]) if self.next().kind else ""


def operation(sign: str, level: int, *, alone: bool = False) -> Infix:
    """A sign between two parts; those of one level are read from the left."""

    def read(reader: Reader, left: Node) -> Node:
        return Operation(sign=sign, left=left, right=reader.expression(level))

    return Infix(level=level, read=read, alone=alone)


def negative(level: int) -> Callable[[Reader], Node]:
    """A minus sign before a part that binds more tightly than ``level``."""

    def read(reader: Reader) -> Node:
        with reader.deeper():
            return Negative(operand=reader.expression(level))

    return read


def positive(level: int) -> Callable[[Reader], Node]:
    """A plus sign before a part, which says nothing."""

    def read(reader: Reader) -> Node:
        with reader.deeper():
            return reader.expression(level)

    return read


def constant(node: Node) -> Callable[[Reader], Node]:
    """A word that stands for a value."""
    return lambda _: node


def group(reader: Reader) -> Node:
    """What stands in parentheses, the opening one being read."""
    with reader.deeper():
        node = reader.expression()
        reader.expect(")")
    return node


def call(reader: Reader, function: str) -> Call:
    """A function's arguments, from the opening parenthesis on."""
    reader.expect("(")
    return Call(function=function, arguments=reader.listed())
