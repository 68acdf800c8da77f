"""The expressions of an XLSForm, read into a tree: XPath as ODK understands it, and no more of it.

A question is named as ``${name}`` or by its path: ``../name``, ``/data/group/name``. In a choice filter
a bare word is a column of the sheet ``choices``.
"""

import re
from collections.abc import Sequence

from trialkit.schemas.expressions.nodes import Name, Node
from trialkit.schemas.expressions.reading import (
    Dialect,
    ExpressionError,
    Infix,
    Reader,
    Token,
    call,
    constant,
    group,
    negative,
    operation,
    read_expression,
)
from trialkit.schemas.rules.grammar import MAXIMUM_WORDS

OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, VALUE = range(1, 9)
"""How tightly each binds, the loosest first."""
LEVELS = {
    "or": OR, "and": AND, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "mod": PRODUCT,
}  # fmt: skip
ITSELF = Name(parts=(".",))
"""The answer that the expression belongs to."""
COLUMN = "column"
"""The first part of the name of a column of the sheet ``choices``."""
_DEEPEST = 20
_CURLY = str.maketrans("‘’‚‛“”„‟", "''''\"\"\"\"")
_WORDS = r"[A-Za-z_][\w.-]*"
_ITEM = re.compile(
    rf"""instance\(\s*['"]({_WORDS})['"]\s*\)\s*/\s*root\s*/\s*item\s*
    \[\s*({_WORDS})\s*=\s*([^\[\]]+?)\s*\]\s*/\s*({_WORDS}(?::{_WORDS})?)""",
    re.VERBOSE,
)
_INSTANCE = re.compile(
    r"""instance\(\s*['"]([^'"]+)['"]\s*\)(?:\s*/\s*[\w.:-]+(?:\s*\[[^\[\]]*\])?)*"""
)
LOOKED_UP = "pulldata"
"""What a row of a table says, as the function that it is: the table, the column, the key's column, the key."""
BESIDE = "instance"
"""What is asked of a list or a file in any other way."""
_MARKED = re.compile(
    rf"""(?P<kept>'[^']*'|"[^"]*"|\$\{{[^}}]*\}})
      | (?P<path>(?:current\(\s*\)/)?\.\.?(?:/(?:\.\.|{_WORDS}))+
      | \.\.(?![\w./])
      | (?<![\w.)}}\]])/{_WORDS}(?:/{_WORDS})*)""",
    re.VERBOSE,
)
_PATTERN = re.compile(
    r"""(?P<space>\s+)
      | \$\{\s*(?P<name>[^{}\s]+)\s*\}
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<number>\d+(?:\.\d+)?|\.\d+)
      | (?P<word>[A-Za-z_][\w-]*(?::[A-Za-z_][\w-]*)?)
      | (?P<sign>\.(?!\.)|<=|>=|!=|[=<>+\-*(),])""",
    re.VERBOSE,
)


def read_xpath(expression: str) -> Node:
    """The tree of an expression.

    Raises :class:`ExpressionError` for what cannot be understood.
    """
    straight = expression.translate(_CURLY).replace("\xa0", " ")
    straight = _ITEM.sub(rf"{LOOKED_UP}('\1', '\4', '\2', \3)", straight)
    straight = _INSTANCE.sub(rf"{BESIDE}('\1')", straight)
    return read_expression(_MARKED.sub(_marked, straight), _DIALECT)


def place_of(path: str, at: Sequence[str]) -> tuple[str, ...]:
    """The place that a path leads to, from the question ``at`` which it is written."""
    parts = path.removeprefix("current()/").split("/")
    if parts[0] == "":
        return tuple(parts[2:])  # the first is what the form itself is called
    place = list(at)
    for part in parts:
        if part == "..":
            place = place[:-1]
        elif part != ".":
            place.append(part)
    return tuple(place)


def _marked(found: re.Match[str]) -> str:
    if found["kept"] is not None:
        return found["kept"]
    path = "".join(found["path"].split())
    return f"${{{path}}}"


def _word(reader: Reader, token: Token) -> Node:
    if reader.next().key == "(":
        return call(reader, token.text.lower())
    if ":" in token.text:
        raise ExpressionError(f"{token.text!r} has no counterpart")
    return Name(parts=(COLUMN, token.text))


def _compared(sign: str) -> Infix:
    return operation(sign, COMPARISON, alone=True)


_DIALECT = Dialect(
    pattern=_PATTERN,
    openers={"(": group, "-": negative(SIGN), ".": constant(ITSELF)},
    infixes={
        "or": operation("or", OR),
        "and": operation("and", AND),
        **{sign: _compared(sign) for sign in ("=", "<", "<=", ">", ">=")},
        "!=": _compared("<>"),
        **{sign: operation(sign, SUM) for sign in "+-"},
        "*": operation("*", PRODUCT),
        "div": operation("/", PRODUCT),
        "mod": operation("mod", PRODUCT),
    },
    word=_word,
    name=lambda _, token: Name(parts=(token.text,)),
    fold=str,
    deepest=_DEEPEST,
    most=MAXIMUM_WORDS,
)
