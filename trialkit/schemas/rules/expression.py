"""An expression of a form, ready to run over a table: a condition, or a number to compute."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from trialkit.schemas.rules.grammar import expression_tree
from trialkit.schemas.rules.names import Reference, Scope
from trialkit.schemas.rules.translation import Draft, boolean, number


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
        return _run(table, self.literals, self.steps, self.holds)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calculation:
    """A SQL expression that computes a number, as polars runs it; as for a condition."""

    text: str
    references: tuple[Reference, ...]
    literals: tuple[pl.Expr, ...]
    steps: tuple[pl.Expr, ...]
    gives: pl.Expr
    """The number, or null where it cannot be known."""

    def computed(self, table: pl.DataFrame) -> pl.Series:
        """The number for each row of the table."""
        return _run(table, self.literals, self.steps, self.gives)


def _run(
    table: pl.DataFrame, literals: Sequence[pl.Expr], steps: Sequence[pl.Expr], result: pl.Expr
) -> pl.Series:
    table = table.with_columns(*literals)
    for step in steps:
        table = table.with_columns(step)
    return table.with_columns(__result=result)["__result"]


def condition(expression: str, scope: Scope) -> Condition:
    """The condition that an expression of a form states.

    Raises :class:`~trialkit.errors.ProtocolError` that says what was found and what was expected.
    """
    draft = Draft(scope=scope)
    term = boolean(expression_tree(expression), draft)
    return Condition(
        text=expression,
        references=tuple(draft.references),
        literals=tuple(draft.literals),
        steps=tuple(draft.steps),
        holds=term.value.cast(pl.Boolean),
    )


def calculation(expression: str, scope: Scope) -> Calculation:
    """The number that an expression of a form computes.

    Raises :class:`~trialkit.errors.ProtocolError` that says what was found and what was expected.
    """
    draft = Draft(scope=scope)
    term = number(expression_tree(expression), draft)
    return Calculation(
        text=expression,
        references=tuple(draft.references),
        literals=tuple(draft.literals),
        steps=tuple(draft.steps),
        gives=term.value.cast(pl.Float64),
    )
