"""Words become a tree, and only trees of the rule language are let through."""

from sqlglot import expressions as exp
from sqlglot import parse_one
from sqlglot.errors import SqlglotError

from trialkit.errors import ProtocolError
from trialkit.schemas.rules.lexing import tokens

ALLOWED: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.And,
        exp.Or,
        exp.Not,
        exp.Paren,
        exp.EQ,
        exp.NEQ,
        exp.LT,
        exp.LTE,
        exp.GT,
        exp.GTE,
        exp.Add,
        exp.Sub,
        exp.Mul,
        exp.Div,
        exp.Neg,
        exp.Between,
        exp.In,
        exp.Is,
        exp.Null,
        exp.Boolean,
        exp.Literal,
        exp.Column,
        exp.Identifier,
        exp.Coalesce,
        exp.Abs,
        exp.Round,
        exp.Length,
        exp.If,
        exp.Floor,
        exp.Ceil,
        exp.ToNumber,
        exp.Cast,
        exp.DataType,
    }
)
"""Everything a rule may be made of; what is not here is refused."""


def expression_tree(expression: str) -> exp.Expr:
    """The syntax tree of an expression, of allowed nodes alone.

    Raises :class:`ProtocolError` that says what was found instead.
    """
    text = " ".join(token.text for token in tokens(expression))
    try:
        tree = parse_one(text)
    except SqlglotError:
        raise ProtocolError(
            f"{_shortened(expression)}, which is no complete condition; write one such as "
            "age_years >= 18 AND consent = TRUE"
        ) from None
    for node in tree.walk():
        if type(node) not in ALLOWED:
            raise ProtocolError(
                f"{_shortened(expression)}, in which {node.sql()[:60]!r} is no part of a rule; "
                "rules have comparisons, arithmetic, AND, OR, NOT, BETWEEN, IN, IS NULL, "
                "COALESCE, ABS, ROUND, LENGTH, IF, FLOOR, CEIL, TO_NUMBER and dates"
            )
    return tree


def _shortened(expression: str) -> str:
    return repr(expression if len(expression) <= 80 else f"{expression[:77]}...")
