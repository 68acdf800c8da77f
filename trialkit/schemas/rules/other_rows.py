"""What a rule asks of other rows of a participant: of the one before, or of all of them.

``PREVIOUS(item)`` is the value in the row before, in the order of the form's key: the number of the
row, or the visit; ``PREVIOUS(item, 2, attended)`` passes over the rows that are known not to be.
``COUNT(condition)`` is in how many rows a condition holds, ``ANY(condition)`` whether it does in one.
``SUM``, ``MIN`` and ``MAX`` are one value of the values in all rows, blanks left out. Names in them are
those of the other rows; of another form's rows they have the form before them
(``COUNT(sessions.pain > 5)``), and names without one are of the row that asks.

A row in which the condition is unknown may count or not. So a count is from the rows in which it
holds to those and the unknown ones together, and a comparison with it is unknown unless all that it
can be gives one answer; ``ANY`` is unknown where no row is known to be one and some may be. A sum, a
least and a greatest value are unknown where there is none, and where one of them cannot be right.
"""

from dataclasses import dataclass, replace
from hashlib import sha256

import polars as pl

from trialkit.errors import ProtocolError
from trialkit.schemas.expressions.nodes import Name, Node, OfRows
from trialkit.schemas.expressions.walking import every_part, height, words
from trialkit.schemas.forms.expressions import Kind, Looking, OtherRows
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.rules.draft import Draft
from trialkit.schemas.rules.kinds import RuleTerm
from trialkit.schemas.rules.names import Scope

MOST_WITHIN = 80
"""How many parts in a row, or within each other, other rows are asked."""
MOST_LOOKS = 20
"""How often an expression asks other rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """The rows that are asked, and what they are asked."""

    scope: Scope
    """The names of those rows."""
    operand: Node | None
    """None where it is only asked whether there are any."""


def refuse_too_many(tree: OfRows, draft: Draft) -> None:
    """Raise :class:`ProtocolError` for more questions than one expression may ask, or too long a one."""
    if height(tree) > MOST_WITHIN:
        raise ProtocolError(
            f"{tree.function} of more than {MOST_WITHIN} parts in a row or within each other, which "
            "are all that are answered"
        )
    if len(draft.looks) >= MOST_LOOKS and tree not in draft.looks:
        raise ProtocolError(f"{words(tree)}, after {MOST_LOOKS} others; {MOST_LOOKS} are answered")


def looked_at(tree: OfRows, scope: Scope) -> LookedAt:
    """Whose rows a part of a rule asks.

    Raises :class:`ProtocolError` where that cannot be said, or where there are no such rows.
    """
    if tree.function == "PREVIOUS":
        _refuse_one_row(tree, scope.form)
        if tree.among is not None and not scope.form.repeating:
            raise ProtocolError(
                f"{words(tree)}, but {scope.form.id} has one row at a visit; a condition that rows "
                "must keep is for a form that repeats"
            )
        return LookedAt(scope=scope, operand=tree.operand)
    form = _form_by_itself(tree.operand, scope)
    named = {form.id} if form else _other_forms(tree.operand, scope)
    if len(named) > 1:
        raise ProtocolError(
            f"{words(tree)}, which names several forms with several rows: "
            f"{', '.join(sorted(named))}; ask each by itself"
        )
    if not named:
        _refuse_one_row(tree, scope.form)
        return LookedAt(scope=replace(scope, beside=None), operand=tree.operand)
    other = scope.forms[named.pop()]
    visit = _visit_of(tree, other, scope)
    inner = replace(scope, form=other, beside=scope.form, visit=visit)
    return LookedAt(scope=inner, operand=None if form else tree.operand)


def _refuse_one_row(tree: OfRows, form: Form) -> None:
    if len(form.key) == 1:
        raise ProtocolError(
            f"{words(tree)}, but {form.id} has one row for a participant; name a form that repeats, "
            "such as COUNT(sessions.pain > 5)"
        )


def _form_by_itself(operand: Node, scope: Scope) -> Form | None:
    """The repeating form whose rows are counted whatever is in them: ``COUNT(sessions)``."""
    match operand:
        case Name(parts=(name,)) if name not in {item.id for item in scope.form.items}:
            form = scope.forms.get(name)
            if form is not None and form.repeating:
                return form
    return None


def _names(tree: Node) -> tuple[tuple[str, ...], ...]:
    """The names in a part, those within what it asks of other rows, too."""
    found: list[tuple[str, ...]] = []
    for part in every_part(tree):
        if isinstance(part, Name):
            found.append(part.parts)
        elif isinstance(part, OfRows):
            found += _names(part.operand)
    return tuple(found)


def _other_forms(operand: Node, scope: Scope) -> set[str]:
    """The repeating forms, other than its own, that a condition names."""
    named = {parts[-2] for parts in _names(operand) if len(parts) > 1}
    return {
        name
        for name in named
        if name in scope.forms and scope.forms[name].repeating and name != scope.form.id
    }


def _visit_of(tree: OfRows, form: Form, scope: Scope) -> str:
    """The visit that is named for the rows of a form; empty where they go with the row that asks."""
    places = {
        parts[0] if len(parts) == 3 else ""
        for parts in _names(tree.operand)
        if len(parts) > 1 and parts[-2] == form.id
    }
    if len(places) > 1:
        raise ProtocolError(f"{words(tree)}, which names {form.id} in more ways than one")
    visit = places.pop() if places else ""
    scope.refuse_other_visits(form, words(tree), visit)
    return visit


def look_term(
    tree: OfRows,
    there: LookedAt,
    term: RuleTerm,
    *,
    inner: Draft,
    draft: Draft,
    among: pl.Expr | None = None,
) -> RuleTerm:
    """The part as a value of the row that asks, which the draft then needs."""
    how = Looking(tree.function)
    if how is Looking.PREVIOUS and term.kind in {Kind.QUOTED, Kind.NULL}:
        raise ProtocolError(f"{words(tree)}, which is the same in every row")
    look = draft.looks.get(tree) or replace(
        _look(how, tree, there, term, inner=inner, draft=draft), among=among
    )
    draft.looks[tree] = look
    for each in look.outer:
        draft.references[each] = None
    doubtful = frozenset({look.doubt, *(each.wrong for each in look.outer)})
    value = pl.col(look.column)
    match how:
        case Looking.COUNT:
            return RuleTerm(
                kind=Kind.NUMBER, value=value, latest=pl.col(look.latest), whole=True,
                wrong=doubtful, words=words(tree),
            )  # fmt: skip
        case Looking.ANY:
            return RuleTerm(kind=Kind.BOOLEAN, value=value, wrong=doubtful, words=words(tree))
        case Looking.SUM | Looking.MIN | Looking.MAX:
            return RuleTerm(
                kind=term.kind, value=value, wrong=doubtful, words=words(tree), whole=term.whole,
                computed=how is Looking.SUM or term.computed,
                size=pl.col(look.sized) if term.kind is Kind.NUMBER else None,
            )  # fmt: skip
    return replace(
        term,
        value=value,
        wrong=doubtful,
        words=words(tree),
        literal=False,
        latest=None if look.last is None else pl.col(look.latest),
        size=None if look.size is None else pl.col(look.sized),
    )


def _look(
    how: Looking, tree: OfRows, there: LookedAt, term: RuleTerm, *, inner: Draft, draft: Draft
) -> OtherRows:
    form, beside = there.scope.form, there.scope.beside
    outer = tuple(
        each for each in inner.references if beside and each.form == beside.id and not each.visit
    )
    if outer and draft.scope.form.repeating:
        raise ProtocolError(
            f"{words(tree)}, which compares every row of {draft.scope.form.id} with every row of "
            f"{form.id}; only a form with one row at a visit may name its own items there"
        )
    size = term.size if term.kind is Kind.NUMBER and term.size is not None else None
    return OtherRows(
        how=how,
        column=f"__rows_{sha256(repr(tree).encode()).hexdigest()[:16]}",
        form=form.id,
        key=form.key,
        visits=form.visits,
        visit=there.scope.visit if beside else "",
        back=tree.back,
        references=tuple(each for each in inner.references if each not in outer),
        outer=outer,
        looks=tuple(inner.looks.values()),
        literals=tuple(inner.literals),
        steps=tuple(inner.steps),
        kind=Kind.NUMBER if how is Looking.COUNT else term.kind,
        value=term.value,
        wrong=tuple(sorted(term.wrong)),
        last=term.latest,
        size=size,
    )
