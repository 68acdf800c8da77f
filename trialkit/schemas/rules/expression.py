"""The text of an expression of a form is compiled: read, checked, and put as polars runs it."""

import polars as pl

from trialkit.schemas.forms.expressions import Calculation, Condition
from trialkit.schemas.rules.draft import Draft
from trialkit.schemas.rules.grammar import expression_tree
from trialkit.schemas.rules.names import Scope
from trialkit.schemas.rules.possible import (
    refuse_blanks,
    refuse_impossible,
    refuse_what_never_fails,
)
from trialkit.schemas.rules.translation import boolean, number


def condition(expression: str, scope: Scope) -> Condition:
    """The condition that an expression of a form states.

    Raises :class:`~trialkit.errors.ProtocolError` that says what was found and what was expected.
    """
    draft, tree = Draft(scope=scope), expression_tree(expression)
    refuse_blanks(tree)
    term = boolean(tree, draft)
    refuse_impossible(tree, scope)
    return Condition(
        text=expression,
        references=tuple(draft.references),
        literals=tuple(draft.literals),
        steps=tuple(draft.steps),
        holds=term.value.cast(pl.Boolean),
        looks=tuple(draft.looks.values()),
    )


def refuse_idle_rule(expression: str, scope: Scope) -> None:
    """Raise :class:`~trialkit.errors.ProtocolError` for a condition that, as a rule, finds nothing."""
    refuse_what_never_fails(expression_tree(expression), scope)


def calculation(expression: str, scope: Scope) -> Calculation:
    """The number that an expression of a form computes.

    Raises :class:`~trialkit.errors.ProtocolError` that says what was found and what was expected.
    """
    draft, tree = Draft(scope=scope), expression_tree(expression)
    refuse_blanks(tree)
    term = number(tree, draft)
    refuse_impossible(tree, scope)
    return Calculation(
        text=expression,
        references=tuple(draft.references),
        literals=tuple(draft.literals),
        steps=tuple(draft.steps),
        gives=term.value.cast(pl.Float64),
        size=term.magnitude.cast(pl.Float64),
        looks=tuple(draft.looks.values()),
    )
