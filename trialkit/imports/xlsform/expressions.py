"""Conditions and calculations of an XLSForm (XPath) in the words of our rules, where they are simple.

A question that is not answered is, in an XLSForm, no number and an empty text: every comparison with
it is false, but "is not", which is true. In a condition of when a question is shown this is kept, by
COALESCE; a constraint is there not looked at where its own question is blank, and a rule here
finds nothing where a value is missing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from trialkit.schemas.expressions.nodes import (
    Call,
    Name,
    Negative,
    Node,
    Number,
    Operation,
    Text,
)
from trialkit.schemas.expressions.reading import (
    Dialect,
    ExpressionError,
    Reader,
    Token,
    call,
    constant,
    group,
    negative,
    operation,
    read_expression,
)
from trialkit.schemas.expressions.writing import blank_test, decided, part_of, quoted
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.grammar import MAXIMUM_WORDS

_PATTERN = re.compile(
    r"""(?P<space>\s+)
      | \$\{\s*(?P<name>[^{}\s]+)\s*\}
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<number>\d+(?:\.\d+)?|\.\d+)
      | (?P<word>[A-Za-z_][\w-]*)
      | (?P<sign>\.(?!\.)|<=|>=|!=|[=<>+\-*(),])""",
    re.VERBOSE,
)
_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _SIGN, _VALUE = range(1, 9)
"""How tightly each binds, the loosest first."""
_LEVELS = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}
_DEEPEST = 20
_LONGEST = 20_000
_ITSELF = Name(parts=(".",))


def _word(reader: Reader, token: Token) -> Node:
    if reader.next().key == "(":
        return call(reader, token.text.lower())
    raise ExpressionError(f"{token.text!r} has no counterpart")


_OF_LENGTHS = {
    **dict.fromkeys([(">", "0"), ("<>", "0"), (">=", "1")], "<>"),
    **dict.fromkeys([("=", "0"), ("<=", "0"), ("<", "1")], "="),
}
"""Comparisons of a length that ask whether anything was entered: a blank has none here."""

_DIALECT = Dialect(
    pattern=_PATTERN,
    openers={"(": group, "-": negative(_SIGN), ".": constant(_ITSELF)},
    infixes={
        "or": operation("or", _OR),
        "and": operation("and", _AND),
        **{sign: operation(sign, _COMPARISON, alone=True) for sign in ("=", "<", "<=", ">", ">=")},
        "!=": operation("<>", _COMPARISON, alone=True),
        **{sign: operation(sign, _SUM) for sign in "+-"},
        "*": operation("*", _PRODUCT),
        "div": operation("/", _PRODUCT),
    },
    word=_word,
    name=lambda _, token: Name(parts=(token.text,)),
    fold=str,
    deepest=_DEEPEST,
    most=MAXIMUM_WORDS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as an expression may name it."""

    name: str
    """Its name in the rule: ``item``, or ``form.item`` of another form."""
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A piece of a translated expression, and the question that it is, if it is one alone."""

    text: str
    level: int = _VALUE
    asked: Asked | None = None
    quoted: str | None = None
    number: bool = False
    length_of: str = ""
    """The text whose length it is."""

    def within(self, level: int) -> str:
        """The text as a part of something that binds this tightly."""
        return self.text if self.level >= level else f"({self.text})"


def translated(
    expression: str,
    questions: Mapping[str, Asked],
    *,
    own: Asked | None = None,
    blanks_are_false: bool = False,
) -> str:
    """The expression as our rules say it; ``own`` is what a lone ``.`` stands for.

    Raises :class:`ExpressionError` that says why there is none.
    """
    tree = read_expression(expression, _DIALECT)
    return _Translator(questions=questions, own=own, coalesced=blanks_are_false).part(tree).text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Translator:
    questions: Mapping[str, Asked]
    own: Asked | None
    coalesced: bool

    def part(self, node: Node) -> _Part:  # noqa: PLR0911 - one a kind of node
        """What a part of the tree is in our words."""
        match node:
            case Number(text=text):
                return _Part(text=text, number=True)
            case Text(text=text):
                return _Part(text=quoted(text), quoted=text)
            case Name(parts=(name,)):
                asked = self.own if node == _ITSELF else self.questions.get(name)
                if asked is None:
                    raise ExpressionError(f"${{{name}}} is no question that holds one value here")
                return _Part(text=asked.name, asked=asked)
            case Negative(operand=operand):
                text = f"-{_numeric(self.part(operand)).within(_VALUE)}"
                return _Part(text=text, level=_SIGN, number=True)
            case Call(function=function, arguments=arguments):
                given = [self.part(each) for each in arguments]
                known = _FUNCTIONS.get((function, len(given)))
                if known is None:
                    raise ExpressionError(f"the function {function}() with {len(given)} values")
                return known(given)
            case Operation(sign=sign, left=left, right=right) if sign in _LEVELS:
                return self._joined(sign, self.part(left), self.part(right))
            case Operation(sign=sign, left=left, right=right):
                return self._compared(sign, self.part(left), self.part(right))
        raise ExpressionError("it has no counterpart")

    def _joined(self, sign: str, left: _Part, right: _Part) -> _Part:
        level = _LEVELS[sign]
        if level > _COMPARISON:
            left, right = _numeric(left), _numeric(right)
        beyond = level + (level > _COMPARISON)  # a - (b - c), but "a AND b AND c"
        text = f"{left.within(level)} {sign.upper()} {right.within(beyond)}"
        return _Part(text=text, level=level, number=level > _COMPARISON)

    def _compared(self, sign: str, left: _Part, right: _Part) -> _Part:
        for one, other in ((left, right), (right, left)):
            if one.quoted == "" and sign in {"=", "<>"}:
                text = f"{other.within(_SUM)} {blank_test(sign)}"
                return _Part(text=text, level=_COMPARISON)
        if left.length_of and (sign, right.text) in _OF_LENGTHS:
            text = f"{left.length_of} {blank_test(_OF_LENGTHS[sign, right.text])}"
            return _Part(text=text, level=_COMPARISON)
        left, right = _fitting(left, right, sign), _fitting(right, left, sign)
        text = f"{left.within(_SUM)} {sign} {right.within(_SUM)}"
        if self.coalesced:
            return _Part(text=decided(text, sign))
        return _Part(text=text, level=_COMPARISON)


def _fitting(part: _Part, other: _Part, sign: str) -> _Part:
    """A part as it can be compared: codes of choices are texts, and numbers where it is by size."""
    kind = part.asked.item.kind.nature if part.asked else None
    if kind is Nature.CODE and sign not in {"=", "<>"}:
        return _numeric(part)
    if kind is Nature.CODES:
        raise ExpressionError("several choices cannot be compared with one; selected() can ask")
    against = other.asked.item.kind if other.asked else None
    if part.number and against and against.nature is Nature.CODE and sign in {"=", "<>"}:
        return _Part(text=quoted(part.text), quoted=part.text)
    if part.quoted is not None and against and against.is_number and against.is_asked:
        return _Part(text=part.quoted, number=True)
    return part


def _numeric(part: _Part) -> _Part:
    if part.asked and part.asked.item.kind.nature is Nature.CODE:
        return _Part(text=f"TO_NUMBER({part.text})", number=True)
    return part


def _selected(given: Sequence[_Part]) -> _Part:
    question, code = given
    asked = question.asked
    if asked is None or code.quoted is None:
        raise ExpressionError("selected() asks for something that is no choice")
    if asked.item.kind.nature is not Nature.TRUTH and code.quoted not in asked.item.codes:
        raise ExpressionError(f"selected() asks for {code.quoted!r}, which is no choice")
    if asked.item.kind.nature is Nature.CODES:
        return _Part(text=decided(part_of(asked.name, code.quoted), "="))
    return _Part(text=decided(f"{asked.name} = {code.text}", "="))


def _counted(given: Sequence[_Part]) -> _Part:
    asked = given[0].asked
    if asked is None or asked.item.kind.nature is not Nature.CODES:
        raise ExpressionError("count-selected() asks for something that has no choices")
    return _Part(text=f"{asked.name}__count", number=True)


def _date(given: Sequence[_Part]) -> _Part:
    if given[0].quoted is None:
        raise ExpressionError("date() of something that is no text")
    return given[0]


def _length(given: Sequence[_Part]) -> _Part:
    return _Part(text=f"LENGTH({given[0].text})", number=True, length_of=given[0].text)


def _simple(name: str, *, number: bool = False) -> Callable[[Sequence[_Part]], _Part]:
    return lambda given: _Part(
        text=f"{name}({', '.join(each.text for each in given)})", number=number
    )


_FUNCTIONS: Mapping[tuple[str, int], Callable[[Sequence[_Part]], _Part]] = {
    ("selected", 2): _selected,
    ("count-selected", 1): _counted,
    ("not", 1): lambda given: _Part(text=f"NOT ({given[0].text})", level=_NOT),
    ("true", 0): lambda _: _Part(text="TRUE"),
    ("false", 0): lambda _: _Part(text="FALSE"),
    ("string-length", 1): _length,
    ("if", 3): _simple("IF"),
    ("round", 2): _simple("ROUND", number=True),
    ("abs", 1): _simple("ABS", number=True),
    ("coalesce", 2): _simple("COALESCE"),
    ("number", 1): lambda given: _numeric(given[0]),
    ("date", 1): _date,
}
