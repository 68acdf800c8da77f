"""The text of an expression of a form is compiled: read, checked, and put as polars runs it."""

import polars as pl

from trialkit.schemas.forms.expressions import Calculation, Condition
from trialkit.schemas.rules.grammar import expression_tree
from trialkit.schemas.rules.names import Scope
from trialkit.schemas.rules.translation import Draft, boolean, number


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
        size=term.magnitude.cast(pl.Float64),
    )
