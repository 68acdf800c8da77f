"""The parts of an expression one after the other, and a part in words."""

from collections.abc import Collection, Iterator

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
    OfRows,
    Operation,
    Text,
    Truth,
)


def inner(node: Node) -> tuple[Node, ...]:
    """The parts that a part is made of."""
    match node:
        case Operation(left=left, right=right):
            return (left, right)
        case Not(operand=operand) | Negative(operand=operand):
            return (operand,)
        case Between(operand=operand, low=low, high=high):
            return (operand, low, high)
        case Among(operand=operand, listed=listed):
            return (operand, *listed)
        case Call(arguments=arguments):
            return arguments
    return ()


def every_part(node: Node) -> Iterator[Node]:
    """The expression and everything in it, what is inside before what it is inside of."""
    found, waiting = [], [node]
    while waiting:
        part = waiting.pop()
        found.append(part)
        waiting += inner(part)
    yield from reversed(found)


def height(node: Node, *, flat: Collection[str] = ()) -> int:
    """How many parts are within each other; a chain of one of the ``flat`` signs counts once."""
    highest, waiting = 0, [(node, 1)]
    while waiting:
        part, at = waiting.pop()
        highest = max(highest, at)
        sign = part.sign if isinstance(part, Operation) and part.sign in flat else None
        parts = inner(part)
        if isinstance(part, OfRows):
            parts = (part.operand,) if part.among is None else (part.operand, part.among)
        waiting += [
            (each, at if sign and isinstance(each, Operation) and each.sign == sign else at + 1)
            for each in parts
        ]
    return highest


def joined_by(sign: str, node: Node) -> tuple[Node, ...]:
    """The conditions that one word joins, however many; a condition that it does not join, itself."""
    parts: list[Node] = []
    while isinstance(node, Operation) and node.sign == sign:
        parts.append(node.right)
        node = node.left
    return (node, *reversed(parts))


def leaves(node: Node) -> Iterator[Node]:
    """The conditions that AND, OR and NOT are made of."""
    match node:
        case Operation(sign="AND" | "OR" as sign):
            for part in joined_by(sign, node):
                yield from leaves(part)
        case Not(operand=operand):
            yield from leaves(operand)
        case _:
            yield node


def _counted_back(back: int, among: Node | None) -> str:
    if among is not None:
        return f", {back}, {words(among)}"
    return "" if back == 1 else f", {back}"


def words(node: Node) -> str:  # noqa: PLR0911, PLR0912 - one a kind of node
    """A part of a rule as it may be written."""
    match node:
        case Name(parts=parts):
            return ".".join(parts)
        case Number(text=text):
            return text
        case Text(text=text) | Day(text=text):
            return f"'{text}'"
        case Truth(holds=holds):
            return str(holds).upper()
        case Null():
            return "NULL"
        case Negative(operand=operand):
            return f"-{words(operand)}"
        case Not(operand=Operation(sign="IS", left=left)):
            return f"{words(left)} IS NOT NULL"
        case Not(operand=operand):
            return f"NOT ({words(operand)})"
        case Between(operand=operand, low=low, high=high):
            return f"{words(operand)} BETWEEN {words(low)} AND {words(high)}"
        case Among(operand=operand, listed=listed):
            return f"{words(operand)} IN ({', '.join(map(words, listed))})"
        case Operation(sign="AND" | "OR" as sign):
            return f" {sign} ".join(words(part) for part in joined_by(sign, node))
        case Operation(sign=sign, left=left, right=right):
            return f"{words(left)} {sign} {words(right)}"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(words, arguments))})"
        case OfRows(function=function, operand=operand, back=back, among=among):
            return f"{function}({words(operand)}{_counted_back(back, among)})"
