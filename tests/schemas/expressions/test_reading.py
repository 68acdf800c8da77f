"""One reader of expressions: what binds how tightly, and what is refused."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.schemas.expressions.nodes import (
    Among,
    Between,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Operation,
)
from trialkit.schemas.rules.grammar import expression_tree


def grouped(node: Node) -> str:  # noqa: PLR0911 - one a kind of node
    """The tree with every operation in brackets."""
    match node:
        case Operation(sign=sign, left=left, right=right):
            return f"[{grouped(left)} {sign} {'NULL' if sign == 'IS' else grouped(right)}]"
        case Not(operand=operand):
            return f"[NOT {grouped(operand)}]"
        case Negative(operand=operand):
            return f"[- {grouped(operand)}]"
        case Between(operand=operand, low=low, high=high):
            return f"[{grouped(operand)} within {grouped(low)} {grouped(high)}]"
        case Among(operand=operand, listed=listed):
            return f"[{grouped(operand)} among {' '.join(map(grouped, listed))}]"
        case Name(parts=parts):
            return ".".join(parts)
        case Number(text=text):
            return text
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a OR b AND NOT c", "[a OR [b AND [NOT c]]]"),
        ("NOT a = b", "[NOT [a = b]]"),
        ("a = b < c", "[a = [b < c]]"),
        ("a - b - c * 2", "[[a - b] - [c * 2]]"),
        ("- a * b", "[[- a] * b]"),
        ("a + 1 IS NULL = b", "[[[a + 1] IS NULL] = b]"),
        ("a NOT IN (1, b + 2) OR c", "[[NOT [a among 1 [b + 2]]] OR c]"),
        ("a BETWEEN b + 1 AND c AND d", "[[a within [b + 1] c] AND d]"),
        ("a = NOT b = c", "[a = [NOT [b = c]]]"),
        ("(a OR b) AND w.f.c", "[[a OR b] AND w.f.c]"),
    ],
)
def test_the_order_of_operations_is_that_of_sql(text: str, tree: str) -> None:
    assert grouped(expression_tree(text)) == tree


@pytest.mark.parametrize("text", ["a IS NULL + b", "a IN (1) * 2", "a NOT b", "a AND AND b", "a."])
def test_what_stands_in_no_order_is_no_expression(text: str) -> None:
    with pytest.raises(ProtocolError, match="no complete condition"):
        expression_tree(text)
