"""The parts of an expression, whichever language it was written in."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as it was written."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text in quotation marks, without them."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A text that is said to be a date."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """``true`` or ``false``."""

    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """What is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What is asked for, by the parts of its name."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function and what it is given."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Two parts with a sign, or a joining word, between them."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Negative:
    """A part with a minus sign before it."""

    operand: "Node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """A condition that is denied."""

    operand: "Node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Whether a part lies within two others."""

    operand: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """Whether a part is one of those listed."""

    operand: "Node"
    listed: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRows:
    """What other rows say: the row before, or all rows of a participant.

    It is a whole that walks do not enter: the names in it are those of the other rows.
    """

    function: str
    operand: "Node"
    back: int = 1
    """How many rows before it is, where it is one row."""
    among: "Node | None" = None
    """What the rows that are counted back do not break; None for all rows."""


Node: TypeAlias = (
    Number
    | Text
    | Day
    | Truth
    | Null
    | Name
    | Call
    | Operation
    | Negative
    | Not
    | Between
    | Among
    | OfRows
)
