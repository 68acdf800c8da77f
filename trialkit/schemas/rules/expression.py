"""A rule's condition, ready to run over a table."""

from dataclasses import dataclass

import polars as pl
from sqlglot import expressions as exp

from trialkit.schemas.rules.grammar import expression_tree
from trialkit.schemas.rules.names import Reference, Scope
from trialkit.schemas.rules.translation import Draft, boolean


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """A SQL boolean expression as polars runs it."""

    text: str
    references: tuple[Reference, ...]
    """What it reads: each needs its ``column`` and its ``wrong`` column in the table."""
    literals: tuple[pl.Expr, ...]
    """Columns of what stands in the rule itself, to add to the table first."""
    steps: tuple[pl.Expr, ...]
    """Columns to add to the table, one after the other, before it is judged."""
    holds: pl.Expr
    """True, false, or null where it cannot be said."""

    def judged(self, table: pl.DataFrame) -> pl.Series:
        """For each row of the table whether the condition holds."""
        table = table.with_columns(*self.literals)
        for step in self.steps:
            table = table.with_columns(step)
        return table.with_columns(__holds=self.holds)["__holds"]


def condition(expression: str, scope: Scope) -> Condition:
    """The condition that an expression of a form states.

    Raises :class:`~trialkit.errors.ProtocolError` that says what was found and what was expected.
    """
    tree = expression_tree(expression)
    draft = Draft(scope=scope)
    term = boolean(tree, draft)
    columns = tree.find_all(exp.Column, bfs=False)
    references = (scope.resolve([part.name for part in column.parts]) for column in columns)
    return Condition(
        text=expression,
        references=tuple(dict.fromkeys(references)),
        literals=tuple(draft.literals),
        steps=tuple(draft.steps),
        holds=term.value.cast(pl.Boolean),
    )
