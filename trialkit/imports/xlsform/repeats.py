"""What an expression asks of the rows of a repeat, which is a form of its own here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from trialkit.imports.xlsform.parts import Asked, Part, answer, as_number, is_numeral, number
from trialkit.imports.xlsform.xpath import COMPARISON, ITSELF
from trialkit.schemas.expressions.nodes import Name, Node
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.expressions import Kind

_OF_ALL: Mapping[str, str] = {"sum": "SUM", "min": "MIN", "max": "MAX"}
_TEXTS_OF_ROWS = frozenset({"join"})
OF_REPEATS = frozenset(
    [*_OF_ALL, *_TEXTS_OF_ROWS, "count", "count-non-empty", "indexed-repeat", "position"]
)
"""The functions that may be about the rows of a repeat."""


class Repeats(Protocol):
    """Finds what an expression may ask of the rows of a repeat.

    Each raises ``ExpressionError`` that says why not.
    """

    def rows(self, name: str) -> str:
        """The form that a repeat became, or that a question of a repeat is on."""

    def answers(self, name: str) -> Asked | None:
        """A question of which every row has an answer; None for one that has a single answer."""

    def number(self, path: str) -> str:
        """The key that is the number of the row at hand, where the path leads to its repeat."""


def of_repeat(  # noqa: PLR0911 - one a function
    function: str, arguments: Sequence[Node], repeats: Repeats, said: Callable[[Node], Part]
) -> Part | None:
    """What a function is, if it is about the rows of a repeat."""
    names = [_named(part) for part in arguments]
    if not any(names):
        return None
    match function, list(arguments):
        case "position", [Name()]:
            return number(repeats.number(names[0]), whole=True)
        case "count", [Name()]:
            return number(f"COUNT({repeats.rows(names[0])})", whole=True)
        case "count-non-empty", [Name()] if asked := repeats.answers(names[0]):
            return number(f"COUNT({asked.name} IS NOT NULL)", whole=True)
        case (("sum" | "min" | "max"), [Name()]) if asked := repeats.answers(names[0]):
            return _of_all(function, asked)
        case "join", [_, Name()] if repeats.answers(names[1]):
            raise ExpressionError("the texts of several rows, one behind the other")
        case "indexed-repeat", [Name(), Name(), index] if asked := repeats.answers(names[0]):
            return _of_one(asked, repeats.rows(names[1]), said(index))
    return None


def _named(node: Node) -> str:
    """The question or repeat that a part names; nothing for any other part."""
    is_name = isinstance(node, Name) and node != ITSELF and len(node.parts) == 1
    return node.parts[0] if isinstance(node, Name) and is_name else ""


def _of_all(function: str, asked: Asked) -> Part:
    """A sum, or the least or greatest; not known where a row has none, of which ODK's programs differ."""
    each = as_number(answer(asked))
    found = f"{_OF_ALL[function]}({each.text})"
    if function == "sum":
        found = f"COALESCE({found}, 0)"
    return number(
        f"IF(ANY({each.within(COMPARISON + 1)} IS NULL), NULL, {found})", whole=each.whole
    )


def _of_one(asked: Asked, rows: str, index: Part) -> Part:
    """What one row has, by its number: of all rows, those of others left out, the only one there is."""
    value = answer(asked)
    if value.kind not in {Kind.NUMBER, Kind.DATE} or not asked.name.startswith(f"{rows}."):
        raise ExpressionError("a text or a choice of one certain row")
    at = as_number(index)
    if not is_numeral(at.text) and at.asked is None:
        raise ExpressionError("the row whose number is worked out")
    text = f"MAX(IF({rows}.repeat = {at.text}, {asked.name}, NULL))"
    return Part(text=text, kind=value.kind, whole=value.whole)
