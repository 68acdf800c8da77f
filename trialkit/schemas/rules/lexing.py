"""The words of a rule, read before any SQL parser sees them.

Only the characters and words of the rule language get through, and every name that is none of its
words is put in quotation marks. What is left for the parser is the order of operations: ``SELECT``,
``read_csv`` and comments are names nobody knows, or characters nobody allowed.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from trialkit.errors import ProtocolError
from trialkit.protocol.tables.choices import suggestion

MAXIMUM_LENGTH = 4000
MAXIMUM_WORDS = 600
MAXIMUM_DEPTH = 20
"""How deep parentheses, and signs or NOTs before a value, may be nested."""

FUNCTIONS = ("COALESCE", "ABS", "ROUND", "LENGTH", "IF", "FLOOR", "CEIL", "TO_NUMBER")
WORDS = ("AND", "OR", "NOT", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE")
_PATTERN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z_0-9]))
      | (?P<text>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")+")
      | (?P<name>[A-Za-z_][A-Za-z_0-9]*)
      | (?P<sign><>|!=|<=|>=|[=<>+\-*/(),.])""",
    re.VERBOSE,
)
_INSTEAD = {
    "==": "one '='",
    "--": "no comments; write a negative number with a single '-'",
    "/*": "no comments",
    "&&": "AND",
    "||": "OR",
    ";": "a single expression",
}


class Part(Enum):
    """What a word of a rule is."""

    NUMBER = auto()
    TEXT = auto()
    NAME = auto()
    WORD = auto()
    FUNCTION = auto()
    SIGN = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a rule, as the parser is to read it."""

    part: Part
    text: str


def tokens(expression: str) -> tuple[Token, ...]:
    """The words of an expression, names quoted.

    Raises :class:`ProtocolError` for what no rule may hold, with its place.
    """
    if len(expression) > MAXIMUM_LENGTH:
        raise ProtocolError(
            f"an expression of {len(expression)} characters; {MAXIMUM_LENGTH} are allowed"
        )
    matches = list(_matches(expression))
    if not matches:
        raise ProtocolError("an empty expression; write a condition such as age_years >= 18")
    if len(matches) > MAXIMUM_WORDS:
        raise ProtocolError(f"{len(matches)} words and signs; {MAXIMUM_WORDS} are allowed")
    following = [*matches[1:], None]
    read = tuple(_token(match, after) for match, after in zip(matches, following, strict=True))
    _refuse_deep_nesting(read)
    return read


def _matches(expression: str) -> list[re.Match[str]]:
    found, position = [], 0
    while position < len(expression):
        match = _PATTERN.match(expression, position)
        pair = expression[position : position + 2]
        if match is None or pair in _INSTEAD:
            raise ProtocolError(_strange(expression, position))
        if match.lastgroup != "space":
            found.append(match)
        position = match.end()
    return found


def _strange(expression: str, position: int) -> str:
    here = expression[position:]
    for strange, instead in _INSTEAD.items():
        if here.startswith(strange):
            return f"{strange!r} at character {position + 1}; rules have {instead}"
    if here[0] in "'\"":
        return f"a quotation mark at character {position + 1} that is never closed"
    words = here.split()
    strange = words[0][:20] if words and not here[0].isspace() else here[0]
    return f"{strange!r} at character {position + 1}, which no rule may hold"


_PARTS = {"number": Part.NUMBER, "text": Part.TEXT, "quoted": Part.NAME, "sign": Part.SIGN}


def _token(match: re.Match[str], after: re.Match[str] | None) -> Token:
    kind = match.lastgroup or ""
    return Token(_PARTS[kind], match.group()) if kind in _PARTS else _word(match.group(), after)


def _word(text: str, after: re.Match[str] | None) -> Token:
    """A word of the language, a function, or else a name, which is put in quotation marks."""
    word = text.upper()
    dates = word == "DATE" and after is not None and after.lastgroup == "text"
    if word in WORDS or dates:
        return Token(Part.WORD, word)
    called = after is not None and after.group() == "("
    if called and word not in FUNCTIONS:
        near = suggestion(word, list(FUNCTIONS))
        raise ProtocolError(f"the function {text[:40]}; rules know {', '.join(FUNCTIONS)}{near}")
    return Token(Part.FUNCTION, word) if called else Token(Part.NAME, f'"{text}"')


def _refuse_deep_nesting(read: tuple[Token, ...]) -> None:
    depth = signs = deepest = 0
    for before, token in pairwise((Token(Part.SIGN, ","), *read)):
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth -= 1
        prefix = token.text == "NOT" or (
            token.text in "+-" and before.part in {Part.SIGN, Part.WORD} and before.text != ")"
        )
        signs = signs + 1 if prefix else 0
        deepest = max(deepest, depth + signs)
    if deepest > MAXIMUM_DEPTH:
        raise ProtocolError(
            f"parentheses, signs or NOTs nested {deepest} deep; {MAXIMUM_DEPTH} are allowed: "
            "make two rules of it"
        )
