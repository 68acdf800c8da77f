"""The language of rules: the SQL that a rule may be written in, and no word more.

Only the characters and words named here get through; every other word is the name of an item.
``SELECT``, ``read_csv`` and comments are names nobody knows, or characters nobody allowed.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from trialkit.errors import ProtocolError
from trialkit.protocol.tables.choices import suggestion
from trialkit.schemas.expressions.nodes import (
    Among,
    Between,
    Day,
    Name,
    Node,
    Not,
    Null,
    Number,
    OfRows,
    Operation,
    Truth,
)
from trialkit.schemas.expressions.reading import (
    Dialect,
    ExpressionError,
    IncompleteError,
    Infix,
    Reader,
    Token,
    call,
    constant,
    group,
    negative,
    operation,
    positive,
    read_expression,
)

MAXIMUM_LENGTH = 200_000
MAXIMUM_WORDS = 30_000
MAXIMUM_DEPTH = 20
"""How deep parentheses, and signs or NOTs before a value, may be nested."""

_OF_TEXTS = (
    "MATCHES", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "LOWER", "UPPER", "TRIM", "LEFT", "RIGHT",
    "SUBSTR", "CONCAT", "SPLIT_PART",
)  # fmt: skip
_OF_NUMBERS = (
    "SUM_OF", "MEAN_OF", "MEDIAN_OF", "STDEV_OF", "LEAST", "GREATEST", "SQRT", "POWER", "EXP", "LN",
    "MOD", "YEAR", "MONTH", "DAY", "TO_TEXT", "TO_DATE", "ADD_MONTHS",
)  # fmt: skip
FUNCTIONS = (
    "COALESCE", "ABS", "ROUND", "LENGTH", "IF", "FLOOR", "CEIL", "TO_NUMBER", *_OF_NUMBERS,
    *_OF_TEXTS,
)  # fmt: skip
OF_ROWS = ("PREVIOUS", "COUNT", "ANY", "SUM", "MIN", "MAX")
"""What looks at other rows."""
MOST_BACK = 20
"""How many rows before the row itself PREVIOUS looks."""
WORDS = ("AND", "OR", "NOT", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE")
_OR, _AND, _NOT, _EQUALITY, _ORDER, _RANGE, _SUM, _PRODUCT, _SIGN = range(1, 10)
"""How tightly each binds, the loosest first."""
_PATTERN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<instead>==|--|/\*|&&|\|\||;)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z_0-9]))
      | (?P<text>'(?:[^']|'')*')
      | "(?P<name>(?:[^"]|"")+)"
      | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
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


@lru_cache(maxsize=2000)
def expression_tree(expression: str) -> Node:
    """The syntax tree of an expression; a rule's is asked for more than once, and read once.

    Raises :class:`ProtocolError` that says what was found instead, and where.
    """
    if len(expression) > MAXIMUM_LENGTH:
        raise ProtocolError(
            f"an expression of {len(expression)} characters; {MAXIMUM_LENGTH} are allowed"
        )
    if not expression.strip(" \t\r\n"):
        raise ProtocolError("an empty expression; write a condition such as age_years >= 18")
    try:
        return read_expression(expression, _DIALECT)
    except IncompleteError:
        shown = expression if len(expression) <= 80 else f"{expression[:77]}..."
        raise ProtocolError(
            f"{shown!r}, which is no complete condition; write one such as "
            "age_years >= 18 AND consent = TRUE"
        ) from None
    except ExpressionError as error:
        raise ProtocolError(str(error)) from None


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


def _word(reader: Reader, token: Token) -> Node:
    """A function, a date, or else the name of an item."""
    if token.key in WORDS:
        raise IncompleteError(f"{token.text!r} where a value was expected")
    if reader.next().key == "(":
        if token.key in OF_ROWS:
            return _of_rows(token.key, call(reader, token.key).arguments)
        if token.key not in FUNCTIONS:
            known = [*FUNCTIONS, *OF_ROWS]
            near = suggestion(token.key, known)
            raise ExpressionError(
                f"the function {token.text[:40]}; rules know {', '.join(known)}{near}"
            )
        return call(reader, token.key)
    if token.key == "DATE" and reader.next().kind == "text":
        return Day(text=reader.take().text[1:-1])
    return _name(reader, token)


def _of_rows(function: str, arguments: tuple[Node, ...]) -> Node:
    if function == "PREVIOUS" and len(arguments) in {2, 3}:
        match arguments[1]:
            case Number(text=text) if text.isdecimal() and 1 <= int(text) <= MOST_BACK:
                among = arguments[2] if len(arguments) == 3 else None
                return OfRows(function=function, operand=arguments[0], back=int(text), among=among)
        raise ExpressionError(
            f"PREVIOUS without a whole number of rows from 1 to {MOST_BACK}; write PREVIOUS(x, 2)"
        )
    if len(arguments) != 1:
        example = f"{function}(x > 5)" if function in {"COUNT", "ANY"} else f"{function}(x)"
        raise ExpressionError(f"{function} of {len(arguments)} values; write {example}")
    return OfRows(function=function, operand=arguments[0])


def _name(reader: Reader, token: Token) -> Node:
    parts = [_plain(token)]
    while reader.takes("."):
        token = reader.take()
        if token.kind not in {"word", "name"}:
            raise IncompleteError(f"{token.text!r} where a name was expected")
        parts.append(_plain(token))
    return Name(parts=tuple(parts))


def _plain(token: Token) -> str:
    return token.text.replace('""', '"') if token.kind == "name" else token.text


def _not(reader: Reader) -> Node:
    with reader.deeper():
        return Not(operand=reader.expression(_NOT))


def _between(reader: Reader, operand: Node) -> Node:
    low = reader.expression(_RANGE)
    reader.expect("AND")
    return Between(operand=operand, low=low, high=reader.expression(_RANGE))


def _among(reader: Reader, operand: Node) -> Node:
    listed = reader.listed() if reader.takes("(") else ()
    if not listed:
        raise ExpressionError("IN without a list; write it as IN ('a', 'b')")
    return Among(operand=operand, listed=listed)


def _is(reader: Reader, operand: Node) -> Node:
    denied = reader.takes("NOT")
    if not reader.takes("NULL"):
        if reader.takes("TRUE") or reader.takes("FALSE"):
            raise ExpressionError("IS with something other than NULL; write = TRUE or = FALSE")
        raise IncompleteError("IS without NULL")
    found = Operation(sign="IS", left=operand, right=Null())
    return Not(operand=found) if denied else found


def _not_in(reader: Reader, operand: Node) -> Node:
    if reader.takes("IN"):
        return Not(operand=_among(reader, operand))
    reader.expect("BETWEEN")
    return Not(operand=_between(reader, operand))


_RANGES: dict[str, Callable[[Reader, Node], Node]] = {
    "BETWEEN": _between,
    "IN": _among,
    "IS": _is,
    "NOT": _not_in,
}
_DIALECT = Dialect(
    pattern=_PATTERN,
    openers={
        "(": group,
        "-": negative(_SIGN),
        "+": positive(_SIGN),
        "NOT": _not,
        "NULL": constant(Null()),
        "TRUE": constant(Truth(holds=True)),
        "FALSE": constant(Truth(holds=False)),
    },
    infixes={
        "OR": operation("OR", _OR),
        "AND": operation("AND", _AND),
        "=": operation("=", _EQUALITY),
        "<>": operation("<>", _EQUALITY),
        "!=": operation("<>", _EQUALITY),
        **{sign: operation(sign, _ORDER) for sign in ("<", "<=", ">", ">=")},
        **{word: Infix(level=_RANGE, read=read) for word, read in _RANGES.items()},
        "+": operation("+", _SUM),
        "-": operation("-", _SUM),
        "*": operation("*", _PRODUCT),
        "/": operation("/", _PRODUCT),
    },
    word=_word,
    name=_name,
    fold=str.upper,
    deepest=MAXIMUM_DEPTH,
    most=MAXIMUM_WORDS,
    flat=frozenset({"AND", "OR"}),
    strange=_strange,
)
