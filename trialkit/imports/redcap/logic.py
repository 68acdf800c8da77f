"""REDCap's language of conditions and calculations, read into a tree.

``[field]``, ``[field(code)]`` for one choice of a checkbox, ``[event][field]``, ``[field][2]`` for an
instance; texts in either quotation mark; ``= <> != < <= > >=``, ``+ - * /``, ``(x)^(y)``, ``and``,
``or``, and functions. Nothing is run: what the tree means is said by
:mod:`trialkit.imports.redcap.translation`.
"""

import re
from dataclasses import dataclass

from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.schemas.expressions.nodes import Name, Node, Truth
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
    positive,
    read_expression,
)

MAXIMUM_LENGTH = 65_535
"""Characters of a condition, as REDCap keeps it."""
MAXIMUM_WORDS = 30_000
MAXIMUM_DEPTH = 100
"""How deep parentheses and functions may be nested; REDCap itself gives up at some eighty."""
EVENT_NAME = "event-name"
"""The smart variable for the event at hand, which is the row's visit."""
RECORD_NAME = "record-name"
"""The smart variable for whom the row is of."""
CURRENT_INSTANCE = "current-instance"
"""The smart variable for the number of the row at hand."""

_PATTERN = re.compile(
    r"""(?P<space>\s+)
      | (?P<comment>(?://|\#)[^\n]*)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))
      | (?P<text>'[^']*'|"[^"]*")
      | \[(?P<name>[^\[\]]*)\]
      | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
      | (?P<sign><>|!=|<=|>=|&&|\|\||[=<>+\-*/^(),])""",
    re.VERBOSE,
)
_FIELD = re.compile(
    rf"([A-Za-z][A-Za-z0-9_]*|{EVENT_NAME}|{RECORD_NAME}|{CURRENT_INSTANCE})"
    r"(?:\(([^()]*)\))?((?::[A-Za-z0-9_-]+)*)"
)
_SMART = re.compile(r"[a-z]+(?:-[a-z]+)+(?::[^\[\]]*)?")
_OF_THE_SERVER = re.compile(
    r"(?:user|project|calendar|dashboard|redcap|app|mycap|is|(?:form|survey)-(?:url|link|queue|return|access)"
    r")\b"
)
"""Smart variables of which neither a dictionary nor an export tells: who looks, by which way, and when."""
_EVENT = re.compile(r"[a-z0-9][a-z0-9_]*|event-name")
_INSTANCE = re.compile(r"[0-9]+|(?:first|last|previous|next|current)-instance")
_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _SIGN, _POWER = range(1, 8)
"""How tightly each binds, the loosest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldName(Name):
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


def read_logic(text: str) -> Node:
    """The tree of a condition or a calculation.

    Raises :class:`ExpressionError` for what cannot be understood.
    """
    if len(text) > MAXIMUM_LENGTH:
        raise ExpressionError(f"{len(text)} characters; {MAXIMUM_LENGTH} can be read")
    return read_expression(text, _DIALECT)


def _word(reader: Reader, token: Token) -> Node:
    if reader.next().key == "(":
        return call(reader, token.key)
    raise ExpressionError(
        f"the word {token.text[:30]!r}, which is no field in brackets and no function"
    )


def _field(reader: Reader, token: Token) -> FieldName:
    """The brackets that stand side by side: an event, the field, an instance."""
    parts = [token.text.strip()]
    while reader.next().kind == "name":
        parts.append(reader.take().text.strip())
    whole = tuple(parts)
    instance = parts.pop() if len(parts) > 1 and _INSTANCE.fullmatch(parts[-1]) else ""
    match = _FIELD.fullmatch(parts[-1])
    event = parts[0].lower() if len(parts) > 1 else ""
    if match is None or len(parts) > 2 or (event and not _EVENT.fullmatch(event)):
        shown = "".join(f"[{part}]" for part in whole)
        if _SMART.fullmatch(parts[-1]) and _OF_THE_SERVER.match(parts[-1]):
            raise NotInTheFileError(f"{shown[:60]}, which the server alone knows")
        raise ExpressionError(f"{shown[:60]}, which names no field of the dictionary")
    name, code, modifiers = match.groups()
    return FieldName(
        parts=whole,
        name=name.lower(),
        code=(code or "").strip(),
        event=event,
        instance=instance,
        modifiers=tuple(f":{each}" for each in modifiers.split(":") if each),
    )


_DIALECT = Dialect(
    pattern=_PATTERN,
    openers={
        "(": group,
        "-": negative(_SIGN),
        "+": positive(_SIGN),
        "true": constant(Truth(holds=True)),
        "false": constant(Truth(holds=False)),
    },
    infixes={
        **dict.fromkeys(("or", "||"), operation("or", _OR)),
        **dict.fromkeys(("and", "&&"), operation("and", _AND)),
        **{sign: operation(sign, _COMPARISON) for sign in ("=", "<", "<=", ">", ">=")},
        **dict.fromkeys(("<>", "!="), operation("<>", _COMPARISON)),
        **{sign: operation(sign, _SUM) for sign in "+-"},
        **{sign: operation(sign, _PRODUCT) for sign in "*/"},
        "^": operation("^", _POWER, alone=True),
    },
    word=_word,
    name=_field,
    fold=str.lower,
    deepest=MAXIMUM_DEPTH,
    most=MAXIMUM_WORDS,
    flat=frozenset({"and", "or"}),
)
