"""A condition while it is written, and what is done with any of its parts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from trialkit.errors import ProtocolError
from trialkit.schemas.expressions.nodes import OfRows
from trialkit.schemas.forms.expressions import Kind, OtherRows, Reference
from trialkit.schemas.rules.kinds import RuleTerm, alike
from trialkit.schemas.rules.names import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A condition while it is written: the names it may use, and the columns it needs so far.

    What the rule itself states becomes a column, too: polars 2.1 may give one row instead of all
    when a literal is compared with an expression that is null in every row.
    """

    scope: Scope
    literals: list[pl.Expr] = field(default_factory=list)
    named: dict[bytes, str] = field(default_factory=dict)
    """For each stated value its column, so that a value that is stated often is one column."""
    steps: list[pl.Expr] = field(default_factory=list)
    references: dict[Reference, None] = field(default_factory=dict)
    """What it reads, in the order in which it is named."""
    looks: dict[OfRows, OtherRows] = field(default_factory=dict)
    """What it asks of other rows."""

    def literal(self, value: pl.Expr) -> pl.Expr:
        """A value that stands in the rule as a column."""
        key = value.meta.serialize()
        if key not in self.named:
            self.named[key] = f"__literal_{len(self.literals)}"
            self.literals.append(value.alias(self.named[key]))
        return pl.col(self.named[key])

    def step(self, value: pl.Expr) -> pl.Expr:
        """The value as a column, so that it can be used twice."""
        name = f"__step_{len(self.steps)}"
        self.steps.append(value.alias(name))
        return pl.col(name)


def alike_in(terms: Sequence[RuleTerm], draft: Draft) -> tuple[RuleTerm, ...]:
    """The terms as one kind, quoted text read as that kind."""
    return tuple(
        replace(term, value=draft.literal(term.value), literal=False) if term.literal else term
        for term in alike(terms)
    )


def certain(term: RuleTerm) -> RuleTerm:
    """A date as the one day that it is, a count as the one number; unknown where it has more."""
    if term.latest is None:
        return term
    known = pl.when(term.value == term.latest).then(term.value)
    return replace(term, value=known, latest=None)


def latest(term: RuleTerm) -> pl.Expr:
    """The latest day that a date can be, which is the date itself where all of it is known."""
    return term.value if term.latest is None else term.latest


def used_often(term: RuleTerm, draft: Draft) -> RuleTerm:
    """The term with its value in a step of its own, unless it is a plain text or NULL."""
    if term.kind in {Kind.QUOTED, Kind.NULL}:
        return term
    last = None if term.latest is None else draft.step(term.latest)
    return replace(term, value=draft.step(term.value), latest=last)


def as_condition(term: RuleTerm) -> RuleTerm:
    """The part, which has to be a condition."""
    if term.kind is not Kind.BOOLEAN:
        raise ProtocolError(f"{term.words}, a {term.kind.value} where a condition belongs")
    return term


def require(term: RuleTerm, kind: Kind, why: str) -> None:
    """Refuse a part of another kind, with the reason."""
    if term.kind is not kind:
        raise ProtocolError(f"{term.words}, a {term.kind.value}; {why}")


def number_term(
    value: pl.Expr,
    parts: Sequence[RuleTerm],
    draft: Draft,
    *,
    whole: bool,
    size: pl.Expr | None = None,
) -> RuleTerm:
    """A number that is computed, unknown where it leaves the range of numbers."""
    result = draft.step(value)
    return RuleTerm(
        kind=Kind.NUMBER,
        value=pl.when(result.is_finite()).then(result),
        wrong=wrong_of(parts),
        words="a computed number",
        whole=whole,
        computed=True,
        size=None if size is None else draft.step(size),
    )


def condition_term(value: pl.Expr, parts: Sequence[RuleTerm]) -> RuleTerm:
    """A condition that is made of parts."""
    return RuleTerm(kind=Kind.BOOLEAN, value=value, wrong=wrong_of(parts), words="a condition")


def wrong_of(parts: Sequence[RuleTerm]) -> frozenset[str]:
    """The columns that say whether any cell that the parts read cannot be right."""
    return frozenset[str]().union(*(part.wrong for part in parts))


def unless_wrong(value: pl.Expr, parts: Sequence[RuleTerm]) -> pl.Expr:
    """The value, or NULL where a cell that it reads holds what cannot be right."""
    marks = sorted(wrong_of(parts))
    return pl.when(~pl.any_horizontal(marks)).then(value) if marks else value
