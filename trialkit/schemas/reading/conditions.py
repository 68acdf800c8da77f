"""The expressions of the forms are compiled, once and before any data, and kept with their form."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from trialkit.errors import Complaint, ProtocolError
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.declared import declared
from trialkit.schemas.forms.expressions import Calculation, Condition, Reference
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.rules.expression import calculation, condition, refuse_idle_rule
from trialkit.schemas.rules.names import Scope

_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An expression, and where in the form file it stands."""

    table: str
    key: str
    expression: str
    item: str = ""
    """The item that it governs, for shown_when and required_when, or that it gives a value."""
    computes: bool = False
    """Whether it computes a number, and is not a condition."""
    is_rule: bool = False
    """Whether it is a rule, which finds the rows for which it is false."""


def scope_of(form: Form, forms: Sequence[Form], data: DataFormat) -> Scope:
    """The names that the expressions of a form may use."""
    known: Mapping[str, Form] = {each.id: each for each in forms}
    codes = tuple(code.code for code in data.all_missing_codes)
    return Scope(form=form, forms=known, missing_codes=codes)


def compiled(forms: Sequence[Form], data: DataFormat) -> tuple[Form, ...]:
    """The forms with all that they state compiled.

    Raises :class:`ProtocolError` with a complaint for every expression that cannot be understood.
    """
    read, complaints = understood(forms, data)
    if complaints:
        raise ProtocolError(complaints)
    return with_declared(read, data)


def understood(
    forms: Sequence[Form], data: DataFormat, *, unread: frozenset[str] = frozenset()
) -> tuple[tuple[Form, ...], tuple[Complaint, ...]]:
    """The forms with their expressions compiled, and a complaint for each that cannot be.

    Expressions with a word in ``unread``, the ids of forms and items that had complaints of their
    own, are left for the next time.
    """
    read: list[Form] = []
    complaints: list[Complaint] = []
    for form in forms:
        scope = scope_of(form, forms, data)
        conditions: dict[str, Condition] = {}
        computed: dict[str, Calculation] = {}
        for stated in _stated(form):
            if unread & set(_WORD.findall(stated.expression)):
                continue
            try:
                _compile(stated, scope, conditions, computed)
            except ProtocolError as error:
                complaints.append(_complaint(stated, form, str(error)))
        read.append(replace(form, conditions=conditions, calculations=computed))
    return tuple(read), tuple(complaints)


def _compile(
    stated: Stated,
    scope: Scope,
    conditions: dict[str, Condition],
    computed: dict[str, Calculation],
) -> None:
    """Add what is stated to what is compiled, unless it names the item that it governs."""
    text = stated.expression
    if stated.computes:
        computed[text] = calculation(text, scope)
    elif text not in conditions:
        conditions[text] = condition(text, scope)
    if stated.is_rule:
        refuse_idle_rule(text, scope)
    read = computed[text] if stated.computes else conditions[text]
    _refuse_self_reference(read.references, scope.form, stated.item)


def with_declared(forms: Sequence[Form], data: DataFormat) -> tuple[Form, ...]:
    """The forms with what follows from what they say of their items compiled, too."""
    return tuple(_with_declared(form, forms, data) for form in forms)


def _with_declared(form: Form, forms: Sequence[Form], data: DataFormat) -> Form:
    scope = scope_of(form, forms, data)
    texts = (each.expression for each in declared(form, forms))
    more = {text: condition(text, scope) for text in texts if text not in form.conditions}
    return replace(form, conditions={**form.conditions, **more})


def _complaint(stated: Stated, form: Form, found: str) -> Complaint:
    if stated.computes:
        what = "a calculation"
    elif stated.is_rule:
        what = "a condition that data can keep and data can break,"
    else:
        what = "a condition that can hold,"
    return Complaint(
        file=form.file,
        table=stated.table,
        key=stated.key,
        found=found,
        expected=f"{what} in the language of rules",
    )


def calculations(forms: Sequence[Form]) -> tuple[tuple[Form, Item], ...]:
    """Every calculated item, those first that others are calculated from.

    Raises :class:`ProtocolError` for items that are calculated from each other, in a circle.
    """
    items = {(form.id, item.id): (form, item) for form in forms for item in form.calculated}
    needs = {
        place: {(each.form, each.item) for each in form.calculations[item.calculation].reads}
        & items.keys()
        for place, (form, item) in items.items()
    }
    try:
        order = tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " from ".join(".".join(place) for place in error.args[1])
        raise ProtocolError(f"items that are calculated in a circle: {circle}") from None
    return tuple(items[place] for place in order)


def complain_of_circles(forms: Sequence[Form]) -> Iterator[Complaint]:
    """A complaint when items are calculated from each other; each expression is known to be read."""
    try:
        calculations(forms)
    except ProtocolError as error:
        yield Complaint(
            file="forms/",
            table="items",
            key="calculation",
            found=str(error),
            expected="calculations that begin with what was entered",
        )


def _stated(form: Form) -> Iterator[Stated]:
    for item in form.items:
        table = f"items {item.id!r}"
        for key, text in (("shown_when", item.shown_when), ("required_when", item.required_when)):
            if text:
                yield Stated(table=table, key=key, expression=text, item=item.id)
        if item.calculation:
            yield Stated(
                table=table,
                key="calculation",
                expression=item.calculation,
                item=item.id,
                computes=True,
            )
    for rule in form.rules:
        yield Stated(
            table=f"rules {rule.id!r}", key="expression", expression=rule.expression, is_rule=True
        )


def _refuse_self_reference(references: Sequence[Reference], form: Form, item: str) -> None:
    for reference in references:
        if item and not reference.visit and (reference.form, reference.item) == (form.id, item):
            raise ProtocolError(f"{item!r}, which is the item that the condition governs")
